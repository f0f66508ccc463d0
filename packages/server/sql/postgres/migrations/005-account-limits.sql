-- What a provider lets an account do, as JSON; NULL is what the settings say.
ALTER TABLE provider_accounts ADD COLUMN limits text;
