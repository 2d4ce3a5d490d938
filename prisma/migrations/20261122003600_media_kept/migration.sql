create index concurrently if not exists media_kept on media (organization_id, created_at) where removed_at is null;
