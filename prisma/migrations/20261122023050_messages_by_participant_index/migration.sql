create index concurrently if not exists messages_by_participant on messages (organization_id, participant_id, id desc) where participant_id is not null;
