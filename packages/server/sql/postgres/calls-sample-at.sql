-- The same of calls that ended at one moment: where the newest calls are cut off, those alike must all be seen.
SELECT call_row, contact_key, started_at, ended_at, outcome, (record::json #>> '{13,1}')::bigint AS due_at
FROM calls
WHERE campaign_key = $1 AND end_key = $2 AND started_at IS NOT NULL AND outcome <> 'lost'
LIMIT $3
