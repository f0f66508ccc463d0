-- What Ringside asks of Citus, for tests without one: the functions note what they are asked for, and refuse what the
-- documentation and the source of Citus say that it refuses. No row goes anywhere.
CREATE TABLE pg_dist_partition (
  logicalrelid regclass PRIMARY KEY,
  partmethod   "char" NOT NULL,
  partkey      text,
  colocationid integer NOT NULL
);
CREATE TABLE truncated_after_distributing (relation regclass PRIMARY KEY);

CREATE FUNCTION refuse_what_cannot_be_placed(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = relation) THEN
    RAISE EXCEPTION 'table "%" is already distributed', relation;
  END IF;
  IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = relation AND NOT tgisinternal) THEN
    RAISE EXCEPTION 'cannot distribute relation "%" because it has triggers', relation;
  END IF;
  -- Since Citus 11.2 those of bigint are taken.
  IF EXISTS (SELECT FROM pg_attribute
             WHERE attrelid = relation AND attidentity <> '' AND atttypid <> 'bigint'::regtype) THEN
    RAISE EXCEPTION 'cannot distribute relation: %', relation
      USING DETAIL = 'Distributed relations must not use GENERATED ... AS IDENTITY.';
  END IF;
  IF EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND relation IN (conrelid, confrelid)) THEN
    RAISE EXCEPTION 'cannot create foreign key constraint';
  END IF;
END $$;

CREATE FUNCTION create_distributed_table(
  table_name regclass, distribution_column text, distribution_type text DEFAULT 'hash',
  colocate_with text DEFAULT 'default', shard_count integer DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  col    pg_attribute;
  peer   pg_attribute;
  placed pg_dist_partition;
BEGIN
  PERFORM refuse_what_cannot_be_placed(table_name);
  SELECT * INTO col FROM pg_attribute WHERE attrelid = table_name AND attname = distribution_column;
  IF NOT FOUND THEN RAISE EXCEPTION 'column "%" of relation "%" does not exist', distribution_column, table_name; END IF;
  IF EXISTS (SELECT FROM pg_index
             WHERE indrelid = table_name AND (indisunique OR indisexclusion) AND NOT col.attnum = ANY (indkey)) THEN
    RAISE EXCEPTION 'cannot create constraint on "%"', table_name USING DETAIL =
      'Distributed relations cannot have UNIQUE, EXCLUDE, or PRIMARY KEY constraints that do not include the partition column (with an equality operator if EXCLUDE).';
  END IF;
  IF EXISTS (SELECT FROM pg_collation WHERE oid = col.attcollation AND NOT collisdeterministic) THEN
    RAISE EXCEPTION 'Hash distributed partition columns may not use a non deterministic collation';
  END IF;
  IF colocate_with IN ('default', 'none') THEN
    INSERT INTO pg_dist_partition SELECT table_name, 'h', distribution_column, coalesce(max(colocationid), 0) + 1
    FROM pg_dist_partition;
    RETURN;
  END IF;
  SELECT * INTO placed FROM pg_dist_partition WHERE logicalrelid = colocate_with::regclass AND partmethod = 'h';
  IF NOT FOUND THEN RAISE EXCEPTION 'relation % is not distributed', colocate_with; END IF;
  SELECT * INTO peer FROM pg_attribute WHERE attrelid = placed.logicalrelid AND attname = placed.partkey;
  IF (peer.atttypid, peer.attcollation) IS DISTINCT FROM (col.atttypid, col.attcollation) THEN
    RAISE EXCEPTION 'cannot colocate tables % and %', colocate_with, table_name
      USING DETAIL = 'Distribution column types or collations don''t match.';
  END IF;
  INSERT INTO pg_dist_partition VALUES (table_name, 'h', distribution_column, placed.colocationid);
END $$;

CREATE FUNCTION create_reference_table(table_name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM refuse_what_cannot_be_placed(table_name);
  INSERT INTO pg_dist_partition VALUES (table_name, 'n', NULL, 0);
END $$;

CREATE FUNCTION truncate_local_data_after_distributing_table(function_name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = function_name) THEN
    RAISE EXCEPTION 'supplied parameter is not a distributed relation';
  END IF;
  INSERT INTO truncated_after_distributing VALUES (function_name);
END $$;
