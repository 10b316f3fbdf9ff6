/* SPDX-License-Identifier: Apache-2.0 */
/*
** Clinical data of ODM files: every form comes once, with what it inherits; what is no form is
** told; real files of other systems are walked whole.
*/
#include "tests/support/files.h"
#include "tests/support/rows.h"

#include "protocol/study/odm_data.h"

#define HEAD                                                                               \
    "<ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" FileType=\"Transactional\" "          \
    "FileOID=\"F.1\" SourceSystem=\"X\"><ClinicalData StudyOID=\"S\" "                     \
    "MetaDataVersionOID=\"M\">"
#define AUDIT(user)                                                                        \
    "<AuditRecord EditPoint=\"Monitoring\"><UserRef UserOID=\"" user                       \
    "\"/><LocationRef LocationOID=\"L1\"/>"                                                \
    "<DateTimeStamp>2026-01-02T03:04:05</DateTimeStamp>"                                   \
    "<ReasonForChange>typo</ReasonForChange><SourceID>77</SourceID></AuditRecord>"
#define TAIL "</ClinicalData></ODM>"

struct seen {
    struct bytes text; /* one line for each form, or problem */
    size_t forms, problems, stop_after;
};

static void add_audit(struct bytes *out, const struct odm_audit *audit)
{
    if (audit->line > 0) {
        bytes_printf(out, "(%s %s %s %s %s %s)", audit->user, audit->location, audit->at,
                     audit->reason, audit->source, audit->edit_point);
    }
}

static bool on_form(void *arg, const struct odm_form *f)
{
    struct seen *seen = arg;
    const struct form_key *key = &f->form.key;
    size_t change = 0;
    bytes_printf(&seen->text, "%d %s %s %s@%s %s", f->level, f->study, f->version,
                 key->subject, f->site, odm_transaction_name(f->transaction));
    if (f->level == ODM_FORM) {
        bytes_printf(&seen->text, " %s/%s %s/%s", key->event != NULL ? key->event : "-",
                     key->event_repeat != NULL ? key->event_repeat : "-", key->form,
                     key->form_repeat != NULL ? key->form_repeat : "-");
    }
    add_audit(&seen->text, &f->audit);
    for (size_t i = 0; i < f->form.count; i++) {
        const struct group_data *group = &f->form.groups[i];
        bytes_printf(&seen->text, " %s/%s:", group->oid,
                     group->repeat != NULL ? group->repeat : "-");
        for (size_t j = 0; j < group->count; j++) {
            const struct item_data *item = &group->items[j];
            bytes_printf(&seen->text, " %s=%s%s%s", item->oid,
                         item->value != NULL ? item->value : "NULL",
                         item->unit != NULL ? "~" : "",
                         item->unit != NULL ? item->unit : "");
            bytes_printf(&seen->text, "[%s%s]",
                         odm_transaction_name(f->changes[change].transaction),
                         f->changes[change].comment);
            add_audit(&seen->text, &f->changes[change++].audit);
        }
    }
    assert_int_equal(change, f->change_count);
    bytes_add_char(&seen->text, '\n');
    return ++seen->forms != seen->stop_after;
}

static void on_problem(void *arg, int line, const char *message)
{
    struct seen *seen = arg;
    seen->problems++;
    bytes_printf(&seen->text, "line %d: %s\n", line, message);
}

static status walk(struct span xml, struct seen *seen, struct err *err)
{
    const struct odm_data_handler handler = {on_form, on_problem, seen, NULL};
    size_t forms = 0;
    status got = odm_data_read(xml, &handler, &forms, err);
    assert_int_equal(forms, seen->forms);
    return got;
}

struct row {
    const char *name, *xml, *expected;
    status status;
};

static const struct row rows[] = {
    {"a form comes with its keys, items, units and null values",
     HEAD "<SubjectData SubjectKey=\"1\"><SiteRef LocationOID=\"L9\"/>"
          "<StudyEventData StudyEventOID=\"E\" StudyEventRepeatKey=\"2\">"
          "<FormData FormOID=\"F\" FormRepeatKey=\"\"><ItemGroupData ItemGroupOID=\"G\" "
          "ItemGroupRepeatKey=\"3\"><ItemData ItemOID=\"A\" Value=\"5 &amp; 6\">"
          "<MeasurementUnitRef MeasurementUnitOID=\"U\"/></ItemData>"
          "<ItemData ItemOID=\"B\" IsNull=\"Yes\"><Annotation SeqNum=\"1\">"
          "<Comment>!why</Comment></Annotation></ItemData>"
          "<ItemDataInteger ItemOID=\"C\">7</ItemDataInteger></ItemGroupData></FormData>"
          "</StudyEventData></SubjectData>" TAIL,
     "0 S M 1@L9  E/2 F/- G/3: A=5 & 6~U[] B=NULL[!why] C=7[]\n", OK},
    {"transactions and audit records are inherited, and overridden below",
     HEAD "<SubjectData SubjectKey=\"1\" TransactionType=\"Update\">" AUDIT("U1") //
     "<StudyEventData StudyEventOID=\"E\"><FormData FormOID=\"F\"><ItemGroupData "
     "ItemGroupOID=\"G\"><ItemData ItemOID=\"A\" Value=\"1\"/>"
     "<ItemData ItemOID=\"B\" TransactionType=\"Remove\" Value=\"2\">" AUDIT("U2") //
     "</ItemData></ItemGroupData></FormData></StudyEventData></SubjectData>" TAIL,
     "0 S M 1@ Update E/- F/-(U1 L1 2026-01-02T03:04:05 typo 77 Monitoring) G/-: "
     "A=1[Update](U1 L1 2026-01-02T03:04:05 typo 77 Monitoring) "
     "B=NULL[Remove](U2 L1 2026-01-02T03:04:05 typo 77 Monitoring)\n",
     OK},
    {"each form is handed over once, in the order of the file",
     HEAD
     "<SubjectData SubjectKey=\"1\"><StudyEventData StudyEventOID=\"E\">"
     "<FormData FormOID=\"F\"/><FormData FormOID=\"G\"/></StudyEventData>"
     "<StudyEventData StudyEventOID=\"H\"><FormData FormOID=\"F\"/></StudyEventData>"
     "</SubjectData><SubjectData SubjectKey=\"2\"><StudyEventData "
     "StudyEventOID=\"E\"><FormData FormOID=\"F\"/></StudyEventData></SubjectData>" TAIL,
     "0 S M 1@  E/- F/-\n0 S M 1@  E/- G/-\n0 S M 1@  H/- F/-\n0 S M 2@  E/- F/-\n", OK},
    {"removing a whole visit or subject is told",
     HEAD "<SubjectData SubjectKey=\"1\"><StudyEventData StudyEventOID=\"E\" "
          "TransactionType=\"Remove\"/></SubjectData>"
          "<SubjectData SubjectKey=\"2\" TransactionType=\"Remove\"/>" TAIL,
     "1 S M 1@ Remove\n2 S M 2@ Remove\n", OK},
    {"what has no key is told and left out",
     HEAD "<SubjectData SubjectKey=\"1\"><StudyEventData StudyEventOID=\"E\">"
          "<FormData/><FormData FormOID=\"F\"><ItemGroupData ItemGroupOID=\"G\">"
          "<ItemData Value=\"1\"/></ItemGroupData></FormData></StudyEventData>"
          "</SubjectData>" TAIL,
     "line 1: FormData without FormOID: left out\n"
     "line 1: ItemData without ItemOID: left out\n0 S M 1@  E/- F/- G/-:\n",
     OK},
    {"a key that would steer a terminal is told and left out",
     HEAD "<SubjectData SubjectKey=\"1\"><StudyEventData StudyEventOID=\"E\">"
          "<FormData FormOID=\"F\" FormRepeatKey=\"1&#10;2\"/></StudyEventData>"
          "</SubjectData>" TAIL,
     "line 1: FormData with a control character in its FormRepeatKey: left out\n", OK},
    {"a form outside a subject is told and left out", HEAD "<FormData FormOID=\"F\"/>" TAIL,
     "line 1: data outside ClinicalData and SubjectData: left out\n", OK},
    {"a form without a visit and a group without a name are left to who knows the study",
     HEAD "<SubjectData SubjectKey=\"1\"><FormData FormOID=\"F\"><ItemGroupData "
          "ItemGroupOID=\"\"/></FormData></SubjectData>" TAIL,
     "0 S M 1@  -/- F/- /-:\n", OK},
    {"an unknown transaction is told",
     HEAD "<SubjectData SubjectKey=\"1\"><StudyEventData StudyEventOID=\"E\">"
          "<FormData FormOID=\"F\" TransactionType=\"Delete\"/></StudyEventData>"
          "</SubjectData>" TAIL,
     "line 1: TransactionType must be Insert, Update, Remove, Upsert or Context\n"
     "0 S M 1@  E/- F/-\n",
     OK},
    {"a file that ends early is refused", HEAD "<SubjectData SubjectKey=\"1\">", "",
     ERR_BAD_INPUT},
    {"another language is refused", "<x/>", "", ERR_BAD_INPUT},
    {"a DOCTYPE is refused", "<!DOCTYPE ODM><ODM/>", "", ERR_BAD_INPUT},
};

static void check_row(void **state)
{
    const struct row *row = *state;
    struct seen seen = {0};
    struct err err = {0};
    assert_status(walk(span_text(row->xml), &seen, &err), row->status, &err);
    assert_string_equal(bytes_text(&seen.text), row->expected);
    assert_true(row->status == OK || err.what[0] != '\0');
    bytes_done(&seen.text);
}

static void the_reader_of_forms_can_stop(void **state)
{
    (void) state;
    struct seen seen = {.stop_after = 2};
    struct err err = {0};
    assert_status(walk(span_text(rows[2].xml), &seen, &err), OK, &err);
    assert_int_equal(seen.forms, 2);
    bytes_done(&seen.text);
}

/* ---- other people's files ---- */

static size_t occurrences(const struct bytes *text, const char *what)
{
    size_t count = 0;
    for (const char *at = bytes_text(text); (at = strstr(at, what)) != NULL; at++) {
        count++;
    }
    return count;
}

static bool count_form(void *arg, const struct odm_form *f)
{
    struct seen *seen = arg;
    assert_non_null(f->form.key.subject);
    return ++seen->forms > 0;
}

static void walk_file(const char *path, void *arg)
{
    CLEANUP(bytes_done) struct bytes xml = read_file(path);
    struct seen *total = arg, seen = {0};
    const struct odm_data_handler handler = {count_form, on_problem, &seen, NULL};
    struct err err = {0};
    size_t forms = 0;
    if (odm_data_read(span_bytes(&xml), &handler, &forms, &err) == OK) {
        if (seen.problems == 0) {
            assert_int_equal(forms, occurrences(&xml, "<FormData"));
        } else {
            print_message("%s: %s", strrchr(path, '/') + 1, bytes_text(&seen.text));
        }
        total->forms += forms;
        total->problems += seen.problems;
    }
    bytes_done(&seen.text);
}

static void every_form_of_real_files_comes(void **state)
{
    (void) state;
    struct seen total = {0};
    char *path = corpus_path("odm", "walking real clinical data");
    if (path != NULL) {
        (void) each_file(path, ".xml", walk_file, &total);
        print_message("%zu forms, %zu problems\n", total.forms, total.problems);
        assert_true(total.forms > 1000);
    }
    free(path);
}

int main(void)
{
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check_row);
    add_test("the reader of forms can stop", the_reader_of_forms_can_stop);
    add_test("every form of real files comes", every_form_of_real_files_comes);
    return run_added("odm_data");
}
