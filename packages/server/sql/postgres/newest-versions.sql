-- Versions of the newest $2 campaigns of each workspace of $1.
SELECT wanted.workspace, newest.campaign_id, rollups.version
FROM unnest($1::text[]) AS wanted (workspace)
CROSS JOIN LATERAL (
  SELECT campaign_key, campaign_id
  FROM campaigns
  WHERE campaigns.workspace = wanted.workspace
  ORDER BY created_at DESC, campaign_id DESC
  LIMIT $2
) AS newest
JOIN rollups ON rollups.campaign_key = newest.campaign_key
WHERE rollups.version > 0
