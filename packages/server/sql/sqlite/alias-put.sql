INSERT INTO aliases (campaign_key, alias, call_row)
VALUES (?1, ?2, ?3)
ON CONFLICT (campaign_key, alias) DO UPDATE SET call_row = excluded.call_row
