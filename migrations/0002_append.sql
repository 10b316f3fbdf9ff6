-- The three doors of the service into the log. They run as crfd_owner.
--
-- SQLSTATEs of our own: CR001 the head moved, CR002 the call itself is wrong, CR003 the origin or
-- the study belongs to another log, CR004 the clock is behind the log.

-- Append n entries to the log whose head the caller decided upon. The arrays run parallel, one
-- element an entry (NULL body: none; NULL jti: no id is spent); p_level, p_idx, p_hash are the
-- tiles that became full. All or nothing; the head's row lock makes appends serial.
create function crfd.append(p_log int, p_size bigint, p_leaf bytea, p_prev bytea[],
  p_entry bytea[], p_object text[], p_salt bytea[], p_body bytea[], p_key int[], p_jti uuid[],
  p_digest bytea[], p_time timestamptz, p_root bytea, p_frontier bytea, p_level int[],
  p_idx bigint[], p_hash bytea[]) returns void
  language plpgsql security definer set search_path = crfd, pg_catalog, pg_temp as $$
declare
  h record;
  n int := cardinality(p_entry);
  last bytea;
begin
  -- unnest() fills short arrays with NULL, and a longer p_jti would spend ids that no entry has
  if n is null or n = 0 or p_time is null or p_frontier is null
    or (cardinality(p_prev), cardinality(p_object), cardinality(p_salt), cardinality(p_body),
        cardinality(p_key), cardinality(p_jti), cardinality(p_digest))
       is distinct from (n, n, n, n, n, n, n)
    or (cardinality(p_idx), cardinality(p_hash))
       is distinct from (cardinality(p_level), cardinality(p_level)) then
    raise 'the arguments of append do not belong together' using errcode = 'CR002';
  end if;
  select size, leaf, time, origin into strict h from log where log_id = p_log for update;
  if h.size is distinct from p_size or h.leaf is distinct from p_leaf then
    raise 'head moved' using errcode = 'CR001';
  end if;
  if h.time > p_time then
    raise 'clock behind the log' using errcode = 'CR004';
  end if;
  if exists (select from unnest(p_entry) e where line(e, 2) <> 'log ' || h.origin) then
    raise 'an entry names another log' using errcode = 'CR002';
  end if;
  insert into entry (log_id, seq, prev_leaf, entry, object)
    select p_log, p_size + o - 1, p, e, x
    from unnest(p_prev, p_entry, p_object) with ordinality u(p, e, x, o);
  insert into body (log_id, seq, salt, bytes)
    select p_log, p_size + o - 1, s, b
    from unnest(p_salt, p_body) with ordinality u(s, b, o) where b is not null;
  insert into record_id
    select p_log, k, j, p_size + o - 1, d
    from unnest(p_key, p_jti, p_digest) with ordinality u(k, j, d, o) where j is not null;
  insert into root values (p_log, p_size + n, p_root);
  insert into stratum select p_log, l, i, s from unnest(p_level, p_idx, p_hash) u(l, i, s);
  select leaf into last from entry where log_id = p_log and seq = p_size + n - 1;
  update log set size = p_size + n, leaf = last, time = p_time, root = p_root,
    frontier = p_frontier where log_id = p_log;
end $$;

-- The head, held until the transaction ends: whoever decides again decides alone.
create function crfd.hold_head(p_log int) returns crfd.log
  language sql security definer set search_path = crfd, pg_catalog, pg_temp
  as $$ select * from log where log_id = p_log for update $$;

-- The log of a study, made if it is new. The same pair gives the same number for ever.
create function crfd.open_log(p_origin text, p_study text) returns int
  language plpgsql security definer set search_path = crfd, pg_catalog, pg_temp as $$
declare
  h record;
begin
  select log_id, origin, study into h from log where origin = p_origin or study = p_study;
  if not found then
    lock table log in share row exclusive mode; -- numbers without gaps or races
    insert into log (log_id, origin, study)
      select coalesce(max(log_id), 0) + 1, p_origin, p_study from log
      on conflict do nothing;
    select log_id, origin, study into h from log where origin = p_origin or study = p_study;
  end if;
  if (h.origin, h.study) is distinct from (p_origin, p_study) then
    raise 'the origin or the study belongs to another log' using errcode = 'CR003';
  end if;
  return h.log_id;
end $$;
