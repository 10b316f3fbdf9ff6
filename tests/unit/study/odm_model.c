/* SPDX-License-Identifier: Apache-2.0 */
/*
** The whole of ODM 1.3.2's metadata stands in the model as it stands in whole.xml; Include
** takes over what is not defined again; a large definition loads in time and memory.
*/
#include <time.h>

#include "tests/support/files.h"
#include "tests/support/rows.h"

#include "protocol/study/odm.h"

struct loaded {
    struct arena *arena;
    const struct study *study;
    struct odm_problems problems;
    struct err err;
    status got;
};

static struct loaded load(struct span xml, const char *study_oid)
{
    struct loaded l = {.arena = arena_new()};
    const struct odm_options options = {.strict = true, .study_oid = study_oid};
    l.got = odm_read_with(xml, &options, l.arena, &l.study, &l.problems, &l.err);
    for (size_t i = 0; l.got != OK && i < l.problems.count; i++) {
        print_message("%d %s %s\n", l.problems.items[i].line, l.problems.items[i].rule,
                      l.problems.items[i].message);
    }
    return l;
}

static struct loaded load_whole(const char *study_oid)
{
    CLEANUP(bytes_done) struct bytes xml = read_file("tests/unit/study/whole.xml");
    struct loaded l = load(span_bytes(&xml), study_oid);
    assert_status(l.got, OK, &l.err);
    return l;
}

static void conditions_and_methods_stand_at_every_reference(void **state)
{
    (void) state;
    struct loaded l = load_whole(NULL);
    const struct metadata_version *v = study_version(l.study, "MDV.1");
    const struct condition_def *man = version_condition(v, "CD.MAN");
    assert_non_null(man);
    assert_string_equal(man->expression->context, "XPath"); /* not the Python one */
    assert_non_null(man->expression->compiled);
    assert_ptr_equal(v->events[1].condition, man);
    assert_true(v->events[1].mandatory);
    assert_ptr_equal(v->events[1].event->forms[0].condition, man);
    const struct form_def *two = version_form(v, "F.2");
    assert_ptr_equal(two->groups[0].condition, man);
    const struct item_ref *check = group_item_ref(version_group(v, "IG.2"), "IT.CHECK1");
    assert_ptr_equal(check->condition, man);
    const struct item_ref *twice = group_item_ref(version_group(v, "IG.1"), "IT.DOUBLE");
    assert_true(twice->derived);
    assert_int_equal(twice->method->type, METHOD_COMPUTATION);
    assert_string_equal(twice->method->expression->context, "crfd");
    assert_int_equal(v->expression_count, 4);
    arena_free(l.arena);
}

static void attributes_of_references_and_definitions_are_kept(void **state)
{
    (void) state;
    struct loaded l = load_whole(NULL);
    const struct metadata_version *v = study_version(l.study, "MDV.1");
    const struct group_def *one = version_group(v, "IG.1");
    const struct item_ref *sex = group_item_ref(one, "IT.SEX");
    assert_int_equal(sex->key_sequence, 2);
    assert_int_equal(sex->order_number, 1);
    assert_string_equal(sex->role, "topic");
    assert_string_equal(sex->role_code_list->dictionary, "SDTM");
    assert_string_equal(group_item_ref(one, "IT.WEIGHT")->imputation->text,
                        "The last weight is carried forward.");
    assert_string_equal(one->domain, "DM");
    assert_string_equal(version_event(v, "SE.1")->category, "screening");
    assert_int_equal(version_event(v, "SE.1")->forms[0].order_number, 7);
    assert_int_equal(v->events[0].event->forms[0].order_number, 7);
    const struct code_list *list = version_code_list(v, "CL.SEX");
    const struct code_list_item *man = code_list_get(list, "M");
    struct decimal rank;
    assert_true(decimal_parse(SPAN_LITERAL("2.5"), false, &rank));
    assert_true(man->enumerated && man->has_rank);
    assert_int_equal(decimal_compare(man->rank, rank), 0);
    arena_free(l.arena);
}

static void our_namespace_is_read(void **state)
{
    (void) state;
    struct loaded l = load_whole(NULL);
    const struct metadata_version *v = study_version(l.study, "MDV.1");
    const struct form_def *one = version_form(v, "F.1");
    assert_true(form_masks_role(one, "rater") && form_masks_role(one, "monitor"));
    assert_false(form_masks_role(one, "investigator") || one->ledger);
    assert_true(version_form(v, "F.2")->ledger);
    assert_ptr_equal(version_item(v, "IT.CHECK2")->second_person,
                     version_item(v, "IT.CHECK1"));
    const struct range_check *check = version_item(v, "IT.WEIGHT")->checks;
    assert_string_equal(check->rule, "66");
    assert_true(check->act_given && check->act == ACT_GATE);
    assert_int_equal(check->places, PLACE_BIT(PLACE_SIGN) | PLACE_BIT(PLACE_ACTION));
    assert_true(check->deviation && check->alarm && check->due);
    assert_int_equal(check->expression->use, USE_CHECK);
    assert_int_equal(check->count, 0);
    const struct window *window = &v->windows[0];
    assert_null(window->anchor);
    assert_string_equal(window->anchor_date->oid, "A.T0");
    assert_int_equal(window->unit, WINDOW_HOURS);
    assert_int_equal(window->to, 168);
    arena_free(l.arena);
}

static void an_including_version_replaces_whole_definitions(void **state)
{
    (void) state;
    struct loaded l = load_whole(NULL);
    const struct metadata_version *v = study_version(l.study, "MDV.2");
    assert_int_equal(v->event_count, 2); /* the Protocol of MDV.1 */
    assert_int_equal(v->form_def_count, 2);
    const struct form_def *two = version_form(v, "F.2");
    assert_string_equal(two->name, "form 2, simpler");
    assert_false(two->ledger || two->repeating); /* replaced, not mixed */
    assert_int_equal(two->group_count, 1);
    assert_ptr_equal(version_event(v, "SE.2")->forms[0].form, two);
    assert_non_null(version_anchor(v, "A.T0"));
    assert_true(version_form(study_version(l.study, "MDV.1"), "F.2")->ledger);
    arena_free(l.arena);
}

static void a_study_includes_a_version_of_another_study_with_its_units(void **state)
{
    (void) state;
    struct loaded l = load_whole("ST.W.SITE");
    const struct metadata_version *v = study_version(l.study, "MDV.SITE");
    assert_string_equal(l.study->oid, "ST.W.SITE");
    assert_string_equal(version_form(v, "F.2")->name, "form 2, simpler");
    assert_non_null(study_unit(l.study, "MU.KG"));
    assert_ptr_equal(version_item(v, "IT.WEIGHT")->units[0], study_unit(l.study, "MU.KG"));
    assert_int_equal(l.study->admin->user_count, 0); /* those of ST.W */
    arena_free(l.arena);
}

static void admin_data_are_read(void **state)
{
    (void) state;
    struct loaded l = load_whole(NULL);
    const struct admin_data *admin = l.study->admin;
    const struct admin_user *user = admin_user(admin, "U.1");
    assert_string_equal(user->display_name, "Dr J.");
    assert_string_equal(user->email, "j@example.org");
    assert_string_equal(user->locations[0], "L.1");
    const struct admin_location *place = admin_location(admin, "L.1");
    assert_int_equal(place->version_count, 2);
    assert_string_equal(place->versions[1].version, "MDV.2");
    assert_string_equal(place->versions[1].effective, "2026-06-01");
    assert_string_equal(admin_signature(admin, "SD.1")->meaning, "author");
    assert_null(admin_user(admin, "U.2"));
    arena_free(l.arena);
}

/* Which of several studies is read is said, and can be chosen. */
static void the_study_that_is_read_is_named(void **state)
{
    (void) state;
    struct loaded l = load_whole(NULL);
    bool told = false;
    for (size_t i = 0; i < l.problems.count; i++) {
        told = told || (strcmp(l.problems.items[i].rule, "ODM-06") == 0 &&
                        strstr(l.problems.items[i].message, "ST.W") != NULL);
    }
    assert_true(told);
    assert_string_equal(l.study->oid, "ST.W");
    arena_free(l.arena);
}

/* ---- a large definition ---- */

#define FORMS      100
#define FORM_ITEMS 30
#define CONDITIONS 1000

static void add_form(struct bytes *xml, int form)
{
    bytes_printf(xml,
                 "<FormDef OID=\"F.%d\" Name=\"f\" Repeating=\"No\"><ItemGroupRef "
                 "ItemGroupOID=\"IG.%d\" Mandatory=\"Yes\"/></FormDef>",
                 form, form);
}

static void add_group(struct bytes *xml, int form)
{
    bytes_printf(xml, "<ItemGroupDef OID=\"IG.%d\" Name=\"g\" Repeating=\"No\">", form);
    for (int i = 0; i < FORM_ITEMS; i++) {
        int item = form * FORM_ITEMS + i;
        bytes_printf(xml, "<ItemRef ItemOID=\"IT.%d\" Mandatory=\"Yes\"", item);
        if (i % 3 == 0) {
            bytes_printf(xml, " CollectionExceptionConditionOID=\"CD.%d\"", item / 3);
        }
        bytes_add_text(xml, "/>");
    }
    bytes_add_text(xml, "</ItemGroupDef>");
}

static void large(struct bytes *xml)
{
    bytes_add_text(xml,
                   "<ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" ODMVersion=\"1.3.2\""
                   " FileType=\"Snapshot\" FileOID=\"L\" "
                   "CreationDateTime=\"2026-01-05T09:00:00Z\"><Study OID=\"S\">"
                   "<GlobalVariables><StudyName>L</StudyName><StudyDescription>L"
                   "</StudyDescription><ProtocolName>L</ProtocolName></GlobalVariables>"
                   "<MetaDataVersion OID=\"M\" Name=\"m\"><Protocol><StudyEventRef "
                   "StudyEventOID=\"SE\" Mandatory=\"Yes\"/></Protocol><StudyEventDef "
                   "OID=\"SE\" Name=\"e\" Repeating=\"No\" Type=\"Scheduled\">");
    for (int i = 0; i < FORMS; i++) {
        bytes_printf(xml, "<FormRef FormOID=\"F.%d\" Mandatory=\"Yes\"/>", i);
    }
    bytes_add_text(xml, "</StudyEventDef>");
    for (int i = 0; i < FORMS; i++) {
        add_form(xml, i);
    }
    for (int i = 0; i < FORMS; i++) {
        add_group(xml, i);
    }
    for (int i = 0; i < FORMS * FORM_ITEMS; i++) {
        bytes_printf(xml,
                     "<ItemDef OID=\"IT.%d\" Name=\"I%d\" DataType=\"integer\" "
                     "Length=\"5\"><RangeCheck Comparator=\"GE\" SoftHard=\"Soft\">"
                     "<CheckValue>0</CheckValue></RangeCheck></ItemDef>",
                     i, i);
    }
    for (int i = 0; i < CONDITIONS; i++) {
        bytes_printf(xml,
                     "<ConditionDef OID=\"CD.%d\" Name=\"c\"><Description>"
                     "<TranslatedText>c</TranslatedText></Description>"
                     "<FormalExpression Context=\"XPath\">//FormData[@FormOID='F.%d']"
                     "//ItemData[@ItemOID='IT.%d']/@Value &gt; 5 and not(//ItemData"
                     "[@ItemOID='IT.%d']/@Value = 3)</FormalExpression>"
                     "</ConditionDef>",
                     i, i * 3 / FORM_ITEMS, i * 3, i * 3 + 1);
    }
    bytes_add_text(xml, "</MetaDataVersion></Study></ODM>");
}

/* The time is what this build takes; a sanitizer's is about five times that of a release. */
static void a_large_definition_loads_at_once(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes xml = {0};
    struct timespec before, after;
    large(&xml);
    assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before), 0);
    struct loaded l = load(span_bytes(&xml), NULL);
    assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after), 0);
    assert_status(l.got, OK, &l.err);
    const struct metadata_version *v = l.study->versions[0];
    assert_int_equal(v->item_def_count, FORMS * FORM_ITEMS);
    assert_int_equal(v->condition_def_count, CONDITIONS);
    for (size_t i = 0; i < v->expression_count; i++) {
        assert_non_null(v->expressions[i]->compiled);
    }
    double seconds = (double) (after.tv_sec - before.tv_sec) +
                     (double) (after.tv_nsec - before.tv_nsec) / 1e9;
    print_message("%zu items, %zu conditions, %zu bytes: %.3f s, %zu bytes of memory\n",
                  v->item_def_count, v->condition_def_count, xml.size, seconds,
                  arena_used(l.arena));
    assert_true(seconds < 5);
    assert_true(arena_used(l.arena) < (size_t) 64 << 20);
    arena_free(l.arena);
}

int main(void)
{
    add_test("conditions and methods stand at every reference",
             conditions_and_methods_stand_at_every_reference);
    add_test("attributes of references and definitions are kept",
             attributes_of_references_and_definitions_are_kept);
    add_test("our namespace is read", our_namespace_is_read);
    add_test("an including version replaces whole definitions",
             an_including_version_replaces_whole_definitions);
    add_test("a study includes a version of another study, with its units",
             a_study_includes_a_version_of_another_study_with_its_units);
    add_test("AdminData are read", admin_data_are_read);
    add_test("of several studies the one that is read is named",
             the_study_that_is_read_is_named);
    add_test("a large definition loads at once", a_large_definition_loads_at_once);
    return run_added("odm_model");
}
