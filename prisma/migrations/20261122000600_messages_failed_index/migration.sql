create index concurrently if not exists messages_failed on messages (organization_id, session_id, id) where status = 'failed';
