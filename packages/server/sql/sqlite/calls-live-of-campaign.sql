-- The live calls of one campaign, from the index of ends: a live call has the greatest end_key.
SELECT call_row, contact_key, seqs, record
FROM calls
WHERE campaign_key = ?1 AND end_key = 9007199254740991 AND contact_key IS NOT NULL
LIMIT ?2
