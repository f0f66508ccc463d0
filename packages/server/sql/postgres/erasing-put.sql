INSERT INTO erasing (campaign_key, asked)
VALUES ($1, 1)
ON CONFLICT (campaign_key) DO UPDATE SET asked = erasing.asked + 1
