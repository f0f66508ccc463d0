-- One call with the attempts of its contact.
SELECT calls.call_row, calls.contact_key, calls.seqs, calls.record, contacts.attempts
FROM calls
LEFT JOIN contacts ON contacts.campaign_key = calls.campaign_key AND contacts.contact_key = calls.contact_key
WHERE calls.id = ?1
