/* SPDX-License-Identifier: Apache-2.0 */
/*
** The ladder for signatures and locks: gates, confirmations, two persons.
*/
#include "tests/unit/record/play.h"

#include "tests/support/rows.h"

static void coordinator_signs(struct scene *s)
{
    play_submit(s, GOOD);
    play_sign(s, COORDINATOR, VS);
}
static void other_site_signs(struct scene *s)
{
    play_submit(s, GOOD);
    play_sign(s, OTHER_INVESTIGATOR, VS);
}
static void signs_partial(struct scene *s)
{
    play_submit(s, PARTIAL);
    play_sign(s, INVESTIGATOR, VS);
}
static void signs_what_is_not_there(struct scene *s)
{
    play_sign(s, INVESTIGATOR, VS);
}
static void signs_old_revision(struct scene *s)
{
    play_submit(s, PARTIAL);
    struct signed_object old = play_object_now(s, VS);
    play_submit(s, GOOD);
    struct record record = scene_record(s, INVESTIGATOR, RECORD_FORM_SIGN);
    record.data.form_sign = (struct form_sign_data){&old, 1, NULL, 0};
    play_send(s, INVESTIGATOR, record);
}
static void signs_over_a_query(struct scene *s)
{
    play_submit(s, GOOD);
    play_query(s, MONITOR, VS);
    play_sign(s, INVESTIGATOR, VS);
}
static void signs_confirming(struct scene *s)
{
    play_submit(s, GOOD);
    play_query(s, MONITOR, VS);
    struct confirmed confirmed = {VS, "IG.VS/-/IT.WEIGHT", "person", "weighed twice"};
    play_sign_with(s, INVESTIGATOR, VS, &confirmed, 1);
}
static void confirms_elsewhere(struct scene *s)
{
    play_submit(s, GOOD);
    struct confirmed confirmed = {RATE, NULL, "11", "so"};
    play_sign_with(s, INVESTIGATOR, VS, &confirmed, 1);
}

static void lock_is_asked(struct scene *s)
{
    play_lock(s, DATA_MANAGER, "site/NL01");
}
static void lock_is_done(struct scene *s)
{
    play_lock_twice(s, "site/NL01");
}
static void lock_by_one(struct scene *s)
{
    play_lock(s, DATA_MANAGER, "site/NL01");
    play_lock(s, DATA_MANAGER, "site/NL01");
}
static void lock_three_times(struct scene *s)
{
    play_lock_twice(s, "site/NL01");
    play_lock(s, FOUNDER, "site/NL01");
}
static void lock_by_monitor(struct scene *s)
{
    play_lock(s, MONITOR, "site/NL01");
}
static void lock_over_partial(struct scene *s)
{
    play_submit(s, PARTIAL);
    play_lock(s, DATA_MANAGER, "site/NL01");
}
static void lock_over_unsigned(struct scene *s)
{
    play_submit(s, GOOD);
    play_lock(s, DATA_MANAGER, "study");
}
static void lock_over_query(struct scene *s)
{
    play_signs(s);
    play_query(s, MONITOR, VS);
    play_lock(s, DATA_MANAGER, VS);
}
static void lock_over_signed(struct scene *s)
{
    play_signs(s);
    play_lock(s, DATA_MANAGER, "study");
}
static void lock_elsewhere(struct scene *s)
{
    play_submit(s, PARTIAL);
    play_lock(s, DATA_MANAGER, "site/BE01");
}
static void lock_accepting(struct scene *s)
{
    play_submit(s, PARTIAL);
    struct confirmed confirmed = {VS, NULL, "LOCK-01", "lost to follow-up"};
    play_lock_with(s, DATA_MANAGER, RECORD_LOCK, "site/NL01", &confirmed, 1);
}
static void lock_accepting_elsewhere(struct scene *s)
{
    struct confirmed confirmed = {VS, NULL, "LOCK-01", "lost to follow-up"};
    play_lock_with(s, DATA_MANAGER, RECORD_LOCK, "site/BE01", &confirmed, 1);
}
static void lock_of_no_site(struct scene *s)
{
    play_lock(s, DATA_MANAGER, "site/XX");
}
static void lock_of_nobody(struct scene *s)
{
    play_lock(s, DATA_MANAGER, "subject/999-A");
}
static void submit_into_lock(struct scene *s)
{
    play_lock_twice(s, "site/NL01");
    play_submit(s, GOOD);
}
static void submit_into_asked_lock(struct scene *s)
{
    play_lock(s, DATA_MANAGER, "site/NL01");
    play_submit(s, GOOD);
}
static void enrol_into_lock(struct scene *s)
{
    play_lock_twice(s, "study");
    play_enrol(s, COORDINATOR, "008-L", "NL01");
}
static void sign_in_locked_form(struct scene *s)
{
    play_submit(s, GOOD);
    struct confirmed confirmed = {VS, NULL, "LOCK-02", "so"};
    play_lock_with(s, DATA_MANAGER, RECORD_LOCK, VS, &confirmed, 1);
    play_lock_with(s, SPONSOR, RECORD_LOCK, VS, &confirmed, 1);
    play_sign(s, INVESTIGATOR, VS);
}
static void query_into_lock(struct scene *s)
{
    play_signs(s);
    play_lock_twice(s, "site/NL01");
    play_query(s, MONITOR, VS);
}
static void unlock_by_two(struct scene *s)
{
    play_lock_twice(s, "site/NL01");
    play_unlock(s, SPONSOR);
    play_unlock(s, DATA_MANAGER);
}
static void unlock_by_one(struct scene *s)
{
    play_lock_twice(s, "site/NL01");
    play_unlock(s, SPONSOR);
    play_unlock(s, SPONSOR);
}
static void unlock_nothing(struct scene *s)
{
    play_unlock(s, SPONSOR);
}
static void asks_back(struct scene *s)
{
    play_lock(s, DATA_MANAGER, "site/NL01");
    play_unlock(s, DATA_MANAGER);
}
static void submit_after_unlock(struct scene *s)
{
    unlock_by_two(s);
    play_submit(s, GOOD);
}

static const struct decide_row rows[] = {
    {"an investigator signs", play_signs, 201, NULL, 0, LOGGED},
    {"a coordinator does not", coordinator_signs, 403, "RIGHT-01", 10, LOGGED},
    {"another site does not", other_site_signs, 403, "RIGHT-01", 10, LOGGED},
    {"a partial form is not signed", signs_partial, 409, "SIGN-02", 14, LOGGED},
    {"what is not there is not signed", signs_what_is_not_there, 422, "REF-10", 13, LOGGED},
    {"an old revision is not signed", signs_old_revision, 409, "CONFLICT", 13, LOGGED},
    {"an open query gates the signature", signs_over_a_query, 409, "person", 14, LOGGED},
    {"confirmed with a reason it does not", signs_confirming, 201, NULL, 0, LOGGED},
    {"only what is signed is confirmed", confirms_elsewhere, 422, "REF-10", 13, LOGGED},
    {"a lock is asked for", lock_is_asked, 201, NULL, 0, LOGGED},
    {"a second person locks", lock_is_done, 201, NULL, 0, LOGGED},
    {"one person does not lock", lock_by_one, 409, "LOCK-11", 13, LOGGED},
    {"what is locked is not locked again", lock_three_times, 409, "LOCK-10", 13, LOGGED},
    {"a monitor locks nothing", lock_by_monitor, 403, "RIGHT-01", 10, LOGGED},
    {"a partial form blocks a lock", lock_over_partial, 409, "LOCK-01", 14, LOGGED},
    {"an unsigned form blocks a lock", lock_over_unsigned, 409, "LOCK-02", 14, LOGGED},
    {"an open query blocks a lock", lock_over_query, 409, "person", 14, LOGGED},
    {"a signed form does not", lock_over_signed, 201, NULL, 0, LOGGED},
    {"another site's forms do not", lock_elsewhere, 201, NULL, 0, LOGGED},
    {"a blocker is accepted with a reason", lock_accepting, 201, NULL, 0, LOGGED},
    {"only blockers in the scope are", lock_accepting_elsewhere, 422, "REF-10", 14, LOGGED},
    {"a site that is not there is not locked", lock_of_no_site, 422, "REF-03", 14, LOGGED},
    {"nor a subject", lock_of_nobody, 422, "REF-01", 14, LOGGED},
    {"a locked site takes no form", submit_into_lock, 409, "LOCKED", 11, LOGGED},
    {"one that is only asked for does", submit_into_asked_lock, 201, NULL, 0, LOGGED},
    {"a locked study takes no subject", enrol_into_lock, 409, "LOCKED", 11, LOGGED},
    {"a locked form is not signed", sign_in_locked_form, 409, "LOCKED", 11, LOGGED},
    {"a locked site takes no query", query_into_lock, 409, "LOCKED", 11, LOGGED},
    {"two persons unlock", unlock_by_two, 201, NULL, 0, LOGGED},
    {"one person does not", unlock_by_one, 409, "LOCK-11", 13, LOGGED},
    {"what is not locked is not unlocked", unlock_nothing, 409, "LOCK-12", 13, LOGGED},
    {"who asked for a lock takes it back", asks_back, 201, NULL, 0, LOGGED},
    {"an unlocked site takes forms", submit_after_unlock, 201, NULL, 0, LOGGED},
};

int main(void)
{
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), play_check);
    return run_added("record_decide_signing");
}
