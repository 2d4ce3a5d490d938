create index concurrently if not exists messages_by_template on messages (organization_id, template_id, id) where template_id is not null;
