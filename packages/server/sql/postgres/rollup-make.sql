INSERT INTO rollups (campaign_key, version, record_version, totals)
VALUES ($1, 0, 0, '[]')
ON CONFLICT (campaign_key) DO NOTHING
