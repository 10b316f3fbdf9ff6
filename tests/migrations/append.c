/* SPDX-License-Identifier: Apache-2.0 */
/*
** What the database refuses by itself. Rows that are refused share one database and leave it
** as it was; rows that succeed get a fresh one each.
*/
#include <libpq-fe.h>

#include "tests/support/files.h"
#include "tests/support/pgtmp.h"
#include "tests/support/rows.h"

static struct pgtmp *cluster;

enum who { RUNTIME, OWNER, AUDITOR, NOBODY };

struct row {
    const char *name;
    enum who who;
    const char *sql;
    const char *wanted; /* the beginning of SQLSTATE and message; or the value */
};

/* A batch of N spoiled in one array: SPOIL(2, (b).jti || null) */
#define SPOILED(n, prev, entry, object, salt, body, key, jti, digest)                      \
    "select test.arrays(" prev "," entry "," object "," salt "," body "," key "," jti      \
    "," digest ") from test.batch(" #n ") b"
#define PREV   "(b).prev"
#define ENTRY  "(b).entry"
#define OBJECT "(b).object"
#define SALT   "(b).salt"
#define BODY   "(b).body"
#define KEY    "(b).key"
#define JTI    "(b).jti"
#define DIGEST "(b).digest"
#define RIGHT_ENTRY                                                                        \
    "(select test.entry(3, leaf, 'subject/NL01-004') from crfd.log where log_id = 1)"

static const struct row calls[] = {
    {"a head that has moved on", RUNTIME,
     "select test.one(size => 2, prev => (select leaf from crfd.entry"
     " where log_id = 1 and seq = 1))",
     "CR001 head moved"},
    {"a head that is not there yet", RUNTIME, "select test.one(size => 4)", "CR001"},
    {"a head with another leaf", RUNTIME, "select test.one(head => test.zeros(32))",
     "CR001"},
    {"a call that says the log is empty", RUNTIME,
     "select crfd.append(1, 0, null, array[test.zeros(32)], array[test.entry(0,"
     " test.zeros(32), 'o')], array['o'], array[test.zeros(32)], array['b'::bytea], "
     "array[1],"
     " array[gen_random_uuid()], array[test.zeros(32)], now(), test.zeros(32), 'f', '{}',"
     " '{}', '{}')",
     "CR001"},
    {"a time before the last entry's", RUNTIME,
     "select test.one(at => (select time - interval '1 microsecond' from crfd.log"
     " where log_id = 1))",
     "CR004 clock behind the log"},
    {"a log that does not exist", RUNTIME, "select test.one(log => 9, size => 0)", "P0002"},
    {"an id that was spent before", RUNTIME,
     "select test.one(jti => '01935a7e-3f2c-7a10-9d4e-0b7d5a3f1c01')", "23505"},
    {"an id spent twice in one batch", RUNTIME,
     SPOILED(2, PREV, ENTRY, OBJECT, SALT, BODY, KEY, "array[(b).jti[1], (b).jti[1]]",
             DIGEST),
     "23505"},
    /* the chain */
    {"a gap: bytes and predecessor of the entry after next", RUNTIME,
     "select test.one(entry => test.entry(4, (select leaf from crfd.log where log_id = 1),"
     " 'subject/NL01-004'))",
     "23514"},
    {"a predecessor that is not the last entry", RUNTIME,
     "select test.one(prev => (select leaf from crfd.entry where log_id = 1 and seq = 1))",
     "23503"},
    {"a predecessor that nobody has seen", RUNTIME,
     "select test.one(prev => sha256('nothing'))", "23503"},
    {"a predecessor from another log", RUNTIME,
     "select test.one(prev => (select leaf from crfd.entry where log_id = 2 and seq = 1))",
     "23503"},
    {"a second beginning, at the end", RUNTIME, "select test.one(prev => test.zeros(32))",
     "23503"},
    {"a second entry that does not follow the first", RUNTIME,
     SPOILED(2, "array[(b).prev[1], (b).prev[1]]",
             "array[(b).entry[1], test.entry(4, (b).prev[1], (b).object[2])]", OBJECT, SALT,
             BODY, KEY, JTI, DIGEST),
     "23503"},
    {"two entries in the wrong order", RUNTIME,
     SPOILED(2, PREV, "array[(b).entry[2], (b).entry[1]]", OBJECT, SALT, BODY, KEY, JTI,
             DIGEST),
     "23514"},
    {"an entry of another log, with its own predecessor", RUNTIME,
     "select test.one(2, entry => test.entry(2, (select leaf from crfd.log where log_id = "
     "2),"
     " 'subject/NL01-004', log => 'edc.example.org/s/7f3a91'))",
     "CR002 an entry names another log"},
    {"the beginning of another log, in an empty one", RUNTIME,
     "select test.one(crfd.open_log('edc.example.org/s/empty', 'EMPTY'), entry => (select "
     "entry"
     " from crfd.entry where log_id = 1 and seq = 0))",
     "CR002 an entry names another log"},
    /* columns and bytes */
    {"bytes that say another number (line 3)", RUNTIME,
     "select test.one(entry => test.with_line(" RIGHT_ENTRY ", 3, 'seq 03'))",
     "23514 new row for relation \"entry\" violates check constraint \"entry_line_3\""},
    {"bytes that say another predecessor (line 4)", RUNTIME,
     "select test.one(entry => test.with_line(" RIGHT_ENTRY ", 4, 'prev ' ||"
     " encode(sha256('x'), 'base64')))",
     "23514 new row for relation \"entry\" violates check constraint \"entry_line_4\""},
    {"bytes that say another object (line 10)", RUNTIME,
     "select test.one(line_object => 'subject/NL01-005')",
     "23514 new row for relation \"entry\" violates check constraint \"entry_line_10\""},
    {"a predecessor of 31 bytes", RUNTIME, "select test.one(prev => test.zeros(31))",
     "23503"},
    {"bytes with a line too few", RUNTIME,
     "select test.one(entry => convert_to(replace(convert_from(" RIGHT_ENTRY
     ", 'UTF8'), E'prior -\\n', ''), 'UTF8'))",
     "23514 new row for relation \"entry\" violates check constraint \"entry_lines\""},
    {"bytes with a 13th line", RUNTIME,
     "select test.one(entry => " RIGHT_ENTRY " || E'note x\\n'::bytea)",
     "23514 new row for relation \"entry\" violates check constraint \"entry_lines\""},
    {"bytes with text behind empty lines", RUNTIME,
     "select test.one(entry => " RIGHT_ENTRY " || '\\x0a0a'::bytea || 'note x'::bytea)",
     "23514 new row for relation \"entry\" violates check constraint \"entry_lines\""},
    {"bytes with an empty line behind", RUNTIME,
     "select test.one(entry => " RIGHT_ENTRY " || '\\x0a'::bytea)",
     "23514 new row for relation \"entry\" violates check constraint \"entry_lines\""},
    {"bytes that do not end in LF", RUNTIME,
     "select test.one(entry => substr(" RIGHT_ENTRY ", 1, octet_length(" RIGHT_ENTRY
     ") - 1))",
     "23514 new row for relation \"entry\" violates check constraint \"entry_lines\""},
    {"no bytes at all", RUNTIME, "select test.one(entry => ''::bytea)", "CR002"},
    {"4,097 bytes", RUNTIME,
     "select test.one(entry => test.with_line(" RIGHT_ENTRY ", 7, 'actor ' || repeat('a',"
     " 4097 - octet_length(" RIGHT_ENTRY ") + 6)))",
     "23514 new row for relation \"entry\" violates check constraint \"entry_length\""},
    {"a salt of 31 bytes", RUNTIME, "select test.one(salt => test.zeros(31))", "23514"},
    {"a salt of 33 bytes", RUNTIME, "select test.one(salt => test.zeros(33))", "23514"},
    {"a body without salt", RUNTIME, "select test.one(salt => null)", "23502"},
    {"a root of 31 bytes", RUNTIME, "select test.one(root => test.zeros(31))", "23514"},
    {"no root", RUNTIME, "select test.one(root => null)", "23502"},
    {"a digest of 20 bytes", RUNTIME, "select test.one(digest => test.zeros(20))", "23514"},
    {"a tile hash of 31 bytes", RUNTIME, "select test.one(tile => test.zeros(31))",
     "23514"},
    {"no time", RUNTIME, "select test.one(at => null)", "CR002"},
    /* arrays that do not run parallel */
    {"no entries", RUNTIME,
     SPOILED(0, "'{}'", "'{}'", "'{}'", "'{}'", "'{}'", "'{}'", "'{}'", "'{}'"), "CR002"},
    {"a predecessor too many", RUNTIME,
     SPOILED(1, "(b).prev || (b).prev", ENTRY, OBJECT, SALT, BODY, KEY, JTI, DIGEST),
     "CR002"},
    {"an entry too many", RUNTIME,
     SPOILED(1, PREV, "(b).entry || (b).entry", OBJECT, SALT, BODY, KEY, JTI, DIGEST),
     "CR002"},
    {"an object too many", RUNTIME,
     SPOILED(1, PREV, ENTRY, "(b).object || (b).object", SALT, BODY, KEY, JTI, DIGEST),
     "CR002"},
    {"a salt too few", RUNTIME,
     SPOILED(2, PREV, ENTRY, OBJECT, "(b).salt[1:1]", BODY, KEY, JTI, DIGEST), "CR002"},
    {"a body too many", RUNTIME,
     SPOILED(1, PREV, ENTRY, OBJECT, SALT, "(b).body || (b).body", KEY, JTI, DIGEST),
     "CR002"},
    {"a key too many", RUNTIME,
     SPOILED(1, PREV, ENTRY, OBJECT, SALT, BODY, "(b).key || (b).key", JTI, DIGEST),
     "CR002"},
    {"an id too many, which no entry has", RUNTIME,
     SPOILED(1, PREV, ENTRY, OBJECT, SALT, BODY, KEY, "(b).jti || gen_random_uuid()",
             DIGEST),
     "CR002"},
    {"a digest too few", RUNTIME,
     SPOILED(2, PREV, ENTRY, OBJECT, SALT, BODY, KEY, JTI, "(b).digest[1:1]"), "CR002"},
    {"no array of bodies", RUNTIME,
     SPOILED(1, PREV, ENTRY, OBJECT, SALT, "null", KEY, JTI, DIGEST), "CR002"},
    {"tiles without hashes", RUNTIME,
     "select test.arrays((b).prev, (b).entry, (b).object, (b).salt, (b).body, (b).key,"
     " (b).jti, (b).digest, array[0], array[0::bigint], '{}') from test.batch(1) b",
     "CR002"},
    {"a NULL among the entries", RUNTIME,
     SPOILED(2, PREV, "array[(b).entry[1], null]", OBJECT, SALT, BODY, KEY, JTI, DIGEST),
     "23502"},
    /* open_log */
    {"a known study under another origin", RUNTIME,
     "select crfd.open_log('edc.example.org/s/000000', 'MABS06')", "CR003"},
    {"a known origin for another study", RUNTIME,
     "select crfd.open_log('edc.example.org/s/7f3a91', 'MABS07')", "CR003"},
    {"the origin of one and the study of another", RUNTIME,
     "select crfd.open_log('edc.example.org/s/7f3a91', 'OTHER')", "CR003"},
    {"an origin with a space", RUNTIME, "select crfd.open_log('edc example', 'NEW')",
     "23514"},
    {"an origin with a line end", RUNTIME, "select crfd.open_log(E'edc\\nx', 'NEW')",
     "23514"},
    {"no origin", RUNTIME, "select crfd.open_log(null, 'NEW')", "23502"},
};

/* What the service's role cannot do, should somebody speak with its voice. */
static const struct row tamperings[] = {
    {"insert into entry", RUNTIME,
     "insert into crfd.entry (log_id, seq, prev_leaf, entry, object) select 1, 3, leaf,"
     " test.entry(3, leaf, 'o'), 'o' from crfd.log where log_id = 1",
     "42501"},
    {"update entry", RUNTIME, "update crfd.entry set entry = 'x' where seq = 2", "42501"},
    {"delete from entry", RUNTIME, "delete from crfd.entry where seq = 2", "42501"},
    {"truncate entry", RUNTIME, "truncate crfd.entry cascade", "42501"},
    {"copy into entry", RUNTIME, "copy crfd.entry (log_id, seq) from stdin", "42501"},
    {"lock entry", RUNTIME, "begin; lock table crfd.entry in exclusive mode", "42501"},
    {"select entry for update", RUNTIME, "select 1 from crfd.entry for update", "42501"},
    {"insert into log", RUNTIME,
     "insert into crfd.log (log_id, origin, study) values (7, 'a', 'b')", "42501"},
    {"move the head back", RUNTIME, "update crfd.log set size = 2 where log_id = 1",
     "42501"},
    {"delete a log", RUNTIME, "delete from crfd.log where log_id = 2", "42501"},
    {"update body", RUNTIME, "update crfd.body set bytes = 'x'", "42501"},
    {"delete from body", RUNTIME, "delete from crfd.body", "42501"},
    {"insert into body", RUNTIME,
     "insert into crfd.body values (1, 9, test.zeros(32), 'x', null)", "42501"},
    {"free a spent id", RUNTIME, "delete from crfd.record_id", "42501"},
    {"spend an id", RUNTIME,
     "insert into crfd.record_id values (1, 1, gen_random_uuid(), 1, test.zeros(32))",
     "42501"},
    {"publish a root", RUNTIME, "insert into crfd.root values (1, 99, test.zeros(32))",
     "42501"},
    {"replace a root", RUNTIME, "update crfd.root set root = test.zeros(32)", "42501"},
    {"replace a tile hash", RUNTIME, "insert into crfd.stratum values (1, 0, 0, 'x')",
     "42501"},
    {"replace a blob", RUNTIME, "update crfd.blob set media = 'x'", "42501"},
    {"delete a blob", RUNTIME, "delete from crfd.blob", "42501"},
    {"a blob under another digest", RUNTIME,
     "insert into crfd.blob values (sha256('a'), 'text/plain', 'b')", "23514"},
    {"the same blob again", RUNTIME,
     "insert into crfd.blob values (sha256('a dictionary'), 'text/plain', 'a dictionary')",
     "23505"},
    {"disable the triggers", RUNTIME, "alter table crfd.entry disable trigger all",
     "42501"},
    {"drop a constraint", RUNTIME, "alter table crfd.entry drop constraint entry_chain",
     "42501"},
    {"silence the foreign keys", RUNTIME, "set session_replication_role = replica",
     "42501"},
    {"become the owner", RUNTIME, "set role crfd_owner", "42501"},
    {"replace append", RUNTIME,
     "create or replace function crfd.hold_head(p_log int) returns crfd.log language sql as"
     " $$ select * from crfd.log $$",
     "42501"},
    {"make a table in the schema", RUNTIME, "create table crfd.mine (a int)", "42501"},
    {"drop a table", RUNTIME, "drop table crfd.hold", "42501"},
    {"truncate a projection", RUNTIME, "truncate crfd.form", "42501"},
    {"call an inner function", RUNTIME, "select crfd.line('a', 1)", "42501"},
    {"claim a schema version", RUNTIME,
     "insert into crfd.schema_version values (99, 'x', repeat('0', 64))", "42501"},
    /* the auditor */
    {"the auditor appends", AUDITOR, "select crfd.open_log('a', 'b')", "42501"},
    {"the auditor holds the head", AUDITOR, "select crfd.hold_head(1)", "42501"},
    {"the auditor writes a projection", AUDITOR, "delete from crfd.subject", "42501"},
    {"the auditor adds a blob", AUDITOR,
     "insert into crfd.blob values (sha256('a'), 'text/plain', 'a')", "42501"},
    /* a login without a role */
    {"a stranger reads", NOBODY, "select 1 from crfd.entry", "42501"},
    {"a stranger appends", NOBODY, "select crfd.open_log('a', 'b')", "42501"},
    /* the owner, against whom constraints still stand */
    {"the owner sets a leaf by hand", OWNER,
     "insert into crfd.entry (log_id, seq, prev_leaf, entry, object, leaf) select 1, 3, "
     "leaf,"
     " test.entry(3, leaf, 'o'), 'o', sha256('x') from crfd.log where log_id = 1",
     "428C9"},
    {"the owner forks the log", OWNER,
     "insert into crfd.entry (log_id, seq, prev_leaf, entry, object) select 1, 2, leaf,"
     " test.entry(2, leaf, 'other'), 'other' from crfd.entry where log_id = 1 and seq = 1",
     "23505"},
    {"the owner leaves a gap", OWNER,
     "insert into crfd.entry (log_id, seq, prev_leaf, entry, object) select 1, 4, leaf,"
     " test.entry(4, leaf, 'o'), 'o' from crfd.log where log_id = 1",
     "23503"},
    {"the owner begins a second time", OWNER,
     "insert into crfd.entry (log_id, seq, prev_leaf, entry, object) values (1, 0,"
     " test.zeros(32), test.entry(0, test.zeros(32), 'o'), 'o')",
     "23505"},
    {"the owner begins with a predecessor", OWNER,
     "insert into crfd.entry (log_id, seq, prev_leaf, entry, object) values (3, 0,"
     " sha256('x'), test.entry(0, sha256('x'), 'o'), 'o')",
     "23514 new row for relation \"entry\" violates check constraint \"entry_genesis\""},
    {"the owner numbers below zero", OWNER,
     "insert into crfd.entry (log_id, seq, prev_leaf, entry, object) values (3, -1,"
     " sha256('x'), test.entry(-1, sha256('x'), 'o'), 'o')",
     "23514"},
    {"the owner changes an entry that has a successor", OWNER,
     "update crfd.entry set entry = test.with_line(entry, 7, 'actor p-0666')"
     " where log_id = 1 and seq = 1",
     "23503"},
    {"the owner deletes an entry that has a successor", OWNER,
     "delete from crfd.entry where log_id = 1 and seq = 0", "23503"},
    {"the owner moves an entry to another log", OWNER,
     "update crfd.entry set log_id = 2 where log_id = 1 and seq = 2", "23503"},
    {"the owner truncates a log's size without its leaf", OWNER,
     "update crfd.log set size = 0 where log_id = 1", "23514"},
};

/* What works; and, last, what the database cannot stop. */
static const struct row successes[] = {
    {"a right call appends", RUNTIME,
     "select test.one(); select (size, (select count(*) from crfd.body),"
     " (select count(*) from crfd.record_id), (select count(*) from crfd.root where"
     " log_id = 1)) from crfd.log where log_id = 1",
     "(4,6,6,4)"},
    {"a batch of 256 appends", RUNTIME,
     "select test.arrays((b).prev, (b).entry, (b).object, (b).salt, (b).body, (b).key,"
     " (b).jti, (b).digest, array[0], array[0::bigint], array[test.zeros(32)])"
     " from test.batch(256) b; select (size, leaf = (select e.leaf from crfd.entry e where"
     " e.log_id = 1 and seq = 258)) from crfd.log where log_id = 1",
     "(259,t)"},
    {"an entry without body, id and key appends", RUNTIME,
     "select test.one(body => null, salt => null, jti => null, key => null, digest => "
     "null);"
     " select size from crfd.log where log_id = 1",
     "4"},
    {"the same time as the last entry's is right", RUNTIME,
     "select test.one(at => (select time from crfd.log where log_id = 1));"
     " select size from crfd.log where log_id = 1",
     "4"},
    {"4,096 bytes are right", RUNTIME,
     "select test.one(entry => test.with_line(" RIGHT_ENTRY ", 7, 'actor ' || repeat('a',"
     " 4096 - octet_length(" RIGHT_ENTRY ") + 6)));"
     " select max(octet_length(entry)) from crfd.entry",
     "4096"},
    {"the same id of another key is another id", RUNTIME,
     "select test.one(key => 2, jti => '01935a7e-3f2c-7a10-9d4e-0b7d5a3f1c01');"
     " select size from crfd.log where log_id = 1",
     "4"},
    {"the leaf is RFC 6962's: the known answer of entry 1", OWNER,
     "select encode(leaf, 'base64') from (select test.leaf(convert_to('ctl/1\n"
     "log edc.example.org/study/ABC-123\nseq 1\n"
     "prev wJeiFcsPtosU/FbM0ySJtRAht0XBwX4mKGt/bBD4SBY=\n"
     "time 2026-11-21T09:14:07.204511Z\ntype crf.submit\nactor acct-0042\n"
     "key x4WBDc8fHuy1JLncpiiJVAyWBr4BjK4eJHJuHVEth1s\nkeydir 57\n"
     "object site-012/subj-0045/visit-3/form-AE/17\nprior -\n"
     "body TvTeK0I9GJv/Sa+Wj1UMgkuFeYwAlCFQWmb9kJnKdZQ= 15 application/jose+json\n',"
     " 'UTF8')) leaf) x",
     "ODMcyfq6a+/j03syS05oQOt5pck+HLQYkr8h0LsnHkQ="},
    {"temporary tables do not stand in the way of append", RUNTIME,
     "create temp table entry (a int); create temp table log (a int); select test.one();"
     " select size from crfd.log where log_id = 1",
     "4"},
    {"open_log knows its own", RUNTIME,
     "select (crfd.open_log('edc.example.org/s/81c0de', 'OTHER'),"
     " crfd.open_log('edc.example.org/s/new', 'NEW'),"
     " crfd.open_log('edc.example.org/s/new', 'NEW'))",
     "(2,3,3)"},
    {"hold_head gives the head", RUNTIME, "select (h).size from crfd.hold_head(1) h", "3"},
    {"the service writes projections", RUNTIME,
     "insert into crfd.form select 1, * from unnest(array['o'], array['s'], "
     "array[1::bigint],"
     " array['l'], array['v'], array['complete'], array[null], array[1::bigint]) on "
     "conflict"
     " (log_id, object) do update set state = excluded.state;"
     " update crfd.form set state = 'signed'; delete from crfd.subject;"
     " select (state, (select count(*) from crfd.subject)) from crfd.form",
     "(signed,0)"},
    {"the service adds a blob once", RUNTIME,
     "insert into crfd.blob values (sha256('b'), 'text/plain', 'b'), (sha256('a "
     "dictionary'),"
     " 'text/plain', 'a dictionary') on conflict do nothing; select count(*) from "
     "crfd.blob",
     "2"},
    {"the auditor reads all", AUDITOR,
     "select ((select count(*) from crfd.entry), (select count(*) from crfd.body), (select"
     " count(*) from crfd.subject))",
     "(5,5,1)"},
    {"the owner can delete the last entry: only receipts and witnesses tell", OWNER,
     "delete from crfd.entry where log_id = 1 and seq = 2; select count(*) from crfd.entry",
     "4"},
};

static char *base; /* the database that refused rows share: the superuser's conninfo */

static char *fresh(void)
{
    CLEANUP(bytes_done) struct bytes sql = read_file("tests/migrations/append.sql");
    CLEANUP(mem_freep)
    char *runtime = pgtmp_database(cluster, PGTMP_MIGRATED, "crfd_service");
    char *admin = pgtmp_login(cluster, runtime, NULL);
    free(pgtmp_must(admin, bytes_text(&sql)));
    return admin;
}

static char *run_as(const char *admin, enum who who, const char *sql)
{
    static const char *const logins[] = {
        [RUNTIME] = "crfd_service", [AUDITOR] = "crfd_reader", [NOBODY] = "crfd_stranger"};
    CLEANUP(bytes_done) struct bytes text = {0};
    if (who == OWNER) {
        bytes_printf(&text,
                     "grant usage on schema test to crfd_owner;"
                     "set role crfd_owner; %s",
                     sql);
        return pgtmp_try(admin, bytes_text(&text));
    }
    CLEANUP(mem_freep) char *conninfo = pgtmp_login(cluster, admin, logins[who]);
    return pgtmp_try(conninfo, sql);
}

static void is_refused(void **state)
{
    const struct row *row = *state;
    CLEANUP(mem_freep) char *before = pgtmp_must(base, "select test.fingerprint()");
    CLEANUP(mem_freep) char *got = run_as(base, row->who, row->sql);
    CLEANUP(mem_freep) char *after = pgtmp_must(base, "select test.fingerprint()");
    if (strncmp(got, row->wanted, strlen(row->wanted)) != 0) {
        fail_msg("got %s, wanted %s", got, row->wanted);
    }
    assert_string_equal(before, after);
}

static void succeeds(void **state)
{
    const struct row *row = *state;
    CLEANUP(mem_freep) char *admin = fresh();
    CLEANUP(mem_freep) char *got = run_as(admin, row->who, row->sql);
    assert_string_equal(got, row->wanted);
}

/* Who holds the head decides alone; append of another waits until he is done. */
static void held_head_stops_append(void **state)
{
    (void) state;
    CLEANUP(mem_freep) char *admin = fresh();
    CLEANUP(mem_freep) char *runtime = pgtmp_login(cluster, admin, "crfd_service");
    static const char append[] = "set lock_timeout = '100ms'; select test.one()";
    PGconn *holder = PQconnectdb(runtime);
    PGresult *held = PQexec(holder, "begin; select (crfd.hold_head(1)).size");
    assert_int_equal(PQresultStatus(held), PGRES_TUPLES_OK);
    PQclear(held);
    CLEANUP(mem_freep) char *refused = pgtmp_try(runtime, append);
    assert_memory_equal(refused, "55P03", 5);
    CLEANUP(mem_freep)
    char *other_log = pgtmp_try(runtime, "set lock_timeout = '100ms'; select test.one(2)");
    assert_string_equal(other_log, ""); /* studies share nothing */
    held = PQexec(holder, "select test.one(); commit");
    assert_int_equal(PQresultStatus(held), PGRES_COMMAND_OK);
    PQclear(held);
    PQfinish(holder);
    CLEANUP(mem_freep) char *done = pgtmp_try(runtime, append);
    assert_string_equal(done, "");
}

int main(void)
{
    cluster = pgtmp_start(&(struct pgtmp_options){0});
    base = fresh();
    free(pgtmp_must(base,
                    "create role crfd_reader login; grant crfd_auditor to crfd_reader;"
                    " create role crfd_stranger login"));
    add_rows(calls, ARRAY_LEN(calls), sizeof(calls[0]), is_refused);
    add_rows(tamperings, ARRAY_LEN(tamperings), sizeof(tamperings[0]), is_refused);
    add_rows(successes, ARRAY_LEN(successes), sizeof(successes[0]), succeeds);
    add_test("a held head stops appends to that log and to no other",
             held_head_stops_append);
    int failed = run_added("append");
    free(base);
    pgtmp_stop(cluster);
    return failed;
}
