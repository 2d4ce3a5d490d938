-- What the owner seals with: a rotation leaves the secrets alone of a number whose owner could not read them any more.
alter table private.session_leases add column key_id text; -- null: written by a version that did not say
