/* SPDX-License-Identifier: Apache-2.0 */
/*
** Role x record over the wire: the table of protocol/record/rights.h against what crfd does.
** A cell that is empty answers 403 right; one that is not answers anything else, for the
** records here are placed so that only a missing right can bring 403.
*/
#include "protocol/record/rights.h"
#include "tests/system/scene.h"

static struct trial *trial;
static char *query; /* an open one, of site 01 */

#define OBJECT  "subject/007-K/SE.V1/-/F.DM/-"
#define NO_LEAF "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define NO_KEY  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define NO_HASH "0000000000000000000000000000000000000000000000000000000000000000"

static const enum who PEOPLE[ROLE_COUNT] = {
    [ROLE_INVESTIGATOR] = INVESTIGATOR,
    [ROLE_COORDINATOR] = COORDINATOR,
    [ROLE_MONITOR] = MONITOR,
    [ROLE_DATA_MANAGER] = DATA_MANAGER,
    [ROLE_SPONSOR] = SPONSOR,
    [ROLE_SAFETY] = SAFETY,
    [ROLE_RATER] = RATER,
    [ROLE_PHARMACIST] = PHARMACIST,
    [ROLE_REGISTRAR] = REGISTRAR,
    [ROLE_INSPECTOR] = INSPECTOR,
};

struct record_row {
    const char *name;
    enum record_type type;
    bool safety;
};

static const struct record_row rows[] = {
    {"study.amend", RECORD_STUDY_AMEND, false},
    {"site.open", RECORD_SITE_OPEN, false},
    {"site.version", RECORD_SITE_VERSION, false},
    {"person.invite of a coordinator", RECORD_PERSON_INVITE, false},
    {"person.suspend of somebody else", RECORD_PERSON_SUSPEND, false},
    {"person.revoke of somebody else", RECORD_PERSON_REVOKE, false},
    {"role.grant", RECORD_ROLE_GRANT, false},
    {"role.withdraw", RECORD_ROLE_WITHDRAW, false},
    {"subject.enrol", RECORD_SUBJECT_ENROL, false},
    {"form.submit", RECORD_FORM_SUBMIT, false},
    {"form.submit of a safety form", RECORD_FORM_SUBMIT, true},
    {"form.retract", RECORD_FORM_RETRACT, false},
    {"form.sign", RECORD_FORM_SIGN, false},
    {"query.open", RECORD_QUERY_OPEN, false},
    {"query.answer", RECORD_QUERY_ANSWER, false},
    {"query.close", RECORD_QUERY_CLOSE, false},
    {"lock", RECORD_LOCK, false},
    {"unlock", RECORD_UNLOCK, false},
    {"export", RECORD_EXPORT, false},
};

/* ---- one record of each type ---- */

static const struct signed_object OBJECTS[] = {{OBJECT, NO_LEAF}};

static void fill_people(struct record *record)
{
    union record_data *data = &record->data;
    switch ((int) record->type) {
    case RECORD_PERSON_INVITE:
        data->person_invite = (struct person_invite_data){
            "p-0888", "N. Newcomer", "coordinator", "01", NO_HASH, "2099-01-01T00:00:00Z"};
        break;
    case RECORD_PERSON_SUSPEND:
    case RECORD_PERSON_REVOKE: /* a key that the person does not have: 422, no harm done */
        data->person_key = (struct person_key_data){"p-0888", NO_KEY, NULL};
        break;
    case RECORD_ROLE_GRANT:
        data->role = (struct role_data){"p-0888", "coordinator", "01", NULL, NULL, NULL};
        break;
    case RECORD_ROLE_WITHDRAW:
        data->role = (struct role_data){"p-0888", "rater", "01", NULL, NULL, NULL};
        break;
    default:
        break;
    }
}

static void fill_study(struct record *record, const char *sha256)
{
    union record_data *data = &record->data;
    switch ((int) record->type) {
    case RECORD_STUDY_AMEND:
        data->study_amend = (struct study_amend_data){.definition = {"MDV.9", NO_HASH}};
        break;
    case RECORD_SITE_OPEN: /* taken */
        data->site_open =
            (struct site_open_data){"01", "There already", "NL", "Europe/Amsterdam", "nl"};
        break;
    case RECORD_SITE_VERSION: /* not a version */
        data->site_version = (struct site_version_data){
            "01", "MDV.9", sha256, "2026-01-01T00:00:00Z", NULL, "METC 1"};
        break;
    case RECORD_SUBJECT_ENROL: /* taken */
        data->subject_enrol = (struct subject_enrol_data){SCENE_SUBJECT, "01"};
        break;
    case RECORD_LOCK:
    case RECORD_UNLOCK: /* nobody works at this site */
        data->lock = (struct lock_data){.scope = "site/99"};
        break;
    case RECORD_EXPORT: /* not what was seen */
        data->export = (struct export_data){1, NO_LEAF, NO_HASH, NULL};
        break;
    default:
        break;
    }
}

static const char *form_object(enum who who)
{
    return who == RATER        ? "subject/007-K/SE.V1/-/F.STRENGTH/-"
           : who == PHARMACIST ? "subject/007-K/SE.V4/-/F.PRODUCT/-"
                               : OBJECT;
}

static void fill_forms(struct record *record, enum who who)
{
    union record_data *data = &record->data;
    switch ((int) record->type) {
    case RECORD_FORM_RETRACT: /* stale */
        data->form_retract = (struct form_retract_data){form_object(who), NULL};
        break;
    case RECORD_FORM_SIGN: /* stale */
        data->form_sign = (struct form_sign_data){.objects = OBJECTS, .object_count = 1};
        break;
    case RECORD_QUERY_OPEN: /* no such form */
        data->query_open = (struct query_open_data){"subject/007-K/SE.V2/-/F.VISIT/-", NULL,
                                                    "Is this right?"};
        break;
    case RECORD_QUERY_ANSWER:
    case RECORD_QUERY_CLOSE:
        data->query = (struct query_data){query, "It is."};
        break;
    default:
        break;
    }
}

/* A form that the definition gives to ROLE, as it is in the table's note (2). */
static const char *form_file(enum who who, bool safety)
{
    return safety              ? "mabs06-apart/012-Q-LOG-SAE.json"
           : who == RATER      ? "08-V1-STRENGTH.json"
           : who == PHARMACIST ? "24-V4-PRODUCT.json"
                               : "10-V1-VISIT.json";
}

static struct record make(enum who who, const struct record_row *row, struct arena *arena)
{
    const struct record_info *info = &RECORD_TYPES[row->type];
    if (row->type == RECORD_FORM_SUBMIT) {
        return trial_form(trial, who, form_file(who, row->safety), SCENE_SUBJECT, NULL,
                          arena);
    }
    struct record record = trial_record(trial, who, row->type, arena);
    record.reason = info->reason == NEED_MUST ? "for the test" : NULL;
    record.prior = info->prior == NEED_MUST ? NO_LEAF : NULL;
    if (info->definition == NEED_MUST) {
        record.definition = (struct definition_ref){"MDV.1", trial_definition(trial)};
    }
    fill_study(&record, trial_definition(trial));
    fill_people(&record);
    fill_forms(&record, who);
    return record;
}

/* ---- the table ---- */

static void fresh_key(enum who who)
{
    static unsigned used[WHO_COUNT];
    if (++used[who] % 9 == 0) {
        trial_new_key(trial, who); /* below the quota of refusals */
    }
}

static struct answer ask(enum who who, const struct record_row *row)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    fresh_key(who);
    struct record record = make(who, row, arena);
    return trial_submit(trial, who, &record);
}

static void the_table_holds(void **state)
{
    const struct record_row *row = *state;
    for (enum role role = 0; role < ROLE_COUNT; role++) {
        unsigned cell = rights_cell(role, row->type, row->safety);
        bool allowed = (cell & (RIGHT_STUDY | RIGHT_SITE)) != 0;
        struct answer answer = ask(PEOPLE[role], row);
        bool refused = answer.status == 403;
        if (row->safety) { /* the door: a flag takes the place of the refusal */
            assert_int_equal(answer.status, 201);
            refused = scene_effect(&answer, "flag", "RIGHT-01") != NULL;
        } else if (refused) {
            assert_string_equal(answer_code(&answer), "right");
            assert_true(answer_has_receipt(&answer));
        }
        if (refused == allowed || answer.status == 401 || answer.status == 429) {
            fail_msg("%s: the table %s, the service: %d %s", role_name(role),
                     allowed ? "allows" : "refuses", answer.status,
                     bytes_text(&answer.body));
        }
        if (strcmp(answer_code(&answer), "shape") == 0) {
            fail_msg("the record is not well made: %s", bytes_text(&answer.body));
        }
        answer_done(&answer);
    }
}

static void another_site_is_no_ones_own(void **state)
{
    (void) state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        unsigned cell = rights_cell(ROLE_INVESTIGATOR, rows[i].type, rows[i].safety);
        if ((cell & RIGHT_SITE) == 0) {
            continue;
        }
        struct answer answer = ask(STRANGER, &rows[i]);
        if (answer.status != 403 || strcmp(answer_code(&answer), "right") != 0) {
            fail_msg("%s: %d %s", rows[i].name, answer.status, bytes_text(&answer.body));
        }
        answer_done(&answer);
    }
}

/* ---- what the table says in words ---- */

static struct answer about_key(enum who by, enum record_type type, enum who whom)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = trial_record(trial, by, type, arena);
    record.reason = RECORD_TYPES[type].reason == NEED_MUST ? "for the test" : NULL;
    record.data.person_key = (struct person_key_data){
        trial_person(whom), key_thumbprint(private_key_public(trial_key(trial, whom))),
        NULL};
    return trial_submit(trial, by, &record);
}

static void nobody_confirms_a_known_person_from_the_site(void **state)
{
    (void) state;
    struct answer answer = about_key(INVESTIGATOR, RECORD_PERSON_CONFIRM, COORDINATOR);
    assert_int_equal(answer.status, 403);
    answer_done(&answer);
}

static void nobody_grants_to_oneself(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = trial_record(trial, REGISTRAR, RECORD_ROLE_GRANT, arena);
    record.data.role =
        (struct role_data){trial_person(REGISTRAR), "investigator", "01", NULL, NULL, NULL};
    struct answer answer = trial_submit(trial, REGISTRAR, &record);
    assert_int_equal(answer.status, 403);
    answer_done(&answer);
}

static void everybody_suspends_the_own_key(void **state)
{
    (void) state;
    static const enum who people[] = {MONITOR, SAFETY, INSPECTOR};
    for (size_t i = 0; i < ARRAY_LEN(people); i++) {
        trial_new_key(trial, people[i]);
        struct answer answer = about_key(people[i], RECORD_PERSON_SUSPEND, people[i]);
        if (answer.status != 201) {
            fail_msg("%d %s", answer.status, bytes_text(&answer.body));
        }
        answer_done(&answer);
    }
}

static void later_types_are_refused_by_name(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes payload = {0};
    CLEANUP(bytes_done) struct bytes line = {0};
    struct sheet sheet = {.who = SPONSOR, .file = "10-V1-VISIT.json"};
    trial_new_key(trial, SPONSOR);
    scene_payload(trial, &sheet, &payload);
    trial_change(&payload, "form.submit=>reject");
    scene_sign(trial, SPONSOR, bytes_text(&payload), 0, &line);
    struct answer answer =
        scene_try(trial, span_bytes(&line), &(struct wanted){422, "shape", NULL, REFUSED});
    answer_done(&answer);
}

static void open_a_query(void)
{
    struct sheet sheet = {
        .who = COORDINATOR, .file = "02-V1-DM.json", .changes = {"\"58.5\"=>\"220.5\""}};
    scene_sheet_try(trial, &sheet, &(struct wanted){201, NULL, "8", STORED});
    query = scene_sql(trial, "select query from crfd.query where rule = '8'");
}

int main(void)
{
    static const enum who hired[] = {DATA_MANAGER, SAFETY,    RATER,
                                     PHARMACIST,   REGISTRAR, INSPECTOR};
    trial = scene_open(&(struct trial_options){0});
    for (size_t i = 0; i < ARRAY_LEN(hired); i++) {
        trial_hire(trial, hired[i]);
    }
    open_a_query();
    add_test("an investigator of another site has none of these rights",
             another_site_is_no_ones_own);
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), the_table_holds);
    add_test("nobody confirms a known person from the site",
             nobody_confirms_a_known_person_from_the_site);
    add_test("nobody grants to oneself", nobody_grants_to_oneself);
    add_test("everybody suspends the own key", everybody_suspends_the_own_key);
    add_test("a type that people do not send is refused", later_types_are_refused_by_name);
    int failed = run_added("role x record");
    trial_stop(trial);
    free(query);
    return failed;
}
