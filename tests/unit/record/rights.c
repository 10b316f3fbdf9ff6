/* SPDX-License-Identifier: Apache-2.0 */
/*
** The rights table cell by cell against RECORDS.md chapter 9, written here once more by hand,
** and what grants, scopes and persons make of a cell.
*/
#include "protocol/record/rights.h"

#include "protocol/study/messages.h"
#include "tests/support/rows.h"

/* One letter a role: inv coord monitor datamgr sponsor safety rater pharm registrar inspector.
 * S study, T site, 1 T with (1), 2 T with (2), s self only, b T(1) or self, . refused. */
struct matrix_row {
    const char *name;
    enum record_type type;
    bool safety;
    const char *cells;
} matrix[] = {
    {"study.amend", RECORD_STUDY_AMEND, false, "....S....."},
    {"site.version", RECORD_SITE_VERSION, false, "....S....."},
    {"site.open", RECORD_SITE_OPEN, false, "....S...S."},
    {"person.invite", RECORD_PERSON_INVITE, false, "1...S...S."},
    {"person.confirm", RECORD_PERSON_CONFIRM, false, "1...S...S."},
    {"role.grant", RECORD_ROLE_GRANT, false, "1...S...S."},
    {"role.withdraw", RECORD_ROLE_WITHDRAW, false, "1...S...S."},
    {"person.suspend", RECORD_PERSON_SUSPEND, false, "bsssSsssSs"},
    {"person.revoke", RECORD_PERSON_REVOKE, false, "bsssSsssSs"},
    {"subject.enrol", RECORD_SUBJECT_ENROL, false, "TT........"},
    {"subject.status", RECORD_SUBJECT_STATUS, false, "TT........"},
    {"form.submit", RECORD_FORM_SUBMIT, false, "22....22.."},
    {"form.retract", RECORD_FORM_RETRACT, false, "22....22.."},
    {"form.submit of a safety form", RECORD_FORM_SUBMIT, true, "SSSSSSSSS."},
    {"form.sign", RECORD_FORM_SIGN, false, "T........."},
    {"dose.clear", RECORD_DOSE_CLEAR, false, "T......T.."},
    {"code.assign", RECORD_CODE_ASSIGN, false, "...S.S...."},
    {"query.open", RECORD_QUERY_OPEN, false, "..TS.S...."},
    {"query.close", RECORD_QUERY_CLOSE, false, "..TS.S...."},
    {"query.answer", RECORD_QUERY_ANSWER, false, "TT........"},
    {"sdv.mark", RECORD_SDV_MARK, false, "..T......."},
    {"review.mark", RECORD_REVIEW_MARK, false, "T.TS.S...."},
    {"batch.release", RECORD_BATCH_RELEASE, false, ".......T.."},
    {"safety.report", RECORD_SAFETY_REPORT, false, "TT........"},
    {"safety.assess", RECORD_SAFETY_ASSESS, false, "T...SS...."},
    {"hold", RECORD_HOLD, false, "T...SS...."},
    {"lock", RECORD_LOCK, false, "...SS....."},
    {"unlock", RECORD_UNLOCK, false, "...SS....."},
    {"milestone", RECORD_MILESTONE, false, "....S....."},
    {"export", RECORD_EXPORT, false, "....S....S"},
    {"erase", RECORD_ERASE, false, "T...S....."},
    {"study.open is nobody's by role", RECORD_STUDY_OPEN, false, ".........."},
    {"person.enrol is nobody's by role", RECORD_PERSON_ENROL, false, ".........."},
    {"reject is nobody's", RECORD_REJECT, false, ".........."},
};

static char letter(unsigned cell)
{
    bool self = (cell & RIGHT_SELF) != 0;
    return (cell & RIGHT_STUDY) != 0           ? 'S'
           : (cell & RIGHT_STAFF) != 0 && self ? 'b'
           : (cell & RIGHT_STAFF) != 0         ? '1'
           : (cell & RIGHT_NAMED) != 0         ? '2'
           : (cell & RIGHT_SITE) != 0          ? 'T'
           : self                              ? 's'
                                               : '.';
}

static void check_matrix(void **state)
{
    const struct matrix_row *row = *state;
    char cells[ROLE_COUNT + 1] = {0};
    for (size_t role = 0; role < ROLE_COUNT; role++) {
        cells[role] = letter(rights_cell((enum role) role, row->type, row->safety));
    }
    assert_string_equal(cells, row->cells);
}

static void grant(struct state *state, const char *person, const char *role,
                  const char *site)
{
    struct row_change change = {
        .table = TABLE_GRANT, .given = 7, .values = {person, role, site}};
    state_apply(state, &change, 1);
}

struct scope_row {
    const char *name, *role, *granted;
    enum record_type type;
    const char *site, *target, *target_role;
    bool known, allowed;
} scope_rows[] = {
    {"a coordinator enrols at the own site", "coordinator", "NL01", RECORD_SUBJECT_ENROL,
     "NL01", NULL, NULL, false, true},
    {"not at another site", "coordinator", "NL01", RECORD_SUBJECT_ENROL, "BE01", NULL, NULL,
     false, false},
    {"not acting as a role that is not held", "investigator", NULL, RECORD_SUBJECT_ENROL,
     "NL01", NULL, NULL, false, false},
    {"a role that does not exist does nothing", "king", "NL01", RECORD_SUBJECT_ENROL,
     "NL01", NULL, NULL, false, false},
    {"a sponsor opens sites", "sponsor", "-", RECORD_SITE_OPEN, "FR01", NULL, NULL, false,
     true},
    {"a sponsor of one site opens no other", "sponsor", "NL01", RECORD_SITE_OPEN, "FR01",
     NULL, NULL, false, false},
    {"a study lock needs the whole study", "data-manager", "NL01", RECORD_LOCK, NULL, NULL,
     NULL, false, false},
    {"a site lock is in reach of the site's data manager", "data-manager", "NL01",
     RECORD_LOCK, "NL01", NULL, NULL, false, true},
    {"an investigator invites a coordinator of the site", "investigator", "NL01",
     RECORD_PERSON_INVITE, "NL01", "p-0050", "coordinator", false, true},
    {"but no monitor", "investigator", "NL01", RECORD_PERSON_INVITE, "NL01", "p-0050",
     "monitor", false, false},
    {"no coordinator of another site", "investigator", "NL01", RECORD_PERSON_INVITE, "BE01",
     "p-0050", "coordinator", false, false},
    {"no coordinator of the whole study", "investigator", "NL01", RECORD_PERSON_INVITE,
     NULL, "p-0050", "coordinator", false, false},
    {"and gives no new key to somebody who has rights already", "investigator", "NL01",
     RECORD_PERSON_INVITE, "NL01", "p-0050", "coordinator", true, false},
    {"the registrar does", "registrar", "-", RECORD_PERSON_INVITE, "NL01", "p-0050",
     "coordinator", true, true},
    {"nobody confirms oneself", "registrar", "-", RECORD_PERSON_CONFIRM, NULL, "me",
     "registrar", false, false},
    {"nobody grants oneself a role", "sponsor", "-", RECORD_ROLE_GRANT, NULL, "me",
     "safety", false, false},
    {"anybody revokes the own key", "rater", "NL01", RECORD_PERSON_REVOKE, "NL01", "me",
     "rater", false, true},
    {"not another's", "rater", "NL01", RECORD_PERSON_REVOKE, "NL01", "p-0050", "rater",
     false, false},
    {"an investigator suspends the own rater", "investigator", "NL01",
     RECORD_PERSON_SUSPEND, "NL01", "p-0050", "rater", false, true},
    {"not the sponsor", "investigator", "NL01", RECORD_PERSON_SUSPEND, NULL, "p-0050",
     "sponsor", false, false},
    {"an inspector exports the whole", "inspector", "-", RECORD_EXPORT, NULL, NULL, NULL,
     false, true},
};

static void check_scope(void **state_)
{
    const struct scope_row *row = *state_;
    CLEANUP(state_freep) struct state *state = state_new("o", "f");
    if (row->granted != NULL) {
        grant(state, "me", row->role, row->granted);
    }
    struct rights_scope scope = {.site = row->site,
                                 .target = row->target,
                                 .target_role = row->target_role,
                                 .target_known = row->known};
    const char *why = rights_refusal(state, "me", row->role, row->type, &scope, false, 0);
    assert_int_equal(why == NULL, row->allowed);
    assert_true(why == NULL || message_row(&MESSAGES_RECORD, why) != NULL);
}

static void safety_opens_every_site(void **unused)
{
    (void) unused;
    CLEANUP(state_freep) struct state *state = state_new("o", "f");
    grant(state, "me", "monitor", "NL01");
    struct rights_scope scope = {.site = "BE01"};
    assert_null(
        rights_refusal(state, "me", "monitor", RECORD_FORM_SUBMIT, &scope, true, 0));
    assert_string_equal(
        rights_refusal(state, "me", "monitor", RECORD_FORM_SUBMIT, &scope, false, 0),
        "right.record");
}

static void the_page_is_complete(void **unused)
{
    (void) unused;
    CLEANUP(bytes_done) struct bytes page = {0};
    rights_print(&page);
    const char *text = bytes_text(&page);
    assert_non_null(strstr(
        text, "| person.suspend, .revoke | T(1), self | self | self | self | S | self |"));
    assert_non_null(strstr(
        text, "| form.submit, form.retract | T(2) | T(2) | | | | | T(2) | T(2) | | |"));
    assert_non_null(strstr(text, "| lock / unlock (3) | | | | S | S | | | | | |"));
    for (size_t type = 0; type < RECORD_TYPE_COUNT; type++) {
        bool person = RECORD_TYPES[type].kind != KIND_SYSTEM;
        bool covered = false;
        for (size_t i = 0; i < RIGHTS_COUNT; i++) {
            covered = covered || strstr(RIGHTS[i].types, RECORD_TYPES[type].name) != NULL;
        }
        assert_int_equal(covered, person);
    }
}

int main(void)
{
    add_rows(matrix, ARRAY_LEN(matrix), sizeof(matrix[0]), check_matrix);
    add_rows(scope_rows, ARRAY_LEN(scope_rows), sizeof(scope_rows[0]), check_scope);
    add_test("a safety form reaches every site, an ordinary one does not",
             safety_opens_every_site);
    add_test("the page has every type that people send", the_page_is_complete);
    return run_added("record_rights");
}
