INSERT INTO rollups (campaign_key, totals, included)
VALUES (?1, ?2, ?3)
ON CONFLICT (campaign_key) DO UPDATE SET totals = excluded.totals, included = excluded.included
