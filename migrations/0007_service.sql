-- Who changed the state of a key, in which role, and when: a person whose key is suspended is told.
-- The next start of crfd writes the projections anew from the log, and so fills the columns.
-- src_seq stays the last column of a projection.

alter table crfd.person_key rename column src_seq to old_seq;
alter table crfd.person_key
  add column state_at text,
  add column state_by text,
  add column state_role text,
  add column src_seq bigint;
update crfd.person_key set src_seq = old_seq;
alter table crfd.person_key
  alter column src_seq set not null,
  drop column old_seq;
