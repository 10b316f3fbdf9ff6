/* SPDX-License-Identifier: Apache-2.0 */
/*
** Masking over the wire: no byte of any answer tells a masked form to a role that must not
** read it, also decoded from base64; everybody else reads it, and each role of the last line
** of RECORDS.md chapter 9 reads what is its own.
*/
#include "base/encode.h"
#include "crypto/jws.h"
#include "tests/system/amended.h"
#include "tests/system/people.h"

#define PRODUCT "subject/007-K/SE.V4/-/F.PRODUCT/-"
#define CONSENT "subject/007-K/SE.V1/-/F.CONSENT/-"
#define SECRET  "M06-SECRET-B1"   /* the batch, on the product form */
#define AGREED  "13 January 2026" /* the date of consent, which only its form holds */

static struct trial *trial;
static int64_t product_seq;
static char *query; /* about the product form */

static bool has(struct span text, const char *secret)
{
    return text.size > 0 && memmem(text.data, text.size, secret, strlen(secret)) != NULL;
}

/* A signed line: its payload. */
static bool line_has(struct span line, const char *secret, struct arena *arena)
{
    struct jws jws;
    return jws_parse(line, arena, &jws, NULL) == OK && has(jws.payload, secret);
}

/* The base64 texts in TEXT, one after the other, and the signed lines in them. */
static bool encoded_has(const char *text, const char *secret, struct arena *arena)
{
    for (const char *at = strchr(text, '"'); at != NULL; at = strchr(at + 1, '"')) {
        CLEANUP(bytes_done) struct bytes plain = {0};
        struct span piece = span_of(at + 1, strcspn(at + 1, "\""));
        if (piece.size < 16 || !decode(BASE64, piece, &plain)) {
            continue;
        }
        struct span rest = span_bytes(&plain);
        struct span line;
        if (has(rest, secret) ||
            (span_cut(&rest, '\n', &line) && line_has(line, secret, arena))) {
            return true;
        }
    }
    return false;
}

/* The signed lines that stand as text in a page of a history. */
static bool history_has(const struct json *items, const char *secret, struct arena *arena)
{
    for (size_t i = 0; items != NULL && items->kind == J_ARRAY && i < items->count; i++) {
        const char *record = json_get_string(&items->items[i], "record");
        if (record != NULL && line_has(span_text(record), secret, arena)) {
            return true;
        }
    }
    return false;
}

/* Does any answer to WHO tell SECRET? */
static const char *tells(enum who who, const char *secret)
{
    static char path[200];
    long long size = (long long) trial_count(trial, "entry");
    const char *const paths[] = {"/subjects",
                                 "/subjects/007-K",
                                 "/history?object=" PRODUCT,
                                 "/history?object=" CONSENT,
                                 "/history?object=subject/007-K",
                                 "/queries",
                                 "/queries?subject=007-K",
                                 "/people",
                                 "/sites",
                                 "",
                                 "/receipts/%lld",
                                 "/bodies?from=0&to=%lld",
                                 "/history?object=query/%s"};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        long long number =
            strstr(paths[i], "bodies") != NULL ? size : (long long) product_seq;
        const char *asked = strstr(paths[i], "%s") != NULL
                                ? arena_printf(arena, "/history?object=query/%s", query)
                            : strstr(paths[i], "bodies") != NULL
                                ? arena_printf(arena, "/bodies?from=0&to=%lld", number)
                            : strstr(paths[i], "receipts") != NULL
                                ? arena_printf(arena, "/receipts/%lld", number)
                                : paths[i];
        (void) snprintf(path, sizeof(path), "%s", asked);
        struct answer answer = trial_get(trial, who, path);
        bool told = answer.status == 200 &&
                    (has(span_bytes(&answer.body), secret) ||
                     encoded_has(bytes_text(&answer.body), secret, arena) ||
                     history_has(json_get(answer.json, "items"), secret, arena));
        answer_done(&answer);
        if (told) {
            return path;
        }
    }
    return NULL;
}

/* ---- who reads the product form ---- */

struct reader_row {
    const char *name;
    enum who who;
    bool reads;
};

static const struct reader_row readers[] = {
    {"a monitor from whom it is masked", MONITOR, false},
    {"a sponsor from whom it is masked", SPONSOR, false},
    {"a safety physician from whom it is masked", SAFETY, false},
    {"a rater, whose form it is not", RATER, false},
    {"an investigator of another site", STRANGER, false},
    {"the registrar, who reads people", REGISTRAR, false},
    {"the investigator", INVESTIGATOR, true},
    {"the coordinator", COORDINATOR, true},
    {"the pharmacist, whose form it is", PHARMACIST, true},
    {"a data manager", DATA_MANAGER, true},
    {"the inspector", INSPECTOR, true},
};

static void a_reader(void **state)
{
    const struct reader_row *row = *state;
    const char *told = tells(row->who, SECRET);
    if (told != NULL && !row->reads) {
        fail_msg("%s tells it", told);
    }
    assert_true(row->reads == (told != NULL));
}

static void a_question_about_a_masked_form_is_masked_too(void **state)
{
    (void) state;
    assert_null(tells(MONITOR, "bag torn"));
    assert_null(tells(SPONSOR, "bag torn"));
    assert_null(tells(STRANGER, "bag torn")); /* nor told to another site */
    assert_non_null(tells(COORDINATOR, "bag torn"));
}

static void its_bodies_are_withheld_and_the_chain_still_holds(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *path = arena_printf(arena, "/bodies?from=%lld&to=%lld",
                                    (long long) product_seq, (long long) product_seq + 1);
    struct answer answer = trial_get(trial, MONITOR, path);
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(bytes_text(&answer.body), "\"withheld\""));
    answer_done(&answer);
}

/* The sentence about a test before consent quotes the date of consent. */
static void a_question_does_not_quote_a_masked_form(void **state)
{
    (void) state;
    static const struct {
        enum who who;
        const char *file;
        bool quotes;
    } senders[] = {{RATER, "08-V1-STRENGTH.json", false},
                   {COORDINATOR, "22-V4-STRENGTH.json", true}};
    for (size_t i = 0; i < ARRAY_LEN(senders); i++) {
        struct answer answer =
            trial_submit_file(trial, senders[i].who, senders[i].file, NULL,
                              "STRDTC\": \"2026=>STRDTC\": \"2025");
        bool quotes = has(span_bytes(&answer.body), AGREED);
        if (!answer_has_finding(&answer, "1") || quotes != senders[i].quotes) {
            fail_msg("%d %s", answer.status, bytes_text(&answer.body));
        }
        answer_done(&answer);
    }
}

/* A lock says why it accepts what is open, also of forms that not everybody reads. */
static void why_a_lock_accepts_a_masked_form_is_masked_too(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = trial_record(trial, DATA_MANAGER, RECORD_LOCK, arena);
    const struct confirmed why = {PRODUCT, NULL, "LOCK-02", "unsigned: seal was broken"};
    record.reason = "interim look";
    record.data.lock = (struct lock_data){"subject/007-K", &why, 1};
    struct answer answer = trial_submit(trial, DATA_MANAGER, &record);
    for (int i = 0; i < 4 && strcmp(answer_code(&answer), "held") == 0; i++) {
        const struct json *findings = json_get(answer.json, "findings");
        struct confirmed *all = ARENA_ARRAY(arena, findings->count + 1, struct confirmed);
        all[0] = why;
        for (size_t f = 0; f < findings->count; f++) {
            const struct json *finding = &findings->items[f];
            const char *path = json_get_string(finding, "path");
            all[f + 1] = (struct confirmed){
                arena_text(arena, json_get_string(finding, "object")),
                path != NULL && *path != 0 ? arena_text(arena, path) : NULL,
                arena_text(arena, json_get_string(finding, "rule")), "as agreed"};
        }
        record.data.lock.confirmed = all;
        record.data.lock.confirmed_count = findings->count + 1;
        answer_done(&answer);
        answer = trial_submit(trial, DATA_MANAGER, &record);
    }
    if (answer.status != 201) {
        fail_msg("%d %s", answer.status, bytes_text(&answer.body));
    }
    answer_done(&answer);
    assert_null(tells(MONITOR, "seal was broken"));
    assert_null(tells(RATER, "seal was broken"));
    assert_non_null(tells(COORDINATOR, "seal was broken"));
    assert_non_null(tells(INSPECTOR, "seal was broken"));
}

/* By their digests alone; and again when the log has grown by one more. */
static void a_monitor_verifies_what_may_not_be_read(void **state)
{
    (void) state;
    people_folder(MONITOR, "01");
    PEOPLE_RUN(
        MONITOR,
        "Verified: |as signed by the log's key|entries are not for you to see; their "
        "place in the chain was verified",
        "crf-monitor", "verify", "--lang", "en");
    struct answer answer =
        trial_submit_file(trial, PHARMACIST, "36-V6-PRODUCT.json", NULL, NULL);
    assert_int_equal(answer.status, 201);
    answer_done(&answer);
    PEOPLE_RUN(MONITOR, "Verified: |are not for you to see", "crf-monitor", "verify",
               "--lang", "en");
}

/* Who may write a form and must not read it is told that it was changed, and by nobody. */
static void who_changed_a_masked_form_is_masked_too(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = trial_record(trial, REGISTRAR, RECORD_ROLE_GRANT, arena);
    record.data.role = (struct role_data){
        .person = trial_person(COORDINATOR), .role = "rater", .site = "01"};
    (void) scene_accept(trial, REGISTRAR, &record);
    static const enum who writers[] = {INVESTIGATOR, COORDINATOR};
    for (size_t i = 0; i < ARRAY_LEN(writers); i++) {
        struct answer answer =
            trial_submit_file(trial, writers[i], "24-V4-PRODUCT.json", NULL, NULL);
        const struct json *current = json_get(answer.json, "current");
        assert_string_equal(answer_code(&answer), "stale");
        assert_non_null(json_get_string(current, "leaf"));
        assert_true((json_get(current, "by") != NULL) == (writers[i] == INVESTIGATOR));
        assert_true((json_get(current, "at") != NULL) == (writers[i] == INVESTIGATOR));
        answer_done(&answer);
    }
}

/* ---- the scene ---- */

static void mask_forms(void)
{
    static const char *const changes[] = {
        "<FormDef OID=\"F.PRODUCT\"=>"
        "<FormDef OID=\"F.PRODUCT\" crfd:Masked=\"monitor sponsor safety rater\"",
        "<FormDef OID=\"F.CONSENT\"=><FormDef OID=\"F.CONSENT\" crfd:Masked=\"rater\""};
    free(amended_publish(trial, "MDV.2", changes, ARRAY_LEN(changes)));
}

static void fill(void)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct answer answer = trial_submit_file(trial, PHARMACIST, "24-V4-PRODUCT.json", NULL,
                                             "M06-007-B1=>" SECRET);
    if (answer.status != 201) {
        fail_msg("%d %s", answer.status, bytes_text(&answer.body));
    }
    product_seq = answer_number(&answer, "seq");
    answer_done(&answer);
    struct record record = trial_record(trial, DATA_MANAGER, RECORD_QUERY_OPEN, arena);
    record.data.query_open =
        (struct query_open_data){PRODUCT, NULL, "Was the bag torn, " SECRET "?"};
    (void) scene_accept(trial, DATA_MANAGER, &record);
    query = scene_sql(trial, "select query from crfd.query where rule = 'person'");
    record = trial_record(trial, COORDINATOR, RECORD_QUERY_ANSWER, arena);
    record.data.query = (struct query_data){query, "Yes, bag torn"};
    (void) scene_accept(trial, COORDINATOR, &record);
}

int main(void)
{
    static const enum who hired[] = {DATA_MANAGER, SAFETY,    RATER,
                                     PHARMACIST,   REGISTRAR, INSPECTOR};
    people_open("");
    trial = people_trial;
    for (size_t i = 0; i < ARRAY_LEN(hired); i++) {
        trial_hire(trial, hired[i]);
    }
    mask_forms();
    fill();
    add_rows(readers, ARRAY_LEN(readers), sizeof(readers[0]), a_reader);
    add_test("a question about a masked form is masked too",
             a_question_about_a_masked_form_is_masked_too);
    add_test("its bodies are withheld and the chain still holds",
             its_bodies_are_withheld_and_the_chain_still_holds);
    add_test("a question does not quote a masked form",
             a_question_does_not_quote_a_masked_form);
    add_test("why a lock accepts a masked form is masked too",
             why_a_lock_accepts_a_masked_form_is_masked_too);
    add_test("a monitor verifies what may not be read",
             a_monitor_verifies_what_may_not_be_read);
    add_test("who changed a masked form is masked too",
             who_changed_a_masked_form_is_masked_too);
    int failed = run_added("masking");
    people_close();
    free(query);
    return failed;
}
