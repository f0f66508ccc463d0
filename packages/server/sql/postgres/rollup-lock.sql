-- Every writer of a campaign begins with this. It reads nothing but the locked row itself: what another statement
-- reads after it is then what the writer before has committed. Totals are left out where version $2 is known already.
SELECT version, record_version, first_at, last_at, first_call_at, deleted_before,
       CASE WHEN version = $2 THEN NULL ELSE totals END AS totals
FROM rollups
WHERE campaign_key = $1
FOR UPDATE
