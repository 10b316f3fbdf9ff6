/* SPDX-License-Identifier: Apache-2.0 */
/*
** Definitions and casebooks of a size that nobody needs: they load, or are refused by the limit
** that they pass, and an expression that would take minutes cannot tell instead. The times are
** those of a build with sanitizers; a release takes about a fifth.
*/
#include <time.h>

#include "protocol/study/check.h"
#include "protocol/study/expression.h"
#include "protocol/study/odm.h"
#include "tests/support/rows.h"

static double now(void)
{
    struct timespec at;
    assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at), 0);
    return (double) at.tv_sec + (double) at.tv_nsec / 1e9;
}

/* ---- definitions ---- */

#define HEAD                                                                               \
    "<ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" FileType=\"Snapshot\" "               \
    "FileOID=\"F\" CreationDateTime=\"2026-01-05T09:00:00Z\" ODMVersion=\"1.3.2\"><Study " \
    "OID=\"ST\"><GlobalVariables><StudyName>S</StudyName><StudyDescription>S"              \
    "</StudyDescription><ProtocolName>S</ProtocolName></GlobalVariables>"
#define TAIL    "</Study></ODM>"
#define VERSION "<MetaDataVersion OID=\"M\" Name=\"M\">" EVENTS
#define EVENTS                                                                             \
    "<Protocol><StudyEventRef StudyEventOID=\"SE\" Mandatory=\"Yes\"/></Protocol>"         \
    "<StudyEventDef OID=\"SE\" Name=\"SE\" Repeating=\"No\" Type=\"Scheduled\"><FormRef "  \
    "FormOID=\"F\" Mandatory=\"Yes\"/></StudyEventDef><FormDef OID=\"F\" Name=\"F\" "      \
    "Repeating=\"No\">"
#define END "</MetaDataVersion>" TAIL
#define GROUP(name, repeating)                                                             \
    "<ItemGroupDef OID=\"" name "\" Name=\"" name "\" Repeating=\"" repeating "\">"

/* One form, one group; `items` items with `checks` range checks each. */
static void range_checks(int items, int checks, struct bytes *out)
{
    bytes_add_text(out, HEAD VERSION "<ItemGroupRef ItemGroupOID=\"IG\" Mandatory=\"Yes\"/>"
                                     "</FormDef>" GROUP("IG", "No"));
    for (int i = 0; i < items; i++) {
        bytes_printf(out, "<ItemRef ItemOID=\"I%d\" Mandatory=\"No\"/>", i);
    }
    bytes_add_text(out, "</ItemGroupDef>");
    for (int i = 0; i < items; i++) {
        bytes_printf(out,
                     "<ItemDef OID=\"I%d\" Name=\"I%d\" DataType=\"integer\" "
                     "Length=\"9\">",
                     i, i);
        for (int j = 0; j < checks; j++) {
            bytes_printf(out,
                         "<RangeCheck Comparator=\"GT\" SoftHard=\"Soft\"><CheckValue>%d"
                         "</CheckValue></RangeCheck>",
                         j);
        }
        bytes_add_text(out, "</ItemDef>");
    }
    bytes_add_text(out, END);
}

static void one_item_checked_100000_times(struct bytes *out)
{
    range_checks(1, 100000, out);
}
static void items_checked_100_times(struct bytes *out)
{
    range_checks(1000, 100, out);
}
static void items_checked_too_often(struct bytes *out)
{
    range_checks(1000, 300, out);
}

/* COUNT versions; each includes the one BACK before it, modulo COUNT. */
static void includes(int count, int back, struct bytes *out)
{
    bytes_add_text(out, HEAD);
    for (int i = 0; i < count; i++) {
        bytes_printf(out,
                     "<MetaDataVersion OID=\"M%d\" Name=\"M\"><Include StudyOID=\"ST\" "
                     "MetaDataVersionOID=\"M%d\"/></MetaDataVersion>",
                     i, (i + count - back) % count);
    }
    bytes_add_text(out, TAIL);
}

static void version_includes_itself(struct bytes *out)
{
    includes(1, 1, out);
}
static void circle_of_ten(struct bytes *out)
{
    includes(10, 1, out);
}
static void circle_of_a_thousand(struct bytes *out)
{
    includes(1000, 1, out);
}

/* Every one of many versions includes one that is large. */
static void many_include_a_large_one(struct bytes *out)
{
    bytes_add_text(out, HEAD "<MetaDataVersion OID=\"M\" Name=\"M\">");
    for (int i = 0; i < 20000; i++) {
        bytes_printf(out,
                     "<ItemDef OID=\"I%d\" Name=\"I\" DataType=\"integer\" "
                     "Length=\"1\"/>",
                     i);
    }
    bytes_add_text(out, "</MetaDataVersion>");
    for (int i = 0; i < 2000; i++) {
        bytes_printf(out,
                     "<MetaDataVersion OID=\"M%d\" Name=\"M\"><Include StudyOID=\"ST\" "
                     "MetaDataVersionOID=\"M\"/></MetaDataVersion>",
                     i);
    }
    bytes_add_text(out, TAIL);
}

/* Items computed from items: LAYERS of WIDTH, each from all of the layer below. */
static void derived(int layers, int width, int forms, struct bytes *out)
{
    bytes_add_text(out, HEAD VERSION);
    for (int l = 0; l < layers; l++) {
        bytes_printf(out, "<ItemGroupRef ItemGroupOID=\"G%d\" Mandatory=\"No\"/>", l);
    }
    bytes_add_text(out, "</FormDef>");
    for (int i = 0; i < forms; i++) {
        bytes_printf(out,
                     "<FormDef OID=\"F%d\" Name=\"F\" Repeating=\"No\"><ItemGroupRef "
                     "ItemGroupOID=\"G%d\" Mandatory=\"No\"/></FormDef>",
                     i, layers - 1);
    }
    for (int l = 0; l < layers; l++) {
        bytes_printf(out, "<ItemGroupDef OID=\"G%d\" Name=\"G\" Repeating=\"No\">", l);
        for (int i = 0; i < width; i++) {
            bytes_printf(out, "<ItemRef ItemOID=\"I%d.%d\" Mandatory=\"No\" ", l, i);
            bytes_printf(out, l > 0 ? "MethodOID=\"MT%d\"/>" : "/>%.0d", l);
        }
        bytes_add_text(out, "</ItemGroupDef>");
    }
    for (int l = 0; l < layers; l++) {
        for (int i = 0; i < width; i++) {
            bytes_printf(out,
                         "<ItemDef OID=\"I%d.%d\" Name=\"I\" DataType=\"integer\" "
                         "Length=\"9\"/>",
                         l, i);
        }
    }
    for (int l = 1; l < layers; l++) {
        bytes_printf(out,
                     "<MethodDef OID=\"MT%d\" Name=\"M\" Type=\"Computation\"><Description>"
                     "<TranslatedText>x</TranslatedText></Description><FormalExpression "
                     "Context=\"crfd\">0",
                     l);
        for (int i = 0; i < width; i++) {
            bytes_printf(out, " + //ItemData[@ItemOID='I%d.%d']", l - 1, i);
        }
        bytes_add_text(out, "</FormalExpression></MethodDef>");
    }
    bytes_add_text(out, END);
}

static void chain_of_derived_items(struct bytes *out)
{
    derived(5000, 1, 0, out);
}
static void layers_of_derived_items(struct bytes *out)
{
    derived(16, 8, 10, out);
}

/* Items, each under a condition on the item before it. */
static void conditions(int count, struct bytes *out)
{
    bytes_add_text(out, HEAD VERSION "<ItemGroupRef ItemGroupOID=\"IG\" Mandatory=\"No\"/>"
                                     "<ItemGroupRef ItemGroupOID=\"IG2\" Mandatory=\"No\"/>"
                                     "</FormDef>" GROUP("IG", "No"));
    for (int i = 0; i < count; i++) {
        bytes_printf(out,
                     "<ItemRef ItemOID=\"I%d\" Mandatory=\"Yes\" "
                     "CollectionExceptionConditionOID=\"C%d\"/>",
                     i, i);
        if (i == count / 2) {
            bytes_add_text(out, "</ItemGroupDef>" GROUP("IG2", "No"));
        }
    }
    bytes_add_text(out, "</ItemGroupDef>");
    for (int i = 0; i < count; i++) {
        bytes_printf(out,
                     "<ItemDef OID=\"I%d\" Name=\"I\" DataType=\"integer\" "
                     "Length=\"9\"/>",
                     i);
    }
    for (int i = 0; i < count; i++) {
        bytes_printf(out,
                     "<ConditionDef OID=\"C%d\" Name=\"C\"><Description><TranslatedText>x"
                     "</TranslatedText></Description><FormalExpression Context=\"crfd\">"
                     "//ItemData[@ItemOID='I%d'] = 1</FormalExpression></ConditionDef>",
                     i, i > 0 ? i - 1 : count - 1);
    }
    bytes_add_text(out, END);
}

static void ten_thousand_conditions(struct bytes *out)
{
    conditions(10000, out);
}
static void as_many_conditions_as_a_form_has_items(struct bytes *out)
{
    conditions(5000, out);
}

static const struct definition_row {
    const char *name;
    void (*make)(struct bytes *out);
    const char *rule; /* by which it is refused; NULL: it loads */
} definitions[] = {
    {"an item with 100,000 range checks loads", one_item_checked_100000_times, NULL},
    {"1,000 items with 100 range checks each load", items_checked_100_times, NULL},
    {"300,000 range checks are too many elements", items_checked_too_often, "ODM-03"},
    {"a version that includes itself is refused", version_includes_itself, "ODM-21"},
    {"ten versions that include each other in a circle are refused", circle_of_ten,
     "ODM-21"},
    {"a circle of a thousand versions is refused", circle_of_a_thousand, "ODM-21"},
    {"a large version that 2,000 others include is refused", many_include_a_large_one,
     "ODM-03"},
    {"a chain of 5,000 derived items is refused", chain_of_derived_items, "EXPR-05"},
    {"derived items of derived items, each of eight, load", layers_of_derived_items, NULL},
    {"10,000 conditions on a form are refused with its items", ten_thousand_conditions,
     "ODM-03"},
    {"5,000 items, each under a condition on the one before, load",
     as_many_conditions_as_a_form_has_items, NULL},
};

static void check_definition(void **state)
{
    const struct definition_row *row = *state;
    CLEANUP(bytes_done) struct bytes xml = {0};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct study *study = NULL;
    struct odm_problems problems = {0};
    struct err err = {0};
    row->make(&xml);
    double start = now();
    status got = odm_read(span_bytes(&xml), arena, &study, &problems, &err);
    double seconds = now() - start;
    print_message("%zu bytes: %.2f s, %zu bytes of memory\n", xml.size, seconds,
                  arena_used(arena));
    if (row->rule == NULL) {
        assert_status(got, OK, &err);
    } else {
        bool named = false;
        for (size_t i = 0; i < problems.count; i++) {
            named = named || strcmp(problems.items[i].rule, row->rule) == 0;
        }
        if (got == OK || !named) {
            fail_msg("%s: %zu problems; %s", row->rule, problems.count,
                     problems.count > 0 ? problems.items[0].message : "");
        }
    }
    assert_true(arena_used(arena) < (size_t) 512 << 20);
}

/* ---- casebooks ---- */

static const struct study *load(void (*make)(struct bytes *), struct arena *arena)
{
    CLEANUP(bytes_done) struct bytes xml = {0};
    const struct study *study = NULL;
    struct odm_problems problems = {0};
    struct err err = {0};
    make(&xml);
    assert_status(odm_read(span_bytes(&xml), arena, &study, &problems, &err), OK, &err);
    return study;
}

/* The form F with a value for each of its first COUNT items. */
static struct form_data *filled(size_t count, struct arena *arena)
{
    struct form_data *form = ARENA_NEW(arena, struct form_data);
    struct group_data *group = ARENA_NEW(arena, struct group_data);
    struct item_data *items = ARENA_ARRAY(arena, count, struct item_data);
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct item_data){.oid = arena_printf(arena, "I%zu", i), .value = "0"};
    }
    *group = (struct group_data){"IG", NULL, items, count};
    *form = (struct form_data){.key = {"S", "SE", NULL, "F", NULL},
                               .state = FORM_COMPLETE,
                               .groups = group,
                               .count = 1};
    return form;
}

static void five_thousand_items(struct bytes *out)
{
    range_checks(5000, 0, out);
}

static const struct expression_row {
    const char *name, *text;
    const char *fault; /* why it is unknown; NULL: it is known */
} expressions[] = {
    {"5,000 items are counted", "count(//ItemData) = 5000", NULL},
    {"each of 5,000 items compared with each cannot be told",
     "count(//ItemData[count(//ItemData[. = 0]) > 4999]) > 1", "too many values"},
    {"5,000 items in three predicates cannot be told",
     "count(//ItemData[count(//ItemData[count(//ItemData) > 1]) > 1]) > 1",
     "too many values"},
    {"ways down in ways down cannot be told",
     "count(//FormData//ItemGroupData//ItemData[//FormData//ItemData[//ItemData = 1] = 1]) "
     "> 1",
     "too many values"},
    {"a sum of sums cannot be told",
     "sum(//ItemData[sum(//ItemData[sum(//ItemData) = 1]) = 1]) = 1", "too many values"},
};

static void no_report(void *arg, const struct expression_problem *problem)
{
    (void) arg;
    fail_msg("%s: %s", problem->rule, problem->message);
}

static void check_expression(void **state)
{
    const struct expression_row *row = *state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct study *study = load(five_thousand_items, arena);
    const struct form_data *form = filled(5000, arena);
    const struct casebook book = casebook_make("S", &form, 1, arena);
    const struct expression_report report = {.say = no_report};
    const struct formal_expression source = {.text = row->text, .use = USE_CHECK};
    const struct expression *compiled =
        expression_compile(study->versions[0], &source, LEVEL_SUBJECT, arena, &report);
    assert_non_null(compiled);
    const struct expression_scope scope = {
        .version = study->versions[0], .book = &book, .scratch = arena};
    const struct expression_place place = {.form = {.subject = "S"}};
    struct expression_result result;
    size_t memory = arena_used(arena);
    double start = now();
    expression_evaluate(compiled, &scope, &place, &result);
    double seconds = now() - start;
    memory = arena_used(arena) - memory;
    print_message("%.3f s, %zu bytes of memory\n", seconds, memory);
    assert_true(memory < (size_t) 64 << 20);
    if (row->fault == NULL) {
        assert_int_equal(result.truth, YES);
        return;
    }
    assert_int_equal(result.truth, UNKNOWN);
    assert_non_null(result.fault);
    assert_non_null(strstr(result.fault, row->fault));
}

/* Each condition is asked, and so is each check. */
static void check_whole(void (*make)(struct bytes *), size_t count)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct study *study = load(make, arena);
    struct findings findings = {.arena = arena};
    struct derived_list derived = {0};
    const struct check_context context = {.place = PLACE_SUBMIT, .language = "en"};
    double start = now();
    check_form(study->versions[0], NULL, filled(count, arena), &context, &findings,
               &derived);
    double seconds = now() - start;
    print_message("%zu findings: %.3f s\n", findings.count, seconds);
    assert_true(findings.count > 0);
}

static void a_form_is_judged_by_100000_checks(void **state)
{
    (void) state;
    check_whole(items_checked_100_times, 1000);
}

static void a_value_is_judged_by_100000_checks(void **state)
{
    (void) state;
    check_whole(one_item_checked_100000_times, 1);
}

static void a_form_is_judged_under_5000_conditions(void **state)
{
    (void) state;
    check_whole(as_many_conditions_as_a_form_has_items, 2500);
}

int main(void)
{
    add_rows(expressions, ARRAY_LEN(expressions), sizeof(expressions[0]), check_expression);
    add_test("a form is judged by 100,000 range checks", a_form_is_judged_by_100000_checks);
    add_test("a value is judged by 100,000 range checks",
             a_value_is_judged_by_100000_checks);
    add_test("a form is judged under 5,000 conditions",
             a_form_is_judged_under_5000_conditions);
    add_rows(definitions, ARRAY_LEN(definitions), sizeof(definitions[0]), check_definition);
    return run_added("hostile sizes");
}
