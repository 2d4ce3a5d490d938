create index concurrently if not exists outbox_apart on private.outbox (organization_id, conversation_id) where new_chat > 0 or asleep;
