-- Who may do what. Everything belongs to crfd_owner, who cannot log in; PUBLIC may do nothing.

revoke all on schema crfd from public;
revoke all on all tables in schema crfd from public;
revoke all on all functions in schema crfd from public;
alter default privileges revoke execute on functions from public;

grant usage on schema crfd to crfd_runtime, crfd_auditor;
grant select on all tables in schema crfd to crfd_runtime, crfd_auditor;

grant execute on function
  crfd.append(int, bigint, bytea, bytea[], bytea[], text[], bytea[], bytea[], int[], uuid[],
              bytea[], timestamptz, bytea, bytea, int[], bigint[], bytea[]),
  crfd.hold_head(int),
  crfd.open_log(text, text) to crfd_runtime;

grant insert, update, delete on
  crfd.definition, crfd.site, crfd.site_version, crfd.person, crfd.person_key, crfd.grant_,
  crfd.subject, crfd.form, crfd.query, crfd.lock, crfd.hold to crfd_runtime;

grant insert on crfd.blob to crfd_runtime;
