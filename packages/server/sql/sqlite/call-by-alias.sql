SELECT calls.call_row, calls.contact_key, calls.seqs, calls.record
FROM aliases
JOIN calls ON calls.campaign_key = aliases.campaign_key AND calls.call_row = aliases.call_row
WHERE aliases.campaign_key = ?1 AND aliases.alias = ?2
