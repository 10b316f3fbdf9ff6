-- When holds were set and when they ended: a dose that is reported late is judged by the holds that were
-- in force when it was given. A projection like those of 0003, remade from the log at will.

create table crfd.hold_change (
  log_id int, activity text collate "C", scope text collate "C", cause text collate "C", at text collate "C",
  state text, src_seq bigint not null,
  primary key (log_id, activity, scope, cause, at));

revoke all on crfd.hold_change from public;
grant select on crfd.hold_change to crfd_runtime, crfd_auditor;
grant insert, update, delete on crfd.hold_change to crfd_runtime;
