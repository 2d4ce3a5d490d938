drop index concurrently if exists private.outbox_in_order;
