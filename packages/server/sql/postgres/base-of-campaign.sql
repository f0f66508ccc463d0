SELECT deleted_before AS "deletedBefore", first_at AS "firstAt", last_at AS "lastAt", totals
FROM base_rollups
WHERE campaign_key = $1
