-- Which of these campaigns know a call by one of these names. It stands apart from what finds the campaigns: a LIMIT and
-- a correlation cannot be in one statement over several machines.
SELECT campaign_key, call_row AS alias
FROM calls
WHERE campaign_key = ANY ($1::text[]) AND call_row = ANY ($2::text[])
UNION ALL
SELECT campaign_key, alias
FROM aliases
WHERE campaign_key = ANY ($1::text[]) AND alias = ANY ($2::text[])
