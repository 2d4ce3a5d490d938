create index concurrently if not exists automation_events_by_age on private.automation_events (received_at);
