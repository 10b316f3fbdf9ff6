/* SPDX-License-Identifier: Apache-2.0 */
/*
** The amendment story: two sites on two versions, a form that was on its way when the new one
** came, and what a sponsor, a data manager, a site and a monitor see of it. Each test stands on
** the one before.
*/
#include <unistd.h>

#include "clients/lib/command.h"
#include "clients/lib/text_file.h"
#include "tests/system/amended.h"
#include "tests/system/people.h"

static char *sha256; /* of MDV.2 */

#define WEIGHT "<CheckValue>35</CheckValue>=><CheckValue>60</CheckValue>"
#define RENAME "crfd:Short=\"FF\"=>crfd:Short=\"FX\"" /* of F.FATIGUE */
#define DM     "subject/007-K/SE.V1/-/F.DM/-"

/* ---- forms ---- */

static struct record form(enum who who, const char *file, const char *subject,
                          const char *version, struct arena *arena)
{
    struct record record = trial_form(people_trial, who, file, subject, NULL, arena);
    if (strcmp(version, "MDV.2") == 0) {
        record.definition = (struct definition_ref){"MDV.2", sha256};
    }
    return record;
}

static void post(enum who who, const struct record *record, int wanted, const char *rule,
                 const char *says)
{
    struct answer answer = trial_submit(people_trial, who, record);
    if (answer.status != wanted || (rule != NULL && !answer_has_finding(&answer, rule)) ||
        (says != NULL && strstr(bytes_text(&answer.body), says) == NULL)) {
        fail_msg("%d %s", answer.status, bytes_text(&answer.body));
    }
    answer_done(&answer);
}

static void send_form(enum who who, const char *file, const char *subject,
                      const char *version, int wanted)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = form(who, file, subject, version, arena);
    bool refused = wanted != 201;
    post(who, &record, wanted, refused ? "VERSION-02" : NULL, refused ? " -> " : NULL);
}

/* ---- the story ---- */

static void the_sponsor_sees_what_would_change(void **state)
{
    (void) state;
    PEOPLE_RUN(FOUNDER,
               "Stricter: range of Weight (IT.WEIGHT): >= 35 kg (ask), now >= 60 kg (ask)|"
               "1  now: F.DM IT.WEIGHT [8]|1 questions would be new",
               "crf-admin", "study", "amend", "mdv2.xml", "--check");
    assert_int_equal(trial_count(people_trial, "definition"), 1);
}

static void what_is_published_is_whole_by_its_bytes(void **state)
{
    (void) state;
    people_run(FOUNDER,
               (const char *const[]){"crf-admin", "study", "amend", "mdv2.xml", "--include",
                                     "mdv2.xml", "--yes", NULL},
               EXIT_USAGE, "put the included MetaDataVersion into the file");
    people_run(FOUNDER,
               (const char *const[]){"crf-admin", "study", "amend", "mdv2.xml",
                                     "--study-oid", "ST.X", "--yes", NULL},
               EXIT_USAGE, "its first study is read, ST.MABS06: put ST.X first");
    assert_int_equal(trial_count(people_trial, "definition"), 1);
}

static void a_version_is_published_and_nothing_is_in_force_yet(void **state)
{
    (void) state;
    PEOPLE_RUN(FOUNDER, "recorded|crf-admin site version SITE --version MDV.2 --sha256 ",
               "crf-admin", "study", "amend", "mdv2.xml", "--yes");
    assert_int_equal(trial_count(people_trial, "definition"), 2);
    send_form(INVESTIGATOR, "13-V2-MRI.json", NULL, "MDV.2", 409);
}

static struct bytes offline; /* signed under MDV.1 before anybody heard of MDV.2 */

static void one_site_activates_and_the_other_goes_on(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = form(INVESTIGATOR, "13-V2-MRI.json", NULL, "MDV.1", arena);
    trial_sign(people_trial, INVESTIGATOR, &record, &offline);
    amended_activate(people_trial, "01", "MDV.2", sha256, "2026-01-01T00:00:00Z");
    send_form(STRANGER, "02-V1-DM.json", "008-L", "MDV.1", 201);
    send_form(STRANGER, "15-V2-VISIT.json", "008-L", "MDV.2", 409);
    send_form(COORDINATOR, "15-V2-VISIT.json", NULL, "MDV.1", 409);
    send_form(COORDINATOR, "15-V2-VISIT.json", NULL, "MDV.2", 201);
}

static void a_form_that_was_on_its_way_is_taken(void **state)
{
    (void) state;
    struct answer answer = trial_post(people_trial, span_bytes(&offline));
    if (answer.status != 201) {
        fail_msg("%s", bytes_text(&answer.body));
    }
    answer_done(&answer);
}

static void a_visit_is_finished_as_it_was_begun(void **state)
{
    (void) state;
    send_form(COORDINATOR, "03-V1-MH.json", NULL, "MDV.1", 201);
    send_form(COORDINATOR, "17-V3-STRENGTH.json", NULL, "MDV.1", 409);
}

static void a_serious_event_comes_under_any_version(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record =
        trial_form(people_trial, COORDINATOR, "mabs06-apart/012-Q-LOG-SAE.json",
                   SCENE_SUBJECT, NULL, arena);
    post(COORDINATOR, &record, 201, NULL, "VERSION-02");
}

static void the_other_site_follows_later(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record late = amended_activation(people_trial, "02", "MDV.2", sha256,
                                            "2099-01-01T00:00:00Z", arena);
    (void) scene_accept(people_trial, FOUNDER, &late);
    send_form(STRANGER, "15-V2-VISIT.json", "008-L", "MDV.2", 409);
    PEOPLE_RUN(FOUNDER, "recorded", "crf-admin", "site", "version", "02", "--version",
               "MDV.2", "--sha256", sha256, "--approval", "METC 26-041");
    send_form(STRANGER, "15-V2-VISIT.json", "008-L", "MDV.2", 201);
}

static void a_client_follows_the_version_of_its_site(void **state)
{
    (void) state;
    struct answer answer = trial_get(people_trial, INVESTIGATOR, "");
    const struct json *list = json_get(answer.json, "site_versions");
    assert_non_null(list);
    assert_int_equal(list->count, 3);
    answer_done(&answer);
    PEOPLE_RUN(INVESTIGATOR, "definition MDV.2", "crf-site", "form", "007-K", "V2", "VS");
}

static void the_data_manager_sees_what_would_be_asked_and_asks(void **state)
{
    (void) state;
    PEOPLE_RUN(DATA_MANAGER, "new  " DM " IG.DM/-/IT.WEIGHT [8]|No data were changed",
               "crf-sponsor", "recheck", "--version", "MDV.2");
    PEOPLE_RUN(DATA_MANAGER, "queries opened", "crf-sponsor", "recheck", "--version",
               "MDV.2", "--open", "--yes");
    char *count =
        scene_sql(people_trial, "select count(*) from crfd.query where rule = 'person' "
                                "and object = '" DM "'");
    assert_string_equal(count, "1");
    free(count);
    PEOPLE_RUN(DATA_MANAGER, "0 queries opened", "crf-sponsor", "recheck", "--version",
               "MDV.2", "--open", "--yes");
}

static void history_says_the_version_of_each_value(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    char *leaf = scene_leaf(people_trial, DM);
    struct record record =
        trial_form(people_trial, COORDINATOR, "02-V1-DM.json", NULL, "58.5=>61.5", arena);
    record.definition = (struct definition_ref){"MDV.2", sha256};
    record.prior = leaf;
    record.reason = "weighed again";
    post(COORDINATOR, &record, 201, NULL, NULL);
    free(leaf);
    PEOPLE_RUN(INVESTIGATOR, "MDV.1|MDV.2", "crf-site", "history", DM);
}

static void the_monitor_verifies_all_of_it(void **state)
{
    (void) state;
    PEOPLE_RUN(MONITOR, "Verified", "crf-monitor", "verify", "--lang", "en");
    PEOPLE_RUN(DATA_MANAGER, "Verified|by this version: 0 differences", "crf-monitor",
               "verify", "--recheck", "--lang", "en");
}

/* ---- by crf-site ---- */

#define FF "subject/007-K/SE.V1/-/F.FATIGUE/-"

/* A page of text in the folder in which programs run. */
static void write_page(const char *name, const char *text)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *path = arena_printf(arena, "%s/%s", people_root, name);
    BUG_IF(text_file_write(path, span_text(text), true, NULL) != OK);
}

static void assert_made_under(const char *object, const char *version)
{
    char *got = scene_sql(people_trial, "select version from crfd.form where object = '%s'",
                          object);
    assert_string_equal(got, version);
    free(got);
}

static void crf_site_goes_on_with_a_visit_as_it_was_begun(void **state)
{
    (void) state;
    PEOPLE_RUN(INVESTIGATOR,
               "This visit was begun under version MDV.1; its questions are shown.|"
               "definition MDV.1",
               "crf-site", "form", "007-K", "V1", "FF");
    write_page("fatigue.txt", "# crf text form 1\nSUBJECT : 007-K\nVISIT : V1\n== FF\n"
                              "STATE : partial\nFADAT : 2026-01-13\nCIS20 : 98\n");
    PEOPLE_RUN(INVESTIGATOR, "begun under version MDV.1|Ready to send", "crf-site", "check",
               "fatigue.txt");
    PEOPLE_RUN(INVESTIGATOR, "begun under version MDV.1|recorded at", "crf-site", "submit",
               "fatigue.txt", "--yes");
    assert_made_under(FF, "MDV.1");
}

static void so_does_a_correction_question_by_question(void **state)
{
    (void) state;
    PEOPLE_TYPE(INVESTIGATOR, "\n99\n\n\n\n\nread wrongly\n\n\n",
                "begun under version MDV.1|recorded at", "crf-site", "fill", "007-K", "V1",
                "FF");
    assert_made_under(FF, "MDV.1");
    PEOPLE_RUN(INVESTIGATOR, "98 became 99|read wrongly", "crf-site", "history", FF);
}

static void so_does_an_import(void **state)
{
    (void) state;
    write_page("more.xml",
               "<ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" FileType=\"Snapshot\" "
               "ODMVersion=\"1.3.2\" FileOID=\"more\" "
               "CreationDateTime=\"2026-01-20T09:00:00Z\"><ClinicalData "
               "StudyOID=\"ST.MABS06\" MetaDataVersionOID=\"MDV.1\"><SubjectData "
               "SubjectKey=\"007-K\"><StudyEventData StudyEventOID=\"SE.V1\"><FormData "
               "FormOID=\"F.VISIT\"><ItemGroupData ItemGroupOID=\"IG.VISIT\"><ItemData "
               "ItemOID=\"IT.VISDTC\" Value=\"2026-01-13\"/></ItemGroupData></FormData>"
               "</StudyEventData></SubjectData></ClinicalData></ODM>");
    PEOPLE_RUN(INVESTIGATOR, "(line 1, version MDV.1)|1 accepted", "crf-site", "import",
               "more.xml", "--yes");
    assert_made_under("subject/007-K/SE.V1/-/F.VISIT/-", "MDV.1");
}

static void a_new_visit_has_the_version_in_force(void **state)
{
    (void) state;
    write_page("visit.json",
               "{\"SubjectKey\":\"007-K\",\"StudyEventOID\":\"SE.V3\","
               "\"StudyEventRepeatKey\":null,\"FormOID\":\"F.VISIT\","
               "\"FormRepeatKey\":null,\"state\":\"partial\",\"ItemGroupData\":["
               "{\"ItemGroupOID\":\"IG.VISIT\",\"ItemGroupRepeatKey\":null,"
               "\"ItemData\":{\"IT.VISDTC\":\"2026-05-19\"}}]}");
    PEOPLE_RUN(INVESTIGATOR, "recorded at", "crf-site", "submit", "visit.json", "--yes");
    assert_made_under("subject/007-K/SE.V3/-/F.VISIT/-", "MDV.2");
}

static void eligibility_is_that_of_the_consent(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record =
        trial_record(people_trial, STRANGER, RECORD_SUBJECT_ENROL, arena);
    record.definition = (struct definition_ref){"MDV.2", sha256};
    record.data.subject_enrol = (struct subject_enrol_data){"009-M", "02"};
    (void) scene_accept(people_trial, STRANGER, &record);
    send_form(STRANGER, "01-V1-CONSENT.json", "009-M", "MDV.2", 201);
    PEOPLE_RUN(STRANGER,
               "belongs to version MDV.1 and has a page of its own: crf-site form 009-M V1 "
               "EL|definition MDV.2",
               "crf-site", "form", "009-M", "V1");
    PEOPLE_RUN(STRANGER, "Consent was given under version MDV.1|definition MDV.1",
               "crf-site", "form", "009-M", "V1", "EL");
    write_page("page.txt", "# crf text form 1\nSUBJECT : 009-M\nVISIT : V1\n== EL\n"
                           "STATE : partial\nIN01 : yes\n== FF\nSTATE : partial\n"
                           "CIS20 : 98\n");
    people_run(STRANGER,
               (const char *const[]){"crf-site", "submit", "page.txt", "--yes", NULL},
               EXIT_REFUSED, "send it on a page of its own");
    write_page("page.txt", "# crf text form 1\nSUBJECT : 009-M\nVISIT : V1\n== EL\n"
                           "STATE : partial\nIN01 : yes\n");
    PEOPLE_RUN(STRANGER, "Consent was given under version MDV.1|recorded at", "crf-site",
               "submit", "page.txt", "--yes");
    assert_made_under("subject/009-M/SE.V1/-/F.ELIG/-", "MDV.1");
}

/* A computer that never had the older one, without network. */
static void a_version_that_is_not_there_holds_nobody_up(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *name =
        arena_printf(arena, "definition/%s.xml", trial_definition(people_trial));
    assert_int_equal(unlink(people_file(INVESTIGATOR, name, arena)), 0);
    trial_kill(people_trial);
    PEOPLE_RUN(INVESTIGATOR,
               "Version MDV.1 belongs here, but this computer does not have it|"
               "definition MDV.2",
               "crf-site", "form", "007-K", "V1", "MH");
    trial_restart(people_trial);
    PEOPLE_RUN(INVESTIGATOR, "begun under version MDV.1|definition MDV.1", "crf-site",
               "form", "007-K", "V1", "MH");
}

/* ---- the scene ---- */

static void prepare(void)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    static const char *const changes[] = {WEIGHT, RENAME};
    CLEANUP(bytes_done) struct bytes xml = amended_text("MDV.2", changes, 2);
    struct digest digest;
    people_open("");
    trial_hire(people_trial, DATA_MANAGER);
    BUG_IF(text_file_write(arena_printf(arena, "%s/mdv2.xml", people_root),
                           span_bytes(&xml), false, NULL) != OK);
    digest_of(span_bytes(&xml), &digest);
    sha256 = mem_alloc(DIGEST_HEX_SIZE);
    digest_to_hex(&digest, sha256);
}

static void fill(void)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    people_folder(FOUNDER, NULL);
    people_folder(INVESTIGATOR, "01");
    people_folder(STRANGER, "02");
    people_folder(MONITOR, "01");
    people_folder(DATA_MANAGER, NULL);
    send_form(COORDINATOR, "02-V1-DM.json", NULL, "MDV.1", 201);
    struct record record =
        trial_record(people_trial, STRANGER, RECORD_SUBJECT_ENROL, arena);
    record.definition = (struct definition_ref){"MDV.1", trial_definition(people_trial)};
    record.data.subject_enrol = (struct subject_enrol_data){"008-L", "02"};
    (void) scene_accept(people_trial, STRANGER, &record);
}

int main(void)
{
    prepare();
    fill();
    add_test("the sponsor sees what would change", the_sponsor_sees_what_would_change);
    add_test("what is published is whole by its bytes",
             what_is_published_is_whole_by_its_bytes);
    add_test("a version is published and nothing is in force yet",
             a_version_is_published_and_nothing_is_in_force_yet);
    add_test("one site activates and the other goes on",
             one_site_activates_and_the_other_goes_on);
    add_test("a form that was on its way is taken", a_form_that_was_on_its_way_is_taken);
    add_test("a visit is finished as it was begun", a_visit_is_finished_as_it_was_begun);
    add_test("a serious event comes under any version",
             a_serious_event_comes_under_any_version);
    add_test("the other site follows later", the_other_site_follows_later);
    add_test("a client follows the version of its site",
             a_client_follows_the_version_of_its_site);
    add_test("crf-site goes on with a visit as it was begun",
             crf_site_goes_on_with_a_visit_as_it_was_begun);
    add_test("so does a correction, question by question",
             so_does_a_correction_question_by_question);
    add_test("so does an import", so_does_an_import);
    add_test("a new visit has the version in force", a_new_visit_has_the_version_in_force);
    add_test("eligibility is that of the consent", eligibility_is_that_of_the_consent);
    add_test("a version that is not there holds nobody up",
             a_version_that_is_not_there_holds_nobody_up);
    add_test("the data manager sees what would be asked, and asks",
             the_data_manager_sees_what_would_be_asked_and_asks);
    add_test("history says the version of each value",
             history_says_the_version_of_each_value);
    add_test("the monitor verifies all of it", the_monitor_verifies_all_of_it);
    int failed = run_added("an amendment over the wire");
    people_close();
    bytes_done(&offline);
    free(sha256);
    return failed;
}
