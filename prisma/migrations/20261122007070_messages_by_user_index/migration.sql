create index concurrently if not exists messages_by_user on messages (organization_id, sent_by_user_id, id) where sent_by_user_id is not null;
