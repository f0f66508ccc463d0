-- Contacts in order of their keys, each with what is known of its calls' leads. CROSS JOIN keeps the order of the join:
-- from each attempt to its one call.
SELECT contact_key, attempts,
  (SELECT json_group_array(calls.lead)
   FROM json_each(contacts.attempts) AS attempt
   CROSS JOIN calls ON calls.campaign_key = contacts.campaign_key AND calls.call_row = attempt.value ->> 'call'
  ) AS leads
FROM contacts
WHERE campaign_key = ?1 AND contact_key > ?2
ORDER BY contact_key
LIMIT ?3
