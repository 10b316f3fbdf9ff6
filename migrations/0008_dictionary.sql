-- Dictionaries that a signed study.amend named: which file, by its digest, stands for a name and version.
-- A projection like those of 0003; the files themselves are in crfd.blob.

create table crfd.dictionary (
  log_id int, name text collate "C", version text collate "C", digest text, src_seq bigint not null,
  primary key (log_id, name, version));

revoke all on crfd.dictionary from public;
grant select on crfd.dictionary to crfd_runtime, crfd_auditor;
grant insert, update, delete on crfd.dictionary to crfd_runtime;
