-- A log of three entries and a log of two, and helpers whose defaults are right.
create schema test;
grant usage on schema test to public;

create function test.zeros(n int) returns bytea language sql immutable
  return decode(repeat('00', n), 'hex');

create function test.leaf(entry bytea) returns bytea language sql immutable
  return sha256('\x00'::bytea || entry);

-- The 12 lines.
create function test.entry(seq bigint, prev bytea, object text, actor text default 'p-0042',
  log text default 'edc.example.org/s/7f3a91') returns bytea language sql immutable
  return convert_to(concat_ws(E'\n', 'ctl/1', 'log ' || log, 'seq ' || seq,
    'prev ' || encode(prev, 'base64'), 'time 2026-11-21T09:14:07.204511Z', 'type form.submit',
    'actor ' || actor, 'key x4WBDc8fHuy1JLncpiiJVAyWBr4BjK4eJHJuHVEth1s', 'keydir -',
    'object ' || object, 'prior -',
    'body ' || encode(test.zeros(32), 'base64') || ' 15 application/x-ndjson', ''), 'UTF8');

-- The entry's bytes with one line replaced.
create function test.with_line(entry bytea, n int, line text) returns bytea
  language plpgsql immutable as $$
declare
  lines text[] := string_to_array(convert_from(entry, 'UTF8'), E'\n');
begin
  lines[n] := line;
  return convert_to(array_to_string(lines, E'\n'), 'UTF8');
end $$;

-- Append one entry, with the caller's rights. What is NULL is filled in rightly.
create function test.one(log int default 1, size bigint default null, head bytea default null,
  seq bigint default null, prev bytea default null, entry bytea default null,
  object text default 'subject/NL01-004', line_object text default null,
  salt bytea default test.zeros(32), body bytea default 'a body', key int default 1,
  jti uuid default gen_random_uuid(), digest bytea default test.zeros(32),
  at timestamptz default clock_timestamp(), root bytea default test.zeros(32),
  tile bytea default null) returns void
  language plpgsql as $$
declare
  h crfd.log;
begin
  select * into h from crfd.log l where l.log_id = log;
  size := coalesce(size, h.size);
  head := coalesce(head, h.leaf);
  seq := coalesce(seq, size);
  prev := coalesce(prev, h.leaf, test.zeros(32));
  entry := coalesce(entry,
    test.entry(seq, prev, coalesce(line_object, object), log => h.origin));
  perform crfd.append(log, size, head, array[prev], array[entry], array[object], array[salt],
    array[body], array[key], array[jti], array[digest], at, root, 'frontier',
    case when tile is null then '{}'::int[] else array[0] end,
    case when tile is null then '{}'::bigint[] else array[0::bigint] end,
    case when tile is null then '{}'::bytea[] else array[tile] end);
end $$;

-- Append entries whose arrays are given, to log 1.
create function test.arrays(prev bytea[], entry bytea[], object text[], salt bytea[],
  body bytea[], key int[], jti uuid[], digest bytea[], level int[] default '{}',
  idx bigint[] default '{}', hash bytea[] default '{}', at timestamptz default now())
  returns void language sql as $$
  select crfd.append(1, l.size, l.leaf, prev, entry, object, salt, body, key, jti, digest, at,
    test.zeros(32), 'frontier', level, idx, hash) from crfd.log l where l.log_id = 1 $$;

-- Arrays for N right entries on log 1; the row's SQL spoils one of them.
create type test.batch as (prev bytea[], entry bytea[], object text[], salt bytea[],
  body bytea[], key int[], jti uuid[], digest bytea[]);
create function test.batch(n int) returns test.batch language plpgsql as $$
declare
  b test.batch;
  h crfd.log;
  leaf bytea;
begin
  select * into h from crfd.log where log_id = 1;
  leaf := h.leaf;
  for i in 0 .. n - 1 loop
    b.prev[i + 1] := leaf;
    b.object[i + 1] := 'subject/NL01-00' || i;
    b.entry[i + 1] := test.entry(h.size + i, leaf, b.object[i + 1]);
    b.salt[i + 1] := test.zeros(32);
    b.body[i + 1] := 'a body';
    b.key[i + 1] := 1;
    b.jti[i + 1] := gen_random_uuid();
    b.digest[i + 1] := test.zeros(32);
    leaf := test.leaf(b.entry[i + 1]);
  end loop;
  return b;
end $$;

-- Everything a bad call must leave alone, in one value.
create function test.fingerprint() returns text language sql security definer as $$
  select md5(string_agg(t, ',' order by t)) from (
    select l::text t from crfd.log l union all select e::text from crfd.entry e
    union all select b::text from crfd.body b union all select r::text from crfd.record_id r
    union all select r::text from crfd.root r union all select s::text from crfd.stratum s
    union all select b::text from crfd.blob b union all select v::text from crfd.schema_version v
    union all select concat(tgrelid::regclass, tgname, tgenabled) from pg_trigger
      where tgrelid in ('crfd.entry'::regclass, 'crfd.log'::regclass)
    union all select concat(conrelid::regclass, conname) from pg_constraint
      where connamespace = 'crfd'::regnamespace
    union all select concat(p.oid::regprocedure, md5(p.prosrc)) from pg_proc p
      where pronamespace = 'crfd'::regnamespace
    union all select concat(c.relname, c.relacl, c.relowner::regrole)
      from pg_class c where relnamespace = 'crfd'::regnamespace) x $$;

select crfd.open_log('edc.example.org/s/7f3a91', 'MABS06');
select crfd.open_log('edc.example.org/s/81c0de', 'OTHER');
select test.one(1, jti => '01935a7e-3f2c-7a10-9d4e-0b7d5a3f1c00');
select test.one(1, jti => '01935a7e-3f2c-7a10-9d4e-0b7d5a3f1c01');
select test.one(1, jti => '01935a7e-3f2c-7a10-9d4e-0b7d5a3f1c02');
select test.one(2);
select test.one(2);
insert into crfd.blob values (sha256('a dictionary'), 'text/plain', 'a dictionary');
insert into crfd.subject values (1, 'NL01-004', 'NL01', 'enrolled', 2);
