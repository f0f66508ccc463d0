-- Only when a copy received earlier replaces the delivery that gave the latest time; hardly ever.
SELECT coalesce(max(last_at), 0) AS last_at
FROM calls
WHERE campaign_key = $1
