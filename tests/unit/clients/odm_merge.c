/* SPDX-License-Identifier: Apache-2.0 */
/*
** What a FormData of an ODM file makes of what is recorded: each TransactionType where it is
** right and where it is an error of the file, and how real files of other systems read.
*/
#include "clients/lib/odm_merge.h"

#include "protocol/study/odm.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

static struct arena *arena;
static const struct metadata_version *version;

#define BEFORE(type)                                                                       \
    "<ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" ODMVersion=\"1.3.2\" "                \
    "FileType=\"" type                                                                     \
    "\" FileOID=\"F\" CreationDateTime=\"2026-05-01T00:00:00Z\"><ClinicalData "            \
    "StudyOID=\"ST.SMALL\" MetaDataVersionOID=\"MDV.1\"><SubjectData SubjectKey=\"001-A\"" \
    ">"
#define AFTER                "</SubjectData></ClinicalData></ODM>"
#define FILE_OF(type, inner) BEFORE(type) inner AFTER

#define FORM(attributes, inner)                                                            \
    "<StudyEventData StudyEventOID=\"SE.A\" StudyEventRepeatKey=\"1\">"                    \
    "<FormData FormOID=\"F.ONE\" " attributes ">" inner "</FormData></StudyEventData>"
#define GROUP(inner)   "<ItemGroupData ItemGroupOID=\"IG.ONE\">" inner "</ItemGroupData>"
#define HB(attributes) "<ItemData ItemOID=\"IT.HB\" " attributes "/>"
#define AUDIT                                                                              \
    "<AuditRecord><UserRef UserOID=\"U\"/><LocationRef LocationOID=\"L\"/>"                \
    "<DateTimeStamp>2026-05-01T00:00:00Z</DateTimeStamp><ReasonForChange>typing error"     \
    "</ReasonForChange></AuditRecord>"
#define T(type) "TransactionType=\"" type "\""

struct row {
    const char *name, *file;
    const char *old;    /* the value of IT.HB that is recorded; NULL: no form */
    const char *wanted; /* its value then, "" for none, "-" for taken back */
    const char *rule;   /* or why not */
};

static const struct row rows[] = {
    {"a snapshot is how the form is",
     FILE_OF("Snapshot", FORM("", GROUP(HB("Value=\"8\"")))), NULL, "8", NULL},
    {"a snapshot replaces what is there",
     FILE_OF("Snapshot", FORM("", GROUP("<ItemData ItemOID=\"IT.SIDE\" Value=\"L\"/>"))),
     "7", "", NULL},
    {"an insert makes a form",
     FILE_OF("Transactional", FORM(T("Insert"), GROUP(HB("Value=\"8\"")))), NULL, "8",
     NULL},
    {"an insert of the same is no error",
     FILE_OF("Transactional", FORM(T("Insert"), GROUP(HB("Value=\"8\"")))), "8", "8", NULL},
    {"an insert over another value is one",
     FILE_OF("Transactional", FORM(T("Insert"), GROUP(HB("Value=\"8\"")))), "7", NULL,
     "IMP-04"},
    {"an update changes a value",
     FILE_OF("Transactional", FORM(T("Update"), GROUP(HB("Value=\"8\"")))), "7", "8", NULL},
    {"an update of no form is an error",
     FILE_OF("Transactional", FORM(T("Update"), GROUP(HB("Value=\"8\"")))), NULL, NULL,
     "IMP-03"},
    {"an update of no value is an error",
     FILE_OF("Transactional",
             FORM(T("Update"), GROUP("<ItemData ItemOID=\"IT.SIDE\" Value=\"L\"/>"))),
     "7", NULL, "IMP-05"},
    {"an upsert makes a form",
     FILE_OF("Transactional", FORM(T("Upsert"), GROUP(HB("Value=\"8\"")))), NULL, "8",
     NULL},
    {"an upsert changes a value",
     FILE_OF("Transactional", FORM(T("Upsert"), GROUP(HB("Value=\"8\"")))), "7", "8", NULL},
    {"a context changes nothing itself, what is in it does",
     FILE_OF("Transactional", FORM(T("Context"), GROUP(HB(T("Upsert") " Value=\"8\"")))),
     "7", "8", NULL},
    {"a value is removed",
     FILE_OF("Transactional", FORM(T("Context"), GROUP(HB(T("Remove"))))), "7", "", NULL},
    {"a value that is not there cannot be removed",
     FILE_OF("Transactional",
             FORM(T("Context"), GROUP("<ItemData ItemOID=\"IT.SIDE\" " T("Remove") "/>"))),
     "7", NULL, "IMP-05"},
    {"a form is removed", FILE_OF("Transactional", FORM(T("Remove"), "")), "7", "-", NULL},
    {"a form that is not there cannot be removed",
     FILE_OF("Transactional", FORM(T("Remove"), "")), NULL, NULL, "IMP-03"},
    {"an empty value is none",
     FILE_OF("Snapshot", FORM("", GROUP(HB("Value=\"8\"") HB("Value=\"\"")))), NULL, "",
     NULL},
    {"an empty value takes a value away",
     FILE_OF("Transactional", FORM(T("Upsert"), GROUP(HB("Value=\"\"")))), "7", "", NULL},
    {"an insert of an empty value over a value is an error",
     FILE_OF("Transactional", FORM(T("Insert"), GROUP(HB("Value=\"\"")))), "7", NULL,
     "IMP-04"},
    {"an unknown item is named",
     FILE_OF("Snapshot", FORM("", GROUP("<ItemData ItemOID=\"IT.NO\" Value=\"1\"/>"))),
     NULL, NULL, "FORM-01"},
    {"an unknown group is named",
     FILE_OF("Snapshot", FORM("", "<ItemGroupData ItemGroupOID=\"IG.NO\"/>")), NULL, NULL,
     "FORM-01"},
};

static bool take(void *arg, const struct odm_form *form)
{
    struct odm_kept **kept = arg;
    *kept = odm_keep(form, arena);
    return false;
}

static void no_problem(void *arg, int line, const char *message)
{
    (void) arg;
    print_message("line %d: %s\n", line, message);
    assert_null(message);
}

static struct odm_kept *first_form(const char *file)
{
    struct odm_kept *kept = NULL;
    const struct odm_data_handler handler = {take, no_problem, &kept, NULL};
    struct err err = {0};
    size_t forms = 0;
    assert_status(odm_data_read(span_text(file), &handler, &forms, &err), OK, &err);
    assert_non_null(kept);
    return kept;
}

static void check(void **state)
{
    const struct row *row = *state;
    struct odm_kept *kept = first_form(row->file);
    const struct form_def *def = version_form(version, "F.ONE");
    kept->form.key = odm_merge_key(kept, version_event(version, "SE.A"), def);
    assert_null(kept->form.key.event_repeat);
    const struct item_data item = {.oid = "IT.HB", .value = row->old};
    const struct group_data group = {"IG.ONE", NULL, &item, 1};
    const struct form_data old = {.key = kept->form.key, .groups = &group, .count = 1};
    struct merged merged =
        odm_merge(kept, def, row->old != NULL ? &old : NULL, false, "en", arena);
    if (row->rule != NULL) {
        assert_int_equal(merged.kind, MERGE_REFUSE);
        assert_string_equal(merged.rule, row->rule);
        assert_true(merged.line > 0 && strstr(merged.message, row->rule) != NULL);
        return;
    }
    assert_int_equal(merged.kind, strcmp(row->wanted, "-") == 0 ? MERGE_REMOVE : MERGE_SET);
    if (merged.kind == MERGE_SET) {
        const struct item_data *got = form_item(&merged.data, "IG.ONE", NULL, "IT.HB");
        assert_string_equal(got != NULL ? got->value : "", row->wanted);
    }
}

/* In bounded time, too: each item is looked for among the others. */
static void more_items_than_a_form_has_are_refused(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes file = {0};
    bytes_add_text(&file, BEFORE("Snapshot") "<StudyEventData StudyEventOID=\"SE.A\">"
                                             "<FormData FormOID=\"F.ONE\">");
    for (int i = 0; i < 100000; i++) {
        bytes_printf(&file,
                     "<ItemGroupData ItemGroupOID=\"IG.ONE\" ItemGroupRepeatKey=\"%d\">" HB(
                         "Value=\"8\"") "</ItemGroupData>",
                     i);
    }
    bytes_add_text(&file, "</FormData></StudyEventData>" AFTER);
    struct merged merged =
        odm_merge(first_form(bytes_text(&file)), version_form(version, "F.ONE"), NULL,
                  false, "en", arena);
    assert_int_equal(merged.kind, MERGE_REFUSE);
    assert_string_equal(merged.rule, "IMP-08");
    assert_int_equal(merged.line, 1);
}

static void the_reason_for_change_goes_along(void **state)
{
    (void) state;
    const struct odm_kept *kept = first_form(
        FILE_OF("Transactional",
                FORM(T("Context"), GROUP("<ItemData ItemOID=\"IT.HB\" " T(
                                       "Update") " Value=\"8\">" AUDIT "</ItemData>"))));
    assert_string_equal(kept->reason, "typing error");
}

static void what_our_export_says_beside_odm_is_read_back(void **state)
{
    (void) state;
    struct odm_kept *kept = first_form(FILE_OF(
        "Snapshot",
        FORM("",
             "<Annotation SeqNum=\"1\"><Comment>state partial; log entry 3, leaf x"
             "</Comment></Annotation>" GROUP(
                 "<ItemData ItemOID=\"IT.HB\" IsNull=\"Yes\"><Annotation SeqNum=\"1\">"
                 "<Comment>not done: camera fault</Comment></Annotation></ItemData>"))));
    struct merged merged =
        odm_merge(kept, version_form(version, "F.ONE"), NULL, false, "en", arena);
    assert_int_equal(merged.kind, MERGE_SET);
    assert_int_equal(merged.data.state, FORM_PARTIAL);
    const struct item_data *item = form_item(&merged.data, "IG.ONE", NULL, "IT.HB");
    assert_true(item != NULL && item->null == NOT_DONE);
    assert_string_equal(item->reason, "camera fault");
}

/* ---- files of other systems, with their own definition or with one that is not theirs ---- */

struct walked {
    const struct metadata_version *version;
    size_t forms, refused, set;
};

static bool merge_any(void *arg, const struct odm_form *form)
{
    CLEANUP(arena_freep) struct arena *own = arena_new();
    struct walked *walked = arg;
    const struct odm_kept *kept = odm_keep(form, own);
    const struct form_def *def = version_form(walked->version, kept->form.key.form);
    walked->forms++;
    if (def == NULL) {
        walked->refused++;
        return true;
    }
    struct merged merged = odm_merge(kept, def, NULL, true, "nl", own);
    walked->refused += merged.kind == MERGE_REFUSE;
    walked->set += merged.kind == MERGE_SET;
    return true;
}

static const struct metadata_version *read_definition(const char *path)
{
    CLEANUP(bytes_done) struct bytes xml = read_file(path);
    const struct study *study = NULL;
    struct odm_problems problems = {0};
    struct err err = {0};
    assert_status(
        odm_read(arena_span(arena, span_bytes(&xml)), arena, &study, &problems, &err), OK,
        &err);
    return study->versions[0];
}

struct corpus_row {
    const char *name, *file, *definition;
    size_t forms, set; /* all others are refused */
};

static const struct corpus_row corpus_rows[] = {
    {"OpenEDC's clinical data with its own definition",
     "odm/imi-muenster+OpenEDC/example/clinicaldata.xml",
     "odm/imi-muenster+OpenEDC/example/metadata.xml", 366, 366},
    {"OpenEDC's clinical data with another study's definition",
     "odm/imi-muenster+OpenEDC/example/clinicaldata.xml", NULL, 366, 0},
    {"Rave's transactions with another study's definition",
     "odm/mdsol+rwslib/rwslib/tests/test_parser.py.d/line00107.xml", NULL, 1, 0},
};

static void walk_corpus(const struct corpus_row *row, const char *path,
                        const char *definition)
{
    CLEANUP(bytes_done) struct bytes xml = read_file(path);
    struct walked walked = {.version =
                                definition != NULL ? read_definition(definition) : version};
    const struct odm_data_handler handler = {merge_any, no_problem, &walked, NULL};
    struct err err = {0};
    size_t forms = 0;
    assert_status(odm_data_read(span_bytes(&xml), &handler, &forms, &err), OK, &err);
    assert_int_equal(walked.forms, row->forms);
    assert_int_equal(walked.set, row->set);
    assert_int_equal(walked.refused, row->forms - row->set);
}

static void check_corpus(void **state)
{
    const struct corpus_row *row = *state;
    char *path = corpus_path(row->file, "importing real clinical data");
    char *definition = row->definition != NULL
                           ? corpus_path(row->definition, "importing real clinical data")
                           : NULL;
    if (path != NULL) {
        walk_corpus(row, path, definition);
    }
    free(path);
    free(definition);
}

int main(void)
{
    arena = arena_new();
    version = read_definition("tests/unit/study/small.xml");
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
    add_test("more items than a form can have are refused",
             more_items_than_a_form_has_are_refused);
    add_test("the reason for change goes along", the_reason_for_change_goes_along);
    add_test("what our export says beside ODM is read back",
             what_our_export_says_beside_odm_is_read_back);
    add_rows(corpus_rows, ARRAY_LEN(corpus_rows), sizeof(corpus_rows[0]), check_corpus);
    int failed = run_added("import of clinical data");
    arena_free(arena);
    return failed;
}
