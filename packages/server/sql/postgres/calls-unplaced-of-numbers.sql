SELECT call_row AS row
FROM calls
WHERE campaign_key = $1 AND number = ANY ($2::text[]) AND contact_key IS NULL
