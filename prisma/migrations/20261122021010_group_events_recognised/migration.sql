-- What was noticed, and is told afterwards, is one event: it becomes what was told.
grant update (type, at, actor_lid, actor_phone_number, noticed, key) on group_events to app_tenant;
