SELECT workspace, campaign_id, created_at, record
FROM campaigns
WHERE campaign_key = $1
