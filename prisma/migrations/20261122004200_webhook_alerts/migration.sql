-- An alert may be about a webhook endpoint as well as about a number.

alter table alerts
  alter column session_id drop not null,
  add column webhook_endpoint_id uuid,
  drop constraint alerts_kind_check,
  add constraint alerts_kind check (kind in ('unreachable', 'proxy_unreachable', 'proxy_refused', 'silent', 'logged_out', 'replaced',
    'banned', 'outdated', 'passkey_required', 'keys_unreadable', 'webhook_failing')) not valid,
  add constraint alerts_have_subject check (num_nonnulls(session_id, webhook_endpoint_id) > 0) not valid,
  add constraint alerts_webhook_endpoint foreign key (organization_id, webhook_endpoint_id)
    references private.webhook_endpoints (organization_id, id) on delete cascade not valid;
grant select (webhook_endpoint_id) on alerts to authenticated;
