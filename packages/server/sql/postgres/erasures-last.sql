-- Read by every writer after the lock: the number of a workspace's last erasure, to be compared with what is in memory.
SELECT max(seq) AS last
FROM erasures
WHERE workspace = $1
