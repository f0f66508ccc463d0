INSERT INTO contacts (campaign_key, contact_key, attempts)
VALUES (?1, ?2, ?3)
ON CONFLICT (campaign_key, contact_key) DO UPDATE SET attempts = excluded.attempts
