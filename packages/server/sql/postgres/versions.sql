SELECT campaign_key, version
FROM rollups
WHERE campaign_key = ANY ($1::text[]) AND version > 0
