INSERT INTO buckets (campaign_key, minute, counts)
VALUES (?1, ?2, ?3)
ON CONFLICT (campaign_key, minute) DO UPDATE SET counts = excluded.counts
