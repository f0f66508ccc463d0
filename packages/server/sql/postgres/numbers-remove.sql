DELETE FROM numbers
WHERE campaign_key = $1 AND number = ANY ($2::text[])
