-- In place of `messages_failed`, which names the status: with it, no change of a status stays within its page.
create index concurrently if not exists messages_given_up on messages (organization_id, session_id, id) where failed_at is not null;
