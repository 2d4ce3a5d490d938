-- What `webhook_alerts` asks of new rows, the old ones keep, too.

alter table alerts validate constraint alerts_kind, validate constraint alerts_have_subject,
  validate constraint alerts_webhook_endpoint;
