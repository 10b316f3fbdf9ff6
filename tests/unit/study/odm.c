/* SPDX-License-Identifier: Apache-2.0 */
/*
** The ODM reader: a good definition is read whole; each way of being wrong is reported by its
** rule, at its line; hostile XML is refused in bounded time; real files of other systems load
** or are refused with reasons. A row changes one thing in small.xml.
*/
#include "tests/support/files.h"
#include "tests/support/rows.h"

#include "protocol/study/odm.h"

#define SMALL "tests/unit/study/small.xml"

/* Replace the first FROM of TEXT by TO; FROM must be there. */
static struct bytes changed(const char *from, const char *to)
{
    CLEANUP(bytes_done) struct bytes text = read_file(SMALL);
    struct bytes out = {0};
    const char *at = from != NULL ? strstr(bytes_text(&text), from) : NULL;
    if (from == NULL) {
        bytes_add(&out, text.data, text.size);
        return out;
    }
    assert_non_null(at);
    size_t before = (size_t) (at - bytes_text(&text));
    bytes_add(&out, text.data, before);
    bytes_add_text(&out, to);
    bytes_add_text(&out, at + strlen(from));
    return out;
}

struct loaded {
    struct arena *arena;
    const struct study *study;
    struct odm_problems problems;
    struct err err;
    status got;
};

static struct loaded load(struct span xml)
{
    struct loaded loaded = {.arena = arena_new()};
    loaded.got = odm_read(xml, loaded.arena, &loaded.study, &loaded.problems, &loaded.err);
    return loaded;
}

/* ---- what is read ---- */

static void reads_a_definition(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes xml = changed(NULL, NULL);
    struct loaded l = load(span_bytes(&xml));
    assert_status(l.got, OK, &l.err);
    assert_int_equal(l.problems.count, 0);
    assert_string_equal(l.study->oid, "ST.SMALL");
    assert_string_equal(l.study->protocol_name, "S1");
    const struct metadata_version *v = study_version(l.study, "MDV.1");
    assert_non_null(v);
    assert_int_equal(v->event_count, 2);
    assert_string_equal(v->events[0].event->oid, "SE.A"); /* by OrderNumber */
    assert_string_equal(v->events[0].event->short_name, "A");
    assert_int_equal(version_event(v, "SE.B")->type, EVENT_COMMON);
    const struct form_def *one = version_form(v, "F.ONE"), *log = version_form(v, "F.LOG");
    assert_true(form_allows_role(one, "rater") && !form_allows_role(one, "coordinator"));
    assert_true(form_allows_role(log, "coordinator"));
    assert_true(log->log && log->safety == SAFETY_SAE && !one->log);
    assert_string_equal(log->number_prefix, "LO");
    assert_string_equal(texts_get(&one->description, "nl-BE"), "Formulier een");
    assert_string_equal(texts_get(&one->description, "fr"), "Form one");
    const struct item_def *hb = version_item(v, "IT.HB");
    assert_int_equal(hb->check_count, 2);
    assert_true(hb->checks[0].hard && hb->checks[0].comparator == GE);
    assert_string_equal(hb->checks[0].unit->oid, "MU.MMOLL");
    assert_string_equal(texts_get(&hb->checks[1].error_message, "en"), "High & rare");
    assert_string_equal(hb->units[1]->base->oid, "MU.MMOLL");
    assert_string_equal(hb->evidence.label, "P?");
    assert_string_equal(hb->evidence.source, "G2");
    const struct item_def *date = version_item(v, "IT.DATE");
    assert_true(date->future && date->origin == ORIGIN_TRIAL);
    assert_string_equal(one->meanings[MEANING_EXLAT].item->item->oid, "IT.SIDE");
    assert_string_equal(form_find_alias(log, "CDASH", "AETERM").item->item->oid, "IT.TERM");
    assert_null(form_find_alias(log, "SDTM", "AESER").item);
    const struct code_list *side = version_code_list(v, "CL.SIDE");
    assert_string_equal(texts_get(&code_list_get(side, "L")->decode, "nl"), "links");
    assert_null(code_list_get(side, "X"));
    assert_true(group_item_ref(version_group(v, "IG.LOG"), "IT.AGE")->derived);
    assert_string_equal(v->contact.physician, "Dr S.");
    assert_true(version_parameter(v, "AGE.MIN")->is_number);
    assert_int_equal(v->windows[0].from, -3);
    assert_non_null(version_signature_meaning(v, "author"));
    assert_null(version_item(v, "IT.NONE"));
    arena_free(l.arena);
}

/* ---- each rule ---- */

struct row {
    const char *name, *rule, *from, *to;
    int line; /* 0: any */
};

#define NAMESPACE "http://www.cdisc.org/ns/odm/v1.3"
#define CHECK_11  "<CheckValue>11.5</CheckValue>"

static const struct row rows[] = {
    {"an unclosed element is not well-formed", "ODM-01", "</ODM>", "", 0},
    {"an undeclared prefix is not well-formed", "ODM-01", "crfd:Short=\"A\"", "x:y=\"A\"",
     0},
    {"an undefined entity is not well-formed", "ODM-01", "High &amp;", "High &foo;", 0},
    {"a DOCTYPE is refused", "ODM-02", "<ODM ", "<!DOCTYPE ODM><ODM ", 2},
    {"another namespace is not ODM 1.3", "ODM-04", NAMESPACE, "urn:other", 0},
    {"ODM 2.0 is not read as 1.3", "ODM-32", NAMESPACE, "http://www.cdisc.org/ns/odm/v2.0",
     0},
    {"a file without metadata is refused", "ODM-05", "<Study OID=\"ST.SMALL\">",
     "<Study OID=\"X\"/><Study OID=\"ST.SMALL\" xmlns=\"urn:x\">", 0},
    {"an item without a name is a deviation", "DEV-02", "Name=\"SIDE\"", "", 39},
    {"an item without a data type is refused", "ODM-07", "DataType=\"partialDate\"", "", 0},
    {"a study without a name is a deviation", "DEV-05", "<StudyName>Small</StudyName>", "",
     5},
    {"a code list without values is refused", "ODM-07", "<CodeList OID=\"CL.SIDE\"",
     "<CodeList OID=\"CL.NONE\" Name=\"none\" DataType=\"text\"/><CodeList OID=\"CL.SIDE\"",
     0},
    {"Mandatory must be Yes or No", "ODM-08", "ItemOID=\"IT.HB\" Mandatory=\"Yes\"",
     "ItemOID=\"IT.HB\" Mandatory=\"yes\"", 24},
    {"Length must be a number", "ODM-08", "Length=\"200\"", "Length=\"many\"", 0},
    {"an event type must be of ODM", "ODM-08", "Type=\"Common\"", "Type=\"Sometimes\"", 0},
    {"a safety kind must be known", "ODM-08", "crfd:Safety=\"sae\"",
     "crfd:Safety=\"susar\"", 0},
    {"an OID defined twice is refused", "ODM-10", "<ItemDef OID=\"IT.AGE\"",
     "<ItemDef OID=\"IT.TERM\" Name=\"X\" DataType=\"integer\"/><ItemDef OID=\"IT.AGE\"",
     0},
    {"a dangling item is refused", "ODM-11", "<ItemRef ItemOID=\"IT.HB\"",
     "<ItemRef ItemOID=\"IT.NONE\"", 24},
    {"a dangling form is refused", "ODM-11", "FormOID=\"F.ONE\"", "FormOID=\"F.NONE\"", 0},
    {"a dangling event is refused", "ODM-11", "StudyEventOID=\"SE.A\" Ord",
     "StudyEventOID=\"SE.C\" Ord", 0},
    {"a dangling unit is refused", "ODM-11",
     "<MeasurementUnitRef MeasurementUnitOID=\"MU.GDL\"",
     "<MeasurementUnitRef MeasurementUnitOID=\"MU.NONE\"", 0},
    {"a dangling code list is refused", "ODM-11", "CodeListOID=\"CL.SIDE\"",
     "CodeListOID=\"CL.NONE\"", 0},
    {"a dangling method is refused", "ODM-11", "MethodOID=\"MT.AGE\"",
     "MethodOID=\"MT.NONE\"", 0},
    {"a dangling anchor of a window is refused", "ODM-11", "Anchor=\"SE.A\"",
     "Anchor=\"SE.X\"", 0},
    {"an unknown data type is refused", "ODM-12", "DataType=\"partialDate\"",
     "DataType=\"sometime\"", 0},
    {"a code list of another type is refused", "ODM-13", "Name=\"SIDE\" DataType=\"text\"",
     "Name=\"SIDE\" DataType=\"date\"", 0},
    {"a text without Length is noted", "ODM-14", " Length=\"200\"", "", 0},
    {"a float with Length alone is noted", "ODM-15", " SignificantDigits=\"2\"", "", 0},
    {"a limit of another type is refused", "ODM-16", CHECK_11,
     "<CheckValue>11,5</CheckValue>", 36},
    {"a range check without a limit is refused", "ODM-17", CHECK_11, "", 0},
    {"two limits need IN or NOTIN", "ODM-17", CHECK_11,
     CHECK_11 "<CheckValue>3</CheckValue>", 0},
    {"words have no order to compare by: the check is left out", "DEV-09",
     "<CodeListRef CodeListOID=\"CL.SIDE\"/>",
     "<RangeCheck Comparator=\"LT\" "
     "SoftHard=\"Soft\"><CheckValue>M</CheckValue></RangeCheck>",
     0},
    {"an expression is reported and not guessed", "ODM-18", CHECK_11,
     "<FormalExpression Context=\"x\">a lt b</FormalExpression>", 0},
    {"an item twice in a group is refused", "ODM-19", "ItemOID=\"IT.DATE\"",
     "ItemOID=\"IT.HB\"", 25},
    {"a coded value twice is refused", "ODM-20", "CodedValue=\"R\"", "CodedValue=\"L\"", 0},
    {"an included version that is not there is refused", "ODM-21", "<Protocol>",
     "<Include StudyOID=\"ST.SMALL\" MetaDataVersionOID=\"MDV.0\"/><Protocol>", 0},
    {"a window that ends before it begins is refused", "ODM-22", "To=\"7\"", "To=\"-4\"",
     0},
    {"an unknown check character is refused", "ODM-22", "mod23", "mod97", 0},
    {"a pattern that is no expression is refused", "ODM-22", "[0-9]{3}-[A-HJ-NP-Y]", "[0-9",
     0},
    {"a pattern that repeats a group is refused", "ODM-22", "[0-9]{3}-[A-HJ-NP-Y]",
     "((a{9}){9}){9}", 0},
    {"a factor of nothing is refused", "ODM-22", "crfd:Factor=\"0.6206\"",
     "crfd:Factor=\"0\"", 0},
    {"a unit that is its own base is refused", "ODM-22", "crfd:Base=\"MU.MMOLL\"",
     "crfd:Base=\"MU.GDL\"", 0},
    {"no Protocol is noted", "ODM-23", "</MetaDataVersion>",
     "</MetaDataVersion><MetaDataVersion OID=\"MDV.2\" Name=\"two\"/>", 0},
    {"a version without events is noted", "ODM-24", "</MetaDataVersion>",
     "</MetaDataVersion><MetaDataVersion OID=\"MDV.2\" Name=\"two\"/>", 0},
    {"a version defined twice is refused", "ODM-10", "</MetaDataVersion>",
     "</MetaDataVersion><MetaDataVersion OID=\"MDV.1\" Name=\"two\"/>", 0},
    {"a second study with metadata is read, too, and told", "ODM-06", "</Study>",
     "</Study><Study OID=\"S2\"><MetaDataVersion OID=\"M\" Name=\"m\"/></Study>", 0},
    {"an external code list is noted", "ODM-25", "<CodeListItem CodedValue=\"R\">",
     "<ExternalCodeList Dictionary=\"X\"/><CodeListItem CodedValue=\"R\">", 0},
    {"two items of one name in a form are noted", "ODM-26", "Name=\"DAT\"", "Name=\"HB\"",
     0},
    {"a log that does not repeat is refused", "ODM-27", "Name=\"log\" Repeating=\"Yes\"",
     "Name=\"log\" Repeating=\"No\"", 0},
    {"a limit in a foreign unit is refused", "ODM-28",
     "</CheckValue><MeasurementUnitRef MeasurementUnitOID=\"MU.MMOLL\"/>",
     "</CheckValue><MeasurementUnitRef MeasurementUnitOID=\"MU.KG\"/>", 0},
    {"a condition without an evaluator is noted", "ODM-29",
     "ItemOID=\"IT.HB\" Mandatory=\"Yes\"",
     "ItemOID=\"IT.HB\" Mandatory=\"Yes\" CollectionExceptionConditionOID=\"CD.X\"", 0},
    {"a file without a version is read as 1.3.2", "ODM-30", " ODMVersion=\"1.3.2\"", "", 0},
    {"ODM 1.2 is not read as 1.3", "ODM-32", NAMESPACE, "http://www.cdisc.org/ns/odm/v1.2",
     0},
    {"versions that include each other are refused", "ODM-21", "<Protocol>",
     "<Include StudyOID=\"ST.SMALL\" MetaDataVersionOID=\"MDV.1\"/><Protocol>", 0},
    {"a misspelt element is refused", "ODM-33", "<Question><T", "<Questoin/><Question><T",
     0},
    {"two Protocols are refused", "ODM-35", "<Protocol>", "<Protocol/><Protocol>", 0},
    {"another namespace is named", "ODM-36", "<ItemDef OID=\"IT.AGE\"",
     "<ItemDef xmlns:v=\"urn:v\" v:x=\"1\" OID=\"IT.AGE\"", 0},
    {"a code list of another type whose values all fit is noted", "ODM-37",
     "Name=\"side\" DataType=\"text\">",
     "Name=\"side\" DataType=\"integer\"><CodeListItem CodedValue=\"1\"><Decode>"
     "<TranslatedText>x</TranslatedText></Decode></CodeListItem></CodeList>"
     "<CodeList OID=\"X\" Name=\"x\" DataType=\"text\">",
     0},
    {"hard limits that exclude each other are refused", "ODM-38", CHECK_11,
     CHECK_11
     "</RangeCheck><RangeCheck Comparator=\"LT\" SoftHard=\"Hard\">"
     "<CheckValue>0</CheckValue><MeasurementUnitRef MeasurementUnitOID=\"MU.MMOLL\"/>",
     0},
    {"limits of two units are compared in the base unit", "ODM-38", CHECK_11,
     CHECK_11
     "</RangeCheck><RangeCheck Comparator=\"LT\" SoftHard=\"Hard\">"
     "<CheckValue>-0.1</CheckValue><MeasurementUnitRef MeasurementUnitOID=\"MU.GDL\"/>",
     0},
    {"soft limits that exclude hard ones are noted", "ODM-39", CHECK_11,
     CHECK_11
     "</RangeCheck><RangeCheck Comparator=\"LT\" SoftHard=\"Soft\">"
     "<CheckValue>0</CheckValue><MeasurementUnitRef MeasurementUnitOID=\"MU.MMOLL\"/>",
     0},
    {"a form that nobody can reach is noted", "ODM-40", "<FormDef OID=\"F.ONE\"",
     "<FormDef OID=\"F.NONE\" Name=\"n\" Repeating=\"No\"/><FormDef OID=\"F.ONE\"", 0},
    {"a visit outside the Protocol is noted", "ODM-40", "<FormDef OID=\"F.ONE\"",
     "<StudyEventDef OID=\"SE.N\" Name=\"n\" Repeating=\"No\" Type=\"Common\"/>"
     "<FormDef OID=\"F.ONE\"",
     0},
    {"a yes/no code list of type boolean is a deviation", "DEV-01",
     "<CodeList OID=\"CL.SIDE\"",
     "<CodeList OID=\"CL.YN\" Name=\"yn\" DataType=\"boolean\"><CodeListItem "
     "CodedValue=\"1\"><Decode><TranslatedText>yes</TranslatedText></Decode>"
     "</CodeListItem></CodeList><CodeList OID=\"CL.SIDE\"",
     0},
    {"a limit with a space between date and time is a deviation", "DEV-03",
     "DataType=\"partialDate\" crfd:Future=\"Yes\" crfd:Origin=\"trial\"><RangeCheck "
     "Comparator=\"GT\" SoftHard=\"Soft\"><CheckValue>1900",
     "DataType=\"partialDatetime\"><RangeCheck Comparator=\"GT\" "
     "SoftHard=\"Soft\"><CheckValue>1900-01-02 03:04",
     0},
    {"one OID for two kinds of things is a deviation", "DEV-04", "<ItemDef OID=\"IT.AGE\"",
     "<ItemDef OID=\"IG.ONE\" Name=\"X\" DataType=\"integer\"/><ItemDef OID=\"IT.AGE\"", 0},
    {"a code without its text is a deviation", "DEV-05",
     "<Decode><TranslatedText xml:lang=\"en\">right</TranslatedText></Decode>", "", 0},
    {"elements in another order are a deviation", "DEV-06", "<Protocol>",
     "<CodeList OID=\"CL.A\" Name=\"a\" DataType=\"text\"><EnumeratedItem "
     "CodedValue=\"x\"/></CodeList><Protocol>",
     0},
    {"an attribute that ODM does not have is a deviation", "DEV-07", "Name=\"SIDE\"",
     "Name=\"SIDE\" Repeating=\"No\"", 0},
    {"a header without FileOID is a deviation", "DEV-08", " FileOID=", " Originator=", 0},
    {"an anchor without an expression is refused", "ODM-22", "<crfd:Window",
     "<crfd:Anchor OID=\"A.1\" Name=\"a\"/><crfd:Window", 0},
    {"an element of ours that nobody knows is refused", "ODM-22", "<crfd:Window",
     "<crfd:Windows/><crfd:Window", 0},
    {"a second person must be another item", "ODM-22", "Name=\"TERM\" DataType=\"text\"",
     "Name=\"TERM\" DataType=\"text\" crfd:SecondPerson=\"IT.TERM\"", 0},
    {"a site's version must be defined", "ODM-11", "</Study>",
     "</Study><AdminData><Location OID=\"L\" Name=\"l\"><MetaDataVersionRef "
     "StudyOID=\"ST.SMALL\" MetaDataVersionOID=\"MDV.9\" EffectiveDate=\"2026-01-05\"/>"
     "</Location></AdminData>",
     0},
    {"another ODM version is noted", "ODM-30", "ODMVersion=\"1.3.2\"", "ODMVersion=\"1.2\"",
     0},
};

static void check_rule(void **state)
{
    const struct row *row = *state;
    CLEANUP(bytes_done) struct bytes xml = changed(row->from, row->to);
    struct loaded l = load(span_bytes(&xml));
    const struct odm_problem *found = NULL;
    for (size_t i = 0; i < l.problems.count && found == NULL; i++) {
        found =
            strcmp(l.problems.items[i].rule, row->rule) == 0 ? &l.problems.items[i] : NULL;
    }
    if (found == NULL) {
        fail_msg("%s not reported; first: %s", row->rule,
                 l.problems.count > 0 ? l.problems.items[0].message : "none");
    }
    assert_true(found->message[0] != '\0');
    if (row->line > 0) {
        assert_int_equal(found->line, row->line);
    }
    if (found->severity == SEVERITY_REFUSE) {
        assert_true(l.got == ERR_BAD_INPUT || l.got == ERR_TOO_LARGE);
        assert_null(l.study);
        assert_true(l.err.what[0] != '\0');
    } else if (l.problems.refusing == 0) {
        assert_status(l.got, OK, &l.err);
    }
    arena_free(l.arena);
}

static void an_oid_has_at_most_120_bytes(void **state)
{
    (void) state;
    char to[200];
    for (int size = 120; size <= 121; size++) {
        (void) snprintf(to, sizeof(to),
                        "<ItemDef OID=\"%0*d\" Name=\"X\" DataType=\"integer\"/>"
                        "<ItemDef OID=\"IT.AGE\"",
                        size, 0);
        CLEANUP(bytes_done) struct bytes xml = changed("<ItemDef OID=\"IT.AGE\"", to);
        struct loaded l = load(span_bytes(&xml));
        assert_int_equal(l.problems.count, size - 120);
        if (size == 121) {
            assert_string_equal(l.problems.items[0].rule, "ODM-09");
        }
        arena_free(l.arena);
    }
}

static void all_problems_are_listed_in_the_order_of_the_file(void **state)
{
    (void) state;
    CLEANUP(bytes_done)
    struct bytes a = changed("ItemOID=\"IT.HB\"", "ItemOID=\"IT.NONE\"");
    CLEANUP(bytes_done) struct bytes b = {0};
    const char *at = strstr(bytes_text(&a), "DataType=\"partialDate\"");
    bytes_add(&b, a.data, (size_t) (at - bytes_text(&a)));
    bytes_add_text(&b, "DataType=\"none\"");
    bytes_add_text(&b, at + strlen("DataType=\"partialDate\""));
    struct loaded l = load(span_bytes(&b));
    assert_true(l.problems.refusing >= 2);
    assert_string_equal(l.problems.items[0].rule, "ODM-11");
    assert_string_equal(l.problems.items[0].path,
                        "Study[ST.SMALL]/MetaDataVersion[MDV.1]/ItemGroupDef[IG.ONE]/"
                        "ItemRef[IT.NONE]");
    for (size_t i = 1; i < l.problems.count; i++) {
        assert_true(l.problems.items[i - 1].line <= l.problems.items[i].line);
    }
    arena_free(l.arena);
}

/* ---- limits ---- */

static struct bytes repeated(const char *before, const char *each, size_t count,
                             const char *after)
{
    struct bytes text = {0};
    bytes_printf(&text, "<ODM xmlns=\"%s\">%s", NAMESPACE, before);
    for (size_t i = 0; i < count; i++) {
        bytes_add_text(&text, each);
    }
    bytes_printf(&text, "%s</ODM>", after);
    return text;
}

struct limit_row {
    const char *name;
    const char *before, *each, *after;
    size_t count;
};

static const struct limit_row limit_rows[] = {
    {"elements nested a million deep are refused", "", "<a>", "", 1000000},
    {"a text of 100 kB is refused", "<Study>", "0123456789", "</Study>", 10000},
    {"an attribute of 100 kB is refused", "<Study OID=\"", "0123456789", "\"/>", 10000},
    {"600,000 elements are refused", "<Study>", "<a/>", "</Study>", 600000},
    {"a group with 300,000 same items is answered in bounded time",
     "<Study OID=\"S\"><MetaDataVersion OID=\"M\" Name=\"M\"><ItemGroupDef OID=\"G\" "
     "Name=\"G\" Repeating=\"No\">",
     "<ItemRef ItemOID=\"I\" Mandatory=\"No\"/>",
     "</ItemGroupDef></MetaDataVersion></Study>", 300000},
    {"20,000 forms are refused", "<Study OID=\"S\"><MetaDataVersion OID=\"M\" Name=\"M\">",
     "<FormDef OID=\"F\" Name=\"F\" Repeating=\"No\"/>", "</MetaDataVersion></Study>",
     20000},
};

static void check_limit(void **state)
{
    const struct limit_row *row = *state;
    CLEANUP(bytes_done)
    struct bytes xml = repeated(row->before, row->each, row->count, row->after);
    struct loaded l = load(span_bytes(&xml));
    assert_true(l.got == ERR_TOO_LARGE || l.got == ERR_BAD_INPUT);
    assert_true(l.problems.count <= ODM_PROBLEMS_MAX);
    assert_true(arena_used(l.arena) < (size_t) 64 << 20);
    arena_free(l.arena);
}

static void a_file_over_32_mib_is_refused_unread(void **state)
{
    (void) state;
    static const uint8_t nothing[1] = {'<'};
    struct loaded l = load(span_of(nothing, ODM_SIZE_MAX + 1));
    assert_status(l.got, ERR_TOO_LARGE, &l.err);
    arena_free(l.arena);
}

/* ---- other people's files ---- */

/* A line of corpus.rows: what must be said of one file, and of every file something must. */
struct expectation {
    struct expectation *next;
    char *path, *expected;
    bool met;
};

static struct expectation *read_expectations(void)
{
    struct expectation *list = NULL;
    CLEANUP(bytes_done) struct bytes text = read_file("tests/unit/study/corpus.rows");
    struct span rest = span_bytes(&text), line, outcome;
    while (span_cut(&rest, '\n', &line)) {
        if (line.size > 0 && line.data[0] != '#' && span_cut(&line, '\t', &outcome)) {
            struct expectation *row = mem_alloc(sizeof(*row));
            row->path = mem_alloc(line.size + 1);
            row->expected = mem_alloc(outcome.size + 1);
            memcpy(row->path, line.data, line.size);
            memcpy(row->expected, outcome.data, outcome.size);
            row->next = list;
            list = row;
        }
    }
    return list;
}

static bool has_rule(const struct bytes *said, const char *rule)
{
    return strstr(bytes_text(said), rule) != NULL;
}

/* "refused ODM-11 DEV-02": what refuses or deviates, each rule once, in order of the file. */
static void say_outcome(const struct loaded *l, struct bytes *said)
{
    bytes_add_text(said, l->got != OK                 ? "refused"
                         : l->problems.deviations > 0 ? "deviates"
                                                      : "loads");
    for (size_t i = 0; i < l->problems.count; i++) {
        const struct odm_problem *problem = &l->problems.items[i];
        if (problem->severity != SEVERITY_NOTE && !has_rule(said, problem->rule)) {
            bytes_printf(said, " %s", problem->rule);
        }
        assert_true(problem->message[0] != '\0' && problem->help[0] != '\0');
        assert_true(problem->line >= 0);
    }
}

struct corpus {
    struct expectation *rows;
    size_t root; /* bytes of the path of the corpora */
    size_t files, loaded, deviating, wrong;
};

static void expect_file(const char *path, void *arg)
{
    struct corpus *corpus = arg;
    CLEANUP(bytes_done) struct bytes xml = read_file(path);
    CLEANUP(bytes_done) struct bytes said = {0};
    struct loaded l = load(span_bytes(&xml));
    struct expectation *row = corpus->rows;
    const char *name = path + corpus->root;
    say_outcome(&l, &said);
    while (row != NULL && strcmp(row->path, name) != 0) {
        row = row->next;
    }
    if (row == NULL || strcmp(row->expected, bytes_text(&said)) != 0) {
        corpus->wrong++;
        print_message("%s\n  expected %s\n  but it %s: %s\n", name,
                      row != NULL ? row->expected : "(no row in corpus.rows)",
                      bytes_text(&said), l.err.what);
    }
    if (row != NULL) {
        row->met = true;
    }
    corpus->files++;
    corpus->loaded += l.got == OK;
    corpus->deviating += l.got == OK && l.problems.deviations > 0;
    arena_free(l.arena);
}

static void every_corpus_file_is_judged_as_expected(void **state)
{
    (void) state;
    static const char *const FOLDERS[] = {"odm", "odm2"};
    struct corpus corpus = {.rows = read_expectations()};
    bool absent = false;
    for (size_t i = 0; i < ARRAY_LEN(FOLDERS); i++) {
        CLEANUP(mem_freep) char *path = corpus_path(FOLDERS[i], "judging real ODM files");
        absent = absent || path == NULL;
        if (path != NULL) {
            corpus.root = strlen(path) - strlen(FOLDERS[i]);
            (void) each_file(path, ".xml", expect_file, &corpus);
        }
    }
    for (struct expectation *next, *row = corpus.rows; row != NULL; row = next) {
        next = row->next;
        corpus.wrong += !absent && !row->met;
        if (!absent && !row->met) {
            print_message("%s: in corpus.rows, but not in the corpora\n", row->path);
        }
        free(row->path);
        free(row->expected);
        free(row);
    }
    print_message("%zu files: %zu load, %zu of them with deviations\n", corpus.files,
                  corpus.loaded, corpus.deviating);
    assert_int_equal(corpus.wrong, 0);
}

static void refuse_one(const char *path, void *arg)
{
    CLEANUP(bytes_done) struct bytes xml = read_file(path);
    struct loaded l = load(span_bytes(&xml));
    assert_true(l.got != OK && l.problems.refusing > 0);
    ++*(size_t *) arg;
    arena_free(l.arena);
}

static void hostile_xml_is_refused(void **state)
{
    (void) state;
    size_t files = 0;
    CLEANUP(mem_freep) char *path = corpus_path("xml-attack", "refusing hostile XML");
    if (path != NULL) {
        (void) each_file(path, "", refuse_one, &files);
        assert_true(files > 0);
    }
}

static void our_own_definition_loads_without_a_note(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes xml = read_file("protocol/trials/mabs06.xml");
    struct loaded l = load(span_bytes(&xml));
    assert_status(l.got, OK, &l.err);
    for (size_t i = 0; i < l.problems.count; i++) {
        print_message("%d %s %s\n", l.problems.items[i].line, l.problems.items[i].rule,
                      l.problems.items[i].message);
    }
    assert_int_equal(l.problems.count, 0);
    arena_free(l.arena);
}

int main(void)
{
    add_test("a good definition is read whole", reads_a_definition);
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check_rule);
    add_test("an OID has at most 120 bytes", an_oid_has_at_most_120_bytes);
    add_test("all problems are listed, in the order of the file",
             all_problems_are_listed_in_the_order_of_the_file);
    add_rows(limit_rows, ARRAY_LEN(limit_rows), sizeof(limit_rows[0]), check_limit);
    add_test("a file over 32 MiB is refused unread", a_file_over_32_mib_is_refused_unread);
    add_test("every file of the corpora is judged as expected",
             every_corpus_file_is_judged_as_expected);
    add_test("hostile XML is refused", hostile_xml_is_refused);
    add_test("our own definition loads without a note",
             our_own_definition_loads_without_a_note);
    return run_added("odm");
}
