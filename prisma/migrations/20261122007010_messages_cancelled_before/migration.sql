-- repeat until nothing is left
-- When those were cancelled nobody wrote down; it was after they were accepted.
update messages set cancelled_at = created_at
 where (organization_id, id) in (select organization_id, id from messages where status = 'cancelled' and cancelled_at is null limit 5000);
