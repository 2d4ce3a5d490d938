create index concurrently if not exists outbox_claimed on private.outbox (organization_id, session_id) where claimed_epoch is not null;
