create index concurrently if not exists outbox_again on private.outbox (organization_id, conversation_id) where attempts > 0 and send_after > '-infinity';
