-- Texts with places for values. Those that come with Wasel are in the code: the same for everybody, with ids for ever.

create table templates (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  name            text not null check (length(name) between 1 and 100),
  category        text not null check (category in ('trial_welcome', 'subscription_expiring', 'subscription_activated',
                                                    'payment_reminder', 'custom')),
  language        text not null,              -- BCP 47
  body            text not null,
  header_type     text,                       -- the type of the message, when a file goes above the text
  header_media_id uuid,
  active          boolean not null default true,
  created_at      timestamptz(3) not null default now(),
  updated_at      timestamptz(3) not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, header_media_id) references media (organization_id, id),
  check (num_nulls(header_type, header_media_id) in (0, 2))
);
select private.secure_table('templates');
grant select, insert, update, delete on templates to app_tenant;
create policy member_access on templates for select to authenticated
  using (organization_id in (select organization_id from memberships));
grant select (organization_id, id, name, category, language, body, header_type, header_media_id, active, created_at, updated_at)
  on templates to authenticated;

-- How often a template was used, one of Wasel's too: apart, so that sending does not write the template itself anew.
create table template_uses (
  organization_id uuid not null references organizations (id) on delete cascade,
  template_id     uuid not null,
  use_count       bigint not null,
  last_used_at    timestamptz(3) not null,
  primary key (organization_id, template_id)
) with (fillfactor = 50);
select private.secure_table('template_uses');
grant select, insert, update, delete on template_uses to app_tenant;
create policy member_access on template_uses for select to authenticated
  using (organization_id in (select organization_id from memberships));
grant select (organization_id, template_id, use_count, last_used_at) on template_uses to authenticated;

-- What a message came of. Templates and jobs may be gone one day, what was sent by them is not: no foreign keys.
alter table messages
  add column trigger             text,        -- dashboard, api, bulk, call_answer, …; null of what came in or was written on the phone
  add column template_id         uuid,
  add column template_parameters jsonb,       -- the values, by the name of their variable
  add column related_type        text,        -- what it is about, in the words of whoever sent it: an invoice, a booking …
  add column related_id          text,        -- … and which
  add column job_id              uuid;        -- the job that it is one of
grant select (trigger, template_id, template_parameters, related_type, related_id, job_id) on messages to authenticated;
