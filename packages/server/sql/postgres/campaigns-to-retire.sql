-- Campaigns of a workspace with calls or attempts of before a moment, or with deletions that the audit log was not told of; a page.
SELECT campaign_key, campaign_id
FROM campaigns
WHERE workspace = $1 AND campaign_key > $2
  AND (EXISTS (SELECT FROM calls
               WHERE calls.campaign_key = campaigns.campaign_key AND calls.end_key <= $3)
    OR EXISTS (SELECT FROM calls
               WHERE calls.campaign_key = campaigns.campaign_key AND contact_key IS NULL AND calls.last_at <= $3)
    OR EXISTS (SELECT FROM attempts
               WHERE attempts.campaign_key = campaigns.campaign_key AND attempts.settled_at <= $3)
    OR EXISTS (SELECT FROM base_rollups
               WHERE base_rollups.campaign_key = campaigns.campaign_key AND base_rollups.calls > told_calls))
ORDER BY campaign_key
LIMIT $4
