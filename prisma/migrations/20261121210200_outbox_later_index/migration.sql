create index concurrently if not exists outbox_later on private.outbox (send_after) where send_after > '-infinity';
