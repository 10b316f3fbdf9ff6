-- The product chain: links from donation to bag, clearances, who was given what, who may release.
-- Projections like those of 0003: keys and states, no clinical value, remade from the log at will.

create table crfd.batch (
  log_id int, batch text collate "C", kind text, donor text, site text, expiry text, state text, since text,
  criteria text, src_seq bigint not null,
  primary key (log_id, batch));

create table crfd.batch_link (
  log_id int, batch text collate "C", parent text collate "C", src_seq bigint not null,
  primary key (log_id, batch, parent));

create table crfd.clearance (
  log_id int, number text collate "C", subject text collate "C", event text, act text, batch text,
  valid_from text, valid_to text, state text, src_seq bigint not null,
  primary key (log_id, number));

create table crfd.exposure (
  log_id int, object text collate "C", subject text collate "C", batch text collate "C", state text,
  src_seq bigint not null,
  primary key (log_id, object));

create table crfd.qualified (
  log_id int, person text collate "C", site text collate "C", valid_from text, valid_to text,
  src_seq bigint not null,
  primary key (log_id, person, site));

revoke all on crfd.batch, crfd.batch_link, crfd.clearance, crfd.exposure, crfd.qualified from public;
grant select on crfd.batch, crfd.batch_link, crfd.clearance, crfd.exposure, crfd.qualified
  to crfd_runtime, crfd_auditor;
grant insert, update, delete on
  crfd.batch, crfd.batch_link, crfd.clearance, crfd.exposure, crfd.qualified to crfd_runtime;
