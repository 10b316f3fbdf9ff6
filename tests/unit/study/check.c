/* SPDX-License-Identifier: Apache-2.0 */
/*
** The checks, row by row: a form of the synthetic subject with one thing changed, and what one
** rule then does. Every rule has a row where it is content, one where it acts, and one where it
** cannot tell and keeps silent.
*/
#include "protocol/study/odm.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"
#include "tests/unit/study/subject.h"

#define SAE  "42-LOG-SAE"
#define AE   "28-LOG-AE"
#define HO   "43-LOG-HO"
#define INF1 "26-V4-INFUSION"

#define LISTED 12

struct row {
    const char *name, *rule, *act;
    const char *form, *edits[LISTED];
    bool alone;
    enum place place;
    const char *without[LISTED], *with, *with_edits[LISTED];
    const char *path; /* NULL: any; "": the form as a whole */
};

static struct subject subject;
static struct row *rows;
static size_t row_count, row_capacity;

/* ---- reading check.rows ---- */

/* Cut the part before SEPARATOR (with a blank on either side) off *text, blanks trimmed. */
static const char *cut(char **text, const char *separator)
{
    char *part = *text, *end = part != NULL ? strstr(part, separator) : NULL;
    if (part == NULL) {
        return NULL;
    }
    *text = end != NULL ? end + strlen(separator) : NULL;
    size_t size = end != NULL ? (size_t) (end - part) : strlen(part);
    while (size > 0 && part[size - 1] == ' ') {
        size--;
    }
    part[size] = '\0';
    return part + strspn(part, " ");
}

static void cut_list(char *text, const char **list)
{
    for (size_t i = 0; text != NULL && i + 1 < LISTED; i++) {
        const char *part = cut(&text, " + ");
        list[i] = part[0] != '\0' ? part : NULL;
    }
}

static void read_circumstance(struct row *row, const char *text)
{
    static const char *const WORDS[] = {"alone", "sign", "without ", "with ", "at "};
    size_t word = 0, without = 0;
    while (strncmp(text, WORDS[word], strlen(WORDS[word])) != 0) {
        BUG_IF(++word == ARRAY_LEN(WORDS));
    }
    char *rest = arena_text(subject.arena, text + strlen(WORDS[word]));
    switch (word) {
    case 0:
        row->alone = true;
        break;
    case 1:
        row->place = PLACE_SIGN;
        break;
    case 2:
        while (row->without[without] != NULL) {
            without++;
        }
        row->without[without] = rest;
        break;
    case 3:
        row->with = cut(&rest, " + ");
        cut_list(rest, row->with_edits);
        break;
    default:
        row->path = strcmp(rest, "form") == 0 ? "" : rest;
        break;
    }
}

static void read_row(char *line)
{
    struct row *row = ARENA_PUSH(subject.arena, rows, row_count, row_capacity);
    row->name = cut(&line, " |");
    row->rule = cut(&line, " |");
    row->act = cut(&line, " |");
    row->form = cut(&line, " |");
    BUG_IF(row->form == NULL);
    const char *edits = cut(&line, " | ");
    cut_list(edits != NULL ? arena_text(subject.arena, edits) : NULL, row->edits);
    while (line != NULL) {
        const char *circumstance = cut(&line, " ; ");
        read_circumstance(row, circumstance);
    }
}

static void read_rows(void)
{
    CLEANUP(bytes_done) struct bytes text = read_file("tests/unit/study/check.rows");
    struct span rest = span_bytes(&text), line;
    while (span_cut(&rest, '\n', &line)) {
        if (line.size > 0 && line.data[0] != '#') {
            read_row(arena_span_text(subject.arena, line));
        }
    }
    BUG_IF(row_count == 0);
}

/* ---- running a row ---- */

static struct check_context context_at(enum place place)
{
    struct check_context context = {.place = place};
    assert_true(
        instant_parse(SPAN_LITERAL("2026-11-21T10:14:07+01:00"), &context.signed_at, NULL));
    return context;
}

static struct findings run(const struct row *row)
{
    struct findings findings = {.arena = subject.arena, .language = "en"};
    const struct form_data *form = subject_form(&subject, row->form, row->edits);
    const struct form_data *with = NULL;
    if (row->with != NULL) {
        with = subject_form(&subject, row->with, row->with_edits);
    }
    struct casebook book = subject_book(&subject, row->without, with);
    struct check_context context = context_at(row->place);
    check_form(subject.version, row->alone ? NULL : &book, form, &context, &findings, NULL);
    return findings;
}

static bool is_silent(const struct row *row)
{
    return strcmp(row->act, "silent") == 0;
}

static bool agrees(const struct finding *finding, const struct row *row)
{
    if (strcmp(finding->rule, row->rule) != 0 ||
        (row->path != NULL && strcmp(finding->path, row->path) != 0)) {
        return false;
    }
    bool due = finding->due && finding->act == ACT_ASK;
    return is_silent(row) || strcmp(row->act, due ? "due" : act_name(finding->act)) == 0;
}

static void print_findings(const struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *f = &findings->items[i];
        print_message("  [%s] %s%s %s: %s\n", f->rule, act_name(f->act),
                      f->due ? " (due)" : "", f->path, f->message);
    }
}

static void check_row(void **state)
{
    const struct row *row = *state;
    struct findings findings = run(row);
    bool found = false;
    for (size_t i = 0; i < findings.count; i++) {
        found = found || agrees(&findings.items[i], row);
        assert_true(findings.items[i].message[0] != '\0');
        assert_null(strstr(findings.items[i].message, "{"));
    }
    if (found == is_silent(row)) {
        print_findings(&findings);
        fail_msg("rule %s: wanted %s", row->rule, row->act);
    }
}

/* ---- the whole subject, form by form in the order of submission ---- */

static void the_sample_subject_is_accepted(void **state)
{
    (void) state;
    struct casebook book = {"007-K", NULL, 0};
    struct check_context context = context_at(PLACE_SUBMIT);
    context.reason_late = true;
    size_t asked = 0;
    for (size_t i = 0; i < subject.count; i++) {
        struct findings findings = {.arena = subject.arena, .language = "nl"};
        check_form(subject.version, &book, subject.forms[i], &context, &findings, NULL);
        print_findings(&findings);
        asked += findings.count;
        assert_false(findings_refuse(&findings));
        book = casebook_with(&book, subject.forms[i], subject.arena);
    }
    assert_int_equal(asked, 0);
}

static void age_is_derived_from_birth_and_consent(void **state)
{
    (void) state;
    struct check_context context = context_at(PLACE_SUBMIT);
    struct findings findings = {.arena = subject.arena, .language = "en"};
    struct casebook book = subject_book(&subject, NULL, NULL);
    struct derived_list derived = {0};
    static const char *const DAY_AFTER[] = {"IT.BRTHDTC=1987-01-01", NULL};
    static const char *const YEAR[] = {"IT.BRTHDTC=1987", NULL};
    const struct form_data *form = subject_form(&subject, "02-V1-DM", DAY_AFTER);
    check_form(subject.version, &book, form, &context, &findings, &derived);
    assert_int_equal(derived.count, 1);
    assert_string_equal(derived.items[0].path, "IG.DM/-/IT.AGE");
    assert_string_equal(derived.items[0].value, "39");
    check_form(subject.version, NULL, form, &context, &findings, &derived);
    assert_int_equal(derived.count, 0);
    form = subject_form(&subject, "02-V1-DM", YEAR);
    check_form(subject.version, &book, form, &context, &findings, &derived);
    assert_int_equal(derived.count, 0); /* 38 or 39 */
}

/* ---- sign and lock ---- */

static size_t count_rule(const struct findings *findings, const char *rule)
{
    size_t count = 0;
    for (size_t i = 0; i < findings->count; i++) {
        count += strcmp(findings->items[i].rule, rule) == 0;
    }
    return count;
}

static void signing_resolves_or_confirms(void **state)
{
    (void) state;
    struct check_context context = context_at(PLACE_SUBMIT);
    static const char *const WRONG[] = {"IT.INFSIDE=R", NULL};
    const struct form_data *form = subject_form(&subject, INF1, WRONG);
    struct casebook book = subject_book(&subject, NULL, form);
    struct findings findings = {.arena = subject.arena, .language = "en"};
    check_sign(subject.version, &book, &form->key, 1, &context, &findings);
    assert_true(findings_gate(&findings) && findings_have(&findings, "67"));
    assert_string_equal(findings.items[0].object, "subject/007-K/SE.V4/-/F.INFUSION/-");
    struct confirmation confirmed[8];
    for (size_t i = 0; i < findings.count; i++) {
        confirmed[i] = (struct confirmation){
            findings.items[i].rule, findings.items[i].object, findings.items[i].path};
    }
    context.confirmations = confirmed;
    context.confirmation_count = findings.count;
    struct findings after = {.arena = subject.arena, .language = "en"};
    check_sign(subject.version, &book, &form->key, 1, &context, &after);
    assert_int_equal(after.count, 0);
}

static void signing_needs_what_is_signed_and_complete(void **state)
{
    (void) state;
    struct check_context context = context_at(PLACE_SUBMIT);
    static const char *const PARTIAL[] = {"state=partial", NULL};
    const struct form_data *form = subject_form(&subject, INF1, PARTIAL);
    struct casebook book = subject_book(&subject, NULL, form);
    struct form_key keys[] = {form->key, form->key};
    keys[1].event = "SE.V9";
    struct findings findings = {.arena = subject.arena, .language = "en"};
    check_sign(subject.version, &book, keys, 2, &context, &findings);
    assert_int_equal(count_rule(&findings, "FORM-05"), 1);
    assert_int_equal(count_rule(&findings, "FORM-08"), 1);
}

static void locking_lists_what_is_unsigned_and_missing(void **state)
{
    (void) state;
    struct check_context context = context_at(PLACE_SUBMIT);
    static const char *const WITHOUT[] = {"25-V4-ANGIO", NULL};
    struct casebook book = subject_book(&subject, WITHOUT, NULL);
    struct findings findings = {.arena = subject.arena, .language = "en"};
    check_lock(subject.version, &book, &context, &findings);
    assert_int_equal(count_rule(&findings, "FORM-07"), subject.count - 1);
    assert_int_equal(count_rule(&findings, "FORM-06"), 1);
    for (size_t i = 0; i < findings.count; i++) {
        if (strcmp(findings.items[i].rule, "FORM-06") == 0) {
            assert_string_equal(findings.items[i].object,
                                "subject/007-K/SE.V4/-/F.ANGIO/-");
        }
    }
}

/* ---- what a serious event means for the clocks ---- */

struct reading_row {
    const char *name;
    const char *edits[LISTED];
    bool serious, fatal, life_threatening, related;
    int days;
};

static const struct reading_row reading_rows[] = {
    {"a report with an unrelated admission is serious, 15 days",
     {"IT.AEREL=N"},
     true,
     false,
     false,
     false,
     15},
    {"missing causality is read as related", {"IT.AEREL"}, true, false, false, true, 15},
    {"unknown causality is read as related", {"IT.AEREL=U"}, true, false, false, true, 15},
    {"danger to life is 7 days", {"IT.AESLIFE=Y"}, true, false, true, false, 7},
    {"unknown danger to life is 7 days", {"IT.AESLIFE=U"}, true, false, true, false, 7},
    {"grade 4 is 7 days", {"IT.AETOXGR=4"}, true, false, true, false, 7},
    {"grade 5 is fatal whatever the outcome says",
     {"IT.AETOXGR=5"},
     true,
     true,
     false,
     false,
     7},
    {"a fatal outcome is fatal whatever the criterion says",
     {"IT.AEOUT=5"},
     true,
     true,
     false,
     false,
     7},
    {"a death date is fatal", {"IT.DTHDTC=2026-07"}, true, true, false, false, 7},
    {"a report with every criterion = no stays serious",
     {"IT.AESHOSP=N"},
     true,
     false,
     false,
     false,
     15},
};

static void check_reading(void **state)
{
    const struct reading_row *row = *state;
    struct check_context context = context_at(PLACE_SUBMIT);
    const struct form_data *form = subject_form(&subject, SAE, row->edits);
    struct safety_reading got = safety_read(subject.version, NULL, form, &context);
    assert_int_equal(got.serious, row->serious);
    assert_int_equal(got.fatal, row->fatal);
    assert_int_equal(got.life_threatening, row->life_threatening);
    assert_int_equal(got.related, row->related);
    assert_int_equal(got.sponsor_days, row->days);
    assert_true(got.has_awareness && !got.late);
    char text[INSTANT_SIZE];
    instant_format(got.site_due, text);
    assert_string_equal(text, "2026-07-05T06:15:00.000000Z");
    instant_format(got.told_at, text);
    assert_string_equal(text, "2026-07-04T06:50:00.000000Z");
}

static void a_death_form_makes_its_cause_fatal(void **state)
{
    (void) state;
    struct check_context context = context_at(PLACE_SUBMIT);
    static const char *const CAUSE[] = {"IT.DTHAE=s4f9c2e71", NULL};
    struct casebook book =
        subject_book(&subject, NULL, subject_form(&subject, "013-R-LOG-DEATH", CAUSE));
    const struct form_data *form = subject_form(&subject, SAE, NULL);
    assert_true(safety_read(subject.version, &book, form, &context).fatal);
    assert_false(safety_read(subject.version, NULL, form, &context).fatal);
}

static void a_line_of_the_log_is_serious_only_if_it_says_so(void **state)
{
    (void) state;
    struct check_context context = context_at(PLACE_SUBMIT);
    static const char *const SERIOUS[] = {"IT.AESER=Y", NULL};
    static const char *const DOUBT[] = {"IT.AESER=U", NULL};
    const struct form_data *form = subject_form(&subject, AE, NULL);
    assert_false(safety_read(subject.version, NULL, form, &context).serious);
    form = subject_form(&subject, AE, SERIOUS);
    assert_true(safety_read(subject.version, NULL, form, &context).serious);
    form = subject_form(&subject, AE, DOUBT);
    assert_true(safety_read(subject.version, NULL, form, &context).serious);
}

/* A planned stay of eight hours that had a night: with an untoward event as its cause that
 * event is serious, without it is not; what asks tells both. */
static void a_stay_that_took_longer_makes_its_cause_serious(void **state)
{
    (void) state;
    struct check_context context = context_at(PLACE_SUBMIT);
    static const struct row CAUSES[] = {
        {.form = HO,
         .edits = {"IT.HOPLAN=PROTOCOL", "IT.HOSTDTC=2026-05-20T08:30+02:00",
                   "IT.HOENDTC=2026-05-21T10:00+02:00", "IT.HOAE=a3c61e8f2"}},
        {.form = HO,
         .edits = {"IT.HOPLAN=PROTOCOL", "IT.HOSTDTC=2026-05-20T08:30+02:00",
                   "IT.HOENDTC=2026-05-21T10:00+02:00", "IT.HOAE"}}};
    const struct form_data *event = subject_form(&subject, AE, NULL);
    for (size_t i = 0; i < ARRAY_LEN(CAUSES); i++) {
        const struct form_data *stay = subject_form(&subject, HO, CAUSES[i].edits);
        struct casebook book = subject_book(&subject, NULL, stay);
        struct safety_reading got = safety_read(subject.version, &book, event, &context);
        assert_int_equal(got.serious, i == 0);
        struct findings findings = run(&CAUSES[i]);
        assert_true(findings_have(&findings, "24"));
        for (size_t j = 0; j < findings.count; j++) {
            const char *said = findings.items[j].message;
            bool about = strcmp(findings.items[j].rule, "24") == 0;
            assert_true(!about || strstr(said, "serious") < strstr(said, "not serious"));
        }
    }
}

/* ---- the messages that users.md quotes ---- */

static void messages_read_as_written(void **state)
{
    (void) state;
    struct row two = {.form = INF1, .edits = {"IT.INFENDTC", "IT.INFVOL"}};
    struct findings findings = run(&two);
    assert_string_equal(findings.items[0].message,
                        "Saved as partial, nothing is lost. Two answers are open in "
                        "Infusion, V4, subject 007-K: End, Volume given. Fill them in, or "
                        "write `!nd` and why, before you mark the form complete. "
                        "[FORM-03]");
    struct row stay = {
        .form = HO,
        .edits = {"IT.HOSTDTC=2026-03-14", "IT.HOENDTC=2026-03-12", "IT.HOAE=AE-2"}};
    findings = run(&stay);
    assert_string_equal(findings.items[0].message,
                        "Not accepted yet: discharge 12 March 2026 is before admission 14 "
                        "March 2026 (stay 1 of AE-2). Which one is right? If you do not "
                        "know, leave one empty and send it as partial. [HO-02]");
    struct arena *arena = subject.arena;
    assert_string_equal(
        message_stay_missing(arena, "en", "SAE-0003", "02:31"),
        "Your report was accepted as SAE-0003 at 02:31. You ticked hospital admission; no "
        "stay is recorded yet. When you know the dates: crf-site fill HO. Nothing else to "
        "do now. [23]");
    assert_string_equal(
        message_conflict(arena, "en",
                         &(struct conflict){"M. Jansen", "13:58", "infusion start", "11:02",
                                            "11:20", "12"}),
        "M. Jansen changed this form at 13:58 while you were typing: infusion start 11:02 "
        "became 11:20. Your text is kept in draft 12. See both and choose: crf-site merge "
        "12. [CONFLICT]");
    assert_string_equal(
        message_key(arena, "en", "3 April", "the registrar", "+31 43 000 0000",
                    "+31 43 000 0001"),
        "This computer's key for you was suspended on 3 April by the registrar. Your draft "
        "is kept. For a serious event do not wait: phone +31 43 000 0000 or use the paper "
        "form. For a new key: registrar, +31 43 000 0001. [KEY-04]");
}

/* A form that asks for seriousness and for criteria, which 007-K's definition keeps apart. */
#define BOTH                                                                               \
    "<ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" ODMVersion=\"1.3.2\"><Study "         \
    "OID=\"S\">"                                                                           \
    "<MetaDataVersion OID=\"M\" Name=\"m\"><StudyEventDef OID=\"SE\" Name=\"e\" "          \
    "Repeating=\"No\" Type=\"Common\"><FormRef FormOID=\"F\" Mandatory=\"No\"/>"           \
    "</StudyEventDef><FormDef OID=\"F\" Name=\"f\" Repeating=\"No\"><ItemGroupRef "        \
    "ItemGroupOID=\"G\" Mandatory=\"Yes\"/></FormDef><ItemGroupDef OID=\"G\" Name=\"g\" "  \
    "Repeating=\"No\"><ItemRef ItemOID=\"SER\" Mandatory=\"No\"/><ItemRef "                \
    "ItemOID=\"HOSP\" "                                                                    \
    "Mandatory=\"No\"/></ItemGroupDef><ItemDef OID=\"SER\" Name=\"SER\" "                  \
    "DataType=\"text\" "                                                                   \
    "Length=\"1\"><Alias Context=\"SDTM\" Name=\"AESER\"/></ItemDef><ItemDef "             \
    "OID=\"HOSP\" "                                                                        \
    "Name=\"HOSP\" DataType=\"text\" Length=\"1\"><Alias Context=\"SDTM\" "                \
    "Name=\"AESHOSP\"/></ItemDef></MetaDataVersion></Study></ODM>"

static void a_criterion_and_not_serious_are_asked_about(void **state)
{
    (void) state;
    struct odm_problems problems = {0};
    const struct study *study = NULL;
    struct err err = {0};
    assert_status(odm_read(SPAN_LITERAL(BOTH), subject.arena, &study, &problems, &err), OK,
                  &err);
    struct check_context context = context_at(PLACE_SUBMIT);
    static const char *const ANSWERS[] = {"N", "U", "Y"};
    for (size_t ser = 0; ser < 3; ser++) {
        for (size_t hosp = 0; hosp < 3; hosp++) {
            const struct item_data items[] = {{.oid = "SER", .value = ANSWERS[ser]},
                                              {.oid = "HOSP", .value = ANSWERS[hosp]}};
            const struct group_data group = {"G", NULL, items, 2};
            const struct form_data form = {
                .key = {"1", "SE", NULL, "F", NULL}, .groups = &group, .count = 1};
            struct findings findings = {.arena = subject.arena, .language = "en"};
            check_form(study->versions[0], NULL, &form, &context, &findings, NULL);
            bool differ = (ser == 0 && hosp == 2) || (ser == 2 && hosp != 2);
            assert_int_equal(findings_have(&findings, "18"), differ);
            assert_false(findings_refuse(&findings));
        }
    }
}

static void every_rule_has_its_rows(void **state)
{
    (void) state;
    size_t count = 0;
    const struct rule_info *rules = check_rules(&count);
    static const char *const ELSEWHERE[] = {"FORM-05", "FORM-06", "FORM-07",
                                            "FORM-08", "FORM-09", "51",
                                            "35",      "77", /* course.c */
                                            "20",      "21", /* matrix/general.cases */
                                            "22",            /* trials/passion.cases */
                                            "59"};           /* record/product_clear.c */
    for (size_t i = 0; i < count; i++) {
        size_t silent = 0, acting = 0;
        bool elsewhere = false;
        for (size_t j = 0; j < row_count; j++) {
            bool same = strcmp(rows[j].rule, rules[i].id) == 0;
            silent += same && is_silent(&rows[j]);
            acting += same && !is_silent(&rows[j]);
        }
        for (size_t j = 0; j < ARRAY_LEN(ELSEWHERE); j++) {
            elsewhere = elsewhere || strcmp(rules[i].id, ELSEWHERE[j]) == 0;
        }
        if (elsewhere) {
            continue;
        }
        if (acting == 0) {
            fail_msg("no row makes rule %s act", rules[i].id);
        }
        bool clinical = rules[i].id[0] >= '0' && rules[i].id[0] <= '9';
        if (clinical && silent < 2) {
            fail_msg("rule %s needs a row that is accepted and one that cannot tell",
                     rules[i].id);
        }
    }
}

static void the_same_arguments_give_the_same_findings(void **state)
{
    (void) state;
    for (size_t i = 0; i < row_count; i++) {
        struct findings a = run(&rows[i]), b = run(&rows[i]);
        assert_int_equal(a.count, b.count);
        for (size_t j = 0; j < a.count; j++) {
            assert_string_equal(a.items[j].rule, b.items[j].rule);
            assert_string_equal(a.items[j].path, b.items[j].path);
            assert_string_equal(a.items[j].message, b.items[j].message);
        }
    }
}

int main(void)
{
    subject = subject_load();
    read_rows();
    add_rows(rows, row_count, sizeof(rows[0]), check_row);
    add_rows(reading_rows, ARRAY_LEN(reading_rows), sizeof(reading_rows[0]), check_reading);
    add_test("the sample subject is accepted, form by form",
             the_sample_subject_is_accepted);
    add_test("age is derived from birth and consent",
             age_is_derived_from_birth_and_consent);
    add_test("signing resolves or confirms each finding", signing_resolves_or_confirms);
    add_test("signing needs forms that are there and complete",
             signing_needs_what_is_signed_and_complete);
    add_test("locking lists what is unsigned and missing",
             locking_lists_what_is_unsigned_and_missing);
    add_test("a death form makes its cause fatal", a_death_form_makes_its_cause_fatal);
    add_test("a line of the log is serious only if it says so, or may be",
             a_line_of_the_log_is_serious_only_if_it_says_so);
    add_test("a stay that took longer makes its cause serious",
             a_stay_that_took_longer_makes_its_cause_serious);
    add_test("the messages read as the users' side wrote them", messages_read_as_written);
    add_test("a criterion and not serious are asked about, as is serious without one",
             a_criterion_and_not_serious_are_asked_about);
    add_test("every rule has its rows", every_rule_has_its_rows);
    add_test("the same arguments give the same findings",
             the_same_arguments_give_the_same_findings);
    int failed = run_added("check");
    arena_free(subject.arena);
    return failed;
}
