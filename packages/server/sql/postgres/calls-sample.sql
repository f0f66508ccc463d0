-- What a forecast needs of the newest ended calls, from the columns alone where they have it: the retry's time stands in
-- the record, see core's call-text.ts.
SELECT call_row, contact_key, started_at, ended_at, outcome, (record::json #>> '{13,1}')::bigint AS due_at
FROM calls
WHERE campaign_key = $1 AND end_key < 9007199254740991 AND started_at IS NOT NULL AND outcome <> 'lost'
ORDER BY end_key DESC
LIMIT $2
