INSERT INTO numbers (campaign_key, number, contact_ids)
VALUES (?1, ?2, ?3)
ON CONFLICT (campaign_key, number) DO UPDATE SET contact_ids = excluded.contact_ids
