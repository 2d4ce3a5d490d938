drop index concurrently if exists private.outbox_again;
