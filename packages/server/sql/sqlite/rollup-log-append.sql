INSERT INTO rollup_log (id, entries)
VALUES (?1, ?2)
