-- What WhatsApp notifies of a group is written down before it is acknowledged, as receipts are.
alter table private.session_inbox drop constraint session_inbox_kind_check;
alter table private.session_inbox add constraint session_inbox_kind_check check (kind in ('message', 'receipt', 'group')) not valid;
