INSERT INTO rescoring (campaign_key, after_row)
VALUES ($1, '')
ON CONFLICT (campaign_key) DO UPDATE SET after_row = ''
