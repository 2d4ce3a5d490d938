create index concurrently if not exists messages_by_type on messages (organization_id, type, id) where type <> 'text';
