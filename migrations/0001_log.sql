-- The log: what PostgreSQL refuses by itself, whoever asks.
--
-- Entries are 12-line texts; each names its predecessor's hash, and the foreign key makes the
-- chain. The service may only call append(); it cannot insert, update or delete here. What a
-- superuser can still do, receipts, witnesses and verifiers detect: these constraints stop
-- mistakes and intruders in the service, not the owner of the machine.

create table crfd.schema_version (
  number int primary key check (number > 0),
  name text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  applied_at timestamptz not null default clock_timestamp());

-- Line N of an entry. encode(..., 'escape') is immutable and independent of encodings.
create function crfd.line(b bytea, n int) returns text language sql immutable parallel safe
  return split_part(encode(b, 'escape'), E'\n', n);

-- Exactly 12 lines, each ended by LF. (Lines 13 and 14 being empty would not be enough: text may
-- follow behind empty lines, and the last LF may be missing.)
create function crfd.is_12_lines(b bytea) returns boolean language sql immutable parallel safe
  return cardinality(string_to_array(encode(b, 'escape'), E'\n')) = 13
    and substr(b, octet_length(b)) = '\x0a'::bytea;

-- One row a log: its head. fillfactor keeps the updates HOT.
create table crfd.log (
  log_id int primary key,
  origin text not null unique check (origin ~ '^[!-~]{1,255}$'),
  study text not null unique check (study ~ '^[!-~]{1,255}$'),
  size bigint not null default 0 check (size >= 0),
  leaf bytea check (octet_length(leaf) = 32),
  time timestamptz,
  root bytea check (octet_length(root) = 32),
  frontier bytea,
  check ((size = 0) = (leaf is null)))
  with (fillfactor = 20);

create table crfd.entry (
  log_id int,
  seq bigint check (seq >= 0),
  prev_leaf bytea not null,
  entry bytea not null,
  object text collate "C" not null,
  leaf bytea generated always as (sha256('\x00'::bytea || entry)) stored,
  prev_seq bigint generated always as (nullif(seq, 0) - 1) stored,
  primary key (log_id, seq),
  unique (log_id, seq, leaf),
  constraint entry_chain foreign key (log_id, prev_seq, prev_leaf)
    references crfd.entry (log_id, seq, leaf),
  constraint entry_genesis check (seq > 0 or prev_leaf = decode(repeat('00', 32), 'hex')),
  constraint entry_length check (octet_length(entry) <= 4096),
  constraint entry_lines check (crfd.is_12_lines(entry)),
  constraint entry_line_3 check (crfd.line(entry, 3) = 'seq ' || seq),
  constraint entry_line_4 check (crfd.line(entry, 4) = 'prev ' || encode(prev_leaf, 'base64')),
  constraint entry_line_10 check (crfd.line(entry, 10) = 'object ' || object));

-- The history of anything; what a moved head touched.
create index entry_object on crfd.entry (log_id, object, seq);

-- What an entry commits to. key_id is for sealed bodies; a body may be erased, its entry stays.
create table crfd.body (
  log_id int,
  seq bigint,
  salt bytea not null check (octet_length(salt) = 32),
  bytes bytea compression lz4 not null,
  key_id bigint,
  primary key (log_id, seq));

-- (key, jti) is spent once, for ever.
create table crfd.record_id (
  log_id int,
  key_no int,
  jti uuid,
  seq bigint not null,
  digest bytea not null check (octet_length(digest) = 32),
  primary key (log_id, key_no, jti));

-- One row a batch: what `seen` in a record may name.
create table crfd.root (
  log_id int,
  size bigint,
  root bytea not null check (octet_length(root) = 32),
  primary key (log_id, size));

-- Roots of full 256-leaf tiles.
create table crfd.stratum (
  log_id int,
  level int,
  idx bigint,
  hash bytea not null check (octet_length(hash) = 32),
  primary key (log_id, level, idx));

-- Large things under their digest; inert until a record names them.
create table crfd.blob (
  digest bytea primary key,
  media text not null,
  bytes bytea compression lz4 not null,
  constraint blob_digest check (digest = sha256(bytes)));
