-- Calls of a campaign in the order in which they were first stored.
SELECT id, call_row, contact_key, seqs, record
FROM calls
WHERE campaign_key = ?1 AND id > ?2
ORDER BY id
LIMIT ?3
