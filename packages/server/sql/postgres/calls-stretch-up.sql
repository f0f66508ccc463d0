-- Where a stretch of $5 + 1 calls ends, going from older to newer ends; read from the index alone.
SELECT end_key AS end, id
FROM calls
WHERE campaign_key = $1 AND (end_key, id) >= ($2, $3) AND end_key <= $4
ORDER BY end_key, id
LIMIT 1 OFFSET $5
