create index concurrently if not exists outbox_due on private.outbox (organization_id, session_id, send_after, priority, sequence);
