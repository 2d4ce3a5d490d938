create index concurrently if not exists messages_by_key on messages (organization_id, sent_by_key_id, id) where sent_by_key_id is not null;
