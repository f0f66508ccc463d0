INSERT INTO calls (campaign_key, call_row, id, contact_key, started_at, ended_at, last_at, seqs, record,
                   outcome, lead, code, answered_by, talk, number, end_key)
SELECT $1, call_row, id, contact_key, started_at, ended_at, last_at, seqs, record,
       outcome, lead, code, answered_by, talk, number, coalesce(ended_at, 9007199254740991)
FROM unnest($2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[], $9::text[],
            $10::text[], $11::text[], $12::bigint[], $13::text[], $14::bigint[], $15::text[])
  AS changed (call_row, id, contact_key, started_at, ended_at, last_at, seqs, record,
              outcome, lead, code, answered_by, talk, number)
ON CONFLICT (campaign_key, call_row) DO UPDATE
SET contact_key = excluded.contact_key, started_at = excluded.started_at, ended_at = excluded.ended_at,
    last_at = excluded.last_at, seqs = excluded.seqs, record = excluded.record, outcome = excluded.outcome,
    lead = excluded.lead, code = excluded.code, answered_by = excluded.answered_by, talk = excluded.talk,
    number = excluded.number, end_key = excluded.end_key
