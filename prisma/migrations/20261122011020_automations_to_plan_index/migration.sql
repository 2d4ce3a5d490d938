create index concurrently if not exists automations_to_plan on automations (plan_at) where enabled and plan_at is not null;
