INSERT INTO call_events (campaign_key, seq, received_at, delivery, raw)
VALUES (?1, ?2, ?3, ?4, ?5)
