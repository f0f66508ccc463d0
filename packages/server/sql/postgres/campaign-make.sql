INSERT INTO campaigns (campaign_key, workspace, campaign_id, created_at, registered, record)
VALUES ($1, $2, $3, $4, false, $5)
ON CONFLICT (campaign_key) DO NOTHING
