SELECT campaigns.campaign_key, workspace, campaign_id, created_at, state, totals, included
FROM campaigns
LEFT JOIN rollups ON rollups.campaign_key = campaigns.campaign_key
WHERE campaigns.campaign_key = ?1
