create index concurrently if not exists outbox_streams on private.outbox (organization_id, session_id, new_chat, send_after, priority, sequence);
