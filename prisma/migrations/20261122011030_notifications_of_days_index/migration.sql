create index concurrently if not exists notifications_of_days on notifications (organization_id, related_id)
  where contact_day_id is not null and due_at is not null;
