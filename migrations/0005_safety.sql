-- Safety: cases, their clocks, opinions and acknowledgements, stopping rules, milestones; and a
-- hold that knows which event, or which record, set it. As all projections: a pure function of the
-- log. What stands here of an opinion is its answer ("related"), never why.

-- One row for each cause, so that lifting one hold leaves the others of the same scope.
alter table crfd.hold rename to hold_before;
alter table crfd.hold_before rename constraint hold_pkey to hold_before_pkey;
create table crfd.hold (
  log_id int, activity text collate "C", scope text collate "C", cause text collate "C", rule text, state text,
  src_seq bigint not null,
  primary key (log_id, activity, scope, cause));
insert into crfd.hold select log_id, activity, scope, src_seq::text, rule, state, src_seq from crfd.hold_before;
drop table crfd.hold_before;

create table crfd.safety_case (
  log_id int, object text collate "C", subject text collate "C", seq bigint, state text, susar text,
  duplicate_of text, acked_at text, acked_by text, src_seq bigint not null,
  primary key (log_id, object));
create index safety_case_subject on crfd.safety_case (log_id, subject);

create table crfd.clock (
  log_id int, object text collate "C", clock text collate "C", since text collate "C", due text, rule text,
  stopped text, src_seq bigint not null,
  primary key (log_id, object, clock, since));

create table crfd.opinion (
  log_id int, object text collate "C", party text collate "C", causality text, seriousness text,
  expectedness text, rsi text, person text, src_seq bigint not null,
  primary key (log_id, object, party));

create table crfd.stopping (
  log_id int, rule text collate "C", object text collate "C", scope text, state text, src_seq bigint not null,
  primary key (log_id, rule, object));

create table crfd.milestone (
  log_id int, milestone text collate "C", kind text, about text, at text, leaf text, code_sha256 text,
  contact text, state text, src_seq bigint not null,
  primary key (log_id, milestone));

grant select on crfd.hold, crfd.safety_case, crfd.clock, crfd.opinion, crfd.stopping, crfd.milestone
  to crfd_runtime, crfd_auditor;
grant insert, update, delete on
  crfd.hold, crfd.safety_case, crfd.clock, crfd.opinion, crfd.stopping, crfd.milestone to crfd_runtime;
