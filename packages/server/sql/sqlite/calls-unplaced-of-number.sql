SELECT call_row AS row
FROM calls
WHERE campaign_key = ?1 AND number = ?2 AND contact_key IS NULL
