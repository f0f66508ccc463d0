-- Newest first, by key: pages stay right while campaigns are added.
SELECT campaign_key, created_at, campaign_id
FROM campaigns
WHERE workspace = $1 AND (created_at, campaign_id) < ($2, $3)
ORDER BY created_at DESC, campaign_id DESC
LIMIT $4
