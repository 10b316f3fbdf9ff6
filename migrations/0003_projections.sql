-- What the log says now, as tables: keys, states and the entry they come from (src_seq). A pure
-- function of the log, written by the service in the transaction of the entries, remade from the
-- log at will. No clinical value stands here. '-' is the site of a grant for the whole study.
--
-- Names sort by their bytes (collate "C"): the same order as in memory and in exports, and no
-- index that a new C library could make wrong.

create table crfd.definition (
  log_id int, version text collate "C", digest text, src text, src_seq bigint not null,
  primary key (log_id, version));

create table crfd.site (
  log_id int, site text collate "C", name text, country text, timezone text, language text,
  src_seq bigint not null,
  primary key (log_id, site));

create table crfd.site_version (
  log_id int, site text collate "C", valid_from text collate "C", version text, valid_to text, approval text,
  src_seq bigint not null,
  primary key (log_id, site, valid_from));

create table crfd.person (
  log_id int, person text collate "C", name text, state text, role text, site text, code_sha256 text,
  expires text, src_seq bigint not null,
  primary key (log_id, person));

create table crfd.person_key (
  log_id int, kid text collate "C", key_no bigint not null, person text, jwk text, alg text, state text,
  enrolled_at text, compromised_since text, src_seq bigint not null,
  primary key (log_id, kid),
  unique (log_id, key_no));

create table crfd.grant_ (
  log_id int, person text collate "C", role text collate "C", site text collate "C", valid_from text, valid_to text,
  src_seq bigint not null,
  primary key (log_id, person, role, site));

create table crfd.subject (
  log_id int, subject text collate "C", site text, state text, src_seq bigint not null,
  primary key (log_id, subject));

create table crfd.form (
  log_id int, object text collate "C", subject text collate "C", seq bigint, leaf text, version text, state text,
  number text, src_seq bigint not null,
  primary key (log_id, object));
create index form_subject on crfd.form (log_id, subject);

create table crfd.query (
  log_id int, query text collate "C", object text collate "C", path text, rule text, state text,
  src_seq bigint not null,
  primary key (log_id, query));
create index query_object on crfd.query (log_id, object);

create table crfd.lock (
  log_id int, scope text collate "C", reason text, state text, src_seq bigint not null,
  primary key (log_id, scope));

create table crfd.hold (
  log_id int, activity text collate "C", scope text collate "C", rule text, state text, src_seq bigint not null,
  primary key (log_id, activity, scope));
