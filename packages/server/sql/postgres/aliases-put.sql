INSERT INTO aliases (campaign_key, alias, call_row)
SELECT $1, alias, call_row
FROM unnest($2::text[], $3::text[]) AS changed (alias, call_row)
ON CONFLICT (campaign_key, alias) DO UPDATE SET call_row = excluded.call_row
