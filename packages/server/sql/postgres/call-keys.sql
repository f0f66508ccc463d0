-- The calls of one stretch of the index that a filter lets through, in the order of a list. A filter that is NULL lets
-- everything through. $4, 1 or -1, turns the order round; an end, start or talk time that is unknown counts as $3.
SELECT sort, id, end_key AS end, call_row AS row
FROM (
  SELECT id, end_key, call_row,
    CASE $2 WHEN 'endTime' THEN coalesce(ended_at, $3::bigint)
            WHEN 'startTime' THEN coalesce(started_at, $3::bigint)
            ELSE coalesce(talk, $3::bigint) END AS sort
  FROM calls
  WHERE campaign_key = $1
    AND (end_key, id) >= ($5::bigint, $6::bigint) AND (end_key, id) <= ($7::bigint, $8::bigint)
    -- A call without a contact was never placed.
    AND contact_key IS NOT NULL
    AND ($9::text[] IS NULL OR outcome = ANY ($9::text[]))
    AND ($10::text[] IS NULL
         OR CASE WHEN lead IS NULL AND ended_at IS NOT NULL THEN 'unscored' ELSE lead END = ANY ($10::text[]))
    AND ($11::bigint IS NULL OR code = $11::bigint)
    AND ($12::text IS NULL OR position($12::text IN number) > 0)
    AND ($13::bigint IS NULL OR talk >= $13::bigint)
    AND ($14::bigint IS NULL OR talk <= $14::bigint)
    AND ($15::text IS NULL OR coalesce(answered_by, 'none') = $15::text)
) AS listed
WHERE $16::bigint IS NULL OR ($4::bigint * sort, $4::bigint * id) > ($4::bigint * $16::bigint, $4::bigint * $17::bigint)
ORDER BY $4::bigint * sort, $4::bigint * id
LIMIT $18
