create index concurrently if not exists contacts_merged on contacts (organization_id, merged_into) where merged_into is not null;
