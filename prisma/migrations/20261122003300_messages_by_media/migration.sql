create index concurrently if not exists messages_by_media on messages (organization_id, media_id, id) where media_id is not null;
