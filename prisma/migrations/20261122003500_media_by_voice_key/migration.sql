create index concurrently if not exists media_by_voice_key on media (organization_id, voice_storage_key) where voice_storage_key is not null;
