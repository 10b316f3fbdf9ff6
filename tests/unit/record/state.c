/* SPDX-License-Identifier: Apache-2.0 */
/*
** The tables in memory: what is put is found, undoing restores the very text of every table,
** and no order of insertion shows.
*/
#include "protocol/record/state.h"

#include "tests/support/rows.h"

static struct state *fresh(void)
{
    return state_new("edc.example.org/s/7f3a91", "founder");
}

static void put(struct state *state, enum table_id table, int64_t seq, const char *a,
                const char *b, const char *c)
{
    struct row_change change = {.table = table, .given = 7, .values = {a, b, c}};
    state_apply(state, &change, seq);
}

static char *dump(const struct state *state)
{
    struct bytes out = {0};
    for (size_t table = 0; table < TABLE_COUNT; table++) {
        bytes_printf(&out, "== %s\n", TABLES[table].name);
        state_dump(state, (enum table_id) table, &out);
    }
    return (char *) out.data;
}

static void the_schema_is_the_contract(void **unused)
{
    (void) unused;
    static const char *const wanted[TABLE_COUNT] = {
        "definition(version*; digest, src)",
        "site(site*; name, country, timezone, language)",
        "site_version(site*, valid_from*; version, valid_to, approval)",
        "person(person*; name, state, role, site, code_sha256, expires)",
        ("person_key(kid*; key_no bigint, person, jwk, alg, state, enrolled_at, "
         "compromised_since, state_at, "
         "state_by, state_role)"),
        "grant_(person*, role*, site*; valid_from, valid_to)",
        "subject(subject*; site, state, cohort)",
        "form(object*; subject, seq bigint, leaf, version, state, number)",
        "query(query*; object, path, rule, state)",
        "lock(scope*; reason, state)",
        "hold(activity*, scope*, cause*; rule, state)",
        ("safety_case(object*; subject, seq bigint, state, susar, duplicate_of, acked_at, "
         "acked_by)"),
        "clock(object*, clock*, since*; due, rule, stopped, ended)",
        ("opinion(object*, party*; causality, seriousness, expectedness, rsi, person)"),
        "stopping(rule*, object*; scope, state)",
        ("milestone(milestone*; kind, about, at, leaf, code_sha256, contact, state)"),
        "batch(batch*; kind, donor, site, expiry, state, since, criteria)",
        "batch_link(batch*, parent*)",
        "clearance(number*; subject, event, act, batch, valid_from, valid_to, state)",
        "exposure(object*; subject, batch, state, given_from, given_to)",
        "qualified(person*, site*; valid_from, valid_to)",
        "dictionary(name*, version*; digest)",
        "hold_change(activity*, scope*, cause*, at*; state)",
    };
    for (size_t t = 0; t < TABLE_COUNT; t++) {
        CLEANUP(bytes_done) struct bytes text = {0};
        const struct table *table = &TABLES[t];
        bytes_printf(&text, "%s(", table->name);
        for (size_t i = 0; i < table->column_count; i++) {
            bytes_printf(&text, "%s%s%s%s",
                         i == 0                  ? ""
                         : i == table->key_count ? "; "
                                                 : ", ",
                         table->columns[i].name, i < table->key_count ? "*" : "",
                         table->columns[i].type == COLUMN_BIGINT ? " bigint" : "");
        }
        bytes_add_char(&text, ')');
        assert_string_equal(bytes_text(&text), wanted[t]);
    }
}

static void what_is_put_is_found(void **unused)
{
    (void) unused;
    CLEANUP(state_freep) struct state *state = fresh();
    for (int i = 0; i < 1000; i++) {
        char subject[16];
        snprintf(subject, sizeof(subject), "S%d", i);
        put(state, TABLE_SUBJECT, i, subject, i % 2 == 0 ? "NL01" : "BE01", "enrolled");
    }
    assert_int_equal(state_row_count(state, TABLE_SUBJECT), 1000);
    assert_true(row_is(state_subject(state, "S999"), SUBJECT_SITE, "BE01"));
    assert_null(state_subject(state, "S1000"));
    assert_null(state_subject(state, NULL));
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct rows rows = state_rows_where(state, TABLE_SUBJECT, "NL01", arena);
    assert_int_equal(rows.count, 500);
    for (size_t i = 1; i < rows.count; i++) {
        assert_true(strcmp(rows.items[i - 1]->values[0], rows.items[i]->values[0]) < 0);
    }
}

static void a_set_leaves_other_columns(void **unused)
{
    (void) unused;
    CLEANUP(state_freep) struct state *state = fresh();
    put(state, TABLE_LOCK, 1, "study", "why", "asked p-0002");
    struct row_change change = {.table = TABLE_LOCK,
                                .given = 1U << LOCK_STATE,
                                .values = {"study", NULL, "locked"}};
    state_apply(state, &change, 2);
    const struct row *row = state_lock(state, "study");
    assert_true(row_is(row, LOCK_REASON, "why"));
    assert_true(row_is(row, LOCK_STATE, "locked"));
    assert_int_equal(row->src_seq, 2);
    change = (struct row_change){
        .table = TABLE_LOCK, .given = 1U << LOCK_REASON, .values = {"study", NULL, NULL}};
    state_apply(state, &change, 3);
    assert_null(state_lock(state, "study")->values[LOCK_REASON]);
}

/* Random changes, then back: every table as it was, and the numbers too. */
static void undoing_restores_everything(void **unused)
{
    (void) unused;
    CLEANUP(state_freep) struct state *state = fresh();
    struct digest leaf = {{1}};
    uint32_t random = 1;
    char *texts[20];
    uint64_t marks[20];
    for (size_t batch = 0; batch < 20; batch++) {
        marks[batch] = state_begin(state);
        texts[batch] = dump(state);
        for (int i = 0; i < 50; i++) {
            random = random * 1664525 + 1013904223;
            char object[16], number[16];
            snprintf(object, sizeof(object), "o%u", random >> 8 & 31);
            snprintf(number, sizeof(number), "AE-%04u", random >> 16 & 255);
            struct row_change change = {
                .table = TABLE_FORM,
                .op = random >> 30 == 0 ? ROW_DELETE : ROW_SET,
                .given = 127,
                .values = {object, "S1", "7", "leaf", "MDV.1", "partial", number}};
            state_apply(state, &change, i);
            state_advance(state, &leaf, i);
        }
    }
    for (size_t batch = 20; batch-- > 0;) {
        state_rollback(state, marks[batch]);
        char *now = dump(state);
        assert_string_equal(now, texts[batch]);
        assert_int_equal(state_head(state).size, batch * 50);
        free(now);
        free(texts[batch]);
    }
    assert_int_equal(state_last_number(state, "AE"), 0);
}

static void a_commit_settles_only_its_part(void **unused)
{
    (void) unused;
    CLEANUP(state_freep) struct state *state = fresh();
    put(state, TABLE_SUBJECT, 1, "A", "NL01", "enrolled");
    uint64_t second = state_begin(state);
    put(state, TABLE_SUBJECT, 2, "B", "NL01", "enrolled");
    state_commit(state, second);   /* the first batch is in the database */
    state_rollback(state, second); /* the second is not */
    assert_non_null(state_subject(state, "A"));
    assert_null(state_subject(state, "B"));
}

struct seen_row {
    enum table_id table;
    char key[16];
    bool gone;
};
struct seen_rows {
    struct seen_row items[8];
    size_t count;
};

static void note(enum table_id table, const char *const *key, const struct row *row,
                 void *arg)
{
    struct seen_rows *seen = arg;
    struct seen_row *item = &seen->items[seen->count++];
    item->table = table;
    snprintf(item->key, sizeof(item->key), "%s", key[0]);
    item->gone = row == NULL;
}

static void changed_rows_come_once_each(void **unused)
{
    (void) unused;
    CLEANUP(state_freep) struct state *state = fresh();
    put(state, TABLE_LOCK, 1, "study", "why", "locked");
    uint64_t mark = state_begin(state);
    put(state, TABLE_SUBJECT, 2, "A", "NL01", "enrolled");
    put(state, TABLE_SUBJECT, 3, "A", "BE01", "enrolled");
    struct row_change gone = {
        .table = TABLE_LOCK, .op = ROW_DELETE, .values = {"study", NULL, NULL}};
    state_apply(state, &gone, 4);
    struct seen_rows seen = {0};
    state_each_changed(state, mark, note, &seen);
    assert_int_equal(seen.count, 2);
    assert_string_equal(seen.items[0].key, "A");
    assert_false(seen.items[0].gone);
    assert_string_equal(seen.items[1].key, "study");
    assert_true(seen.items[1].gone);
}

static void numbers_count_by_prefix(void **unused)
{
    (void) unused;
    CLEANUP(state_freep) struct state *state = fresh();
    const char *values[] = {"o1", "S1", "1", "leaf", "MDV.1", "partial", "AE-0007"};
    state_load_row(state, TABLE_FORM, values, 1);
    values[0] = "o2";
    values[6] = "SAE-0003";
    state_load_row(state, TABLE_FORM, values, 2);
    values[0] = "o3";
    values[6] = "AE-0002";
    state_load_row(state, TABLE_FORM, values, 3);
    assert_int_equal(state_last_number(state, "AE"), 7);
    assert_int_equal(state_last_number(state, "SAE"), 3);
    assert_int_equal(state_last_number(state, "HO"), 0);
}

struct lock_row {
    const char *name, *scope, *state, *object, *site;
    bool covered;
} lock_rows[] = {
    {"a study lock covers a form", "study", "locked", "subject/A/SE/-/F/-", "NL01", true},
    {"a study lock covers a site", "study", "locked", "site/NL01", "NL01", true},
    {"a site lock covers its forms", "site/NL01", "locked", "subject/A/SE/-/F/-", "NL01",
     true},
    {"a site lock leaves other sites", "site/NL01", "locked", "subject/A/SE/-/F/-", "BE01",
     false},
    {"a subject lock covers its forms", "subject/A", "locked", "subject/A/SE/-/F/-", "NL01",
     true},
    {"a subject lock leaves a longer name", "subject/A", "locked", "subject/AB/SE/-/F/-",
     "NL01", false},
    {"a form lock covers the form", "subject/A/SE/-/F/-", "locked", "subject/A/SE/-/F/-",
     "NL01", true},
    {"a form lock leaves the next form", "subject/A/SE/-/F/-", "locked",
     "subject/A/SE/-/G/-", "NL01", false},
    {"a lock that is only asked for covers nothing", "study", "asked p-0002",
     "subject/A/SE/-/F/-", "NL01", false},
    {"a lock that is being lifted still covers", "study", "lifting p-0002",
     "subject/A/SE/-/F/-", "NL01", true},
};

static void check_lock(void **state_)
{
    const struct lock_row *row = *state_;
    CLEANUP(state_freep) struct state *state = fresh();
    put(state, TABLE_LOCK, 1, row->scope, "why", row->state);
    assert_int_equal(state_lock_covering(state, row->object, row->site) != NULL,
                     row->covered);
}

struct role_row {
    const char *name, *role, *granted, *asked, *at;
    bool held;
} role_rows[] = {
    {"a role is held at its site", "monitor", "NL01", "NL01", "2026-06-01T00:00:00Z", true},
    {"not at another site", "monitor", "NL01", "BE01", "2026-06-01T00:00:00Z", false},
    {"not for the whole study", "monitor", "NL01", NULL, "2026-06-01T00:00:00Z", false},
    {"a grant for all sites counts anywhere", "monitor", "-", "BE01",
     "2026-06-01T00:00:00Z", true},
    {"and for the whole study", "monitor", "-", NULL, "2026-06-01T00:00:00Z", true},
    {"not before it starts", "monitor", "-", NULL, "2025-12-31T23:59:59Z", false},
    {"from its first instant", "monitor", "-", NULL, "2026-01-01T00:00:00Z", true},
    {"not from its last instant on", "monitor", "-", NULL, "2027-01-01T00:00:00Z", false},
    {"not another role", "rater", "-", NULL, "2026-06-01T00:00:00Z", false},
};

static void check_role(void **state_)
{
    const struct role_row *row = *state_;
    CLEANUP(state_freep) struct state *state = fresh();
    struct row_change grant = {.table = TABLE_GRANT,
                               .given = 31,
                               .values = {"p-0002", "monitor", row->granted,
                                          "2026-01-01T00:00:00.000000Z",
                                          "2027-01-01T00:00:00.000000Z"}};
    instant at;
    assert_true(instant_parse(span_text(row->at), &at, NULL));
    state_apply(state, &grant, 1);
    assert_int_equal(state_has_role(state, "p-0002", row->role, row->asked, at), row->held);
    assert_false(state_has_role(state, "p-0003", row->role, row->asked, at));
}

static void any_site_is_no_name(void **unused)
{
    (void) unused;
    CLEANUP(state_freep) struct state *state = fresh();
    struct row_change grant = {
        .table = TABLE_GRANT, .given = 7, .values = {"p-0002", "monitor", "NL01"}};
    state_apply(state, &grant, 1);
    CLEANUP(mem_freep) char *same_letters = mem_text(ANY_SITE);
    assert_true(state_has_role(state, "p-0002", "monitor", ANY_SITE, 0));
    assert_false(state_has_role(state, "p-0002", "monitor", same_letters, 0));
}

static void dumps_are_copy_text(void **unused)
{
    (void) unused;
    CLEANUP(state_freep) struct state *state = fresh();
    put(state, TABLE_LOCK, 9, "study", "a\tb\nc\\d", NULL);
    put(state, TABLE_LOCK, 8, "site/NL01", NULL, "locked");
    CLEANUP(bytes_done) struct bytes out = {0};
    state_dump(state, TABLE_LOCK, &out);
    assert_string_equal(bytes_text(&out),
                        "site/NL01\t\\N\tlocked\t8\nstudy\ta\\tb\\nc\\\\d\t\\N\t9\n");
}

static void versions_come_into_force(void **unused)
{
    (void) unused;
    CLEANUP(state_freep) struct state *state = fresh();
    instant may, july;
    assert_true(instant_parse(SPAN_LITERAL("2026-05-01T00:00:00Z"), &may, NULL));
    assert_true(instant_parse(SPAN_LITERAL("2026-07-01T00:00:00Z"), &july, NULL));
    assert_null(state_version_at(state, "NL01", may, 100));
    put(state, TABLE_DEFINITION, 0, "MDV.1", "aa", "study.open");
    put(state, TABLE_DEFINITION, 5, "MDV.2", "bb", "study.amend");
    assert_string_equal(state_version_at(state, "NL01", july, 100), "MDV.1");
    put(state, TABLE_SITE_VERSION, 9, "NL01", "2026-06-01T00:00:00.000000Z", "MDV.2");
    assert_string_equal(state_version_at(state, "NL01", may, 100), "MDV.1");
    assert_string_equal(state_version_at(state, "NL01", july, 100), "MDV.2");
    assert_string_equal(state_version_at(state, "BE01", july, 100), "MDV.1");
    assert_string_equal(state_version_at(state, "NL01", july, 9),
                        "MDV.1"); /* not yet said */
}

static char *difference(const struct state *a, const struct state *b, enum table_id table)
{
    CLEANUP(bytes_done) struct bytes key = {0};
    bytes_add_text(&key, "?");
    return mem_text(state_differs(a, b, table, &key) ? bytes_text(&key) : "none");
}

static void check_difference(const struct state *a, const struct state *b,
                             enum table_id table, const char *want)
{
    CLEANUP(mem_freep) char *one = difference(a, b, table);
    CLEANUP(mem_freep) char *other = difference(b, a, table);
    assert_string_equal(one, want);
    assert_string_equal(other, want);
}

static void the_first_row_that_differs_is_named(void **unused)
{
    (void) unused;
    CLEANUP(state_freep) struct state *a = fresh();
    CLEANUP(state_freep) struct state *b = fresh();
    put(a, TABLE_DEFINITION, 0, "MDV.1", "aa", "study.open");
    put(a, TABLE_DEFINITION, 5, "MDV.2", "bb", "study.amend");
    put(b, TABLE_DEFINITION, 5, "MDV.2", "bb", "study.amend");
    check_difference(a, b, TABLE_DEFINITION, "MDV.1"); /* one has it, the other not */
    put(b, TABLE_DEFINITION, 0, "MDV.1", "aa", "study.open");
    check_difference(a, b, TABLE_DEFINITION, "none"); /* in whatever order they came */
    put(b, TABLE_DEFINITION, 6, "MDV.2", "bb", "study.amend");
    check_difference(a, b, TABLE_DEFINITION, "MDV.2"); /* another entry wrote it */
    put(b, TABLE_DEFINITION, 5, "MDV.2", "bb", NULL);
    check_difference(a, b, TABLE_DEFINITION, "MDV.2"); /* NULL is no text */
    put(a, TABLE_SITE_VERSION, 9, "NL01", "2026-06-01T00:00:00.000000Z", "MDV.2");
    check_difference(a, b, TABLE_SITE_VERSION, "NL01 2026-06-01T00:00:00.000000Z");
    check_difference(a, b, TABLE_LOCK, "none");
}

int main(void)
{
    add_test("the schema is the contract's", the_schema_is_the_contract);
    add_test("what is put is found, in key order", what_is_put_is_found);
    add_test("a set leaves the columns it does not give", a_set_leaves_other_columns);
    add_test("undoing restores every table, the head and the numbers",
             undoing_restores_everything);
    add_test("a commit settles only what came before its mark",
             a_commit_settles_only_its_part);
    add_test("changed rows come once each, as they are now", changed_rows_come_once_each);
    add_test("human numbers count by prefix, also when loaded", numbers_count_by_prefix);
    add_test("no site can be called any site", any_site_is_no_name);
    add_test("dumps are COPY text in key order", dumps_are_copy_text);
    add_test("the first row that differs is named", the_first_row_that_differs_is_named);
    add_test("a version is in force where and when a site has it",
             versions_come_into_force);
    add_rows(lock_rows, ARRAY_LEN(lock_rows), sizeof(lock_rows[0]), check_lock);
    add_rows(role_rows, ARRAY_LEN(role_rows), sizeof(role_rows[0]), check_role);
    return run_added("record_state");
}
