INSERT INTO campaign_events (campaign_key, event_key, is_change, entry)
VALUES (?1, ?2, ?3, ?4)
