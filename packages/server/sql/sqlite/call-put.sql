INSERT INTO calls (campaign_key, call_row, contact_key, ended_at, last_at, seqs, record)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (campaign_key, call_row) DO UPDATE
SET contact_key = excluded.contact_key, ended_at = excluded.ended_at, last_at = excluded.last_at,
    seqs = excluded.seqs, record = excluded.record
