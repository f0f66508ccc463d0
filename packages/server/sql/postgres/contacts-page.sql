-- Contacts in order of their keys, each with what is known of its calls' leads.
SELECT contact_key, attempts,
  (SELECT json_agg(calls.lead)::text
   FROM json_array_elements(page.attempts::json) AS attempt
   JOIN calls ON calls.campaign_key = $1 AND calls.call_row = attempt ->> 'call'
  ) AS leads
FROM (
  SELECT contact_key, attempts
  FROM contacts
  WHERE campaign_key = $1 AND contact_key > $2
  ORDER BY contact_key
  LIMIT $3
) AS page
ORDER BY contact_key
