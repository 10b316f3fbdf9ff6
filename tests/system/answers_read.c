/* SPDX-License-Identifier: Apache-2.0 */
/*
** What each role sees (RECORDS.md chapter 9, last line), what the public sees, pages, ETag,
** and bodies with their withheld markers.
*/
#include <sys/wait.h>
#include <unistd.h>

#include "base/encode.h"
#include "crypto/entry.h"
#include "crypto/merkle.h"
#include "crypto/tile.h"
#include "tests/system/scene.h"

static struct trial *trial;

#define HERE  "/subjects/" SCENE_SUBJECT
#define THERE "/subjects/012-Q" /* of site 02 */
#define DM    "/history?object=subject/007-K/SE.V1/-/F.DM/-"
#define BX    "/history?object=subject/007-K/SE.V1/-/F.STRENGTH/-"

static const struct row {
    const char *name;
    enum who who;
    const char *path;
    int status;
    const char *has, *lacks;
} rows[] = {
    {"an investigator lists own subjects", INVESTIGATOR, "/subjects", 200, "007-K",
     "012-Q"},
    {"the other site lists own subjects", STRANGER, "/subjects", 200, "012-Q", "007-K"},
    {"a monitor lists the site's subjects", MONITOR, "/subjects", 200, "007-K", "012-Q"},
    {"a rater lists the site's subjects", RATER, "/subjects", 200, "007-K", "012-Q"},
    {"a registrar lists no subjects", REGISTRAR, "/subjects", 200, "items\":[]", "007-K"},
    {"data management lists all subjects", DATA_MANAGER, "/subjects", 200, "012-Q", NULL},
    {"the safety physician lists all subjects", SAFETY, "/subjects", 200, "007-K", NULL},
    {"an inspector lists all subjects", INSPECTOR, "/subjects", 200, "012-Q", NULL},
    {"a list can be asked for one site", DATA_MANAGER, "/subjects?site=02", 200, "012-Q",
     "007-K"},
    {"an investigator reads the casebook", INVESTIGATOR, HERE, 200, "\"IT.SEX\":\"F\"",
     NULL},
    {"a coordinator reads the casebook", COORDINATOR, HERE, 200, "IT.SEX", NULL},
    {"a monitor reads the casebook", MONITOR, HERE, 200, "IT.SEX", NULL},
    {"data management reads the casebook", DATA_MANAGER, HERE, 200, "IT.SEX", NULL},
    {"the sponsor reads the casebook", SPONSOR, HERE, 200, "IT.SEX", NULL},
    {"the safety physician reads the casebook", SAFETY, HERE, 200, "IT.SEX", NULL},
    {"an inspector reads the casebook", INSPECTOR, HERE, 200, "IT.SEX", NULL},
    {"another site does not learn that a subject exists", STRANGER, HERE, 404, NULL,
     "007-K"},
    {"a monitor does not learn of another site's subject", MONITOR, THERE, 404, NULL, NULL},
    {"a registrar reads no casebook", REGISTRAR, HERE, 404, NULL, NULL},
    {"a rater reads own forms only", RATER, HERE, 200, "F.STRENGTH", "IT.SEX"},
    {"a rater sees no product form", RATER, HERE, 200, "F.STRENGTH", "F.PRODUCT"},
    {"a pharmacist reads the product forms only", PHARMACIST, HERE, 200, "F.PRODUCT",
     "F.STRENGTH"},
    {"a pharmacist sees no demography", PHARMACIST, HERE, 200, "F.PRODUCT", "IT.SEX"},
    {"a subject nobody has is not found", INSPECTOR, "/subjects/013-R", 404, NULL, NULL},
    {"the history is read at the site", COORDINATOR, DM, 200, "\"type\":\"form.submit\"",
     NULL},
    {"the history is not read by another site", STRANGER, DM, 403, NULL, "payload"},
    {"a rater reads no history of other forms", RATER, DM, 403, NULL, NULL},
    {"a rater reads the history of own forms", RATER, BX, 200, "form.submit", NULL},
    {"a registrar reads no history of forms", REGISTRAR, DM, 403, NULL, NULL},
    {"a history needs an object", INSPECTOR, "/history", 400, NULL, NULL},
    {"everybody of the study reads who is in it", STRANGER, "/people", 200, "A. de Vries",
     "jwk"},
    {"a registrar reads who is in it", REGISTRAR, "/people", 200, "\"role\":\"monitor\"",
     "code_sha256"},
    {"everybody of the study reads the sites", RATER, "/sites", 200, "Europe/Amsterdam",
     NULL},
    {"queries are read at the site", INVESTIGATOR, "/queries", 200, "\"rule\":\"8\"", NULL},
    {"queries of a subject can be asked for", MONITOR, "/queries?subject=007-K&state=open",
     200, "F.DM", NULL},
    {"queries of another state are left out", MONITOR, "/queries?state=gone", 200,
     "items\":[]", "F.DM"},
    {"queries are not read by another site", STRANGER, "/queries", 200, "items\":[]",
     "F.DM"},
    {"a rater sees no queries of other forms", RATER, "/queries", 200, "items\":[]",
     "F.DM"},
    {"nobody without a key lists subjects", NOBODY, "/subjects", 401, NULL, "007-K"},
    {"nobody without a key reads a casebook", NOBODY, HERE, 401, NULL, NULL},
    {"nobody without a key reads bodies", NOBODY, "/bodies?from=0&to=1", 401, NULL, NULL},
    {"bodies beyond the log are refused", INSPECTOR, "/bodies?from=0&to=999999", 400, NULL,
     NULL},
    {"bodies need numbers", INSPECTOR, "/bodies?from=a&to=b", 400, NULL, NULL},
    {"a receipt beyond the log is not found", INSPECTOR, "/receipts/999999", 404, NULL,
     NULL},
};

static void reads(void **state)
{
    const struct row *row = *state;
    struct answer answer = trial_get(trial, row->who, row->path);
    if (answer.status != row->status) {
        fail_msg("wanted %d, got %d %s", row->status, answer.status,
                 bytes_text(&answer.body));
    }
    if (row->has != NULL && strstr(bytes_text(&answer.body), row->has) == NULL) {
        fail_msg("no %s in %s", row->has, bytes_text(&answer.body));
    }
    if (row->lacks != NULL && strstr(bytes_text(&answer.body), row->lacks) != NULL) {
        fail_msg("%s in %s", row->lacks, bytes_text(&answer.body));
    }
    answer_done(&answer);
}

static void no_assertion_no_read(void **state)
{
    (void) state;
    static const char *const paths[] = {
        "subjects",   "subjects/007-K",    "people", "sites", "queries",
        "receipts/1", "bodies?from=0&to=1"};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        CLEANUP(bytes_done) struct bytes path = {0};
        bytes_printf(&path, "/v1/studies/MABS06/%s", paths[i]);
        struct answer answer = trial_get_plain(trial, bytes_text(&path));
        assert_int_equal(answer.status, 401);
        answer_done(&answer);
    }
}

/* ---- ETag ---- */

static struct answer read_if_none_match(const char *tag)
{
    CLEANUP(bytes_done) struct bytes header = {0};
    bytes_printf(&header, "If-None-Match: \"%s\"", tag);
    return trial_send(trial, &(struct trial_request){.method = "GET",
                                                     .path = "/v1/studies/MABS06" HERE,
                                                     .header = bytes_text(&header),
                                                     .signed_in = true,
                                                     .who = INVESTIGATOR});
}

static void a_casebook_that_did_not_change_is_304(void **state)
{
    (void) state;
    CLEANUP(mem_freep) char *size = scene_sql(trial, "select size from crfd.log");
    struct answer answer = read_if_none_match("1");
    assert_int_equal(answer.status, 200);
    CLEANUP(bytes_done) struct bytes tag = {0};
    bytes_printf(&tag, "ETag: \"%s\"", size);
    assert_non_null(strstr(bytes_text(&answer.headers), bytes_text(&tag)));
    answer_done(&answer);
    answer = read_if_none_match(size);
    assert_int_equal(answer.status, 304);
    assert_int_equal(answer.body.size, 0);
    answer_done(&answer);
}

/* ---- streams ---- */

#define BODIES "/bodies?from=0&to=2"

/* Somebody keeps the table of bodies to himself, so that a stream stays open; until CUT. */
static pid_t hold_bodies(void)
{
    pid_t holder = fork();
    if (holder == 0) {
        free(pgtmp_try(trial_superuser(trial), "begin; lock table crfd.body in access"
                                               " exclusive mode; select pg_sleep(60)"));
        _exit(0);
    }
    return holder;
}

static void wait_for(const char *sql)
{
    for (int i = 0; i < 400; i++) {
        CLEANUP(mem_freep) char *count = scene_sql(trial, "%s", sql);
        if (strcmp(count, "0") != 0) {
            return;
        }
        (void) usleep(10000);
    }
    fail_msg("never: %s", sql);
}

static int read_bodies(enum who who)
{
    struct answer answer =
        trial_send(trial, &(struct trial_request){.method = "GET",
                                                  .path = "/v1/studies/MABS06" BODIES,
                                                  .signed_in = true,
                                                  .fresh = true,
                                                  .who = who});
    int code = answer.status;
    bool refused =
        code == 429 && strcmp(answer_code(&answer), "stream-open") != 0; /* another limit */
    answer_done(&answer);
    return refused ? -1 : code;
}

static void one_person_holds_one_stream(void **state)
{
    (void) state;
    int result = 0;
    pid_t holder = hold_bodies();
    wait_for("select count(*) from pg_locks where relation = 'crfd.body'::regclass and"
             " mode = 'AccessExclusiveLock' and granted");
    pid_t reader = fork();
    if (reader == 0) {
        _exit(read_bodies(MONITOR) == 200 ? 0 : 1);
    }
    wait_for("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and"
             " query like 'declare%%'");
    assert_int_equal(read_bodies(MONITOR), 429);
    free(scene_sql(trial,
                   "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                   " where query like '%%pg_sleep(60)' and pid <> pg_backend_pid()"));
    assert_int_equal(waitpid(holder, &result, 0), holder);
    assert_int_equal(waitpid(reader, &result, 0), reader);
    assert_int_equal(result, 0); /* the first one got all of it */
    assert_int_equal(read_bodies(MONITOR), 200);
}

/* ---- own answers ---- */

static void only_the_signer_reads_the_answer_again(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    CLEANUP(bytes_done) struct bytes path = {0};
    CLEANUP(mem_freep) char *jti = NULL;
    struct sheet sheet = {.who = INVESTIGATOR, .file = "05-V1-PREGTEST.json"};
    scene_sheet(trial, &sheet, &line);
    struct answer answer =
        scene_try(trial, span_bytes(&line), &(struct wanted){201, NULL, NULL, STORED});
    int64_t seq = answer_number(&answer, "seq");
    answer_done(&answer);
    jti = scene_sql(trial, "select jti from crfd.record_id where seq = %lld",
                    (long long) seq);
    bytes_printf(&path, "/records/%s", jti);
    answer = trial_get(trial, INVESTIGATOR, bytes_text(&path));
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer_number(&answer, "seq"), seq);
    scene_verify(trial, span_bytes(&line), &answer, false);
    answer_done(&answer);
    answer = trial_get(trial, COORDINATOR, bytes_text(&path));
    assert_int_equal(answer.status, 404);
    answer_done(&answer);
    bytes_clear(&path);
    bytes_printf(&path, "/receipts/%lld", (long long) seq);
    answer = trial_get(trial, MONITOR, bytes_text(&path));
    assert_int_equal(answer.status, 200);
    answer_done(&answer);
    answer = trial_get(trial, STRANGER, bytes_text(&path));
    assert_int_equal(answer.status, 403);
    answer_done(&answer);
}

/* ---- bodies ---- */

struct seen {
    size_t shown, withheld;
    bool ended;
};

/* One line against its entry: the body is the one the entry commits to, or the marker names
 * the digest that the entry commits to. */
static void check_line(const struct json *line, struct seen *seen)
{
    CLEANUP(bytes_done) struct bytes salt = {0};
    CLEANUP(bytes_done) struct bytes body = {0};
    char wanted[DIGEST_BASE64_SIZE];
    if (json_get(line, "end") != NULL) {
        seen->ended = true;
        return;
    }
    CLEANUP(mem_freep)
    char *text = scene_sql(trial,
                           "select convert_from(entry, 'UTF8') from crfd.entry "
                           "where seq = %lld",
                           (long long) json_get(line, "seq")->integer);
    struct entry entry;
    assert_int_equal(entry_parse(span_text(text), &entry, NULL), OK);
    digest_to_base64(&entry.body, wanted);
    const char *withheld = json_get_string(line, "withheld");
    if (withheld != NULL) {
        assert_string_equal(withheld, wanted);
        seen->withheld++;
        return;
    }
    struct digest digest;
    assert_true(decode(BASE64, span_text(json_get_string(line, "salt")), &salt));
    assert_true(decode(BASE64, span_text(json_get_string(line, "body")), &body));
    assert_int_equal(salt.size, SALT_SIZE);
    entry_body_digest(salt.data, span_bytes(&body), &digest);
    assert_true(digest_equal(&digest, &entry.body));
    seen->shown++;
}

static struct seen stream(enum who who)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes path = {0};
    struct seen seen = {0};
    int64_t size = trial_count(trial, "entry");
    bytes_printf(&path, "/bodies?from=0&to=%lld", (long long) size);
    struct answer answer = trial_get(trial, who, bytes_text(&path));
    assert_int_equal(answer.status, 200);
    struct span rest = span_bytes(&answer.body);
    struct span line;
    struct json_limits limits = {.depth = 4, .nodes = 100, .string = 1 << 22};
    while (span_cut(&rest, '\n', &line)) {
        const struct json *json = NULL;
        assert_int_equal(json_parse(line, &limits, arena, &json, NULL), OK);
        check_line(json, &seen);
    }
    assert_int_equal(rest.size, 0);
    assert_true(seen.ended);
    assert_int_equal(seen.shown + seen.withheld, size);
    answer_done(&answer);
    return seen;
}

static void an_inspector_streams_all_bodies(void **state)
{
    (void) state;
    assert_int_equal(stream(INSPECTOR).withheld, 0);
}

static void a_site_streams_its_own_and_markers(void **state)
{
    (void) state;
    struct seen seen = stream(STRANGER);
    CLEANUP(mem_freep)
    char *foreign = scene_sql(trial, "select count(*) from crfd.entry where object like "
                                     "'subject/%%' and object not like 'subject/012-Q%%'");
    assert_int_equal(seen.withheld, strtol(foreign, NULL, 10));
    assert_true(seen.withheld > 3);
}

static void a_registrar_streams_no_form(void **state)
{
    (void) state;
    CLEANUP(mem_freep)
    char *forms =
        scene_sql(trial, "select count(*) from crfd.entry where object like 'subject/%%'");
    assert_int_equal(stream(REGISTRAR).withheld, strtol(forms, NULL, 10));
}

/* ---- pages ---- */

#define MANY 520 /* subjects; a page holds 500 */

static void enrol_many(void)
{
    for (int i = 0; i < MANY; i++) {
        CLEANUP(bytes_done) struct bytes key = {0};
        bytes_printf(&key, "%03d-%c", 100 + i, "ABCDEFGHJKLMNPQRSTUVWXY"[(102 + i) % 23]);
        trial_enrol(trial, bytes_text(&key));
    }
}

static void pages_show_each_subject_once(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes path = {0};
    CLEANUP(bytes_done) struct bytes last = {0};
    size_t count = 0;
    size_t pages = 0;
    enrol_many();
    bytes_add_text(&path, "/subjects?site=01");
    for (bool more = true; more; pages++) {
        struct answer answer = trial_get(trial, DATA_MANAGER, bytes_text(&path));
        assert_int_equal(answer.status, 200);
        const struct json *items = json_get(answer.json, "items");
        for (size_t i = 0; i < items->count; i++, count++) {
            const char *key = json_get_string(&items->items[i], "subject");
            assert_true(strcmp(key, bytes_text(&last)) > 0);
            bytes_clear(&last);
            bytes_add_text(&last, key);
        }
        const char *next = answer_text(&answer, "next");
        more = next != NULL;
        bytes_clear(&path);
        bytes_printf(&path, "/subjects?site=01&after=%s", more ? next : "");
        answer_done(&answer);
    }
    assert_int_equal(pages, 2);
    assert_int_equal(count, MANY + 1);
}

/* ---- the public face ---- */

static void fetch_tile(int level, uint64_t index, unsigned width, struct bytes *out)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    struct tile tile = {level, index, width};
    bytes_add_text(&path, "/v1/studies/MABS06/");
    tile_path_format(&tile, &path);
    struct answer answer = trial_get_plain(trial, bytes_text(&path));
    assert_int_equal(answer.status, 200);
    bytes_add_span(out, span_bytes(&answer.body));
    answer_done(&answer);
}

/* Fold one tile of entries: each entry's leaf stands in the tile of hashes too. */
static void fold_tile(uint64_t index, unsigned width, struct frontier *frontier)
{
    CLEANUP(bytes_done) struct bytes bundle = {0};
    CLEANUP(bytes_done) struct bytes hashes = {0};
    struct span entries[TILE_WIDTH];
    struct err err;
    fetch_tile(TILE_ENTRIES, index, width, &bundle);
    fetch_tile(0, index, width, &hashes);
    assert_status(bundle_parse(span_bytes(&bundle), width, entries, &err), OK, &err);
    assert_int_equal(hashes.size, width * DIGEST_SIZE);
    for (unsigned i = 0; i < width; i++) {
        struct digest leaf;
        merkle_leaf(entries[i], &leaf);
        assert_memory_equal(leaf.bytes, hashes.data + (size_t) i * DIGEST_SIZE,
                            DIGEST_SIZE);
        frontier_append(frontier, &leaf);
    }
}

static void checkpoint_and_tiles_are_public_and_agree(void **state)
{
    (void) state;
    CLEANUP(note_key_freep) struct note_key *log = NULL;
    struct checkpoint checkpoint;
    struct frontier frontier = {0};
    struct digest root;
    struct err err;
    struct answer answer = trial_get_plain(trial, "/v1/studies/MABS06/checkpoint");
    assert_int_equal(answer.status, 200);
    assert_status(note_key_parse(span_text(trial_vkey(trial)), &log, &err), OK, &err);
    struct checkpoint_trust trust = {.log = log};
    assert_status(
        checkpoint_open(span_bytes(&answer.body), &trust, &checkpoint, NULL, &err), OK,
        &err);
    assert_int_equal(checkpoint.size, trial_count(trial, "entry"));
    for (uint64_t at = 0; at < checkpoint.size; at += TILE_WIDTH) {
        fold_tile(at / TILE_WIDTH, tile_width(0, at / TILE_WIDTH, checkpoint.size),
                  &frontier);
    }
    frontier_root(&frontier, &root);
    assert_true(digest_equal(&root, &checkpoint.root));
    answer_done(&answer);
}

static void the_upper_tile_holds_the_roots_of_full_ones(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes upper = {0};
    unsigned full = (unsigned) (trial_count(trial, "entry") / TILE_WIDTH);
    assert_true(full >= 2);
    fetch_tile(1, 0, full, &upper);
    for (unsigned i = 0; i < full; i++) {
        struct frontier frontier = {0};
        struct digest root;
        fold_tile(i, TILE_WIDTH, &frontier);
        frontier_root(&frontier, &root);
        assert_memory_equal(root.bytes, upper.data + (size_t) i * DIGEST_SIZE, DIGEST_SIZE);
    }
}

static void the_passport_is_public(void **state)
{
    (void) state;
    struct answer answer = trial_get_plain(trial, "/v1/studies/MABS06");
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer_text(&answer, "origin"), TRIAL_ORIGIN);
    assert_string_equal(answer_text(&answer, "study_oid"), "ST.MABS06");
    assert_int_equal(answer_number(&answer, "size"), trial_count(trial, "entry"));
    assert_null(strstr(bytes_text(&answer.body), "007-K"));
    answer_done(&answer);
}

/* ---- what there is to see ---- */

static void enrol_there(void)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = trial_record(trial, STRANGER, RECORD_SUBJECT_ENROL, arena);
    record.data.subject_enrol = (struct subject_enrol_data){"012-Q", "02"};
    (void) scene_accept(trial, STRANGER, &record);
}

static void fill(void)
{
    static const enum who hired[] = {DATA_MANAGER, SAFETY,    RATER,
                                     PHARMACIST,   REGISTRAR, INSPECTOR};
    static const struct sheet sheets[] = {
        {.who = INVESTIGATOR, .file = "02-V1-DM.json", .changes = {"\"58.5\"=>\"220.5\""}},
        {.who = COORDINATOR, .file = "08-V1-STRENGTH.json"},
        {.who = COORDINATOR, .file = "24-V4-PRODUCT.json"},
    };
    for (size_t i = 0; i < ARRAY_LEN(hired); i++) {
        trial_hire(trial, hired[i]);
    }
    enrol_there();
    for (size_t i = 0; i < ARRAY_LEN(sheets); i++) {
        scene_sheet_try(trial, &sheets[i], &(struct wanted){201, NULL, NULL, STORED});
    }
}

int main(void)
{
    trial = scene_open(&(struct trial_options){0});
    fill();
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), reads);
    add_test("one person holds one stream of bodies", one_person_holds_one_stream);
    add_test("nothing is read without an assertion", no_assertion_no_read);
    add_test("a casebook that did not change is 304",
             a_casebook_that_did_not_change_is_304);
    add_test("only the signer reads the answer again, the site's staff its receipt",
             only_the_signer_reads_the_answer_again);
    add_test("an inspector streams all bodies", an_inspector_streams_all_bodies);
    add_test("a site streams its own bodies, and markers for the others",
             a_site_streams_its_own_and_markers);
    add_test("a registrar streams no form", a_registrar_streams_no_form);
    add_test("checkpoint and tiles are public, and agree",
             checkpoint_and_tiles_are_public_and_agree);
    add_test("the passport is public, and names no subject", the_passport_is_public);
    add_test("pages show each subject once", pages_show_each_subject_once);
    add_test("checkpoint and tiles agree in a log of several tiles",
             checkpoint_and_tiles_are_public_and_agree);
    add_test("the upper tile holds the roots of full ones",
             the_upper_tile_holds_the_roots_of_full_ones);
    int failed = run_added("who sees what");
    trial_stop(trial);
    return failed;
}
