INSERT INTO base_rollups (campaign_key, deleted_before, first_at, last_at, calls, contacts, told_calls, told_contacts, totals)
VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7)
ON CONFLICT (campaign_key) DO UPDATE
SET deleted_before = excluded.deleted_before, first_at = excluded.first_at, last_at = excluded.last_at,
    calls = base_rollups.calls + excluded.calls, contacts = base_rollups.contacts + excluded.contacts,
    totals = excluded.totals
