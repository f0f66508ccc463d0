-- A campaign as it stands, in one look: the whole of what changed after version $2.
SELECT rollups.version, rollups.record_version, rollups.first_at, rollups.last_at, rollups.first_call_at,
       rollups.totals,
       (SELECT '[' || string_agg('[' || minute || ',' || counts || ']', ',') || ']'
        FROM buckets
        WHERE buckets.campaign_key = $1 AND buckets.version > $2) AS minutes,
       campaigns.workspace, campaigns.campaign_id, campaigns.created_at,
       CASE WHEN rollups.record_version > $2 THEN campaigns.record END AS record
FROM rollups
JOIN campaigns ON campaigns.campaign_key = rollups.campaign_key
WHERE rollups.campaign_key = $1 AND rollups.version > 0
