-- A call by any of its names.
SELECT call_row
FROM calls
WHERE campaign_key = $1 AND call_row = $2
UNION ALL
SELECT call_row
FROM aliases
WHERE campaign_key = $1 AND alias = $2
LIMIT 1
