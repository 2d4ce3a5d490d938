create index concurrently if not exists messages_by_word on messages
  using gin (organization_id, private.days_of(id), private.words_of(text)) with (gin_pending_list_limit = 256) where text <> '';
