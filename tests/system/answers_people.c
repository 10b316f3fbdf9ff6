/* SPDX-License-Identifier: Apache-2.0 */
/*
** Who may not, where it is locked, and which of several faults is told: the ladder of
** RECORDS.md chapter 6, and the quota of refusals.
*/
#include "tests/system/scene.h"

static struct trial *trial;

#define DM       "02-V1-DM.json"
#define STRENGTH "08-V1-STRENGTH.json"
#define NO_LEAF  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

/* ---- site, role, key ---- */

struct row {
    const char *name;
    struct sheet sheet;
    struct wanted wanted;
};

static const struct row rights[] = {
    {"an investigator of another site is refused",
     {.who = STRANGER, .file = DM},
     {403, "right", "RIGHT-01", REFUSED}},
    {"a monitor enters no data",
     {.who = MONITOR, .file = DM},
     {403, "right", "RIGHT-01", REFUSED}},
    {"the sponsor enters no data",
     {.who = SPONSOR, .file = DM},
     {403, "right", "RIGHT-01", REFUSED}},
    {"a role that one does not hold is refused",
     {.who = MONITOR,
      .file = DM,
      .changes = {"\"role\":\"monitor\"=>\"role\":\"investigator\""}},
     {403, "right", "RIGHT-01", REFUSED}},
    {"a role that does not exist is refused",
     {.who = INVESTIGATOR,
      .file = DM,
      .changes = {"\"role\":\"investigator\"=>\"role\":\"wizard\""}},
     {422, "shape", NULL, REFUSED}},
    {"a rater enters no demography",
     {.who = RATER, .file = DM},
     {403, "right", "RIGHT-01", REFUSED}},
    {"a rater enters the strength test",
     {.who = RATER, .file = STRENGTH},
     {201, NULL, NULL, STORED}},
    {"a definition that was never published is refused",
     {.who = INVESTIGATOR, .file = DM, .changes = {"\"MDV.1\"=>\"MDV.9\""}},
     {409, "version", "VERSION-01", REFUSED}},
    {"a clock an hour ahead is refused",
     {.who = INVESTIGATOR, .file = DM, .seconds = 3600},
     {422, "clock", "KEY-05", REFUSED}},
    {"a record from before its key is refused",
     {.who = INVESTIGATOR, .file = DM, .seconds = -86400},
     {422, "clock", "KEY-06", REFUSED}},
    {"a clock half a minute ahead is well",
     {.who = INVESTIGATOR, .file = "05-V1-PREGTEST.json", .seconds = 30},
     {201, NULL, NULL, STORED}},
    {"a history that is not this log's is refused",
     {.who = INVESTIGATOR,
      .file = DM,
      .changes = {"\"seen\":{\"size\":=>\"seen\":{\"size\":9"}},
     {409, "history-differs", "SEEN-01", REFUSED}},
    {"a `seen` with a member too many is refused",
     {.who = INVESTIGATOR, .file = DM, .changes = {"\"root\":\"=>\"root\":\"A\",\"x\":\""}},
     {422, "shape", NULL, REFUSED}},
};

static void sheet_row(void **state)
{
    const struct row *row = *state;
    scene_sheet_try(trial, &row->sheet, &row->wanted);
}

static const struct row unconfirmed[] = {
    {"a key that nobody confirmed is refused",
     {.who = PHARMACIST, .file = DM},
     {403, "key", "KEY-02", REFUSED}},
};

static void suspended_key(void **state)
{
    (void) state;
    struct sheet sheet = {.who = RATER, .file = STRENGTH};
    scene_end_key(trial, RATER, false);
    scene_sheet_try(trial, &sheet, &(struct wanted){403, "key", "KEY-04", REFUSED});
}

static const char *const reads[] = {"/subjects", "/subjects/007-K",     "/people",
                                    "/queries",  "/bodies?from=0&to=1", "/receipts/0"};

static void assert_reads(enum who who, int wanted)
{
    for (size_t i = 0; i < ARRAY_LEN(reads); i++) {
        struct answer answer = trial_get(trial, who, reads[i]);
        assert_int_equal(answer.status, wanted);
        answer_done(&answer);
    }
}

static void suspended_key_reads_nothing(void **state)
{
    (void) state;
    assert_reads(RATER, 403);
}

static void revoked_key(void **state)
{
    (void) state;
    struct sheet sheet = {.who = RATER, .file = STRENGTH};
    scene_end_key(trial, RATER, true);
    scene_sheet_try(trial, &sheet, &(struct wanted){403, "key", "KEY-03", REFUSED});
    assert_reads(RATER, 403);
}

static void unknown_key_reads_nothing(void **state)
{
    (void) state;
    assert_reads(NOBODY, 401);
}

/* ---- locks ---- */

static void locked(const char *scope)
{
    struct sheet sheet = {.who = INVESTIGATOR, .file = DM};
    scene_lock(trial, scope, true);
    scene_sheet_try(trial, &sheet, &(struct wanted){409, "locked", "LOCKED", REFUSED});
    scene_lock(trial, scope, false);
}

static void locked_subject(void **state)
{
    (void) state;
    locked("subject/" SCENE_SUBJECT);
}

static void locked_site(void **state)
{
    (void) state;
    locked("site/01");
}

static void locked_study(void **state)
{
    (void) state;
    locked("study");
}

static void locked_site_of_others(void **state)
{
    (void) state;
    struct sheet sheet = {.who = INVESTIGATOR, .file = "07-V1-FATIGUE.json"};
    scene_lock(trial, "site/02", true);
    scene_sheet_try(trial, &sheet, &(struct wanted){201, NULL, NULL, STORED});
}

static void one_person_does_not_lock(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct sheet sheet = {.who = INVESTIGATOR, .file = "03-V1-MH.json"};
    struct record record = trial_record(trial, FOUNDER, RECORD_LOCK, arena);
    record.reason = "for the test";
    record.data.lock = (struct lock_data){.scope = "site/02"};
    record.type = RECORD_UNLOCK;
    (void) scene_accept(trial, FOUNDER, &record);
    struct answer answer = trial_submit(trial, FOUNDER, &record);
    assert_int_equal(answer.status, 409);
    assert_true(answer_has_finding(&answer, "LOCK-11"));
    answer_done(&answer);
    CLEANUP(mem_freep)
    char *state_now =
        scene_sql(trial, "select state from crfd.lock where scope = 'site/02'");
    assert_string_equal(state_now, "lifting p-0001");
    (void) scene_accept(trial, SPONSOR, &record);
    scene_sheet_try(trial, &sheet, &(struct wanted){201, NULL, NULL, STORED});
}

/* ---- two faults: the lower rung answers ---- */

#define SHAPE "\"state\":\"complete\"=>\"state\":\"ready\""
#define SEEN  "\"seen\":{\"size\":=>\"seen\":{\"size\":9"
#define WORD  "\"166.0\"=>\"tall\""
#define OLD   "\"MDV.1\"=>\"MDV.9\""

static const struct row ladder[] = {
    {"shape is told before the clock",
     {.who = INVESTIGATOR, .file = DM, .changes = {SHAPE}, .seconds = 3600},
     {422, "shape", NULL, REFUSED}},
    {"shape is told before the right",
     {.who = STRANGER, .file = DM, .changes = {SHAPE}},
     {422, "shape", NULL, REFUSED}},
    {"the clock is told before the history",
     {.who = INVESTIGATOR, .file = DM, .changes = {SEEN}, .seconds = 3600},
     {422, "clock", "KEY-05", REFUSED}},
    {"the history is told before the right",
     {.who = STRANGER, .file = DM, .changes = {SEEN}},
     {409, "history-differs", "SEEN-01", REFUSED}},
    {"the right is told before the lock",
     {.who = STRANGER, .file = DM},
     {403, "right", "RIGHT-01", REFUSED}},
    {"the lock is told before the version",
     {.who = INVESTIGATOR, .file = DM, .changes = {OLD}},
     {409, "locked", "LOCKED", REFUSED}},
    {"the lock is told before a stale prior",
     {.who = INVESTIGATOR, .file = DM, .prior = NO_LEAF},
     {409, "locked", "LOCKED", REFUSED}},
};

static const struct row unlocked_ladder[] = {
    {"the version is told before a stale prior",
     {.who = INVESTIGATOR, .file = DM, .changes = {OLD}, .prior = NO_LEAF},
     {409, "version", "VERSION-01", REFUSED}},
    {"a stale prior is told before the findings",
     {.who = INVESTIGATOR, .file = DM, .changes = {WORD}, .prior = NO_LEAF},
     {409, "stale", "CONFLICT", REFUSED}},
    {"an unknown subject is told before the findings",
     {.who = INVESTIGATOR, .file = DM, .changes = {WORD, "007-K=>012-Q"}},
     {422, "findings", "REF-01", REFUSED}},
};

static void lock_for_the_ladder(void **state)
{
    (void) state;
    scene_lock(trial, "subject/" SCENE_SUBJECT, true);
}

static void unlock_after_the_ladder(void **state)
{
    (void) state;
    scene_lock(trial, "subject/" SCENE_SUBJECT, false);
}

static void a_spent_id_is_told_before_all_else(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    struct sheet sheet = {.who = INVESTIGATOR, .file = "10-V1-VISIT.json"};
    scene_sheet(trial, &sheet, &line);
    struct answer answer =
        scene_try(trial, span_bytes(&line), &(struct wanted){201, NULL, NULL, STORED});
    int64_t seq = answer_number(&answer, "seq");
    answer_done(&answer);
    scene_lock(trial, "subject/" SCENE_SUBJECT, true);
    answer = trial_post(trial, span_bytes(&line));
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer_number(&answer, "seq"), seq);
    answer_done(&answer);
    scene_lock(trial, "subject/" SCENE_SUBJECT, false);
}

/* ---- quota ---- */

static void the_eleventh_refusal_is_429_and_unspent(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes eleventh = {0};
    CLEANUP(bytes_done) struct bytes payload = {0};
    struct sheet wrong = {.who = STRANGER, .file = DM};
    trial_new_key(trial, STRANGER);
    scene_payload(trial, &wrong, &payload);
    for (int i = 0; i < 10; i++) {
        CLEANUP(bytes_done) struct bytes line = {0};
        scene_sign(trial, STRANGER, bytes_text(&payload), 0, &line);
        struct answer answer = trial_post(trial, span_bytes(&line));
        assert_int_equal(answer.status, 403);
        answer_done(&answer);
    }
    scene_sign(trial, STRANGER, bytes_text(&payload), 0, &eleventh);
    struct answer answer = scene_try(trial, span_bytes(&eleventh),
                                     &(struct wanted){429, "quota", "RIGHT-01", NOTHING});
    assert_non_null(strstr(bytes_text(&answer.headers), "Retry-After: "));
    answer_done(&answer);
}

static void an_accepted_record_passes_the_quota(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes payload = {0};
    CLEANUP(bytes_done) struct bytes line = {0};
    struct sheet report = {.who = STRANGER, .file = "42-LOG-SAE.json"};
    scene_payload(trial, &report, &payload);
    scene_sign(trial, STRANGER, bytes_text(&payload), 0, &line);
    struct answer answer =
        scene_try(trial, span_bytes(&line), &(struct wanted){201, NULL, NULL, STORED});
    answer_done(&answer);
}

static void the_quota_of_one_key_is_not_anothers(void **state)
{
    (void) state;
    struct sheet sheet = {.who = MONITOR, .file = DM};
    scene_sheet_try(trial, &sheet, &(struct wanted){403, "right", "RIGHT-01", REFUSED});
}

int main(void)
{
    trial = scene_open(&(struct trial_options){0});
    trial_hire(trial, RATER);
    trial_hire_unconfirmed(trial, PHARMACIST);
    add_rows(rights, ARRAY_LEN(rights), sizeof(rights[0]), sheet_row);
    add_rows(unconfirmed, ARRAY_LEN(unconfirmed), sizeof(unconfirmed[0]), sheet_row);
    add_test("a suspended key is refused", suspended_key);
    add_test("a suspended key reads nothing", suspended_key_reads_nothing);
    add_test("a revoked key is refused and reads nothing", revoked_key);
    add_test("an unknown key reads nothing", unknown_key_reads_nothing);
    add_test("a locked subject takes no form", locked_subject);
    add_test("a locked site takes no form", locked_site);
    add_test("a locked study takes no form", locked_study);
    add_test("another site's lock hinders nobody", locked_site_of_others);
    add_test("one person does not unlock, two do", one_person_does_not_lock);
    add_test("lock for the ladder", lock_for_the_ladder);
    add_rows(ladder, ARRAY_LEN(ladder), sizeof(ladder[0]), sheet_row);
    add_test("unlock after the ladder", unlock_after_the_ladder);
    add_rows(unlocked_ladder, ARRAY_LEN(unlocked_ladder), sizeof(unlocked_ladder[0]),
             sheet_row);
    add_test("a spent id is told before all else", a_spent_id_is_told_before_all_else);
    add_test("the eleventh refusal in a minute is 429, and its id unspent",
             the_eleventh_refusal_is_429_and_unspent);
    add_test("an accepted record passes the quota", an_accepted_record_passes_the_quota);
    add_test("the quota of one key is not another's", the_quota_of_one_key_is_not_anothers);
    int failed = run_added("who may not, and what is told first");
    trial_stop(trial);
    return failed;
}
