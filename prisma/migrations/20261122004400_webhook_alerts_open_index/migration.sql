create unique index concurrently if not exists alerts_one_open_of_webhook on alerts (organization_id, webhook_endpoint_id, kind) where resolved_at is null and webhook_endpoint_id is not null;
