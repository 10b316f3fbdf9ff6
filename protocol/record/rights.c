/* SPDX-License-Identifier: Apache-2.0 */
/*
** The table stands as in RECORDS.md chapter 9, row by row; rights_print() writes it back, and
** a test compares the two. What is a read or not in this version has its row too: the page is
** complete, and the service's routes ask rights_cell() of the reading row.
*/
#include "protocol/record/rights.h"

#include "protocol/record/record_impl.h"
#include "protocol/record/state_product.h"

#define S   RIGHT_STUDY
#define T   RIGHT_SITE
#define T1  (RIGHT_SITE | RIGHT_STAFF)
#define T2  (RIGHT_SITE | RIGHT_NAMED)
#define ME  RIGHT_SELF
#define TWO RIGHT_TWO

static const char *const ROLE_NAMES[ROLE_COUNT] = {
    [ROLE_INVESTIGATOR] = "investigator",
    [ROLE_COORDINATOR] = "coordinator",
    [ROLE_MONITOR] = "monitor",
    [ROLE_DATA_MANAGER] = "data-manager",
    [ROLE_SPONSOR] = "sponsor",
    [ROLE_SAFETY] = "safety",
    [ROLE_RATER] = "rater",
    [ROLE_PHARMACIST] = "pharmacist",
    [ROLE_REGISTRAR] = "registrar",
    [ROLE_INSPECTOR] = "inspector",
};

/* Cells in the order of enum role: inv coord monitor datamgr sponsor safety rater pharm
 * registrar inspector. */
/* clang-format off */
const struct right RIGHTS[] = {
    {"study.open", "study.open", false, RIGHT_FOUNDER, {0}, {NULL}},
    {"study.amend, site.version", "study.amend site.version", false, 0,
     {0, 0, 0, 0, S, 0, 0, 0, 0, 0}, {NULL}},
    {"site.open", "site.open", false, 0, {0, 0, 0, 0, S, 0, 0, 0, S, 0}, {NULL}},
    {"person.invite, person.confirm, role.*",
     "person.invite person.confirm role.grant role.withdraw", false, RIGHT_NOT_SELF,
     {T1, 0, 0, 0, S, 0, 0, 0, S, 0}, {NULL}},
    {"person.enrol", "person.enrol", false, RIGHT_CODE, {0}, {NULL}},
    {"person.suspend, .revoke", "person.suspend person.revoke", false, 0,
     {T1 | ME, ME, ME, ME, S, ME, ME, ME, S, ME}, {NULL}},
    {"subject.enrol, .status", "subject.enrol subject.status", false, 0,
     {T, T, 0, 0, 0, 0, 0, 0, 0, 0}, {NULL}},
    {"form.submit, form.retract", "form.submit form.retract", false, 0,
     {T2, T2, 0, 0, 0, 0, T2, T2, 0, 0}, {NULL}},
    {"form.submit of a safety form", "form.submit", true, 0,
     {S, S, S, S, S, S, S, S, S, 0}, {NULL}},
    {"form.sign", "form.sign", false, 0, {T, 0, 0, 0, 0, 0, 0, 0, 0, 0}, {NULL}},
    {"dose.clear", "dose.clear", false, 0, {T, 0, 0, 0, 0, 0, 0, T, 0, 0}, {NULL}},
    {"code.assign", "code.assign", false, 0, {0, 0, 0, S, 0, S, 0, 0, 0, 0}, {NULL}},
    {"query.open / .close", "query.open query.close", false, 0,
     {0, 0, T, S, 0, S, 0, 0, 0, 0}, {NULL}},
    {"query.answer", "query.answer", false, 0, {T, T, 0, 0, 0, 0, 0, 0, 0, 0}, {NULL}},
    {"sdv.mark", "sdv.mark", false, 0, {0, 0, T, 0, 0, 0, 0, 0, 0, 0}, {NULL}},
    {"review.mark", "review.mark", false, 0, {T, 0, T, S, 0, S, 0, 0, 0, 0}, {NULL}},
    {"batch.*", "batch.receive batch.release batch.recall", false, 0,
     {0, 0, 0, 0, 0, 0, 0, T, 0, 0}, {[ROLE_PHARMACIST] = "release: QP flag"}},
    {"safety.report", "safety.report", false, 0, {T, T, 0, 0, 0, 0, 0, 0, 0, 0}, {NULL}},
    {"safety.assess / .ack", "safety.assess safety.ack", false, 0,
     {T | RIGHT_OPINION, 0, 0, 0, S | RIGHT_ACK, S, 0, 0, 0, 0},
     {[ROLE_INVESTIGATOR] = "own opinion", [ROLE_SPONSOR] = "ack"}},
    {"hold / hold.lift", "hold hold.lift", false, TWO,
     {T | RIGHT_SUBJECT, 0, 0, 0, S, S, 0, 0, 0, 0},
     {[ROLE_INVESTIGATOR] = "subject, no lift"}},
    {"lock / unlock", "lock unlock", false, TWO, {0, 0, 0, S, S, 0, 0, 0, 0, 0}, {NULL}},
    {"milestone", "milestone", false, 0, {0, 0, 0, 0, S, 0, 0, 0, 0, 0}, {NULL}},
    {"export", "export", false, 0, {0, 0, 0, 0, S, 0, 0, 0, 0, S}, {NULL}},
    {"erase", "erase", false, TWO, {T, 0, 0, 0, S, 0, 0, 0, 0, 0}, {NULL}},
    {"reads", "", false, RIGHT_READ, {T, T, T, S, S, S, T, T, S, S},
     {[ROLE_INVESTIGATOR] = "all", [ROLE_COORDINATOR] = "all", [ROLE_MONITOR] = "all",
      [ROLE_DATA_MANAGER] = "all", [ROLE_SPONSOR] = "not masked",
      [ROLE_SAFETY] = "not masked", [ROLE_RATER] = "own forms",
      [ROLE_PHARMACIST] = "product", [ROLE_REGISTRAR] = "people",
      [ROLE_INSPECTOR] = "all"}},
};
/* clang-format on */
const size_t RIGHTS_COUNT = ARRAY_LEN(RIGHTS);

const char *role_name(enum role role)
{
    return ROLE_NAMES[role];
}

bool role_parse(const char *name, enum role *ret_role)
{
    for (size_t i = 0; name != NULL && i < ROLE_COUNT; i++) {
        if (strcmp(name, ROLE_NAMES[i]) == 0) {
            *ret_role = (enum role) i;
            return true;
        }
    }
    return false;
}

bool role_is_known(const char *name)
{
    enum role role;
    return role_parse(name, &role);
}

static bool covers(const char *types, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = strstr(types, name); at != NULL; at = strstr(at + 1, name)) {
        if ((at == types || at[-1] == ' ') && (at[length] == 0 || at[length] == ' ')) {
            return true;
        }
    }
    return false;
}

static const struct right *find(enum record_type type, bool safety)
{
    const char *name = record_type_name(type);
    for (size_t i = 0; i < RIGHTS_COUNT; i++) {
        if (RIGHTS[i].safety == safety && covers(RIGHTS[i].types, name)) {
            return &RIGHTS[i];
        }
    }
    return NULL;
}

unsigned rights_cell(enum role role, enum record_type type, bool safety)
{
    const struct right *right = find(type, safety);
    return right != NULL && right->cells[role] != 0 ? right->cells[role] | right->all : 0;
}

bool rights_qualifies(const struct record *record)
{
    const struct role_data *data = &record->data.role;
    enum role acting;
    if (data->qualification == NULL) {
        return true;
    }
    return strcmp(data->role, role_name(ROLE_PHARMACIST)) == 0 &&
           (record->type == RECORD_ROLE_WITHDRAW ||
            (role_parse(record->signature.role, &acting) &&
             (rights_cell(acting, record->type, false) & RIGHT_STUDY) != 0));
}

/* (1): coordinator, rater, pharmacist; of the own site, which the grant says. */
static bool is_staff(const char *role)
{
    return role != NULL && (strcmp(role, "coordinator") == 0 ||
                            strcmp(role, "rater") == 0 || strcmp(role, "pharmacist") == 0);
}

/* Does CELL open SCOPE to PERSON, who holds ROLE by some grant? */
static bool reaches(const struct state *state, const char *person, const char *role,
                    unsigned cell, const struct rights_scope *scope, instant at)
{
    bool self = scope->target != NULL && strcmp(scope->target, person) == 0;
    if (self && (cell & RIGHT_NOT_SELF) != 0) {
        return false;
    }
    if (self && (cell & RIGHT_SELF) != 0) {
        return state_has_role(state, person, role, ANY_SITE, at);
    }
    if ((cell & (RIGHT_STUDY | RIGHT_SITE)) == 0 ||
        ((cell & RIGHT_STAFF) != 0 &&
         (scope->target_known || !is_staff(scope->target_role)))) {
        return false;
    }
    if ((cell & RIGHT_SITE) != 0 && scope->site == NULL) {
        return false;
    }
    return state_has_role(state, person, role, scope->site, at);
}

/* What a note of the table narrows a cell to. */
static bool is_narrowed_out(unsigned cell, enum record_type type,
                            const struct rights_scope *scope)
{
    return ((cell & RIGHT_OPINION) != 0 && type != RECORD_SAFETY_ASSESS) ||
           ((cell & RIGHT_ACK) != 0 && type != RECORD_SAFETY_ACK) ||
           ((cell & RIGHT_SUBJECT) != 0 && (type != RECORD_HOLD || !scope->subject));
}

const char *rights_refusal(const struct state *state, const char *person, const char *role,
                           enum record_type type, const struct rights_scope *scope,
                           bool safety, instant at)
{
    enum role acting;
    if (!role_parse(role, &acting)) {
        return "right.unknown";
    }
    if (!state_has_role(state, person, role, ANY_SITE, at)) {
        return "right.not_held";
    }
    unsigned cell = rights_cell(acting, type, safety);
    if (cell == 0 || is_narrowed_out(cell, type, scope)) {
        return "right.record";
    }
    if (safety) {
        return NULL;
    }
    if ((cell & RIGHT_NAMED) != 0 && scope->form != NULL &&
        !form_allows_role(scope->form, role)) {
        return "right.form";
    }
    if (!reaches(state, person, role, cell, scope, at)) {
        return "right.scope";
    }
    return type == RECORD_BATCH_RELEASE &&
                   !state_is_qualified(state, person, scope->site, at)
               ? "right.qualified"
               : NULL;
}

/* ---- the page ---- */

static void print_cell(const struct right *right, size_t role, struct bytes *out)
{
    unsigned cell = right->cells[role];
    bool reaches_far = (cell & (RIGHT_STUDY | RIGHT_SITE)) != 0;
    if (reaches_far) {
        bytes_printf(out, " %s%s", (cell & RIGHT_STUDY) != 0 ? "S" : "T",
                     (cell & RIGHT_STAFF) != 0   ? "(1)"
                     : (cell & RIGHT_NAMED) != 0 ? "(2)"
                                                 : "");
    }
    if ((cell & RIGHT_SELF) != 0) {
        bytes_add_text(out, reaches_far ? ", self" : " self");
    }
    if (right->notes[role] != NULL) {
        bytes_printf(out, " %s", right->notes[role]);
    }
    bytes_add_text(out, " |");
}

static void print_row(const struct right *right, struct bytes *out)
{
    bytes_printf(out, "| %s%s |", right->label,
                 (right->all & RIGHT_TWO) != 0 ? " (3)" : "");
    if ((right->all & RIGHT_FOUNDER) != 0) {
        bytes_add_text(out, " the founder, by the thumbprint in the configuration; becomes "
                            "sponsor and registrar ||||||||||\n");
        return;
    }
    if ((right->all & RIGHT_CODE) != 0) {
        bytes_add_text(out, " whoever holds the invitation's code, once ||||||||||\n");
        return;
    }
    for (size_t role = 0; role < ROLE_COUNT; role++) {
        print_cell(right, role, out);
    }
    bytes_add_char(out, '\n');
}

void rights_print(struct bytes *out)
{
    bytes_add_text(out, "| record |");
    for (size_t role = 0; role < ROLE_COUNT; role++) {
        bytes_printf(out, " %s |", ROLE_NAMES[role]);
    }
    bytes_add_text(out, "\n|---|");
    for (size_t role = 0; role < ROLE_COUNT; role++) {
        bytes_add_text(out, "---|");
    }
    bytes_add_char(out, '\n');
    for (size_t i = 0; i < RIGHTS_COUNT; i++) {
        print_row(&RIGHTS[i], out);
    }
    bytes_add_text(
        out,
        "\nS whole study, T own site, blank refused. A grant for one site opens no other.\n"
        "(1) only coordinator, rater, pharmacist of the own site, and not who is the "
        "qualified person (QP); nobody confirms or grants for oneself\n"
        "(2) only forms whose definition names the role (default investigator and "
        "coordinator)\n"
        "(3) two persons\n");
}
