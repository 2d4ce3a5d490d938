drop index concurrently if exists messages_failed;
