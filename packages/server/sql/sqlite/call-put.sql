INSERT INTO calls (campaign_key, call_row, contact_key, started_at, ended_at, last_at, seqs, record,
                   outcome, lead, code, answered_by, talk, number, end_key)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
        ifnull(?5, 9007199254740991))
ON CONFLICT (campaign_key, call_row) DO UPDATE
SET contact_key = excluded.contact_key, started_at = excluded.started_at, ended_at = excluded.ended_at,
    last_at = excluded.last_at, seqs = excluded.seqs, record = excluded.record, outcome = excluded.outcome,
    lead = excluded.lead, code = excluded.code, answered_by = excluded.answered_by, talk = excluded.talk,
    number = excluded.number, end_key = excluded.end_key
