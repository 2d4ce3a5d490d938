create index concurrently if not exists outbox_expiring on private.outbox (expires_at) where expires_at is not null;
