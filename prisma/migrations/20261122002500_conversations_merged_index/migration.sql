create index concurrently if not exists conversations_merged on conversations (organization_id, merged_into) where merged_into is not null;
