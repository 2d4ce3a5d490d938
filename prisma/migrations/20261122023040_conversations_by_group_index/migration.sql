create unique index concurrently if not exists conversations_by_group on conversations (organization_id, session_id, group_id) where group_id is not null;
