-- A call by any of its names.
SELECT id
FROM calls
WHERE campaign_key = ?1 AND call_row = ?2
UNION ALL
SELECT calls.id
FROM aliases
JOIN calls ON calls.campaign_key = aliases.campaign_key AND calls.call_row = aliases.call_row
WHERE aliases.campaign_key = ?1 AND aliases.alias = ?2
LIMIT 1
