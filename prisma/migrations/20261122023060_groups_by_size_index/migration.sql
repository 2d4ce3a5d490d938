create index concurrently if not exists groups_by_size on groups (organization_id, (-size), id) where told_at > '-infinity';
