-- Versions of a workspace's newest campaigns.
SELECT campaigns.campaign_id, rollups.version
FROM campaigns
JOIN rollups ON rollups.campaign_key = campaigns.campaign_key
WHERE campaigns.workspace = $1 AND rollups.version > 0
ORDER BY campaigns.created_at DESC, campaigns.campaign_id DESC
LIMIT $2
