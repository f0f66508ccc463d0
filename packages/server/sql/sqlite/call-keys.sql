-- The calls of one stretch of the index that a filter lets through, in the order of a list. A filter that is NULL lets
-- everything through. :sign turns the order round; an end, start or talk time that is unknown counts as :unknown.
SELECT sort, id, end_key AS end, call_row AS row
FROM (
  SELECT id, end_key, call_row,
    CASE :sort WHEN 'endTime' THEN ifnull(ended_at, :unknown)
               WHEN 'startTime' THEN ifnull(started_at, :unknown)
               ELSE ifnull(talk, :unknown) END AS sort
  FROM calls
  WHERE campaign_key = :campaign
    AND (end_key, id) >= (:lowEnd, :lowId) AND (end_key, id) <= (:highEnd, :highId)
    -- A call without a contact was never placed.
    AND contact_key IS NOT NULL
    AND (:outcomes IS NULL OR outcome IN (SELECT value FROM json_each(:outcomes)))
    AND (:leads IS NULL
         OR CASE WHEN lead IS NULL AND ended_at IS NOT NULL THEN 'unscored' ELSE lead END
            IN (SELECT value FROM json_each(:leads)))
    AND (:code IS NULL OR code = :code)
    AND (:digits IS NULL OR instr(number, :digits) > 0)
    AND (:minTalk IS NULL OR talk >= :minTalk)
    AND (:maxTalk IS NULL OR talk <= :maxTalk)
    AND (:answeredBy IS NULL OR ifnull(answered_by, 'none') = :answeredBy)
)
WHERE :afterSort IS NULL OR (:sign * sort, :sign * id) > (:sign * :afterSort, :sign * :afterId)
ORDER BY :sign * sort, :sign * id
LIMIT :limit
