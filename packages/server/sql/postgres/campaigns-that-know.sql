-- Which of a workspace's campaigns that were heard of last know a call by one of these names. Only for callbacks that
-- name no campaign.
SELECT active.campaign_id, named.alias
FROM (
  SELECT campaigns.campaign_key, campaigns.campaign_id, rollups.last_at
  FROM campaigns
  JOIN rollups ON rollups.campaign_key = campaigns.campaign_key
  WHERE campaigns.workspace = $1 AND rollups.version > 0
  ORDER BY rollups.last_at DESC
  LIMIT 500
) AS active
CROSS JOIN unnest($2::text[]) AS named (alias)
WHERE EXISTS (SELECT FROM calls
              WHERE calls.campaign_key = active.campaign_key AND calls.call_row = named.alias)
   OR EXISTS (SELECT FROM aliases
              WHERE aliases.campaign_key = active.campaign_key AND aliases.alias = named.alias)
ORDER BY active.last_at DESC
