UPDATE campaigns
SET registered = $2, record = $3
WHERE campaign_key = $1
