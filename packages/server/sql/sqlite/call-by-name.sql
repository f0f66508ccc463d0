-- A call by any of its names: nearly always that of its row, so the other names are only asked when that finds nothing.
SELECT call_row, contact_key, seqs, record
FROM calls
WHERE campaign_key = ?1 AND call_row = ?2
UNION ALL
SELECT calls.call_row, calls.contact_key, calls.seqs, calls.record
FROM aliases
JOIN calls ON calls.campaign_key = aliases.campaign_key AND calls.call_row = aliases.call_row
WHERE aliases.campaign_key = ?1 AND aliases.alias = ?2
LIMIT 1
