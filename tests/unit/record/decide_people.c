/* SPDX-License-Identifier: Apache-2.0 */
/*
** The ladder for the study, its sites, people, roles, subjects and exports; keys, clocks and
** histories; and the order of the rungs.
*/
#include "tests/unit/record/play.h"

#include "tests/support/rows.h"

static void site_opens(struct scene *s)
{
    play_open_site(s, SPONSOR, "FR01");
}
static void site_opens_twice(struct scene *s)
{
    play_open_site(s, SPONSOR, "NL01");
}
static void site_called_all(struct scene *s)
{
    play_open_site(s, SPONSOR, "-");
}
static void site_by_monitor(struct scene *s)
{
    play_open_site(s, MONITOR, "FR01");
}
static void amendment(struct scene *s)
{
    play_amend(s, SPONSOR, "MDV.2");
}
static void amendment_taken(struct scene *s)
{
    play_amend(s, SPONSOR, "MDV.1");
}
static void amendment_unknown(struct scene *s)
{
    play_amend(s, SPONSOR, "MDV.9");
}
static void amendment_by_site(struct scene *s)
{
    play_amend(s, INVESTIGATOR, "MDV.2");
}
static void version_of_no_site(struct scene *s)
{
    play_site_version(s, "XX01", "MDV.1", "2026-01-01T00:00:00Z");
}
static void version_starts_twice(struct scene *s)
{
    play_site_version(s, "NL01", "MDV.1", "2026-01-01T00:00:00Z");
    play_site_version(s, "NL01", "MDV.1", "2026-01-01T01:00:00+01:00");
}
static void version_ends_before_it_begins(struct scene *s)
{
    struct record record = scene_record(s, SPONSOR, RECORD_SITE_VERSION);
    record.data.site_version = (struct site_version_data){
        "NL01",       "MDV.1", s->sha256, "2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z",
        "METC 26-001"};
    play_send(s, SPONSOR, record);
}
static void version_unpublished(struct scene *s)
{
    play_site_version(s, "NL01", "MDV.2", "2026-01-01T00:00:00Z");
}

static void invite(struct scene *s, enum who who, const char *person, const char *name,
                   const char *role, const char *site)
{
    struct record record = scene_record(s, who, RECORD_PERSON_INVITE);
    record.data.person_invite = (struct person_invite_data){
        person,
        name,
        role,
        site,
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
        "2026-12-01T00:00:00Z"};
    play_send(s, who, record);
}
static void invites(struct scene *s)
{
    invite(s, REGISTRAR, "p-0050", "N", "monitor", NULL);
}
static void invites_own_staff(struct scene *s)
{
    invite(s, INVESTIGATOR, "p-0050", "N", "rater", "NL01");
}
static void invites_elsewhere(struct scene *s)
{
    invite(s, INVESTIGATOR, "p-0050", "N", "rater", "BE01");
}
static void invites_to_no_site(struct scene *s)
{
    invite(s, REGISTRAR, "p-0050", "N", "rater", "XX01");
}
static void invites_system(struct scene *s)
{
    invite(s, REGISTRAR, "system", "N", "monitor", NULL);
}
static void invites_other_name(struct scene *s)
{
    invite(s, REGISTRAR, "p-0004", "Other", "monitor", "NL01");
}
static void invites_again(struct scene *s)
{
    invite(s, REGISTRAR, "p-0004", "Name p-0004", "monitor", "NL01");
}
static void site_takes_over_sponsor(struct scene *s)
{
    invite(s, INVESTIGATOR, "p-0012", "Name p-0012", "coordinator", "NL01");
}

static void invite_stranger(struct scene *s)
{
    play_invite(s, REGISTRAR, STRANGER);
}
static void stranger_enrols(struct scene *s)
{
    invite_stranger(s);
    play_enrol_key(s, STRANGER, "p-0013", PLAY_CODE, s->people[STRANGER].jwk);
}
static void enrols_uninvited(struct scene *s)
{
    play_enrol_key(s, STRANGER, "p-0013", PLAY_CODE, s->people[STRANGER].jwk);
}
static void enrols_wrong_code(struct scene *s)
{
    invite_stranger(s);
    play_enrol_key(s, STRANGER, "p-0013", "BAAQEAYEAUDAOCAJBIFQYDIOB4",
                   s->people[STRANGER].jwk);
}
static void enrols_too_late(struct scene *s)
{
    invite_stranger(s);
    s->now += 2 * DAY;
    play_enrol_key(s, STRANGER, "p-0013", PLAY_CODE, s->people[STRANGER].jwk);
}
static void enrols_twice(struct scene *s)
{
    stranger_enrols(s);
    play_enrol_key(s, STRANGER, "p-0013", PLAY_CODE, s->people[STRANGER].jwk);
}
static void enrols_anothers_key(struct scene *s)
{
    invite_stranger(s);
    play_enrol_key(s, STRANGER, "p-0013", PLAY_CODE, s->people[MONITOR].jwk);
}
static void enrols_known_key(struct scene *s)
{
    invite_stranger(s);
    play_enrol_key(s, MONITOR, "p-0013", PLAY_CODE, s->people[MONITOR].jwk);
}

static void confirms(struct scene *s)
{
    stranger_enrols(s);
    play_change_key(s, INVESTIGATOR, RECORD_PERSON_CONFIRM, STRANGER);
}
static void confirms_himself(struct scene *s)
{
    play_change_key(s, REGISTRAR, RECORD_PERSON_SUSPEND, REGISTRAR);
    play_change_key(s, REGISTRAR, RECORD_PERSON_CONFIRM, REGISTRAR);
}
static void confirms_twice(struct scene *s)
{
    play_change_key(s, REGISTRAR, RECORD_PERSON_CONFIRM, MONITOR);
}
static void confirms_nobody(struct scene *s)
{
    play_change_key(s, REGISTRAR, RECORD_PERSON_CONFIRM, STRANGER);
}
static void unconfirmed_signs(struct scene *s)
{
    stranger_enrols(s);
    play_enrol(s, STRANGER, "008-L", "NL01");
}
static void suspends(struct scene *s)
{
    play_change_key(s, REGISTRAR, RECORD_PERSON_SUSPEND, COORDINATOR);
}
static void suspended_signs(struct scene *s)
{
    suspends(s);
    play_submit(s, GOOD);
}
static void suspended_comes_back(struct scene *s)
{
    suspends(s);
    play_change_key(s, REGISTRAR, RECORD_PERSON_CONFIRM, COORDINATOR);
    play_submit(s, GOOD);
}
static void revokes(struct scene *s)
{
    play_change_key(s, COORDINATOR, RECORD_PERSON_REVOKE, COORDINATOR);
}
static void revoked_signs(struct scene *s)
{
    revokes(s);
    play_submit(s, GOOD);
}
static void revoked_comes_back(struct scene *s)
{
    revokes(s);
    play_change_key(s, REGISTRAR, RECORD_PERSON_CONFIRM, COORDINATOR);
}
static void stranger_signs(struct scene *s)
{
    play_enrol(s, STRANGER, "008-L", "NL01");
}

static void grants(struct scene *s)
{
    play_change_role(s, INVESTIGATOR, RECORD_ROLE_GRANT, COORDINATOR, "rater", "NL01");
}
static void grants_too_much(struct scene *s)
{
    play_change_role(s, INVESTIGATOR, RECORD_ROLE_GRANT, COORDINATOR, "sponsor", NULL);
}
static void grants_nobody(struct scene *s)
{
    play_change_role(s, SPONSOR, RECORD_ROLE_GRANT, STRANGER, "rater", "NL01");
}
static void withdraws(struct scene *s)
{
    play_change_role(s, SPONSOR, RECORD_ROLE_WITHDRAW, COORDINATOR, "coordinator", "NL01");
}
static void withdraws_nothing(struct scene *s)
{
    play_change_role(s, SPONSOR, RECORD_ROLE_WITHDRAW, COORDINATOR, "rater", "NL01");
}
static void withdrawn_submits(struct scene *s)
{
    withdraws(s);
    play_submit(s, GOOD);
}

static void subject_enrols(struct scene *s)
{
    play_enrol(s, COORDINATOR, "008-L", "NL01");
}
static void subject_taken(struct scene *s)
{
    play_enrol(s, COORDINATOR, SUBJECT, "NL01");
}
static void subject_miswritten(struct scene *s)
{
    play_enrol(s, COORDINATOR, "008-A", "NL01");
}
static void subject_elsewhere(struct scene *s)
{
    play_enrol(s, COORDINATOR, "008-L", "BE01");
}
static void subject_on_hold(struct scene *s)
{
    struct row_change hold = {.table = TABLE_HOLD,
                              .given = 31,
                              .values = {"enrolment", "site/NL01", "1", "9", "held"}};
    state_apply(s->state, &hold, 1);
    play_enrol(s, COORDINATOR, "008-L", "NL01");
}

static void export_of(struct scene *s, enum who who, int64_t less)
{
    char root[DIGEST_BASE64_SIZE];
    struct record record = scene_record(s, who, RECORD_EXPORT);
    digest_to_base64(&record.seen.root, root);
    record.data.export = (struct export_data){
        (int64_t) record.seen.size - less, root,
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", NULL};
    play_send(s, who, record);
}
static void exports(struct scene *s)
{
    export_of(s, SPONSOR, 0);
}
static void inspector_exports(struct scene *s)
{
    export_of(s, INSPECTOR, 0);
}
static void monitor_exports(struct scene *s)
{
    export_of(s, MONITOR, 0);
}
static void exports_unseen(struct scene *s)
{
    export_of(s, SPONSOR, 1);
}

static void signed_ahead(struct scene *s)
{
    s->signed_before = -(SKEW_MAX + SECOND);
    play_submit(s, GOOD);
}
static void signed_a_little_ahead(struct scene *s)
{
    s->signed_before = -SKEW_MAX;
    play_submit(s, GOOD);
}
static void signed_before_enrolment(struct scene *s)
{
    s->signed_before = 2 * DAY;
    play_submit(s, GOOD);
}
static void other_history(struct scene *s)
{
    s->unknown_seen = true;
    play_submit(s, GOOD);
}
static void other_log(struct scene *s)
{
    struct record record = scene_record(s, COORDINATOR, RECORD_SUBJECT_ENROL);
    record.log = "elsewhere.example.org/s/1";
    record.data.subject_enrol = (struct subject_enrol_data){"008-L", "NL01"};
    play_send(s, COORDINATOR, record);
}
static void no_payload(struct scene *s)
{
    scene_send_payload(s, COORDINATOR, SPAN_LITERAL("{\"type\":\"subject.enrol\"}"));
}
static void later_type(struct scene *s)
{
    scene_send_payload(s, INVESTIGATOR, SPAN_LITERAL("{\"type\":\"sdv.mark\"}"));
}
static void role_not_held(struct scene *s)
{
    struct record record = scene_record(s, COORDINATOR, RECORD_SUBJECT_ENROL);
    record.signature.role = "investigator";
    record.data.subject_enrol = (struct subject_enrol_data){"008-L", "NL01"};
    play_send(s, COORDINATOR, record);
}
static void opens_twice(struct scene *s)
{
    struct record record = scene_record(s, FOUNDER, RECORD_STUDY_OPEN);
    record.seen.given = false;
    record.data.study_open =
        (struct study_open_data){"ST.T", "Trial", s->people[FOUNDER].jwk};
    play_send(s, FOUNDER, record);
}

static void confirms_own_new_key(struct scene *s)
{
    play_new_key(s, REGISTRAR, SPONSOR, REGISTRAR);
}
static void lost_key_is_replaced(struct scene *s)
{
    play_change_key(s, REGISTRAR, RECORD_PERSON_REVOKE, COORDINATOR);
    play_new_key(s, COORDINATOR, REGISTRAR, REGISTRAR);
    play_enrol(s, STRANGER, "008-L", "NL01");
    assert_string_equal(s->decision.person, "p-0003");
}

static const struct decide_row rows[] = {
    {"a sponsor opens a site", site_opens, 201, NULL, 0, LOGGED},
    {"a site is opened once", site_opens_twice, 409, "TAKEN", 13, LOGGED},
    {"no site is called after all sites", site_called_all, 409, "TAKEN", 15, LOGGED},
    {"a monitor opens no site", site_by_monitor, 403, "RIGHT-01", 10, LOGGED},
    {"a sponsor publishes a version", amendment, 201, NULL, 0, LOGGED},
    {"a version is published once", amendment_taken, 409, "TAKEN", 13, LOGGED},
    {"a definition must be here before it is published", amendment_unknown, 422, "REF-07",
     15, LOGGED},
    {"a site publishes nothing", amendment_by_site, 403, "RIGHT-01", 10, LOGGED},
    {"a version comes into force at a site", play_version_comes, 201, NULL, 0, LOGGED},
    {"not at a site that is not there", version_of_no_site, 422, "REF-03", 15, LOGGED},
    {"a start is said once, in whatever zone", version_starts_twice, 409, "TAKEN", 13,
     LOGGED},
    {"its period does not end before it begins", version_ends_before_it_begins, 422,
     "VERSION-03", 15, LOGGED},
    {"not a version that was not published", version_unpublished, 422, "REF-07", 15,
     LOGGED},
    {"a registrar invites", invites, 201, NULL, 0, LOGGED},
    {"an investigator invites own staff", invites_own_staff, 201, NULL, 0, LOGGED},
    {"not staff of another site", invites_elsewhere, 403, "RIGHT-01", 10, LOGGED},
    {"nobody is invited to a site that is not there", invites_to_no_site, 422, "REF-03", 15,
     LOGGED},
    {"nobody is called system", invites_system, 409, "TAKEN", 13, LOGGED},
    {"a person id belongs to one name", invites_other_name, 409, "TAKEN", 13, LOGGED},
    {"a known person is invited again for a new key", invites_again, 201, NULL, 0, LOGGED},
    {"a site gives no new key to a sponsor", site_takes_over_sponsor, 403, "RIGHT-01", 10,
     LOGGED},
    {"whoever holds the code enrols a key", stranger_enrols, 201, NULL, 0, LOGGED},
    {"not without an invitation", enrols_uninvited, 403, "FIRST-04", 8, SILENT},
    {"not with another code", enrols_wrong_code, 403, "FIRST-04", 8, SILENT},
    {"not after it expired", enrols_too_late, 403, "FIRST-04", 8, SILENT},
    {"not twice", enrols_twice, 403, "FIRST-04", 8, SILENT},
    {"not somebody else's key", enrols_anothers_key, 403, "FIRST-03", 8, SILENT},
    {"not a key that is known", enrols_known_key, 403, "FIRST-05", 8, SILENT},
    {"an investigator confirms a newcomer of the site", confirms, 201, NULL, 0, LOGGED},
    {"nobody confirms oneself", confirms_himself, 403, "KEY-04", 8, LOGGED},
    {"nor a further key of one's own", confirms_own_new_key, 403, "RIGHT-01", 10, LOGGED},
    {"a confirmed key is not confirmed again", confirms_twice, 422, "REF-05", 15, LOGGED},
    {"nobody who is not there is confirmed", confirms_nobody, 422, "REF-04", 15, LOGGED},
    {"an unconfirmed key signs nothing", unconfirmed_signs, 403, "KEY-02", 8, LOGGED},
    {"a registrar suspends a key", suspends, 201, NULL, 0, LOGGED},
    {"a suspended key signs nothing", suspended_signs, 403, "KEY-04", 8, LOGGED},
    {"a suspended key comes back when confirmed", suspended_comes_back, 201, NULL, 0,
     LOGGED},
    {"anybody revokes the own key", revokes, 201, NULL, 0, LOGGED},
    {"a revoked key signs nothing", revoked_signs, 403, "KEY-03", 8, LOGGED},
    {"a revoked key never comes back", revoked_comes_back, 422, "REF-05", 15, LOGGED},
    {"a lost key is replaced, the person and the roles stay", lost_key_is_replaced, 201,
     NULL, 0, LOGGED},
    {"an unknown key signs nothing and leaves nothing", stranger_signs, 403, "KEY-01", 8,
     SILENT},
    {"an investigator delegates to own staff", grants, 201, NULL, 0, LOGGED},
    {"not a role above", grants_too_much, 403, "RIGHT-01", 10, LOGGED},
    {"nobody who is not there gets a role", grants_nobody, 422, "REF-04", 15, LOGGED},
    {"a sponsor withdraws a role", withdraws, 201, NULL, 0, LOGGED},
    {"not one that is not held", withdraws_nothing, 422, "REF-06", 15, LOGGED},
    {"a withdrawn role does nothing", withdrawn_submits, 403, "RIGHT-01", 10, LOGGED},
    {"a coordinator enrols a subject", subject_enrols, 201, NULL, 0, LOGGED},
    {"a number is given once", subject_taken, 409, "TAKEN", 13, LOGGED},
    {"a wrong check character is found", subject_miswritten, 422, "REF-02", 15, LOGGED},
    {"not at another site", subject_elsewhere, 403, "RIGHT-01", 10, LOGGED},
    {"a hold on enrolment gates it", subject_on_hold, 409, "HOLD-01", 14, STAGED},
    {"a sponsor exports", exports, 201, NULL, 0, LOGGED},
    {"an inspector exports", inspector_exports, 201, NULL, 0, LOGGED},
    {"a monitor does not", monitor_exports, 403, "RIGHT-01", 10, LOGGED},
    {"an export is of what was seen", exports_unseen, 422, "REF-09", 15, LOGGED},
    {"a clock that runs ahead is refused", signed_ahead, 422, "KEY-05", 8, LOGGED},
    {"a minute is forgiven", signed_a_little_ahead, 201, NULL, 0, LOGGED},
    {"nobody signs before the key was enrolled", signed_before_enrolment, 422, "KEY-06", 8,
     LOGGED},
    {"another history is refused", other_history, 409, "SEEN-01", 9, LOGGED},
    {"another log is refused and leaves nothing", other_log, 400, "LOG", 4, SILENT},
    {"a payload without its members is refused", no_payload, 422, "SHAPE-01", 7, LOGGED},
    {"a type of later is refused", later_type, 422, "SHAPE-11", 7, LOGGED},
    {"a role that is not held is refused", role_not_held, 403, "RIGHT-01", 10, LOGGED},
    {"a study is opened once", opens_twice, 403, "FIRST-01", 8, SILENT},
};

static int first(struct scene *scene, enum who who, const char *oid, const char *version,
                 enum who key)
{
    struct record record = scene_record(scene, who, RECORD_STUDY_OPEN);
    record.definition.version = version;
    record.data.study_open = (struct study_open_data){oid, "Trial", scene->people[key].jwk};
    scene_send(scene, who, &record);
    assert_false(scene->decision.leaves_entry);
    return scene->decision.http_status;
}

static void the_founder_opens(void **unused)
{
    (void) unused;
    struct scene *scene = scene_new(NULL);
    assert_int_equal(first(scene, STRANGER, "ST.T", "MDV.1", STRANGER), 403);
    assert_int_equal(first(scene, FOUNDER, "ST.T", "MDV.1", STRANGER), 403);
    assert_int_equal(first(scene, FOUNDER, "ST.X", "MDV.1", FOUNDER), 422);
    assert_int_equal(first(scene, FOUNDER, "ST.T", "MDV.9", FOUNDER), 409);
    assert_int_equal(scene->log_count, 0);
    assert_int_equal(first(scene, FOUNDER, "ST.T", "MDV.1", FOUNDER), 201);
    assert_true(state_has_role(scene->state, FOUNDER_PERSON, "sponsor", NULL, scene->now));
    assert_true(
        state_has_role(scene->state, FOUNDER_PERSON, "registrar", NULL, scene->now));
    scene_free(scene);
}

static void outcomes_are_golden(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    play_submit(scene, HEAVY);
    assert_int_equal(scene->log_count, 40);
    const struct outcome *outcome = &scene->decision.outcome;
    assert_int_equal(outcome->finding_count, 1);
    assert_string_equal(outcome->findings[0].query, "q-39-1");
    play_lock(scene, DATA_MANAGER, "site/BE01");
    assert_string_equal(
        scene->outcome,
        "{\"v\":1,\"engine\":\"1\",\"late\":0,\"findings\":[],\"derived\":{},"
        "\"effects\":[{\"lock\":\"asked\",\"scope\":\"site/BE01\"}]}");
    scene->signed_before = LATE_AFTER + SECOND;
    play_enrol(scene, COORDINATOR, "008-L", "NL01");
    assert_string_equal(
        scene->outcome,
        "{\"v\":1,\"engine\":\"1\",\"late\":1,\"findings\":[],\"derived\":{},"
        "\"effects\":[]}");
    scene_free(scene);
}

static void the_lower_rung_speaks(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    const struct decision *decision = &scene->decision;
    play_lock_twice(scene, "site/NL01");
    /* unknown form, stale prior, version, lock: one reason less each time */
    struct record record = scene_record(scene, COORDINATOR, RECORD_FORM_SUBMIT);
    const struct json *json;
    assert_int_equal(json_parse(span_text(FORM("007-K", "XX", "partial", "")), &JSON_RECORD,
                                scene->arena, &json, NULL),
                     OK);
    assert_int_equal(
        form_data_from_json(json, scene->arena, &record.data.form_submit.form, NULL), OK);
    record.prior = "X3E7kyCMjzebi/tfhzAbHGLM4fEk/Mw5p8SwYbsGKjA=";
    record.definition.version = "MDV.9";
    record.signature.role = "monitor";
    scene->unknown_seen = true;
    scene_send(scene, COORDINATOR, &record);
    assert_int_equal(decision->rung, 9);
    scene->unknown_seen = true;
    scene_send(scene, COORDINATOR, &record);
    assert_int_equal(decision->rung, 7); /* its signing time is no longer that of iat */
    record.signature = scene_record(scene, COORDINATOR, RECORD_FORM_SUBMIT).signature;
    record.signature.role = "monitor";
    scene_send(scene, COORDINATOR, &record);
    assert_int_equal(decision->rung, 10);
    record.signature = scene_record(scene, COORDINATOR, RECORD_FORM_SUBMIT).signature;
    scene_send(scene, COORDINATOR, &record);
    assert_int_equal(decision->rung, 11);
    play_unlock(scene, SPONSOR);
    play_unlock(scene, DATA_MANAGER);
    record.signature = scene_record(scene, COORDINATOR, RECORD_FORM_SUBMIT).signature;
    scene_send(scene, COORDINATOR, &record);
    assert_int_equal(decision->rung, 12);
    record.signature = scene_record(scene, COORDINATOR, RECORD_FORM_SUBMIT).signature;
    record.definition.version = "MDV.1";
    scene_send(scene, COORDINATOR, &record);
    assert_int_equal(decision->rung, 13);
    record.signature = scene_record(scene, COORDINATOR, RECORD_FORM_SUBMIT).signature;
    record.prior = NULL;
    scene_send(scene, COORDINATOR, &record);
    assert_int_equal(decision->rung, 15);
    scene_free(scene);
}

/* Message 6 of users.md chapter 5. */
struct told {
    const char *name, *language;
    enum who by;
    const char *start, *end;
};

static const struct told told[] = {
    {"whose key is suspended is told when, by whom, and whom to phone", "en", REGISTRAR,
     "This computer's key for you was suspended on 21 October 2026 by the registrar.",
     "Your draft is kept. For a serious event do not wait: phone +31 43 000 0000 or use "
     "the "
     "paper form. For a new key: registrar, +31 43 000 0001. [KEY-04]"},
    {"and is told so in Dutch", "nl", REGISTRAR,
     "De sleutel van deze computer voor u is op 21 oktober 2026 geschorst door de "
     "registratie.",
     "bel +31 43 000 0000"},
    {"and in French", "fr", REGISTRAR,
     "pour vous a été suspendue le 21 octobre 2026 par le bureau d'enregistrement.",
     "+31 43 000 0001. [KEY-04]"},
    {"and in German", "de", REGISTRAR,
     "wurde am 21. Oktober 2026 von der Registrierungsstelle gesperrt.",
     "+31 43 000 0001. [KEY-04]"},
    {"who suspended the own key is told that", "en", COORDINATOR,
     "was suspended on 21 October 2026 by yourself.", "+31 43 000 0001. [KEY-04]"},
    {"a sponsor is named, too", "en", SPONSOR,
     "was suspended on 21 October 2026 by the sponsor.", "+31 43 000 0001. [KEY-04]"},
};

static void the_holder_is_told(void **state)
{
    const struct told *row = *state;
    struct scene *scene = scene_ready();
    play_change_key(scene, row->by, RECORD_PERSON_SUSPEND, COORDINATOR);
    scene->language = row->language;
    play_submit(scene, GOOD);
    assert_int_equal(scene->decision.findings.count, 1);
    const char *message = scene->decision.findings.items[0].message;
    if (strstr(message, row->start) == NULL || strstr(message, row->end) == NULL) {
        fail_msg("%s", message);
    }
    scene_free(scene);
}

int main(void)
{
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), play_check);
    add_rows(told, ARRAY_LEN(told), sizeof(told[0]), the_holder_is_told);
    add_test("only the founder opens a study, with its own definition", the_founder_opens);
    add_test("outcomes are these bytes", outcomes_are_golden);
    add_test("of two reasons the lower rung speaks", the_lower_rung_speaks);
    return run_added("record_decide_people");
}
