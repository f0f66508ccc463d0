-- Calls of a campaign by name, from the index alone. In order of id every page would sort all of them.
SELECT call_row AS row
FROM calls
WHERE campaign_key = ?1 AND call_row > ?2
ORDER BY call_row
LIMIT ?3
