/* SPDX-License-Identifier: Apache-2.0 */
/*
** The amendment story: two sites on two versions, a form that was on its way when the new one
** came, and what a sponsor, a data manager, a site and a monitor see of it. Each test stands on
** the one before.
*/
#include "clients/lib/text_file.h"
#include "tests/system/amended.h"
#include "tests/system/people.h"

static char *sha256; /* of MDV.2 */

#define WEIGHT "<CheckValue>35</CheckValue>=><CheckValue>60</CheckValue>"
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

static void a_version_is_published_and_nothing_is_in_force_yet(void **state)
{
    (void) state;
    PEOPLE_RUN(FOUNDER, "recorded", "crf-admin", "study", "amend", "mdv2.xml", "--yes");
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

/* ---- the scene ---- */

static void prepare(void)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    static const char *const changes[] = {WEIGHT};
    CLEANUP(bytes_done) struct bytes xml = amended_text("MDV.2", changes, 1);
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
