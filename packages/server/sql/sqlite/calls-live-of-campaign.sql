-- The live calls of one campaign, from the index of live calls alone.
SELECT call_row, contact_key, seqs, record
FROM calls
WHERE ended_at IS NULL AND contact_key IS NOT NULL AND campaign_key = ?1
LIMIT ?2
