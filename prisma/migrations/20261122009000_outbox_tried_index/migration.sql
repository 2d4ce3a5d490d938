create index concurrently if not exists outbox_tried on private.outbox (organization_id, conversation_id) where attempts > 0;
