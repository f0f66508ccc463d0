INSERT INTO campaigns (campaign_key, workspace, campaign_id, created_at, registered, state)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (campaign_key) DO UPDATE SET registered = excluded.registered, state = excluded.state
