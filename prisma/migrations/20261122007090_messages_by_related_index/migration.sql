create index concurrently if not exists messages_by_related on messages (organization_id, related_id, id) where related_id is not null;
