DELETE FROM calls
WHERE campaign_key = $1 AND call_row = ANY ($2::text[])
