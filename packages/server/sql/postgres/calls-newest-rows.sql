-- Which calls the feed shows; see calls-newest.
SELECT call_row AS row
FROM calls
WHERE campaign_key = $1 AND end_key < 9007199254740991
ORDER BY end_key DESC, id DESC
LIMIT $2
