/* SPDX-License-Identifier: Apache-2.0 */
/*
** libxml2 as an oracle: random expressions on random casebooks, evaluated by crfd and, on the
** same data as XML, by libxml2. Where nothing is unknown both must say the same. Numbers are
** quarters, so that binary arithmetic is exact, too; dates are left out, since to XPath they
** are texts.
*/
#include <libxml/parser.h>
#include <libxml/xpath.h>

#include "tests/support/rows.h"
#include "tests/unit/study/expression_scene.h"

#define DEFINITION "tests/unit/study/expressions.xml"
#define BOOKS      60
#define ASKED      80 /* expressions for each casebook */

/* ---- chance, the same each time ---- */

static uint64_t chance = 20261121;

static unsigned pick(unsigned below)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return (unsigned) ((chance >> 11) % below);
}

static const char *one_of(const char *const *texts, size_t count)
{
    return texts[pick((unsigned) count)];
}

#define ONE_OF(...)                                                                        \
    one_of((const char *const[]){__VA_ARGS__},                                             \
           ARRAY_LEN(((const char *const[]){__VA_ARGS__})))

/* ---- casebooks in which nothing is missing ---- */

static void add_quarter(struct bytes *lines, const char *place)
{
    unsigned quarters = pick(60);
    bytes_printf(lines, "%s%s=%s%u.%02u", lines->size > 0 ? " ; " : "", place,
                 pick(4) == 0 ? "-" : "", quarters / 4, quarters % 4 * 25);
}

static void add_word(struct bytes *lines, const char *place, const char *word)
{
    bytes_printf(lines, "%s%s=%s", lines->size > 0 ? " ; " : "", place, word);
}

static void add_lab(struct bytes *lines, const char *form, struct arena *arena)
{
    static const char *const ITEMS[] = {"IT.HB", "IT.A", "IT.B", "IT.BIG"};
    for (size_t i = 0; i < ARRAY_LEN(ITEMS); i++) {
        add_quarter(lines, arena_printf(arena, "%s/IG.LAB/-/%s", form, ITEMS[i]));
    }
    for (unsigned i = 0, rows = pick(5); i < rows; i++) {
        add_word(lines, arena_printf(arena, "%s/IG.TEST/%u/IT.CODE", form, i),
                 ONE_OF("K", "NA", "CA"));
        add_quarter(lines, arena_printf(arena, "%s/IG.TEST/%u/IT.RESULT", form, i));
    }
}

static const char *random_lines(struct arena *arena)
{
    CLEANUP(bytes_done) struct bytes lines = {0};
    add_word(&lines, "SE.V1/-/F.DM/-/IG.DM/-/IT.SEX", ONE_OF("M", "F"));
    add_word(&lines, "SE.V1/-/F.DM/-/IG.DM/-/IT.ARM", ONE_OF("A", "AB", "B"));
    add_lab(&lines, "SE.V1/-/F.LAB/-", arena);
    add_lab(&lines, "SE.V2/-/F.LAB/-", arena);
    for (unsigned i = 0, count = pick(4); i < count; i++) {
        const char *place = arena_printf(arena, "SE.INF/%u/F.INF/-/IG.INF/-/", i + 1);
        add_quarter(&lines, arena_printf(arena, "%sIT.DOSE", place));
        add_word(&lines, arena_printf(arena, "%sIT.SIDE", place), ONE_OF("LEFT", "RIGHT"));
    }
    for (unsigned i = 0, count = pick(4); i < count; i++) {
        const char *place = arena_printf(arena, "SE.LOG/-/F.AE/%u/IG.AE/-/", i + 1);
        add_word(&lines, arena_printf(arena, "%sIT.TERM", place), ONE_OF("fall", "rash"));
        add_word(&lines, arena_printf(arena, "%sIT.OUTCOME", place), ONE_OF("1", "2", "3"));
    }
    return arena_text(arena, bytes_text(&lines));
}

/* ---- the same as XML ---- */

static void open_element(struct bytes *xml, const char *name, const char *attribute,
                         const char *oid, const char *repeat)
{
    bytes_printf(xml, "<%sData %sOID='%s'", name, attribute, oid);
    if (repeat != NULL) {
        bytes_printf(xml, " %sRepeatKey='%s'", attribute, repeat);
    }
    bytes_add_char(xml, '>');
}

static void write_form(struct bytes *xml, const struct form_data *form)
{
    open_element(xml, "Form", "Form", form->key.form, form->key.form_repeat);
    for (size_t i = 0; i < form->count; i++) {
        const struct group_data *group = &form->groups[i];
        open_element(xml, "ItemGroup", "ItemGroup", group->oid, group->repeat);
        for (size_t j = 0; j < group->count; j++) {
            bytes_printf(xml, "<ItemData ItemOID='%s' Value='%s'/>", group->items[j].oid,
                         group->items[j].value);
        }
        bytes_add_text(xml, "</ItemGroupData>");
    }
    bytes_add_text(xml, "</FormData>");
}

static bool same_event(const struct form_key *a, const struct form_key *b)
{
    return strcmp(a->event, b->event) == 0 &&
           (a->event_repeat == b->event_repeat ||
            (a->event_repeat != NULL && b->event_repeat != NULL &&
             strcmp(a->event_repeat, b->event_repeat) == 0));
}

static void write_book(struct bytes *xml, const struct casebook *book)
{
    bytes_add_text(xml, "<SubjectData SubjectKey='S-1'>");
    for (size_t i = 0; i < book->count; i++) {
        const struct form_key *key = &book->forms[i]->key;
        if (i == 0 || !same_event(key, &book->forms[i - 1]->key)) {
            open_element(xml, "StudyEvent", "StudyEvent", key->event, key->event_repeat);
        }
        write_form(xml, book->forms[i]);
        if (i + 1 == book->count || !same_event(key, &book->forms[i + 1]->key)) {
            bytes_add_text(xml, "</StudyEventData>");
        }
    }
    bytes_add_text(xml, "</SubjectData>");
}

/* ---- random expressions ---- */

static void add_number(struct bytes *text, int depth);
static void add_truth(struct bytes *text, int depth);

/* A path to numbers, from the subject (or from a result when INSIDE). */
static void add_numbers(struct bytes *text, bool inside, int depth)
{
    switch (pick(inside ? 9 : 7)) {
    case 0:
        bytes_printf(text, "//ItemData[@ItemOID='%s']/@Value",
                     ONE_OF("IT.DOSE", "IT.A", "IT.B", "IT.HB", "IT.RESULT", "IT.OUTCOME"));
        break;
    case 1:
        bytes_printf(text,
                     "//ItemGroupData[@ItemGroupOID='IG.TEST'][%s]/ItemData[@ItemOID="
                     "'IT.RESULT']/@Value",
                     ONE_OF("1", "2", "last()", "position() > 1", "position() mod 2 = 1"));
        break;
    case 2:
        bytes_printf(
            text,
            "//FormData[@FormOID='F.AE'][ItemGroupData/ItemData[@ItemOID='IT.TERM']/"
            "@Value = '%s']//ItemData[@ItemOID='IT.OUTCOME']/@Value",
            ONE_OF("fall", "rash", "cough"));
        break;
    case 3:
        bytes_printf(text, "(//ItemData[@ItemOID='%s'])[%u]/@Value",
                     ONE_OF("IT.DOSE", "IT.RESULT", "IT.HB"), 1 + pick(3));
        break;
    case 4:
        bytes_printf(
            text,
            "//ItemData[@ItemOID='IT.RESULT'][../ItemData[@ItemOID='IT.CODE']/@Value "
            "= '%s'][@Value > ",
            ONE_OF("K", "NA", "CA"));
        add_number(text, depth - 1);
        bytes_add_text(text, "]/@Value");
        break;
    case 5:
        bytes_printf(text,
                     "/SubjectData/StudyEventData[@StudyEventOID='%s']/FormData[@FormOID="
                     "'F.LAB']/ItemGroupData/ItemData[@ItemOID='IT.A' or @ItemOID='IT.B']/"
                     "@Value",
                     ONE_OF("SE.V1", "SE.V2"));
        break;
    case 6:
        bytes_printf(text,
                     "//StudyEventData[@StudyEventRepeatKey='%u']/FormData/ItemGroupData/"
                     "ItemData[@ItemOID='IT.DOSE']/@Value",
                     1 + pick(4));
        break;
    case 7:
        bytes_add_text(text,
                       "../../ItemGroupData[@ItemGroupOID='IG.TEST']/ItemData[@ItemOID="
                       "'IT.RESULT']/@Value");
        break;
    default:
        bytes_add_text(text,
                       "ancestor::FormData/ItemGroupData[@ItemGroupOID='IG.LAB']/ItemData["
                       "@ItemOID='IT.B']/@Value");
        break;
    }
}

static bool inside_result; /* the context node is a result */

static void add_number(struct bytes *text, int depth)
{
    unsigned kind = depth <= 0 ? 0 : pick(9);
    if (kind == 0) {
        bytes_printf(text, "%u.%s", pick(12), ONE_OF("0", "25", "5", "75"));
    } else if (kind <= 3) {
        bytes_add_char(text, '(');
        add_number(text, depth - 1);
        bytes_add_text(text, ONE_OF(" + ", " - ", " * ", " mod "));
        add_number(text, depth - 1);
        bytes_add_char(text, ')');
    } else if (kind == 4) {
        bytes_printf(text, "%s(", ONE_OF("floor", "ceiling", "round", "number", "-"));
        add_number(text, depth - 1);
        bytes_add_char(text, ')');
    } else if (kind == 5) {
        bytes_add_char(text, '(');
        add_number(text, depth - 1);
        bytes_printf(text, " div %s)", ONE_OF("2", "4", "-2"));
    } else if (kind == 6) {
        bytes_printf(text, "string-length(concat('%s', ",
                     ONE_OF("", "x", "\xc3\xa9t\xc3\xa9"));
        add_truth(text, 0);
        bytes_add_text(text, "))");
    } else {
        bytes_printf(text, "%s(", kind == 7 ? "sum" : "count");
        add_numbers(text, inside_result, depth);
        bytes_add_char(text, ')');
    }
}

static void add_comparison(struct bytes *text, int depth)
{
    const char *operator= ONE_OF(" = ", " != ", " < ", " <= ", " > ", " >= ");
    if (pick(3) > 0) {
        add_numbers(text, inside_result, depth);
    } else {
        add_number(text, depth - 1);
    }
    bytes_add_text(text, operator);
    if (pick(3) == 0) {
        add_numbers(text, inside_result, depth);
    } else {
        add_number(text, depth - 1);
    }
}

static void add_truth(struct bytes *text, int depth)
{
    switch (depth <= 0 ? pick(3) : pick(7)) {
    case 0:
        bytes_printf(text, "//ItemData[@ItemOID='%s']/@Value %s '%s'",
                     ONE_OF("IT.SEX", "IT.ARM", "IT.CODE", "IT.SIDE", "IT.TERM"),
                     ONE_OF("=", "!="), ONE_OF("M", "F", "AB", "K", "LEFT", "fall"));
        break;
    case 1:
        bytes_printf(text, "starts-with(//ItemData[@ItemOID='IT.ARM']/@Value, '%s')",
                     ONE_OF("", "A", "B"));
        break;
    case 2:
        bytes_printf(text, "boolean(//%s)",
                     ONE_OF("FormData[@FormOID='F.AE']",
                            "ItemGroupData[@ItemGroupOID='IG.TEST'][3]",
                            "FormData[@FormOID='F.AE'][@FormRepeatKey > 2]",
                            "StudyEventData[@StudyEventOID='SE.INF']"));
        break;
    case 3:
        bytes_add_text(text, "not(");
        add_truth(text, depth - 1);
        bytes_add_char(text, ')');
        break;
    case 4:
        bytes_add_char(text, '(');
        add_truth(text, depth - 1);
        bytes_add_text(text, ONE_OF(" and ", " or "));
        add_truth(text, depth - 1);
        bytes_add_char(text, ')');
        break;
    default:
        add_comparison(text, depth);
        break;
    }
}

/* ---- both sides ---- */

struct tally {
    size_t asked, unknown;
};

static void compare_number(const struct number *ours, const xmlXPathObject *theirs,
                           const char *text)
{
    char buffer[DECIMAL_SIZE];
    assert_true(decimal_format(ours->least, buffer));
    if (strtod(buffer, NULL) !=
        xmlXPathCastToNumber((xmlXPathObject *) (uintptr_t) theirs)) {
        fail_msg("%s: %s here, %g there", text, buffer,
                 xmlXPathCastToNumber((xmlXPathObject *) (uintptr_t) theirs));
    }
}

static void ask_both(const struct casebook *book, xmlXPathContext *context,
                     const char *text, enum expression_use use, const char *where,
                     struct tally *tally)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct expression_problem problem;
    struct expression_place place = scene_place(where, arena);
    struct expression_result ours;
    const struct expression *expression =
        scene_compile(scene_version(DEFINITION), text, use, &place, arena, &problem);
    if (expression == NULL) {
        fail_msg("%s: %d: %s", text, problem.column, problem.message);
    }
    const struct expression_scope scope = {
        .version = scene_version(DEFINITION), .book = book, .scratch = arena};
    expression_evaluate(expression, &scope, &place, &ours);
    tally->asked++;
    bool number = use == USE_METHOD;
    if (number ? !ours.number.has_least || !ours.number.has_most ||
                     decimal_compare(ours.number.least, ours.number.most) != 0
               : ours.truth == UNKNOWN) {
        tally->unknown++;
        return;
    }
    xmlXPathObject *theirs = xmlXPathEvalExpression((const xmlChar *) text, context);
    assert_non_null(theirs);
    if (number) {
        compare_number(&ours.number, theirs, text);
    } else if ((ours.truth == YES) != (xmlXPathCastToBoolean(theirs) == 1)) {
        fail_msg("%s: %s here, not there", text, ours.truth == YES ? "true" : "false");
    }
    xmlXPathFreeObject(theirs);
}

static void ask_book(struct tally *tally)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes xml = {0};
    struct casebook book = scene_book(random_lines(arena), arena);
    write_book(&xml, &book);
    xmlDoc *document =
        xmlReadMemory((const char *) xml.data, (int) xml.size, NULL, NULL, 0);
    xmlXPathContext *context = xmlXPathNewContext(document);
    xmlXPathObject *result = xmlXPathEvalExpression(
        (const xmlChar *) "//StudyEventData[@StudyEventOID='SE.V2']//ItemGroupData["
                          "@ItemGroupRepeatKey='0']/ItemData[@ItemOID='IT.RESULT']",
        context);
    bool has_result = result->nodesetval != NULL && result->nodesetval->nodeNr == 1;
    for (int i = 0; i < ASKED; i++) {
        CLEANUP(bytes_done) struct bytes text = {0};
        inside_result = has_result && i % 2 == 1;
        context->node =
            inside_result ? result->nodesetval->nodeTab[0] : xmlDocGetRootElement(document);
        if (i % 4 < 2) {
            add_truth(&text, 3);
        } else {
            add_number(&text, 3);
        }
        ask_both(&book, context, bytes_text(&text), i % 4 < 2 ? USE_CONDITION : USE_METHOD,
                 inside_result ? "SE.V2/-/F.LAB/-/IG.TEST/0/IT.RESULT" : "", tally);
    }
    xmlXPathFreeObject(result);
    xmlXPathFreeContext(context);
    xmlFreeDoc(document);
}

static void where_nothing_is_unknown_libxml2_says_the_same(void **state)
{
    (void) state;
    struct tally tally = {0};
    for (int i = 0; i < BOOKS; i++) {
        ask_book(&tally);
    }
    print_message("%zu expressions, %zu unknown here\n", tally.asked, tally.unknown);
    assert_int_equal(tally.asked, BOOKS * ASKED);
    assert_true(tally.unknown * 4 < tally.asked);
    xmlCleanupParser();
}

int main(void)
{
    add_test("where nothing is unknown, libxml2 says the same",
             where_nothing_is_unknown_libxml2_says_the_same);
    return run_added("expressions beside libxml2");
}
