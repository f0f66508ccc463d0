-- Contacts of the list that a campaign is dialed by, in order of their keys.
SELECT contact_key, number, attributes, ended, excluded
FROM list_contacts
WHERE campaign_key = ?1 AND contact_key > ?2
ORDER BY contact_key
LIMIT ?3
