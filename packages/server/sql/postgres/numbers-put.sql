INSERT INTO numbers (campaign_key, number, contact_ids)
SELECT $1, number, contact_ids
FROM unnest($2::text[], $3::text[]) AS changed (number, contact_ids)
ON CONFLICT (campaign_key, number) DO UPDATE SET contact_ids = excluded.contact_ids
