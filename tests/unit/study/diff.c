/* SPDX-License-Identifier: Apache-2.0 */
/*
** What is said of an amendment: one change of small.xml, and the one difference it makes; and
** what the change would ask of forms that are there.
*/
#include "protocol/study/diff.h"
#include "protocol/study/messages.h"
#include "protocol/study/odm.h"
#include "tests/support/files.h"
#include "tests/support/literals.h"
#include "tests/support/rows.h"

static struct arena *arena;
static struct bytes text; /* small.xml */

/* TEXT with the first FROM replaced; FROM must be there. */
static const struct metadata_version *read_with(const char *from, const char *to)
{
    CLEANUP(bytes_done) struct bytes xml = {0};
    struct odm_problems problems = {0};
    const struct study *study = NULL;
    struct err err = {0};
    const char *whole = bytes_text(&text);
    const char *at = strstr(whole, from);
    if (at == NULL) {
        fail_msg("small.xml has no %s", from);
    }
    bytes_add_span(&xml, span_of(whole, (size_t) (at - whole)));
    bytes_add_text(&xml, to);
    bytes_add_text(&xml, at + strlen(from));
    struct span kept = arena_span(arena, span_bytes(&xml));
    if (odm_read(kept, arena, &study, &problems, &err) != OK) {
        fail_msg("%s", err.what);
    }
    return study->versions[0];
}

struct diff_row {
    const char *name;
    const char *from, *to;
    const char *said; /* "kind part path" of each difference, by "; " */
};

#define HB                                                                                 \
    "<RangeCheck Comparator=\"GE\" SoftHard=\"Hard\"><CheckValue>0</CheckValue>"           \
    "<MeasurementUnitRef MeasurementUnitOID=\"MU.MMOLL\"/></RangeCheck>"
#define HB_HIGH "<RangeCheck Comparator=\"LE\" SoftHard=\"Soft\"><CheckValue>11.5"

static const struct diff_row diff_rows[] = {
    {"the same text differs in nothing", "Name=\"one\"", "Name=\"one\"", ""},
    {"a least value that rises is stricter", "<CheckValue>0<", "<CheckValue>2<",
     "tightened range IT.HB"},
    {"the same bound in another unit is the same", HB,
     "<RangeCheck Comparator=\"GE\" SoftHard=\"Hard\"><CheckValue>0.0</CheckValue>"
     "<MeasurementUnitRef MeasurementUnitOID=\"MU.GDL\"/></RangeCheck>",
     ""},
    {"a lower bound in another unit is wider", HB,
     "<RangeCheck Comparator=\"GE\" SoftHard=\"Hard\"><CheckValue>-1</CheckValue>"
     "<MeasurementUnitRef MeasurementUnitOID=\"MU.GDL\"/></RangeCheck>",
     "loosened range IT.HB"},
    {"a bound that is no longer inside is stricter", HB_HIGH,
     "<RangeCheck Comparator=\"LT\" SoftHard=\"Soft\"><CheckValue>11.5",
     "tightened range IT.HB"},
    {"to ask instead of to refuse is one loosening", "Comparator=\"GE\" SoftHard=\"Hard\"",
     "Comparator=\"GE\" SoftHard=\"Soft\"", "loosened range IT.HB"},
    {"a bound that is gone is wider", HB, "", "loosened range IT.HB"},
    {"a check on a set of values that is new is stricter", HB,
     HB "<RangeCheck Comparator=\"NE\" SoftHard=\"Soft\"><CheckValue>7</CheckValue>"
        "</RangeCheck>",
     "tightened check IT.HB"},
    {"optional that becomes mandatory is stricter",
     "<ItemRef ItemOID=\"IT.DATE\" Mandatory=\"No\"/>",
     "<ItemRef ItemOID=\"IT.DATE\" Mandatory=\"Yes\"/>",
     "tightened mandatory IG.ONE/IT.DATE"},
    {"mandatory that becomes optional is wider",
     "<ItemRef ItemOID=\"IT.HB\" Mandatory=\"Yes\"/>",
     "<ItemRef ItemOID=\"IT.HB\" Mandatory=\"No\"/>", "loosened mandatory IG.ONE/IT.HB"},
    {"a question put first is one move",
     "<ItemRef ItemOID=\"IT.HB\" Mandatory=\"Yes\"/>\n"
     "        <ItemRef ItemOID=\"IT.DATE\" Mandatory=\"No\"/>\n"
     "        <ItemRef ItemOID=\"IT.SIDE\" Mandatory=\"No\"/>",
     "<ItemRef ItemOID=\"IT.SIDE\" Mandatory=\"No\"/><ItemRef ItemOID=\"IT.HB\" "
     "Mandatory=\"Yes\"/><ItemRef ItemOID=\"IT.DATE\" Mandatory=\"No\"/>",
     "moved item IG.ONE/IT.SIDE"},
    {"a question that is new", "<ItemRef ItemOID=\"IT.SIDE\" Mandatory=\"No\"/>",
     "<ItemRef ItemOID=\"IT.SIDE\" Mandatory=\"No\"/><ItemRef ItemOID=\"IT.AGE\" "
     "Mandatory=\"No\"/>",
     "added item IG.ONE/IT.AGE"},
    {"a question that is gone", "<ItemRef ItemOID=\"IT.DATE\" Mandatory=\"No\"/>", "",
     "removed item IG.ONE/IT.DATE"},
    {"a code that is gone is stricter",
     "<CodeListItem CodedValue=\"R\"><Decode><TranslatedText "
     "xml:lang=\"en\">right</TranslatedText></Decode></CodeListItem>",
     "", "tightened code CL.SIDE"},
    {"a code that is new is wider", "<CodeListItem CodedValue=\"L\">",
     "<CodeListItem CodedValue=\"U\"><Decode><TranslatedText xml:lang=\"en\">unknown"
     "</TranslatedText></Decode></CodeListItem><CodeListItem CodedValue=\"L\">",
     "loosened code CL.SIDE"},
    {"a code that reads otherwise is renamed", ">right<", ">right arm<",
     "renamed code CL.SIDE"},
    {"another data type", "OID=\"IT.AGE\" Name=\"AGE\" DataType=\"integer\"",
     "OID=\"IT.AGE\" Name=\"AGE\" DataType=\"float\"", "retyped item IT.AGE"},
    {"a shorter answer is stricter", "DataType=\"text\" Length=\"200\"",
     "DataType=\"text\" Length=\"100\"", "tightened length IT.TERM"},
    {"another question is a renaming", ">Haemoglobin<", ">Haemoglobin in blood<",
     "renamed item IT.HB"},
    {"a unit that is gone is stricter",
     "<MeasurementUnitRef MeasurementUnitOID=\"MU.GDL\"/>\n", "\n", "tightened unit IT.HB"},
    {"a narrower window is stricter", "From=\"-3\" To=\"7\"", "From=\"-2\" To=\"7\"",
     "tightened window SE.B"},
    {"the same window in hours is the same", "From=\"-3\" To=\"7\"",
     "From=\"-72\" To=\"168\" Unit=\"h\"", ""},
    {"a window that is later is neither", "From=\"-3\" To=\"7\"", "From=\"0\" To=\"14\"",
     "changed window SE.B"},
    {"a higher least age is stricter", "Value=\"18\"", "Value=\"21\"",
     "tightened parameter AGE.MIN"},
    {"a unit that is worth more is changed", "crfd:Factor=\"0.6206\"",
     "crfd:Factor=\"0.6207\"", "changed factor MU.GDL"},
    {"a role that may no longer fill in a form", "rater  investigator", "investigator",
     "tightened roles F.ONE"},
    {"a form that is masked from a role", "crfd:Roles=\"rater  investigator\"",
     "crfd:Roles=\"rater  investigator\" crfd:Masked=\"monitor\"",
     "tightened masked F.ONE"},
    {"a form that is no longer a safety form", " crfd:Safety=\"sae\"", "",
     "changed safety F.LOG"},
    {"another phone number", "Phone=\"+31 1\"", "Phone=\"+31 9\"", "changed phone "},
    {"a visit that can come again", "Name=\"visit A\" Repeating=\"No\"",
     "Name=\"visit A\" Repeating=\"Yes\"", "loosened repeating SE.A"},
};

static void say_all(const struct differences *list, struct bytes *out)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct difference *item = &list->items[i];
        bytes_printf(out, "%s%s %s %s", i > 0 ? "; " : "", diff_kind_name(item->kind),
                     item->part, item->path);
    }
}

static void check_diff(void **state)
{
    const struct diff_row *row = *state;
    CLEANUP(bytes_done) struct bytes said = {0};
    const struct metadata_version *old = read_with("Name=\"one\"", "Name=\"one\"");
    const struct metadata_version *new = read_with(row->from, row->to);
    struct differences list = {.arena = arena, .language = "en"};
    version_diff(old, new, &list);
    say_all(&list, &said);
    assert_string_equal(bytes_text(&said), row->said);
}

/* ---- sections ---- */

struct section_row {
    const char *name;
    const char *old, *new; /* what stands in the version beside all of small.xml */
    const char *said;
};

#define EXPECTED(grade)                                                                    \
    "<crfd:Safety><crfd:Expected Term=\"Fever\" MaxGrade=\"" grade                         \
    "\" RSI=\"3\"/></crfd:Safety>"
#define EXEMPT(to)                                                                         \
    "<crfd:Safety><crfd:Exempt Term=\"Mucositis\" Anchor=\"SE.A\" From=\"0\" To=\"" to     \
    "\"/></crfd:Safety>"
#define STOPPING(scope, count)                                                             \
    "<crfd:Safety><crfd:StoppingRule OID=\"S.1\" Rule=\"80\" Activity=\"dosing\" "         \
    "Scope=\"" scope "\" When=\"related\" Count=\"" count "\"/></crfd:Safety>"
#define GATE(override)                                                                     \
    "<crfd:Gate Act=\"dose.clear\" Rule=\"59\" FormOID=\"F.ONE\" Override=\"" override     \
    "\"><ErrorMessage><TranslatedText xml:lang=\"en\">Wait.</TranslatedText>"              \
    "</ErrorMessage></crfd:Gate>"
#define PRODUCT(minutes, years)                                                            \
    "<crfd:Product Type=\"autologous\" ClearMinutes=\"" minutes                            \
    "\"><crfd:Retention Years=\"" years "\"/></crfd:Product>"
#define ANCHOR(name)                                                                       \
    "<crfd:Anchor OID=\"A.T0\" Name=\"" name                                               \
    "\"><FormalExpression Context=\"crfd\">//ItemData[@ItemOID='IT.DATE']/@Value"          \
    "</FormalExpression></crfd:Anchor>"
#define WINDOW(to)                                                                         \
    "<crfd:Window StudyEventOID=\"SE.B\" Anchor=\"A.T0\" From=\"0\" To=\"" to "\"/>"

static const struct section_row section_rows[] = {
    {"an expected event that is new is wider", "", EXPECTED("2"),
     "loosened expected Expected/Fever"},
    {"one that is gone is stricter", EXPECTED("2"), "",
     "tightened expected Expected/Fever"},
    {"expected up to a lower grade is stricter", EXPECTED("3"), EXPECTED("2"),
     "tightened expected Expected/Fever"},
    {"exempt for longer is wider", EXEMPT("14"), EXEMPT("28"),
     "loosened exempt Exempt/Mucositis"},
    {"a stopping rule that is new", "", STOPPING("study", "1"),
     "added stopping StoppingRule/S.1"},
    {"one that takes more events is wider", STOPPING("study", "1"), STOPPING("study", "2"),
     "loosened stopping StoppingRule/S.1"},
    {"one that stops more than before is stricter", STOPPING("site", "2"),
     STOPPING("study", "2"), "tightened stopping StoppingRule/S.1"},
    {"one that takes more and stops more is neither", STOPPING("site", "1"),
     STOPPING("study", "2"), "changed stopping StoppingRule/S.1"},
    {"a gate that is new", "", GATE("No"), "added gate Gate/dose.clear 59"},
    {"one that is gone", GATE("No"), "", "removed gate Gate/dose.clear 59"},
    {"one that may no longer be passed by is stricter", GATE("Yes"), GATE("No"),
     "tightened gate Gate/dose.clear 59"},
    {"a clearance that is good for less long is stricter", PRODUCT("30", "30"),
     PRODUCT("15", "30"), "tightened clear_minutes Product"},
    {"traceable for longer is stricter", PRODUCT("30", "30"), PRODUCT("30", "40"),
     "tightened retention Product"},
    {"a regime from a day on", "",
     "<crfd:Safety><crfd:Regime Name=\"CTR\" From=\"2022-01-31\"/></crfd:Safety>",
     "added regime Regime/CTR"},
    {"an anchor that is new, and a second window of a visit", "",
     ANCHOR("first sign") WINDOW("7"), "added anchor A.T0; tightened window SE.B"},
    {"a second window that is wider", ANCHOR("first sign") WINDOW("7"),
     ANCHOR("first sign") WINDOW("9"), "loosened window SE.B"},
    {"a second window that is gone is wider", ANCHOR("first sign") WINDOW("7"),
     ANCHOR("first sign"), "loosened window SE.B"},
    {"an anchor with another name", ANCHOR("first sign"), ANCHOR("onset"),
     "renamed anchor A.T0"},
};

static void check_section(void **state)
{
    static const char place[] = "<crfd:SubjectKey";
    const struct section_row *row = *state;
    CLEANUP(bytes_done) struct bytes said = {0};
    const struct metadata_version *old =
        read_with(place, arena_printf(arena, "%s%s", row->old, place));
    const struct metadata_version *new =
        read_with(place, arena_printf(arena, "%s%s", row->new, place));
    struct differences list = {.arena = arena, .language = "en"};
    version_diff(old, new, &list);
    say_all(&list, &said);
    assert_string_equal(bytes_text(&said), row->said);
}

struct told_row {
    const char *name, *from, *to;
    const char *sentences[LANGUAGES_SPOKEN];
};

static const struct told_row told_rows[] = {
    {"a parameter is told in plain words",
     "Value=\"18\"",
     "Value=\"21\"",
     {"Stricter: limit of AGE.MIN (AGE.MIN): 18 years, now 21 years.",
      "Strenger: grenswaarde van AGE.MIN (AGE.MIN): 18 years, nu 21 years.",
      "Plus strict : paramètre de AGE.MIN (AGE.MIN) : 18 years, désormais 21 years.",
      "Strenger: Grenzwert von AGE.MIN (AGE.MIN): 18 years, jetzt 21 years."}},
    {"a range says in the language what it does",
     "<CheckValue>0<",
     "<CheckValue>2<",
     {"(refuse)", "(weigert)", "(refuse)", "(lehnt ab)"}},
    {"a window counts its days in the language",
     "From=\"-3\" To=\"7\"",
     "From=\"-2\" To=\"7\"",
     {"SE.A -2 .. +7 d.", "SE.A -2 .. +7 d.", "SE.A -2 .. +7 j.", "SE.A -2 .. +7 Tage."}},
};

static void check_told(void **state)
{
    const struct told_row *row = *state;
    const struct metadata_version *old = read_with("Name=\"one\"", "Name=\"one\"");
    const struct metadata_version *new = read_with(row->from, row->to);
    for (size_t i = 0; i < LANGUAGES_SPOKEN; i++) {
        struct differences list = {.arena = arena, .language = LANGUAGES[i]};
        version_diff(old, new, &list);
        assert_int_equal(list.count, 1);
        if (strstr(list.items[0].sentence, row->sentences[i]) == NULL) {
            fail_msg("%s", list.items[0].sentence);
        }
    }
}

/* ---- every word is there ---- */

static void has_part(const char *part, void *arg)
{
    size_t *found = arg;
    char id[60];
    (void) snprintf(id, sizeof(id), "diff.part.%s", part);
    if (part[0] != '\0' && message_row(&MESSAGES_DIFF, id) == NULL) {
        fail_msg("no row for %s", id);
    }
    (*found)++;
}

static void has_word(const char *id, void *arg)
{
    (void) arg;
    if (message_row(&MESSAGES_DIFF, id) == NULL) {
        fail_msg("no row for %s", id);
    }
}

static void look_at_source(const char *path, void *arg)
{
    static const struct {
        const char *name;
        size_t part; /* which argument */
    } CALLS[] = {{"diff_say", 2},   {"diff_text", 2}, {"diff_flag", 2},
                 {"diff_words", 2}, {"diff_list", 1}, {"diff_references", 1},
                 {"diff_limit", 1}, {"diff_rows", 1}, {"diff_measure", 1}};
    CLEANUP(bytes_done) struct bytes source = read_file(path);
    for (size_t i = 0; i < ARRAY_LEN(CALLS); i++) {
        each_literal(bytes_text(&source), CALLS[i].name, CALLS[i].part, has_part, arg);
    }
    each_literal(bytes_text(&source), "diff_word", 1, has_word, NULL);
    if (strstr(path, "cases.c") != NULL) {
        each_literal(bytes_text(&source), "differ", 1, has_word, NULL);
    }
}

static void every_part_and_kind_has_its_words(void **state)
{
    (void) state;
    size_t found = 0;
    each_file("protocol/study", ".c", look_at_source, &found);
    assert_true(found > 40);
    for (enum diff_kind kind = 0; kind < DIFF_KIND_COUNT; kind++) {
        bool named = kind == DIFF_ADDED || kind == DIFF_REMOVED || kind == DIFF_MOVED;
        char id[40];
        (void) snprintf(id, sizeof(id), "diff.%s", diff_kind_name(kind));
        has_word(id, NULL);
        (void) snprintf(id, sizeof(id), "diff.%s.told", diff_kind_name(kind));
        assert_int_equal(message_row(&MESSAGES_DIFF, id) == NULL, named);
    }
}

/* ---- forms that are there ---- */

struct rechecked {
    const struct metadata_version *own;
    struct recheck_counts counts;
};

static const struct metadata_version *own_version(void *arg, const struct form_data *form)
{
    (void) form;
    return ((struct rechecked *) arg)->own;
}

static void count(void *arg, const struct recheck_finding *finding)
{
    recheck_counts_add(&((struct rechecked *) arg)->counts, finding);
}

static struct form_data make_form(const char *subject, const char *hb)
{
    struct item_data *item = ARENA_NEW(arena, struct item_data);
    struct group_data *group = ARENA_NEW(arena, struct group_data);
    *item = (struct item_data){.oid = "IT.HB", .value = hb, .unit = "MU.MMOLL"};
    *group = (struct group_data){.oid = "IG.ONE", .items = item, .count = 1};
    return (struct form_data){.key = {subject, "SE.A", NULL, "F.ONE", NULL},
                              .state = FORM_COMPLETE,
                              .groups = group,
                              .count = 1};
}

static void forms_that_are_there_are_counted(void **state)
{
    (void) state;
    static const char *const values[] = {"1.5", "3.0", "1.0"};
    const struct metadata_version *new = read_with("<CheckValue>0<", "<CheckValue>2<");
    struct rechecked rechecked = {read_with("Name=\"one\"", "Name=\"one\""),
                                  {.arena = arena}};
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct recheck recheck = {new, own_version, count, &rechecked, NULL, scratch};
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        struct form_data form = make_form(i == 0   ? "001-A"
                                          : i == 1 ? "002-B"
                                                   : "003-C",
                                          values[i]);
        const struct form_data *forms[] = {&form};
        struct casebook book = casebook_make(form.key.subject, forms, 1, arena);
        recheck_casebook(&recheck, &book);
    }
    recheck_counts_sort(&rechecked.counts);
    assert_int_equal(rechecked.counts.count, 1);
    const struct recheck_count *only = &rechecked.counts.items[0];
    assert_string_equal(only->rule, "8");
    assert_string_equal(only->form, "F.ONE");
    assert_string_equal(only->item, "IT.HB");
    assert_int_equal(only->forms, 2);
    assert_false(only->gone);
}

static void what_is_no_longer_asked_is_told_too(void **state)
{
    (void) state;
    struct rechecked rechecked = {read_with("<CheckValue>0<", "<CheckValue>2<"),
                                  {.arena = arena}};
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct recheck recheck = {read_with("Name=\"one\"", "Name=\"one\""),
                              own_version,
                              count,
                              &rechecked,
                              NULL,
                              scratch};
    struct form_data form = make_form("001-A", "1.5");
    const struct form_data *forms[] = {&form};
    struct casebook book = casebook_make(form.key.subject, forms, 1, arena);
    recheck_casebook(&recheck, &book);
    assert_int_equal(rechecked.counts.count, 1);
    assert_true(rechecked.counts.items[0].gone);
}

int main(void)
{
    arena = arena_new();
    text = read_file(CRFD_SMALL_XML);
    add_rows(diff_rows, ARRAY_LEN(diff_rows), sizeof(diff_rows[0]), check_diff);
    add_rows(told_rows, ARRAY_LEN(told_rows), sizeof(told_rows[0]), check_told);
    add_test("every part and kind has its words", every_part_and_kind_has_its_words);
    add_test("forms that are there are counted", forms_that_are_there_are_counted);
    add_test("what is no longer asked is told too", what_is_no_longer_asked_is_told_too);
    add_rows(section_rows, ARRAY_LEN(section_rows), sizeof(section_rows[0]), check_section);
    int failed = run_added("an amendment");
    bytes_done(&text);
    arena_free(arena);
    return failed;
}
