/* SPDX-License-Identifier: Apache-2.0 */
/*
** Paths, the shape of a form, casebooks and the difference of revisions.
*/
#include "protocol/study/finding.h"
#include "tests/support/rows.h"

static struct arena *arena;

/* ---- paths ---- */

struct path_row {
    const char *name;
    struct form_key key;
    const char *path;
};

static const struct path_row path_rows[] = {
    {"a plain key",
     {"NL01-004", "SE.V4", NULL, "F.INFUSION", NULL},
     "subject/NL01-004/SE.V4/-/F.INFUSION/-"},
    {"repeat keys",
     {"007-K", "SE.UNS", "2", "F.AE", "k_1"},
     "subject/007-K/SE.UNS/2/F.AE/k_1"},
    {"a lone minus is no absent key", {"-", "S", "-", "F", NULL}, "subject/%2D/S/%2D/F/-"},
    {"slash, per cent, blank and é are encoded",
     {"a/b", "c%d", "e f", "\xc3\xa9", "-1"},
     "subject/a%2Fb/c%25d/e%20f/%C3%A9/-1"},
};

static void check_path(void **state)
{
    const struct path_row *row = *state;
    struct form_key back;
    assert_string_equal(form_key_path(arena, &row->key), row->path);
    assert_true(form_key_parse(span_text(row->path), arena, &back));
    assert_true(form_key_equal(&back, &row->key));
}

static void only_one_text_names_a_thing(void **state)
{
    (void) state;
    static const char *const BAD[] = {"",
                                      "subject",
                                      "subject/a/b/-/c",
                                      "subject/a/b/-/c/-/d",
                                      "site/a/b/-/c/-",
                                      "subject/-/b/-/c/-",
                                      "subject/a/-/-/c/-",
                                      "subject/a/b/-/-/-",
                                      "subject/%41/b/-/c/-",
                                      "subject/a%2f/b/-/c/-",
                                      "subject/a b/b/-/c/-",
                                      "subject//b/-/c/-",
                                      "subject/%2/b/-/c/-",
                                      "subject/%00/b/-/c/-",
                                      "subject/%FF/b/-/c/-",
                                      "subject/a%2D/b/-/c/-"};
    struct form_key key;
    for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
        if (form_key_parse(span_text(BAD[i]), arena, &key)) {
            fail_msg("accepted %s", BAD[i]);
        }
    }
}

static void item_paths_come_back(void **state)
{
    (void) state;
    struct item_key key;
    assert_string_equal(item_path(arena, "IG.A", NULL, "IT.B"), "IG.A/-/IT.B");
    assert_string_equal(item_path(arena, "IG.A", "2", NULL), "IG.A/2");
    assert_true(item_path_parse(SPAN_LITERAL("IG.A/2/IT.B"), arena, &key));
    assert_string_equal(key.group_repeat, "2");
    assert_string_equal(key.item, "IT.B");
    assert_true(item_path_parse(SPAN_LITERAL("IG.A/-"), arena, &key));
    assert_null(key.group_repeat);
    assert_null(key.item);
    assert_false(item_path_parse(SPAN_LITERAL("IG.A"), arena, &key));
    assert_false(item_path_parse(SPAN_LITERAL("-/-/IT.B"), arena, &key));
    assert_false(item_path_parse(SPAN_LITERAL("IG.A/-/-"), arena, &key));
    assert_false(item_path_parse(SPAN_LITERAL("IG.A/-/IT.B/x"), arena, &key));
}

/* ---- the shape of a form ---- */

#define FORM(groups)                                                                       \
    "{\"SubjectKey\":\"007-K\",\"StudyEventOID\":\"SE.V4\",\"StudyEventRepeatKey\":null,"  \
    "\"FormOID\":\"F.IN\",\"FormRepeatKey\":null,\"state\":\"complete\","                  \
    "\"ItemGroupData\":[" groups "]}"
#define GROUP(items)                                                                       \
    "{\"ItemGroupOID\":\"IG.IN\",\"ItemGroupRepeatKey\":null,\"ItemData\":{" items "}}"

static status read_form(const char *text, struct form_data *ret_form, struct err *err)
{
    const struct json *json = NULL;
    TRY(json_parse(span_text(text), &JSON_RECORD, arena, &json, err));
    return form_data_from_json(json, arena, ret_form, err);
}

struct shape_row {
    const char *name, *text;
    status want;
};

static const struct shape_row shape_rows[] = {
    {"a form without groups", FORM(""), OK},
    {"texts, units and reasons for no value",
     FORM(GROUP(
         "\"IT.A\":\"1\",\"IT.B\":{\"Value\":\"48.0\",\"MeasurementUnitOID\":\"MU.E6\"},"
         "\"IT.C\":{\"IsNull\":\"not done\",\"Reason\":\"pump off\"},"
         "\"IT.D\":{\"IsNull\":\"unknown\",\"Reason\":null}")),
     OK},
    {"a number is no text", FORM(GROUP("\"IT.A\":1")), ERR_BAD_INPUT},
    {"null is no value", FORM(GROUP("\"IT.A\":null")), ERR_BAD_INPUT},
    {"an empty text is no value", FORM(GROUP("\"IT.A\":\"\"")), ERR_BAD_INPUT},
    {"a value and no value at once",
     FORM(GROUP("\"IT.A\":{\"Value\":\"1\",\"IsNull\":\"unknown\"}")), ERR_BAD_INPUT},
    {"a reason that is not known", FORM(GROUP("\"IT.A\":{\"IsNull\":\"lost\"}")),
     ERR_BAD_INPUT},
    {"an empty item name", FORM(GROUP("\"\":\"1\"")), ERR_BAD_INPUT},
    {"the same group twice", FORM(GROUP("") "," GROUP("")), ERR_BAD_INPUT},
    {"a group with one member more",
     FORM("{\"ItemGroupOID\":\"IG\",\"ItemGroupRepeatKey\":null,\"ItemData\":{},\"x\":"
          "\"\"}"),
     ERR_BAD_INPUT},
    {"a group that is a text", FORM("\"IG\""), ERR_BAD_INPUT},
    {"no object at all", "[]", ERR_BAD_INPUT},
    {"a member too few", "{\"SubjectKey\":\"007-K\"}", ERR_BAD_INPUT},
};

static void check_shape(void **state)
{
    const struct shape_row *row = *state;
    struct err err = {0};
    struct form_data form = {0};
    assert_status(read_form(row->text, &form, &err), row->want, &err);
    if (row->want != OK) {
        assert_null(form.key.subject); /* nothing is written on failure */
        return;
    }
    CLEANUP(bytes_done) struct bytes out = {0};
    struct json_out json = {.bytes = &out};
    form_data_to_json(&form, &json);
    assert_string_equal(bytes_text(&out), row->text);
}

static void a_form_has_at_most_5000_items(void **state)
{
    (void) state;
    for (int count = 5000; count <= 5001; count++) {
        CLEANUP(bytes_done) struct bytes text = {0};
        bytes_add_text(&text, "{\"SubjectKey\":\"007-K\",\"StudyEventOID\":\"S\","
                              "\"StudyEventRepeatKey\":null,\"FormOID\":\"F\","
                              "\"FormRepeatKey\":null,\"state\":\"partial\","
                              "\"ItemGroupData\":[{\"ItemGroupOID\":\"G\","
                              "\"ItemGroupRepeatKey\":null,\"ItemData\":{");
        for (int i = 0; i < count; i++) {
            bytes_printf(&text, "%s\"IT.%d\":\"1\"", i > 0 ? "," : "", i);
        }
        bytes_add_text(&text, "}}]}");
        struct form_data form;
        struct err err = {0};
        status got = read_form(bytes_text(&text), &form, &err);
        assert_status(got, count == 5000 ? OK : ERR_TOO_LARGE, &err);
    }
}

/* ---- revisions ---- */

struct diff_row {
    const char *name, *old, *new;
    size_t filled, changed, removed;
};

#define TWO GROUP("\"IT.A\":\"1\",\"IT.B\":\"2\"")

static const struct diff_row diff_rows[] = {
    {"nothing changed", FORM(TWO), FORM(TWO), 0, 0, 0},
    {"filling an empty item needs no reason", FORM(GROUP("\"IT.A\":\"1\"")), FORM(TWO), 1,
     0, 0},
    {"changing a value needs a reason", FORM(TWO),
     FORM(GROUP("\"IT.A\":\"9\",\"IT.B\":\"2\"")), 0, 1, 0},
    {"removing a value needs a reason", FORM(TWO), FORM(GROUP("\"IT.B\":\"2\"")), 0, 0, 1},
    {"a value where none was given for a reason is a change",
     FORM(GROUP("\"IT.A\":{\"IsNull\":\"unknown\",\"Reason\":null}")),
     FORM(GROUP("\"IT.A\":\"1\"")), 0, 1, 0},
    {"a unit alone is a change",
     FORM(GROUP("\"IT.A\":{\"Value\":\"1\",\"MeasurementUnitOID\":\"MU.A\"}")),
     FORM(GROUP("\"IT.A\":{\"Value\":\"1\",\"MeasurementUnitOID\":\"MU.B\"}")), 0, 1, 0},
    {"a group taken out removes its items", FORM(TWO), FORM(""), 0, 0, 2},
    {"another order is no change", FORM(TWO), FORM(GROUP("\"IT.B\":\"2\",\"IT.A\":\"1\"")),
     0, 0, 0},
};

static void check_diff(void **state)
{
    const struct diff_row *row = *state;
    struct form_data old, new;
    struct err err = {0};
    size_t count[3] = {0, 0, 0};
    assert_status(read_form(row->old, &old, &err), OK, &err);
    assert_status(read_form(row->new, &new, &err), OK, &err);
    struct changes changes = form_diff(&old, &new, arena);
    for (size_t i = 0; i < changes.count; i++) {
        count[changes.items[i].kind]++;
    }
    assert_int_equal(count[CHANGE_FILLED], row->filled);
    assert_int_equal(count[CHANGE_CHANGED], row->changed);
    assert_int_equal(count[CHANGE_REMOVED], row->removed);
    assert_int_equal(changes.needs_reason, row->changed + row->removed > 0);
    assert_false(form_diff(NULL, &new, arena).needs_reason);
}

/* ---- casebooks ---- */

static void a_casebook_shares_and_replaces(void **state)
{
    (void) state;
    struct form_data forms[3] = {{.key = {"007-K", "SE.B", NULL, "F.X", "2"}},
                                 {.key = {"007-K", "SE.A", NULL, "F.X", NULL}},
                                 {.key = {"007-K", "SE.B", NULL, "F.X", "1"}}};
    struct form_data newer = forms[2];
    const struct form_data *const list[] = {&forms[0], &forms[1], &forms[2], &newer};
    struct casebook book = casebook_make("007-K", list, 4, arena);
    assert_int_equal(book.count, 3);
    assert_ptr_equal(book.forms[0], &forms[1]);
    assert_ptr_equal(book.forms[1], &newer); /* of equal keys the last stays */
    struct form_data other = forms[0], more = forms[0];
    more.key.form_repeat = "3";
    struct casebook with = casebook_with(&book, &other, arena);
    assert_int_equal(with.count, 3);
    assert_ptr_equal(casebook_form(&with, &forms[0].key), &other);
    assert_ptr_equal(casebook_form(&book, &forms[0].key), &forms[0]);
    with = casebook_with(&with, &more, arena);
    assert_int_equal(with.count, 4);
    size_t cursor = 0, found = 0;
    while (casebook_next_form(&with, "F.X", &cursor) != NULL) {
        found++;
    }
    assert_int_equal(found, 4);
    struct casebook without = casebook_without(&with, &newer.key, arena);
    assert_int_equal(without.count, 3);
    assert_null(casebook_form(&without, &newer.key));
    assert_int_equal(casebook_without(&without, &newer.key, arena).count, 3);
    assert_int_equal(casebook_with(NULL, &other, arena).count, 1);
    assert_null(casebook_form(NULL, &newer.key));
}

static void an_item_is_found_by_its_path(void **state)
{
    (void) state;
    struct form_data form;
    struct err err = {0};
    assert_status(read_form(FORM(TWO), &form, &err), OK, &err);
    struct casebook book = casebook_with(NULL, &form, arena);
    struct item_key key;
    assert_true(item_path_parse(SPAN_LITERAL("IG.IN/-/IT.B"), arena, &key));
    assert_string_equal(casebook_item(&book, &form.key, &key)->value, "2");
    assert_true(item_path_parse(SPAN_LITERAL("IG.IN/1/IT.B"), arena, &key));
    assert_null(casebook_item(&book, &form.key, &key));
}

/* ---- findings and messages ---- */

static void a_rule_speaks_once_for_each_place(void **state)
{
    (void) state;
    struct findings findings = {.arena = arena, .language = "en"};
    struct finding finding = {.rule = "66", .act = ACT_ASK, .path = "IG/-/IT"};
    finding_add(&findings, &finding);
    finding_add(&findings, &finding);
    assert_int_equal(findings.count, 1);
    assert_false(findings_refuse(&findings) || findings_gate(&findings));
    finding.path = NULL;
    finding.act = ACT_GATE;
    finding_add(&findings, &finding);
    assert_true(findings.count == 2 && findings_gate(&findings));
    assert_string_equal(findings.items[1].path, "");
    enum act act;
    enum place place;
    assert_true(act_parse("refuse", &act) && act == ACT_REFUSE && !act_parse("x", &act));
    assert_true(place_parse("lock", &place) && place == PLACE_LOCK);
}

static void texts_are_in_the_language_asked_for(void **state)
{
    (void) state;
    static const char *const NAMES[] = {"end", "volume", "flow"};
    assert_string_equal(message_list(arena, "en", NAMES, 3), "end, volume and flow");
    assert_string_equal(message_list(arena, "nl", NAMES, 2), "end en volume");
    assert_string_equal(message_list(arena, "fr", NAMES, 1), "end");
    assert_string_equal(message_date(arena, "nl-BE", "2026-03-14T10:31+01:00"),
                        "14 maart 2026 10:31");
    assert_string_equal(message_date(arena, "en", "2026-03"), "March 2026");
    assert_string_equal(message_date(arena, "en", "2026"), "2026");
    assert_string_equal(message_date(arena, "en", "soon"), "soon");
    assert_true(message_exists("KEY-04") && !message_exists("none"));
}

int main(void)
{
    arena = arena_new();
    add_rows(path_rows, ARRAY_LEN(path_rows), sizeof(path_rows[0]), check_path);
    add_test("only one text names a thing", only_one_text_names_a_thing);
    add_test("item paths come back", item_paths_come_back);
    add_rows(shape_rows, ARRAY_LEN(shape_rows), sizeof(shape_rows[0]), check_shape);
    add_test("a form has at most 5,000 items", a_form_has_at_most_5000_items);
    add_rows(diff_rows, ARRAY_LEN(diff_rows), sizeof(diff_rows[0]), check_diff);
    add_test("a casebook shares and replaces", a_casebook_shares_and_replaces);
    add_test("an item is found by its path", an_item_is_found_by_its_path);
    add_test("a rule speaks once for each place", a_rule_speaks_once_for_each_place);
    add_test("texts are in the language asked for", texts_are_in_the_language_asked_for);
    int failed = run_added("casebook");
    arena_free(arena);
    return failed;
}
