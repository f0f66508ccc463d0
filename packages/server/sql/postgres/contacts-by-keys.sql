SELECT contact_key, attempts
FROM contacts
WHERE campaign_key = $1 AND contact_key = ANY ($2::text[])
