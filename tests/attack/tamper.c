/* SPDX-License-Identifier: Apache-2.0 */
/*
** Every way to change a log behind crfd's back, on a fresh copy of a trial of 300 entries (a
** full tile of 256 and a tail of 44): crfd stops that study, while it runs and when it is
** started on the changed database, says which entry or that the log was cut, keeps evidence,
** and goes on with the other study; and `crf-monitor verify` finds it, too, trusting nobody.
*/
#include <unistd.h>

#include "clients/lib/text_file.h"
#include "tests/attack/attacker.h"
#include "tests/attack/watcher.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

#define SIZE 300

static struct trial *trial;
static struct watcher *watcher;
static char *older;             /* conninfo of a copy of the database with fewer entries */
static struct bytes older_mark; /* the high-water file of then */
static struct record_seen other_seen;

/* ---- what is done ---- */

struct attack {
    const char *name;
    const char *sql;
    void (*also)(void); /* after the SQL */
    /* what evidence and log line say while it runs, and after a restart; one of several
     * ("a|b"): two detectors may see it first, or before the attacker has tidied up */
    const char *running, *restarted;
    /* what `crf-monitor verify` says, with exit code 1. NULL: what was changed is not part of
     * what the log's key signed: all 300 entries hold, and the service says it is halted */
    const char *watcher;
    const char *watcher_restarted; /* NULL: the same */
};

static void chain_from_100(void)
{
    attack_chain(trial, 101);
    attack_tree(trial);
}

static void chain_from_280(void)
{
    attack_chain(trial, 281);
    attack_tree(trial);
}

static void chain_from_290(void)
{
    attack_chain(trial, 290);
    attack_tree(trial);
}

static void chain_from_300(void)
{
    attack_chain(trial, 300);
    attack_tree(trial);
}

static void tree(void)
{
    attack_tree(trial);
}

/* As if somebody restored last week's backup under the running service. */
static void restore_older(void)
{
    CLEANUP(bytes_done) struct bytes sql = {0};
    const char *conninfo = trial_superuser(trial);
    CLEANUP(mem_freep) char *now = attack_sql(trial, "select current_database()");
    CLEANUP(mem_freep) char *then = pgtmp_must(older, "select current_database()");
    CLEANUP(bytes_done) struct bytes main = {0}; /* the same server's other database */
    const char *name = strstr(conninfo, "dbname=") + 7;
    bytes_add(&main, conninfo, (size_t) (name - conninfo));
    bytes_printf(&main, "postgres%s", name + strcspn(name, " "));
    bytes_printf(&sql, "drop database %s with (force)", now);
    free(pgtmp_must(bytes_text(&main), bytes_text(&sql)));
    bytes_clear(&sql);
    bytes_printf(&sql, "create database %s template %s", now, then);
    free(pgtmp_must(bytes_text(&main), bytes_text(&sql)));
}

#define ENTRY_WITH(seq, from, to)                                                          \
    "update crfd.entry set entry = convert_to(regexp_replace(convert_from(entry, 'UTF8')," \
    " E'" from "', E'" to "'), 'UTF8') where log_id = :log and seq = " seq ";"
#define ANOTHER_ACTOR(seq) ENTRY_WITH(seq, "actor p-[0-9]*", "actor p-0401")
/* Entry TO becomes a copy of entry 270, dated one day back. */
#define COPY_TO(to)                                                                        \
    "insert into crfd.entry (log_id, seq, prev_leaf, entry, object)"                       \
    " select log_id, " to ", prev_leaf, convert_to(regexp_replace(regexp_replace("         \
    " convert_from(entry, 'UTF8'), E'\\nseq [0-9]*', E'\\nseq " to "'),"                   \
    " E'\\ntime [^\\n]*', E'\\ntime ' || to_char((select time from crfd.log where log_id " \
    "="                                                                                    \
    " :log) at time zone 'UTC' - interval '1 day', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'))," \
    " 'UTF8'), object from crfd.entry where log_id = :log and seq = 270;"                  \
    "insert into crfd.body (log_id, seq, salt, bytes) select log_id, " to ", salt, bytes"  \
    " from crfd.body where log_id = :log and seq = 270;"

static const struct attack attacks[] = {
    {"somebody edits a body",
     "update crfd.body set bytes = set_byte(bytes, 300, 65 + get_byte(bytes, 300) % 7)"
     " where log_id = :log and seq = 100",
     NULL, "the body of entry 100 is not", "the body of entry 100 is not",
     "the first bad entry is 100: ", NULL},
    {"somebody deletes a body and no record says that it was erased",
     "delete from crfd.body where log_id = :log and seq = 100", NULL,
     "the body of entry 100 is missing", "the body of entry 100 is missing",
     "the first bad entry is 100: ", NULL},
    {"somebody edits an entry in a full tile", ANOTHER_ACTOR("100"), NULL,
     "entry 101 does not follow entry 100", "entry 101 does not follow entry 100",
     "the first bad entry is 100: ", NULL},
    {"somebody edits one of the last entries", ANOTHER_ACTOR("280"), NULL,
     "entry 280 is not the one", "entry 281 does not follow entry 280",
     "the first bad entry is 280: ", NULL},
    {"somebody edits an entry and makes chain, roots and tiles fit again",
     ANOTHER_ACTOR("100"), chain_from_100,
     "entries 0 to 255 |entry 256 is not the one|entry 101 does not follow|the head's leaf "
     "is"
     " not that of entry 299",
     "entries 0 to 255 ", "the first bad entry is 100: ", NULL},
    {"somebody edits one of the last entries and makes all of it fit again",
     ANOTHER_ACTOR("280"), chain_from_280,
     "entry 280 is not the one|entry 281 does not follow|the head's leaf is not that of"
     " entry 299",
     "entries 256 to 287 ", "the first bad entry is 280: ", NULL},
    {"somebody deletes an entry in the middle",
     "delete from crfd.entry where log_id = :log and seq = 100;"
     "delete from crfd.body where log_id = :log and seq = 100",
     NULL, "entry 100 is missing", "entry 100 is missing",
     "the first bad entry is 100: ", NULL},
    {"somebody swaps two entries and their bodies",
     "update crfd.entry set seq = 90000 where log_id = :log and seq = 100;"
     "update crfd.entry set seq = 100 where log_id = :log and seq = 101;"
     "update crfd.entry set seq = 101 where log_id = :log and seq = 90000;"
     "update crfd.body set seq = 90000 where log_id = :log and seq = 100;"
     "update crfd.body set seq = 100 where log_id = :log and seq = 101;"
     "update crfd.body set seq = 101 where log_id = :log and seq = 90000;" ENTRY_WITH(
         "100", "\\nseq 101", "\\nseq 100") ENTRY_WITH("101", "\\nseq 100", "\\nseq 101"),
     NULL, "entry 100 does not follow entry 99", "entry 100 does not follow entry 99",
     "the first bad entry is 100: ", NULL},
    {"somebody deletes the last entry",
     "delete from crfd.entry where log_id = :log and seq = 299;"
     "delete from crfd.body where log_id = :log and seq = 299",
     NULL, "entry 299 is missing", "entry 299 is missing",
     "the first bad entry is 299: ", NULL},
    {"somebody deletes the last entry and sets the head back",
     "delete from crfd.entry where log_id = :log and seq = 299;"
     "delete from crfd.body where log_id = :log and seq = 299;"
     "delete from crfd.record_id where log_id = :log and seq = 299;"
     "delete from crfd.form where log_id = :log and seq = 299",
     tree, "has 299 entries, it had 300: it was cut|entry 299 is missing",
     "has 299 entries, 300 were signed: it was cut", "the first bad entry is 299: ", NULL},
    {"somebody restores an older copy of the database", "select 1", restore_older,
     "it had 300: it was cut or restored from an older copy| is missing",
     "300 were signed: it was cut or restored from an older copy",
     "the first bad entry is 280: ", NULL},
    {"somebody appends a back-dated entry and makes all of it fit", COPY_TO("300"),
     chain_from_300, "entry 300 is dated before", "entry 300 is dated before", NULL, NULL},
    {"somebody slips a back-dated entry in between and makes all of it fit",
     "update crfd.entry set seq = seq + 90000 where log_id = :log and seq >= 290;"
     "update crfd.entry set seq = seq - 89999 where log_id = :log and seq >= 90290;"
     "update crfd.entry set entry = convert_to(regexp_replace(convert_from(entry, 'UTF8'),"
     " E'\\nseq [0-9]*', E'\\nseq ' || seq), 'UTF8') where log_id = :log and seq > 290;"
     "update crfd.body set seq = seq + 90000 where log_id = :log and seq >= 290;"
     "update crfd.body set seq = seq - 89999 where log_id = :log and seq >= 90290;" COPY_TO(
         "290"),
     chain_from_290, "entry 290 is not the one|entry 300 does not follow",
     "entries 288 to 295 are not those that were signed",
     "the first bad entry is 290: ", NULL},
    {"somebody appends a record that nobody signed, and makes all of it fit",
     COPY_TO(
         "300") "update crfd.body set bytes = convert_to(regexp_replace(convert_from(bytes,"
                " 'UTF8'), '\"signature\":\"....', '\"signature\":\"AAAA'), 'UTF8')"
                " where log_id = :log and seq = 300;"
                "update crfd.entry set entry = convert_to(regexp_replace(regexp_replace("
                " convert_from(entry, 'UTF8'), E'\\nbody [^ ]*', (select E'\\nbody ' ||"
                " encode(sha256(salt || bytes), 'base64') from crfd.body where log_id = "
                ":log"
                " and seq = 300)), E'\\ntime [^\\n]*', E'\\ntime ' || "
                "to_char(clock_timestamp()"
                " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')), 'UTF8')"
                " where log_id = :log and seq = 300",
     chain_from_300, "entry 300 was not signed", "entry 300 was not signed", NULL, NULL},
    {"somebody sets the head's size back",
     "update crfd.log set size = size - 1 where log_id = :log", NULL,
     "has 299 entries, it had 300", "has 299 entries, 300 were signed|size", NULL,
     "the head's size and its frontier differ"},
    {"somebody edits the head's leaf",
     "update crfd.log set leaf = sha256(leaf) where log_id = :log", NULL, "the head's leaf",
     "the head's leaf", NULL, NULL},
    {"somebody edits the head's root",
     "update crfd.log set root = sha256(root) where log_id = :log", NULL, "the head's root",
     "the head's root", NULL, NULL},
    {"somebody edits the head's frontier",
     "update crfd.log set frontier = set_byte(frontier, 20, get_byte(frontier, 20) # 1)"
     " where log_id = :log",
     NULL, "the head's frontier", "entries 0 to 255 ", NULL, NULL},
    {"somebody edits the head's time",
     "update crfd.log set time = time - interval '1 day' where log_id = :log", NULL,
     "the head's time", "the head's time", NULL, NULL},
    {"somebody edits a tile's root",
     "update crfd.stratum set hash = sha256(hash) where log_id = :log", NULL,
     "the root of tile 0 ", "entries 0 to 255 ", NULL, NULL},
    {"somebody edits a published root",
     "update crfd.root set root = sha256(root) where log_id = :log and size = 120", NULL,
     "the root at size 120 ", "the root at size 120 ", NULL, NULL},
    /* what the log says, as tables: not signed, and crfd does not trust it */
    {"somebody enrols a key of his own by hand",
     "insert into crfd.person_key (log_id, kid, key_no, person, jwk, alg, state, "
     "enrolled_at, src_seq) select log_id, repeat('A', 43), 900, person, jwk, alg, state, "
     "enrolled_at, src_seq from crfd.person_key where log_id = :log and person = 'p-0001'",
     NULL, "the table person_key is not what the log gives, at AAAAA",
     "the table person_key is not what the log gives, at AAAAA", NULL, NULL},
    {"somebody puts another key in the place of an enrolled one",
     "update crfd.person_key set jwk = replace(jwk, '\"x\":\"', '\"x\":\"AAAA') where "
     "log_id = :log and person = 'p-0001'",
     NULL, "the table person_key is not what the log gives, at ",
     "the table person_key is not what the log gives, at ", NULL, NULL},
    {"somebody suspends a key by hand",
     "update crfd.person_key set state = 'suspended' where log_id = :log and person = "
     "'p-0001'",
     NULL, "the table person_key is not what the log gives, at ",
     "the table person_key is not what the log gives, at ", NULL, NULL},
    {"somebody deletes a key",
     "delete from crfd.person_key where log_id = :log and person = 'p-0001'", NULL,
     "the table person_key is not what the log gives, at ",
     "the table person_key is not what the log gives, at ", NULL, NULL},
    {"somebody edits a person",
     "update crfd.person set name = 'A. Nother' where log_id = :log and person = 'p-0001'",
     NULL, "the table person is not what the log gives, at p-0001",
     "the table person is not what the log gives, at p-0001", NULL, NULL},
    {"somebody grants himself a role",
     "insert into crfd.grant_ (log_id, person, role, site, valid_from, src_seq) select "
     "log_id, person, 'safety', '-', valid_from, src_seq from crfd.grant_ where log_id = "
     ":log and person = 'p-0001' limit 1",
     NULL, "the table grant_ is not what the log gives, at p-0001 safety -",
     "the table grant_ is not what the log gives, at p-0001 safety -", NULL, NULL},
    {"somebody ends a role",
     "update crfd.grant_ set valid_to = valid_from where log_id = :log and person = "
     "'p-0001'",
     NULL, "the table grant_ is not what the log gives, at ",
     "the table grant_ is not what the log gives, at ", NULL, NULL},
    {"somebody edits a site",
     "update crfd.site set timezone = 'UTC+12' where log_id = :log and site = '01'", NULL,
     "the table site is not what the log gives, at 01",
     "the table site is not what the log gives, at 01", NULL, NULL},
    {"somebody names another definition",
     "update crfd.definition set digest = repeat('0', 64) where log_id = :log", NULL,
     "the table definition is not what the log gives, at ",
     "the table definition is not what the log gives, at ", NULL, NULL},
    {"somebody moves a subject to another site",
     "update crfd.subject set site = '02' where log_id = :log", NULL,
     "the table subject is not what the log gives, at 007-K",
     "the table subject is not what the log gives, at 007-K", NULL, NULL},
    {"somebody deletes a subject", "delete from crfd.subject where log_id = :log", NULL,
     "the table subject is not what the log gives, at 007-K",
     "the table subject is not what the log gives, at 007-K", NULL, NULL},
    {"somebody marks a form as signed",
     "update crfd.form set state = 'signed' where log_id = :log and seq = 100", NULL,
     "the table form is not what the log gives, at subject/007-K/",
     "the table form is not what the log gives, at subject/007-K/", NULL, NULL},
    {"somebody makes an older revision the current one",
     "update crfd.form set seq = 99 where log_id = :log and seq = 100", NULL,
     "the table form is not what the log gives, at subject/007-K/",
     "the table form is not what the log gives, at subject/007-K/", NULL, NULL},
    {"somebody deletes a form's row",
     "delete from crfd.form where log_id = :log and seq = 100", NULL,
     "the table form is not what the log gives, at subject/007-K/",
     "the table form is not what the log gives, at subject/007-K/", NULL, NULL},
    {"somebody opens a query by hand",
     "insert into crfd.query (log_id, query, object, path, rule, state, src_seq) values "
     "(:log, 'q-1-1', 'x', '', '1', 'open', 1)",
     NULL, "the table query is not what the log gives, at q-1-1",
     "the table query is not what the log gives, at q-1-1", NULL, NULL},
    {"somebody locks the study by hand",
     "insert into crfd.lock (log_id, scope, state, src_seq) values (:log, 'study', "
     "'locked', 5)",
     NULL, "the table lock is not what the log gives, at study",
     "the table lock is not what the log gives, at study", NULL, NULL},
    {"somebody locks the study in a future entry's name",
     "insert into crfd.lock (log_id, scope, state, src_seq) values (:log, 'study', "
     "'locked', 900)",
     NULL, "the table lock is not what the log gives, at study",
     "the table lock is not what the log gives, at study", NULL, NULL},
    {"somebody holds an activity by hand",
     "insert into crfd.hold (log_id, activity, scope, cause, rule, state, src_seq) values "
     "(:log, 'dosing', 'study', '', '80', 'held', 5)",
     NULL, "the table hold is not what the log gives, at dosing study",
     "the table hold is not what the log gives, at dosing study", NULL, NULL},
    {"somebody deletes a spent id",
     "delete from crfd.record_id where log_id = :log and seq = 100", NULL,
     "the table record_id is not what the log gives, at entry 100",
     "the table record_id is not what the log gives, at entry 100", NULL, NULL},
    {"somebody spends an id that nobody used",
     "insert into crfd.record_id select log_id, key_no, gen_random_uuid(), seq, digest "
     "from crfd.record_id where log_id = :log and seq = 100",
     NULL, "the table record_id is not what the log gives, at entry 100",
     "the table record_id is not what the log gives, at entry 100", NULL, NULL},
    {"somebody makes an id mean another record",
     "update crfd.record_id set digest = sha256(digest) where log_id = :log and seq = 100",
     NULL, "the table record_id is not what the log gives, at entry 100",
     "the table record_id is not what the log gives, at entry 100", NULL, NULL},
    {"somebody publishes a root of a size that is still to come",
     "insert into crfd.root values (:log, 310, sha256('x'))", NULL,
     "the table root is not what the log gives, at size 310",
     "the table root is not what the log gives, at size 310", NULL, NULL},
    {"somebody deletes the newest root",
     "delete from crfd.root where log_id = :log and size = 300", NULL,
     "the table root is not what the log gives, at size 300",
     "the table root is not what the log gives, at size 300", NULL, NULL},
    {"somebody deletes an older root",
     "delete from crfd.root where log_id = :log and size = 100", NULL, "rows up to size ",
     "rows up to size ", NULL, NULL},
    {"somebody deletes all roots of the first tile",
     "delete from crfd.root where log_id = :log and size <= 256", NULL, "rows up to size ",
     "rows up to size ", NULL, NULL},
    {"somebody publishes an older root a second time",
     "insert into crfd.root values (:log, 0, sha256(''))", NULL, "rows up to size ",
     "rows up to size ", NULL, NULL},
};

/* ---- what must come of it ---- */

static bool says_one_of(const char *text, const char *phrases)
{
    CLEANUP(mem_freep) char *copy = mem_text(phrases);
    char *rest = copy;
    for (char *one = NULL; (one = strsep(&rest, "|")) != NULL;) {
        if (strstr(text, one) != NULL) {
            return true;
        }
    }
    return false;
}

static const char *phase_of(const struct answer *ready, const char *study)
{
    const char *phase = json_get_string(json_get(ready->json, "studies"), study);
    return phase != NULL ? phase : "unknown";
}

static void wait_until_halted(void)
{
    for (int i = 0; i < 200; i++) {
        struct answer ready = trial_get_plain(trial, "/readyz");
        bool halted = strcmp(phase_of(&ready, TRIAL_SLUG), "halted") == 0 &&
                      strcmp(phase_of(&ready, TRIAL_OTHER_SLUG), "open") == 0;
        if (halted) {
            assert_int_equal(ready.status, 503);
        }
        answer_done(&ready);
        if (halted) {
            return;
        }
        (void) usleep(50000);
    }
    CLEANUP(bytes_done) struct bytes log = read_file(trial_log_file(trial));
    print_error("%s", bytes_text(&log));
    fail_msg("the study goes on");
}

static void add_evidence(const char *path, void *arg)
{
    if (strstr(path, TRIAL_SLUG ".evidence-") != NULL) {
        CLEANUP(bytes_done) struct bytes text = read_file(path);
        bytes_add_span(arg, span_bytes(&text));
        (void) unlink(path); /* so that the next one is told from it */
    }
}

static void check_halted(const char *phrases)
{
    CLEANUP(bytes_done) struct bytes evidence = {0};
    wait_until_halted();
    (void) each_file(trial_folder(trial), ".json", add_evidence, &evidence);
    if (!says_one_of(bytes_text(&evidence), phrases)) {
        fail_msg("evidence: %s wanted: %s", bytes_text(&evidence), phrases);
    }
    assert_non_null(strstr(bytes_text(&evidence), "\"memory_size\":"));
    assert_non_null(strstr(bytes_text(&evidence), "\"signed_size\":300"));
    CLEANUP(bytes_done) struct bytes log = read_file(trial_log_file(trial));
    const char *halted = strstr(bytes_text(&log), "\"event\":\"log halted\"");
    assert_non_null(halted);
    assert_true(says_one_of(halted, phrases));

    struct answer answer =
        trial_submit_file(trial, COORDINATOR, "03-V1-MH.json", NULL, NULL);
    assert_int_equal(answer.status, 503);
    assert_string_equal(answer_code(&answer), "log-halted");
    answer_done(&answer);
}

static void check_other_study_goes_on(const char *subject)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    trial_choose_study(trial, true);
    struct record record = trial_record(trial, INVESTIGATOR, RECORD_SUBJECT_ENROL, arena);
    record.seen = other_seen;
    record.data.subject_enrol = (struct subject_enrol_data){subject, TRIAL_SITE};
    struct answer answer = trial_submit(trial, INVESTIGATOR, &record);
    trial_choose_study(trial, false);
    if (answer.status != 201) {
        fail_msg("the other study: %d %s", answer.status, bytes_text(&answer.body));
    }
    answer_done(&answer);
}

/* What was signed holds, and the service says that it stopped the study. */
#define HALTED "halted: every entry that the log's key has signed holds"

/* NULL: it finds nothing, with exit code 0. */
static void check_watcher(const char *phrase)
{
    CLEANUP(bytes_done) struct bytes said = {0};
    int code = watcher_verify(watcher, &said);
    if (code != (phrase != NULL) ||
        strstr(bytes_text(&said), phrase != NULL ? phrase : "Verified: 300 entries") ==
            NULL) {
        fail_msg("crf-monitor: exit %d: %s", code, bytes_text(&said));
    }
}

static void attack_and_look(void **state)
{
    const struct attack *attack = *state;
    trial_copy(trial);
    free(attack_sql(trial, attack->sql));
    if (attack->also != NULL) {
        attack->also();
    }
    check_halted(attack->running);
    check_other_study_goes_on("008-L");

    check_watcher(attack->watcher != NULL ? attack->watcher : HALTED);

    trial_kill(trial);
    trial_launch(trial);
    check_halted(attack->restarted);
    check_watcher(attack->watcher_restarted != NULL ? attack->watcher_restarted
                  : attack->watcher != NULL         ? attack->watcher
                                                    : HALTED);
    check_other_study_goes_on("009-M");
}

static char *highwater(void)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    bytes_printf(&path, "%s/" TRIAL_SLUG ".highwater", trial_folder(trial));
    return mem_text(bytes_text(&path));
}

/* Who restores database and state folder leaves crfd nothing to compare with; others
 * remember. */
static void an_operator_who_restores_everything_is_found_by_the_monitor(void **state)
{
    (void) state;
    trial_copy(trial);
    trial_kill(trial);
    restore_older();
    CLEANUP(mem_freep) char *path = highwater();
    struct err err = {0};
    assert_status(text_file_write(path, span_bytes(&older_mark), true, &err), OK, &err);
    trial_restart(trial);
    check_watcher("rollback: the log shows fewer entries");
}

/* What a log that was cut would be compared with is gone: only the operator can say why. */
static void without_its_mark_a_log_waits_for_the_operator(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes evidence = {0};
    trial_copy(trial);
    trial_kill(trial);
    CLEANUP(mem_freep) char *path = highwater();
    assert_int_equal(unlink(path), 0);
    trial_launch(trial);
    wait_until_halted();
    (void) each_file(trial_folder(trial), ".json", add_evidence, &evidence);
    assert_non_null(strstr(bytes_text(&evidence),
                           "there is no high-water mark for this log of 300 entries"));
    assert_int_equal(access(path, F_OK), -1);
    check_other_study_goes_on("008-L");

    trial_kill(trial);
    assert_int_equal(setenv("CRFD_ADOPT_LOG", TRIAL_SLUG, 1), 0);
    trial_restart(trial); /* and is ready */
    assert_int_equal(unsetenv("CRFD_ADOPT_LOG"), 0);
    check_watcher(NULL);
    trial_kill(trial);
    trial_restart(trial); /* it has a mark now */
    check_other_study_goes_on("009-M");
}

static void nothing_is_wrong_with_an_untouched_copy(void **state)
{
    (void) state;
    trial_copy(trial);
    for (int i = 0; i < 2; i++) {
        (void) usleep(500000); /* a look, and many rounds of the scrub */
        assert_true(trial_ready(trial, 1));
        struct answer metrics = trial_ask_operator(trial, "/metrics");
        const char *text = bytes_text(&metrics.body);
        assert_non_null(strstr(text, "\ncrfd_scrubbed_entries_total "));
        assert_null(strstr(text, "\ncrfd_scrubbed_entries_total 0\n"));
        answer_done(&metrics);
        trial_kill(trial);
        trial_restart(trial);
    }
    check_other_study_goes_on("008-L");
    check_watcher(NULL);
}

/* ---- the trial ---- */

static void fill(int64_t size)
{
    for (int64_t seq = 0; seq + 1 < size;) {
        char change[64];
        (void) snprintf(change, sizeof(change), "c5e81f20b=>cm%lld-%lld", (long long) size,
                        (long long) seq);
        struct answer answer =
            trial_submit_file(trial, COORDINATOR, "04-LOG-CM.json", NULL, change);
        if (answer.status != 201) {
            fail_msg("%d %s", answer.status, bytes_text(&answer.body));
        }
        seq = answer_number(&answer, "seq");
        answer_done(&answer);
    }
}

int main(void)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    trial = trial_start(&(struct trial_options){.other_study = true});
    trial_choose_study(trial, true);
    trial_open(trial);
    trial_enrol(trial, "007-K");
    other_seen = trial_record(trial, INVESTIGATOR, RECORD_SUBJECT_ENROL, arena).seen;
    trial_choose_study(trial, false);
    trial_open(trial);
    trial_enrol(trial, "007-K");
    fill(SIZE - 20);
    trial_kill(trial);
    CLEANUP(mem_freep) char *mark = highwater();
    older_mark = read_file(mark);
    older = pgtmp_copy(trial_pg(trial), trial_superuser(trial));
    trial_restart(trial);
    fill(SIZE);
    watcher = watcher_start(trial);
    add_test("with nothing wrong both studies stay open",
             nothing_is_wrong_with_an_untouched_copy);
    add_rows(attacks, ARRAY_LEN(attacks), sizeof(attacks[0]), attack_and_look);
    add_test("without its high-water mark a log waits for the operator",
             without_its_mark_a_log_waits_for_the_operator);
    add_test("an operator who restores everything is found by the monitor",
             an_operator_who_restores_everything_is_found_by_the_monitor);
    int failed = run_added("tampering with the log");
    watcher_stop(watcher);
    trial_stop(trial);
    free(older);
    bytes_done(&older_mark);
    return failed;
}
