-- What a fact is known by outside: its place in the log changes when the database is restored, this does not.

alter table private.facts add column uid uuid;
alter table private.facts alter column uid set default gen_random_uuid();
