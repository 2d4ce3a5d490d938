create index concurrently if not exists messages_cancelled on messages (organization_id, id) where cancelled_at is not null;
