-- Calls with the attempts of their contacts.
SELECT calls.call_row, calls.contact_key, calls.seqs, calls.record, contacts.attempts
FROM calls
LEFT JOIN contacts ON contacts.campaign_key = calls.campaign_key AND contacts.contact_key = calls.contact_key
WHERE calls.campaign_key = $1 AND calls.call_row = ANY ($2::text[])
