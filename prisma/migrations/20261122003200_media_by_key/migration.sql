create index concurrently if not exists media_by_key on media (organization_id, storage_key);
