/* SPDX-License-Identifier: Apache-2.0 */
/*
** Reading the state. Whatever returns several rows returns them in key order, so that nothing
** that is decided or written depends on how a hash table happens to lie in memory.
*/
#include "base/text.h"
#include "protocol/record/state.h"
#include "protocol/record/state_impl.h"
#include "protocol/study/casebook.h"

const char *state_origin(const struct state *state)
{
    return state->origin;
}

const char *state_founder(const struct state *state)
{
    return state->founder;
}

struct state_head state_head(const struct state *state)
{
    return state->head;
}

const struct row *state_row(const struct state *state, enum table_id table,
                            const char *const *key)
{
    const struct stored *found = store_find(&state->stores[table], &TABLES[table], key);
    return found != NULL ? &found->row : NULL;
}

size_t state_row_count(const struct state *state, enum table_id table)
{
    return state->stores[table].count;
}

static int compare_rows(const void *a, const void *b, void *arg)
{
    const struct table *table = arg;
    const struct row *const *x = a;
    const struct row *const *y = b;
    int order = 0;
    for (size_t i = 0; i < table->key_count && order == 0; i++) {
        order = strcmp((*x)->values[i], (*y)->values[i]);
    }
    return order;
}

static struct rows in_key_order(struct rows rows, enum table_id id)
{
    struct table table = TABLES[id];
    if (rows.count > 1) {
        qsort_r(rows.items, rows.count, sizeof(*rows.items), compare_rows, &table);
    }
    return rows;
}

struct rows state_rows(const struct state *state, enum table_id table, struct arena *arena)
{
    const struct store *store = &state->stores[table];
    struct rows rows = {ARENA_ARRAY(arena, store->count, const struct row *), 0};
    for (size_t i = 0; i < store->bucket_count; i++) {
        for (const struct stored *row = store->by_key[i]; row != NULL;
             row = row->next_key) {
            rows.items[rows.count++] = &row->row;
        }
    }
    return in_key_order(rows, table);
}

struct rows state_rows_where(const struct state *state, enum table_id table,
                             const char *value, struct arena *arena)
{
    int column = TABLES[table].index;
    BUG_IF(column < 0);
    uint64_t hash;
    const struct stored *first = store_bucket(&state->stores[table], value, &hash);
    struct rows rows = {NULL, 0};
    size_t capacity = 0;
    for (const struct stored *row = first; row != NULL; row = row->next_index) {
        if (row->index_hash == hash && strcmp(row->row.values[column], value) == 0) {
            *ARENA_PUSH(arena, rows.items, rows.count, capacity) = &row->row;
        }
    }
    return in_key_order(rows, table);
}

static const struct row *by_one(const struct state *state, enum table_id table,
                                const char *key)
{
    return key == NULL ? NULL : state_row(state, table, &key);
}

const struct row *state_definition(const struct state *state, const char *version)
{
    return by_one(state, TABLE_DEFINITION, version);
}

const struct row *state_site(const struct state *state, const char *site)
{
    return by_one(state, TABLE_SITE, site);
}

const struct row *state_person(const struct state *state, const char *person)
{
    return by_one(state, TABLE_PERSON, person);
}

const struct row *state_key_by_kid(const struct state *state, const char *kid)
{
    return by_one(state, TABLE_PERSON_KEY, kid);
}

const struct row *state_subject(const struct state *state, const char *subject)
{
    return by_one(state, TABLE_SUBJECT, subject);
}

const struct row *state_form(const struct state *state, const char *object)
{
    return by_one(state, TABLE_FORM, object);
}

const struct row *state_query(const struct state *state, const char *query)
{
    return by_one(state, TABLE_QUERY, query);
}

const struct row *state_lock(const struct state *state, const char *scope)
{
    return by_one(state, TABLE_LOCK, scope);
}

int64_t row_integer(const struct row *row, int column)
{
    int64_t value = 0;
    return row != NULL && row->values[column] != NULL &&
                   text_to_i64(span_text(row->values[column]), &value)
               ? value
               : 0;
}

bool row_is(const struct row *row, int column, const char *text)
{
    return row != NULL && row->values[column] != NULL &&
           strcmp(row->values[column], text) == 0;
}

/* ---- roles ---- */

const char *const ANY_SITE = "any site";

/* The instants of a row as text against AT: from <= at < to. */
static bool in_force(const char *from, const char *to, instant at)
{
    char now[INSTANT_SIZE];
    instant_format(at, now);
    return (from == NULL || strcmp(from, now) <= 0) && (to == NULL || strcmp(now, to) < 0);
}

static bool grant_matches(const struct row *row, const char *role, const char *site,
                          instant at)
{
    const char *granted = row->values[GRANT_SITE];
    bool scope = strcmp(granted, ALL_SITES) == 0 || site == ANY_SITE ||
                 (site != NULL && strcmp(site, granted) == 0);
    return scope && (role == NULL || strcmp(row->values[GRANT_ROLE], role) == 0) &&
           in_force(row->values[GRANT_VALID_FROM], row->values[GRANT_VALID_TO], at);
}

static bool has_grant(const struct state *state, const char *person, const char *role,
                      const char *site, instant at)
{
    uint64_t hash;
    const struct stored *row = store_bucket(&state->stores[TABLE_GRANT], person, &hash);
    for (; row != NULL; row = row->next_index) {
        if (row->index_hash == hash && row_is(&row->row, GRANT_PERSON, person) &&
            grant_matches(&row->row, role, site, at)) {
            return true;
        }
    }
    return false;
}

bool state_has_role(const struct state *state, const char *person, const char *role,
                    const char *site, instant at)
{
    return has_grant(state, person, role, site, at);
}

bool state_has_any_role(const struct state *state, const char *person, instant at)
{
    return has_grant(state, person, NULL, ANY_SITE, at);
}

/* ---- forms, locks, holds ---- */

struct rows state_forms(const struct state *state, const char *subject, bool all,
                        struct arena *arena)
{
    struct rows rows = state_rows_where(state, TABLE_FORM, subject, arena);
    size_t kept = 0;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *row = rows.items[i];
        bool current = strchr(row->values[FORM_OBJECT], '~') == NULL &&
                       !row_is(row, FORM_STATE, "retracted");
        if (all || current) {
            rows.items[kept++] = row;
        }
    }
    rows.count = kept;
    return rows;
}

static void site_scope(const char *site, struct bytes *scope)
{
    bytes_add_text(scope, "site/");
    path_add_segment(scope, site);
}

static const struct row *lock_in_force(const struct state *state, const char *scope)
{
    const struct row *row = state_lock(state, scope);
    return row != NULL && strncmp(row->values[LOCK_STATE], "asked ", 6) != 0 ? row : NULL;
}

const struct row *state_lock_covering(const struct state *state, const char *object,
                                      const char *site)
{
    const struct row *row = lock_in_force(state, "study");
    if (row == NULL && site != NULL) {
        CLEANUP(bytes_done) struct bytes scope = {0};
        site_scope(site, &scope);
        row = lock_in_force(state, bytes_text(&scope));
    }
    if (row != NULL || object == NULL || state_row_count(state, TABLE_LOCK) == 0) {
        return row;
    }
    CLEANUP(mem_freep) char *part = mem_text(object);
    char *slash = part + strlen(part);
    while (row == NULL && slash != NULL) {
        *slash = 0;
        row = lock_in_force(state, part);
        slash = strrchr(part, '/');
    }
    return row;
}

/* Of two holds of one scope the one that only a decision lifts is told. */
static const struct row *hold_of(const struct state *state, const char *activity,
                                 const char *scope)
{
    const struct row *found = NULL;
    uint64_t hash;
    const struct stored *row = store_bucket(&state->stores[TABLE_HOLD], scope, &hash);
    for (; row != NULL; row = row->next_index) {
        if (row->index_hash != hash || !row_is(&row->row, HOLD_SCOPE, scope) ||
            !row_is(&row->row, HOLD_ACTIVITY, activity)) {
            continue;
        }
        bool graver = found == NULL || (row_is(found, HOLD_STATE, "provisional") &&
                                        !row_is(&row->row, HOLD_STATE, "provisional"));
        found = graver ? &row->row : found;
    }
    return found;
}

const struct row *state_hold_covering(const struct state *state, const char *activity,
                                      const struct hold_reach *reach)
{
    const struct {
        const char *kind, *name;
    } scopes[] = {
        {"site/", reach->site}, {"cohort/", reach->cohort}, {"subject/", reach->subject}};
    const struct row *row = hold_of(state, activity, "study");
    for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
        if (scopes[i].name != NULL &&
            (row == NULL || row_is(row, HOLD_STATE, "provisional"))) {
            CLEANUP(bytes_done) struct bytes scope = {0};
            bytes_add_text(&scope, scopes[i].kind);
            path_add_segment(&scope, scopes[i].name);
            const struct row *own = hold_of(state, activity, bytes_text(&scope));
            row = own != NULL ? own : row;
        }
    }
    return row;
}

/* The changes of one hold, by time; a hold that ended may have come again. */
struct hold_span {
    const struct row *const *rows;
    size_t count;
    const char *activity, *cause;
};

static bool is_of(const struct hold_span *span, const struct row *row)
{
    return row_is(row, HOLD_CHANGE_ACTIVITY, span->activity) &&
           row_is(row, HOLD_CHANGE_CAUSE, span->cause);
}

/* The newest change until AT; NULL: none. Texts of one form sort as their times do. */
static const struct row *last_change(const struct hold_span *span, const char *at)
{
    const struct row *last = NULL;
    for (size_t i = 0; i < span->count; i++) {
        const struct row *row = span->rows[i];
        const char *when = row->values[HOLD_CHANGE_AT];
        bool later = last == NULL || strcmp(when, last->values[HOLD_CHANGE_AT]) > 0;
        if (is_of(span, row) && strcmp(when, at) <= 0 && later) {
            last = row;
        }
    }
    return last;
}

static bool ends_between(const struct hold_span *span, const char *from, const char *to)
{
    for (size_t i = 0; i < span->count; i++) {
        const char *when = span->rows[i]->values[HOLD_CHANGE_AT];
        if (is_of(span, span->rows[i]) &&
            row_is(span->rows[i], HOLD_CHANGE_STATE, "gone") && strcmp(when, from) > 0 &&
            strcmp(when, to) <= 0) {
            return true;
        }
    }
    return false;
}

instant state_hold_since(const struct state *state, const struct row *hold,
                         struct arena *arena)
{
    struct rows rows =
        state_rows_where(state, TABLE_HOLD_CHANGE, hold->values[HOLD_SCOPE], arena);
    struct hold_span span = {rows.items, rows.count, hold->values[HOLD_ACTIVITY],
                             hold->values[HOLD_CAUSE]};
    const char *gone = "", *since = NULL;
    instant at = 0;
    for (size_t i = 0; i < rows.count; i++) {
        const char *when = rows.items[i]->values[HOLD_CHANGE_AT];
        bool ends =
            is_of(&span, rows.items[i]) && row_is(rows.items[i], HOLD_CHANGE_STATE, "gone");
        gone = ends && strcmp(when, gone) > 0 ? when : gone;
    }
    for (size_t i = 0; i < rows.count; i++) {
        const char *when = rows.items[i]->values[HOLD_CHANGE_AT];
        bool first = since == NULL || strcmp(when, since) < 0;
        if (is_of(&span, rows.items[i]) && strcmp(when, gone) > 0 && first) {
            since = when;
        }
    }
    return since != NULL && instant_parse(span_text(since), &at, NULL) ? at : 0;
}

static bool was_on_hold(const struct state *state, const char *activity, const char *scope,
                        const char *from, const char *to, struct arena *arena)
{
    struct rows rows = state_rows_where(state, TABLE_HOLD_CHANGE, scope, arena);
    for (size_t i = 0; i < rows.count; i++) {
        struct hold_span span = {rows.items, rows.count, activity,
                                 rows.items[i]->values[HOLD_CHANGE_CAUSE]};
        const struct row *last = last_change(&span, from);
        if (row_is(last, HOLD_CHANGE_STATE, "held") && !ends_between(&span, from, to)) {
            return true;
        }
    }
    return false;
}

bool state_hold_was(const struct state *state, const char *activity,
                    const struct hold_reach *reach, instant from, instant to,
                    struct arena *arena)
{
    const struct {
        const char *kind, *name;
    } scopes[] = {
        {"site/", reach->site}, {"cohort/", reach->cohort}, {"subject/", reach->subject}};
    char first[INSTANT_SIZE], last[INSTANT_SIZE];
    instant_format(from, first);
    instant_format(to, last);
    bool was = was_on_hold(state, activity, "study", first, last, arena);
    for (size_t i = 0; i < ARRAY_LEN(scopes) && !was; i++) {
        CLEANUP(bytes_done) struct bytes scope = {0};
        if (scopes[i].name != NULL) {
            bytes_add_text(&scope, scopes[i].kind);
            path_add_segment(&scope, scopes[i].name);
            was = was_on_hold(state, activity, bytes_text(&scope), first, last, arena);
        }
    }
    return was;
}

/* ---- definitions ---- */

static const char *first_version(const struct state *state)
{
    const struct store *store = &state->stores[TABLE_DEFINITION];
    for (size_t i = 0; i < store->bucket_count; i++) {
        for (const struct stored *row = store->by_key[i]; row != NULL;
             row = row->next_key) {
            if (row_is(&row->row, DEFINITION_SRC, "study.open")) {
                return row->row.values[DEFINITION_VERSION];
            }
        }
    }
    return NULL;
}

/* Is A to be taken rather than B (may be NULL)? One in force before one that has ended; then
 * the later start; of ended ones the later end. */
static bool is_nearer(const struct row *a, const struct row *b, instant at)
{
    const char *from = a->values[SITE_VERSION_VALID_FROM];
    const char *to = a->values[SITE_VERSION_VALID_TO];
    if (b == NULL) {
        return true;
    }
    bool holds = in_force(from, to, at);
    bool other =
        in_force(b->values[SITE_VERSION_VALID_FROM], b->values[SITE_VERSION_VALID_TO], at);
    if (holds != other) {
        return holds;
    }
    return holds ? strcmp(from, b->values[SITE_VERSION_VALID_FROM]) > 0
                 : strcmp(to, b->values[SITE_VERSION_VALID_TO]) > 0;
}

const char *state_version_at(const struct state *state, const char *site, instant at,
                             uint64_t size)
{
    const struct row *best = NULL;
    uint64_t hash;
    const struct stored *row =
        store_bucket(&state->stores[TABLE_SITE_VERSION], site != NULL ? site : "", &hash);
    for (; row != NULL; row = row->next_index) {
        const struct row *candidate = &row->row;
        bool counts = row_is(candidate, SITE_VERSION_SITE, site != NULL ? site : "") &&
                      (uint64_t) candidate->src_seq < size &&
                      in_force(candidate->values[SITE_VERSION_VALID_FROM], NULL, at);
        if (counts && is_nearer(candidate, best, at)) {
            best = candidate;
        }
    }
    return best != NULL ? best->values[SITE_VERSION_VERSION] : first_version(state);
}

uint64_t state_last_number(const struct state *state, const char *prefix)
{
    const struct counter *counter = counter_find(state, span_text(prefix));
    return counter != NULL ? counter->last : 0;
}

/* ---- the canonical text ---- */

static void dump_text(const char *text, struct bytes *out)
{
    static const char escapes[] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\v'] = 'v', ['\f'] = 'f', ['\r'] = 'r'};
    if (text == NULL) {
        bytes_add_text(out, "\\N");
        return;
    }
    for (const char *c = text; *c != 0; c++) {
        uint8_t byte = (uint8_t) *c;
        if (byte == '\\') {
            bytes_add_text(out, "\\\\");
        } else if (byte < sizeof(escapes) && escapes[byte] != 0) {
            bytes_add_char(out, '\\');
            bytes_add_char(out, escapes[byte]);
        } else {
            bytes_add_char(out, *c);
        }
    }
}

void state_dump(const struct state *state, enum table_id table, struct bytes *out)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct rows rows = state_rows(state, table, arena);
    for (size_t i = 0; i < rows.count; i++) {
        for (size_t column = 0; column < TABLES[table].column_count; column++) {
            dump_text(rows.items[i]->values[column], out);
            bytes_add_char(out, '\t');
        }
        bytes_printf(out, "%lld\n", (long long) rows.items[i]->src_seq);
    }
}
