-- The feed: newest end first, from the index.
SELECT call_row, contact_key, seqs, record
FROM calls
WHERE campaign_key = ?1 AND ended_at IS NOT NULL
ORDER BY ended_at DESC
LIMIT ?2
