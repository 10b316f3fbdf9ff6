-- Why a clock of a safety case stopped: phone, paper, told, system; reported, acknowledged, assessed,
-- not-needed, duplicate, nullified. NULL: it runs, or it stopped before this was kept.
-- src_seq stays the last column of a projection.

alter table crfd.clock rename column src_seq to old_seq;
alter table crfd.clock
  add column ended text,
  add column src_seq bigint;
update crfd.clock set src_seq = old_seq;
alter table crfd.clock
  alter column src_seq set not null,
  drop column old_seq;
