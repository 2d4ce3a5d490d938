create index concurrently if not exists messages_by_job on messages (organization_id, job_id, id) where job_id is not null;
