/* SPDX-License-Identifier: Apache-2.0 */
/*
** Clinical values stand in the bodies and nowhere else: not in the service's log, not in its
** metrics, not in what others are answered, not in a table, not in an entry. Recognisable
** values are planted and looked for, as they are and as the base64url of a signed line.
*/
#include "tests/support/files.h"
#include "tests/system/scene.h"

static struct trial *trial;

static const char *const plants[] = {
    "ZEBRAFORM", "ZEBRANULL", "ZEBRAREASON", "ZEBRANARRATIVE", "ZEBRATERM", "ZEBRATYPE",
    "ZEBRACODE", "ZEBRAITEM", "ZEBRAGROUP",  "ZEBRALATE",      "171.9",     "1961-11",
};

static struct bytes lines; /* cut out of the middle of each line's payload, one a line */

static int post(const struct sheet *sheet)
{
    CLEANUP(bytes_done) struct bytes line = {0};
    scene_sheet(trial, sheet, &line);
    const char *payload = strstr(bytes_text(&line), "\"payload\":\"");
    bytes_add(&lines, payload + 400, 60);
    bytes_add_char(&lines, '\n');
    struct answer answer = trial_post(trial, span_bytes(&line));
    int status_line = answer.status;
    answer_done(&answer);
    return status_line;
}

#define DM_OBJECT "subject/007-K/SE.V1/-/F.DM/-"

static const struct {
    struct sheet sheet;
    int wanted;
} sheets[] = {
    {{.who = INVESTIGATOR,
      .file = "02-V1-DM.json",
      .changes = {"1987-05=>1961-11", "\"166.0\"=>\"171.9\"",
                  "\"IT.HANDED\":\"R\"=>\"IT.HANDED\":{\"IsNull\":\"not done\","
                  "\"Reason\":\"ZEBRANULL\"}"}},
     201},
    {{.who = INVESTIGATOR,
      .file = "04-LOG-CM.json",
      .changes = {"\"IT.CMTRT\":\"=>\"IT.CMTRT\":\"ZEBRAFORM "}},
     201},
    {{.who = INVESTIGATOR,
      .file = "42-LOG-SAE.json",
      .changes = {"\"IT.NARR\":\"=>\"IT.NARR\":\"ZEBRANARRATIVE ",
                  "\"IT.SAETERM\":\"=>\"IT.SAETERM\":\"ZEBRATERM "}},
     201},
    {{.who = INVESTIGATOR,
      .file = "08-V1-STRENGTH.json",
      .reason = "ZEBRALATE",
      .changes = {"\"complete\"=>\"partial\""}},
     201},
    {{.who = INVESTIGATOR,
      .file = "10-V1-VISIT.json",
      .changes = {"\"2026-01-13\"=>\"ZEBRATYPE\""}},
     422},
    {{.who = INVESTIGATOR,
      .file = "10-V1-VISIT.json",
      .changes = {"\"DONE\"=>\"ZEBRACODE\""}},
     422},
    {{.who = INVESTIGATOR,
      .file = "10-V1-VISIT.json",
      .changes = {"\"IT.ANYAE\"=>\"IT.ZEBRAITEM\""}},
     422},
    {{.who = INVESTIGATOR,
      .file = "10-V1-VISIT.json",
      .changes = {"\"IG.VISITEND\"=>\"IG.ZEBRAGROUP\""}},
     422},
    {{.who = STRANGER, .file = "10-V1-VISIT.json", .changes = {"\"DONE\"=>\"ZEBRACODE\""}},
     403},
};

static void plant(void)
{
    for (size_t i = 0; i < ARRAY_LEN(sheets); i++) {
        int got = post(&sheets[i].sheet);
        if (got != sheets[i].wanted) {
            print_error("plant %zu: %d\n", i, got);
            exit(1);
        }
    }
    CLEANUP(mem_freep) char *leaf = scene_leaf(trial, DM_OBJECT);
    struct sheet change = {.who = INVESTIGATOR,
                           .file = "02-V1-DM.json",
                           .changes = {"1987-05=>1961-11", "\"166.0\"=>\"171.9\""},
                           .prior = leaf,
                           .reason = "ZEBRAREASON"};
    if (post(&change) != 201) {
        exit(1);
    }
}

/* No plant stands in TEXT, as it is or signed. */
static void assert_clean(const char *where, const char *text)
{
    struct span rest = span_bytes(&lines);
    struct span cut;
    for (size_t i = 0; i < ARRAY_LEN(plants); i++) {
        const char *found = strstr(text, plants[i]);
        if (found != NULL) {
            fail_msg("%s stands in %s: %.200s", plants[i], where,
                     found - text > 60 ? found - 60 : text);
        }
    }
    while (span_cut(&rest, '\n', &cut)) {
        if (memmem(text, strlen(text), cut.data, cut.size) != NULL) {
            fail_msg("a signed payload stands in %s", where);
        }
    }
}

static void the_plants_are_there_for_who_may_see_them(void **state)
{
    (void) state;
    static const char *const shown[] = {"ZEBRAFORM", "ZEBRANARRATIVE", "ZEBRATERM", "171.9",
                                        "1961-11"};
    struct answer answer = trial_get(trial, INVESTIGATOR, "/subjects/007-K");
    for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
        assert_non_null(strstr(bytes_text(&answer.body), shown[i]));
    }
    answer_done(&answer);
}

static void not_in_the_log_of_the_service(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes log = read_file(trial_log_file(trial));
    assert_true(log.size > 1000);
    assert_clean("the service's log", bytes_text(&log));
}

static void not_in_metrics_or_readyz(void **state)
{
    (void) state;
    static const char *const paths[] = {"/metrics", "/readyz", "/healthz"};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct answer answer = trial_ask_operator(trial, paths[i]);
        assert_int_equal(answer.status, 200);
        assert_clean(paths[i], bytes_text(&answer.body));
        answer_done(&answer);
    }
}

static void not_in_what_the_public_reads(void **state)
{
    (void) state;
    static const char *const paths[] = {
        "/v1/studies", "/v1/studies/MABS06", "/v1/studies/MABS06/checkpoint",
        "/v1/studies/MABS06/tile/entries/000.p/20", "/v1/studies/MABS06/subjects/007-K"};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct answer answer = trial_get_plain(trial, paths[i]);
        assert_clean(paths[i], bytes_text(&answer.body));
        answer_done(&answer);
    }
}

static void not_in_what_others_read(void **state)
{
    (void) state;
    static const char *const paths[] = {"/subjects",
                                        "/subjects/007-K",
                                        "/queries",
                                        "/people",
                                        "/sites",
                                        "/history?object=subject/007-K/SE.V1/-/F.DM/-",
                                        "/history?object=reject"};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct answer answer = trial_get(trial, STRANGER, paths[i]);
        assert_clean(paths[i], bytes_text(&answer.body));
        answer_done(&answer);
    }
}

/* Whoever runs into somebody else's revision learns that there is one, not what it says. */
static void not_in_the_problems_of_others(void **state)
{
    (void) state;
    static const enum who others[] = {COORDINATOR, STRANGER, MONITOR, NOBODY};
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        CLEANUP(bytes_done) struct bytes line = {0};
        struct sheet sheet = {.who = others[i], .file = "02-V1-DM.json"};
        scene_sheet(trial, &sheet, &line);
        struct answer answer = trial_post(trial, span_bytes(&line));
        assert_true(answer.status >= 400);
        assert_clean("a problem", bytes_text(&answer.body));
        answer_done(&answer);
    }
}

static void not_in_any_table(void **state)
{
    (void) state;
    CLEANUP(mem_freep)
    char *tables = scene_sql(trial, "select string_agg(table_name, ' ') from "
                                    "information_schema.tables where table_schema = 'crfd' "
                                    "and table_name not in ('body', 'blob')");
    struct span rest = span_text(tables);
    size_t count = 0;
    for (bool more = true; more; count++) {
        struct span name;
        more = span_cut(&rest, ' ', &name);
        name = more ? name : rest;
        CLEANUP(mem_freep)
        char *rows = scene_sql(
            trial, "select coalesce(string_agg(t::text, E'\\n'), '') from crfd.%.*s t",
            (int) name.size, (const char *) name.data);
        assert_clean(tables, rows);
    }
    assert_true(count >= 17);
}

static void not_in_any_entry(void **state)
{
    (void) state;
    CLEANUP(mem_freep)
    char *entries = scene_sql(trial, "select string_agg(convert_from(entry, 'UTF8'), '') "
                                     "from crfd.entry");
    assert_true(strlen(entries) > 5000);
    assert_clean("the entries", entries);
}

static void not_in_the_body_of_a_refusal(void **state)
{
    (void) state;
    CLEANUP(mem_freep)
    char *bodies =
        scene_sql(trial, "select string_agg(convert_from(b.bytes, 'UTF8'), '') "
                         "from crfd.body b join crfd.entry e using (log_id, seq) "
                         "where e.object = 'reject'");
    assert_non_null(strstr(bodies, "TYPE-01"));
    assert_clean("a reject entry's body", bodies);
}

static void not_in_the_state_folder(void **state)
{
    (void) state;
    static const char *const files[] = {"MABS06.highwater", "crfd.conf"};
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        CLEANUP(bytes_done) struct bytes path = {0};
        bytes_printf(&path, "%s/%s", trial_folder(trial), files[i]);
        CLEANUP(bytes_done) struct bytes text = read_file(bytes_text(&path));
        assert_clean(files[i], bytes_text(&text));
    }
}

int main(void)
{
    trial = scene_open(&(struct trial_options){.settings = "log_level = debug"});
    plant();
    add_test("the plants are there for who may see them",
             the_plants_are_there_for_who_may_see_them);
    add_test("not in the service's log", not_in_the_log_of_the_service);
    add_test("not in metrics, readyz, healthz", not_in_metrics_or_readyz);
    add_test("not in what the public reads", not_in_what_the_public_reads);
    add_test("not in what others of the study read", not_in_what_others_read);
    add_test("not in the problems of others", not_in_the_problems_of_others);
    add_test("not in any table", not_in_any_table);
    add_test("not in any entry", not_in_any_entry);
    add_test("not in the body of a refusal", not_in_the_body_of_a_refusal);
    add_test("not in the state folder", not_in_the_state_folder);
    int failed = run_added("clinical values stand in the bodies only");
    trial_stop(trial);
    bytes_done(&lines);
    return failed;
}
