-- A workspace's campaigns that were heard of last. Only for callbacks that name no campaign.
SELECT campaigns.campaign_key, campaigns.campaign_id
FROM campaigns
JOIN rollups ON rollups.campaign_key = campaigns.campaign_key
WHERE campaigns.workspace = $1 AND rollups.version > 0
ORDER BY rollups.last_at DESC
LIMIT 500
