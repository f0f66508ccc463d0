-- Calls by any of their names: nearly always that of their row.
SELECT call_row, contact_key, seqs, record
FROM calls
WHERE campaign_key = $1 AND call_row = ANY ($2::text[])
UNION ALL
SELECT calls.call_row, calls.contact_key, calls.seqs, calls.record
FROM aliases
JOIN calls ON calls.campaign_key = aliases.campaign_key AND calls.call_row = aliases.call_row
WHERE aliases.campaign_key = $1 AND aliases.alias = ANY ($2::text[])
