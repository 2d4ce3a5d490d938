-- What was said about a message: looked up when it arrives after that, and when something more is said.
create index concurrently if not exists messages_by_target on messages (organization_id, session_id, target_whatsapp_message_id)
  where target_whatsapp_message_id is not null;
