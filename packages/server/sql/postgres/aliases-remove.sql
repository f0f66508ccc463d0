DELETE FROM aliases
WHERE campaign_key = $1 AND alias = ANY ($2::text[])
