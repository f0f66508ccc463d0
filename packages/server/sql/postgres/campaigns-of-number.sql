-- Campaigns of a workspace whose tables know a number itself, a page of them.
SELECT campaign_key, campaign_id
FROM campaigns
WHERE workspace = $1 AND campaign_key > $2
  AND (EXISTS (SELECT FROM contacts
               WHERE contacts.campaign_key = campaigns.campaign_key AND contacts.contact_key = 'number:' || $3::text)
    OR EXISTS (SELECT FROM numbers
               WHERE numbers.campaign_key = campaigns.campaign_key AND numbers.number = $3::text)
    OR EXISTS (SELECT FROM list_contacts
               WHERE list_contacts.campaign_key = campaigns.campaign_key AND list_contacts.number = $3::text)
    OR EXISTS (SELECT FROM calls
               WHERE calls.campaign_key = campaigns.campaign_key AND calls.number = $3::text AND contact_key IS NULL))
ORDER BY campaign_key
LIMIT $4
