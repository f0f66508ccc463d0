INSERT INTO contacts (campaign_key, contact_key, attempts)
SELECT $1, contact_key, attempts
FROM unnest($2::text[], $3::text[]) AS changed (contact_key, attempts)
ON CONFLICT (campaign_key, contact_key) DO UPDATE SET attempts = excluded.attempts
