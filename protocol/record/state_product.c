/* SPDX-License-Identifier: Apache-2.0 */
/*
** A link is written with its batch and names parents that are there already, so the graph has
** no circle; each batch is still visited once, for several ways may lead to one donation.
*/
#include "protocol/record/state_product.h"

static const struct row *by_one(const struct state *state, enum table_id table,
                                const char *key)
{
    return key == NULL ? NULL : state_row(state, table, &key);
}

const struct row *state_batch(const struct state *state, const char *batch)
{
    return by_one(state, TABLE_BATCH, batch);
}

/* ---- walking ---- */

struct walk {
    struct arena *arena;
    struct rows found;
    size_t capacity;
};

static void visit(struct walk *walk, const struct row *batch)
{
    for (size_t i = 0; i < walk->found.count; i++) {
        if (walk->found.items[i] == batch) {
            return;
        }
    }
    if (batch != NULL) {
        *ARENA_PUSH(walk->arena, walk->found.items, walk->found.count, walk->capacity) =
            batch;
    }
}

struct rows state_batch_origins(const struct state *state, const char *batch,
                                struct arena *arena)
{
    struct walk walk = {.arena = arena};
    visit(&walk, state_batch(state, batch));
    for (size_t i = 0; i < walk.found.count; i++) {
        struct rows links = state_rows_where(
            state, TABLE_BATCH_LINK, walk.found.items[i]->values[BATCH_BATCH], arena);
        for (size_t l = 0; l < links.count; l++) {
            visit(&walk, state_batch(state, links.items[l]->values[BATCH_LINK_PARENT]));
        }
    }
    return walk.found;
}

struct rows state_batch_products(const struct state *state, const char *batch,
                                 struct arena *arena)
{
    struct walk walk = {.arena = arena};
    struct rows links = state_rows(state, TABLE_BATCH_LINK, arena);
    visit(&walk, state_batch(state, batch));
    for (size_t i = 0; i < walk.found.count; i++) {
        const char *parent = walk.found.items[i]->values[BATCH_BATCH];
        for (size_t l = 0; l < links.count; l++) {
            if (row_is(links.items[l], BATCH_LINK_PARENT, parent)) {
                visit(&walk, state_batch(state, links.items[l]->values[BATCH_LINK_BATCH]));
            }
        }
    }
    return walk.found;
}

/* ---- donors ---- */

struct donors {
    bool some, other, open; /* DONOR; somebody else; a way that ends before a donation */
};

static struct donors donors_of(const struct state *state, const char *batch,
                               const char *donor, struct arena *arena)
{
    struct donors donors = {false, false, false};
    struct rows origins = state_batch_origins(state, batch, arena);
    for (size_t i = 0; i < origins.count; i++) {
        const struct row *row = origins.items[i];
        const char *named = row->values[BATCH_DONOR];
        size_t parents =
            state_rows_where(state, TABLE_BATCH_LINK, row->values[BATCH_BATCH], arena)
                .count;
        donors.open = donors.open || (parents == 0 && named == NULL);
        donors.some = donors.some || (named != NULL && strcmp(named, donor) == 0);
        donors.other = donors.other || (named != NULL && strcmp(named, donor) != 0);
    }
    donors.open = donors.open || origins.count == 0;
    return donors;
}

enum truth state_batch_is_from(const struct state *state, const char *batch,
                               const char *donor, struct arena *arena)
{
    struct donors donors = donors_of(state, batch, donor, arena);
    return donors.other ? NO : donors.open || !donors.some ? UNKNOWN : YES;
}

enum truth state_batch_has_donor(const struct state *state, const char *batch,
                                 const char *donor, struct arena *arena)
{
    struct donors donors = donors_of(state, batch, donor, arena);
    return donors.some ? YES : donors.open ? UNKNOWN : NO;
}

/* ---- may it be given ---- */

static bool is_since(const struct row *batch, instant at)
{
    char now[INSTANT_SIZE];
    if (at == INSTANT_MAX) {
        return true;
    }
    instant_format(at, now);
    return strcmp(batch->values[BATCH_SINCE], now) <= 0;
}

static bool is_bad(const struct row *batch)
{
    return row_is(batch, BATCH_STATE, "rejected") ||
           row_is(batch, BATCH_STATE, "suspended") ||
           row_is(batch, BATCH_STATE, "recalled");
}

static bool is_released(const struct row *batch, instant at)
{
    bool released = row_is(batch, BATCH_STATE, "released") ||
                    row_is(batch, BATCH_STATE, "released-oos");
    /* what went bad later had been released; when, the log tells */
    return (released && is_since(batch, at)) || (is_bad(batch) && !is_since(batch, at));
}

static bool is_portion(const struct row *batch)
{
    return row_is(batch, BATCH_KIND, "dose") || row_is(batch, BATCH_KIND, "bag");
}

const struct row *state_batch_barred(const struct state *state, const char *batch,
                                     instant at, struct arena *arena)
{
    struct rows origins = state_batch_origins(state, batch, arena);
    bool own = false;
    size_t batches = 0, released = 0;
    for (size_t i = 0; i < origins.count; i++) {
        const struct row *row = origins.items[i];
        if (is_bad(row) && is_since(row, at)) {
            return row;
        }
        if (i == 0 && is_released(row, at)) {
            own = true;
        }
        if (i > 0 && is_portion(origins.items[0]) && row_is(row, BATCH_KIND, "batch")) {
            batches++;
            released += is_released(row, at) ? 1 : 0;
        }
    }
    bool may = own || origins.count == 0 || (batches > 0 && released == batches);
    return may ? NULL : origins.items[0];
}

struct rows state_batch_exposures(const struct state *state, const char *batch,
                                  struct arena *arena)
{
    struct rows products = state_batch_products(state, batch, arena);
    struct rows found = {NULL, 0};
    size_t capacity = 0;
    for (size_t i = 0; i < products.count; i++) {
        struct rows rows = state_rows_where(state, TABLE_EXPOSURE,
                                            products.items[i]->values[BATCH_BATCH], arena);
        for (size_t e = 0; e < rows.count; e++) {
            *ARENA_PUSH(arena, found.items, found.count, capacity) = rows.items[e];
        }
    }
    return found;
}

/* ---- who may release ---- */

/* By the very grant of the role that brought the flag, as long as that lasts: one by which the
 * person came back later has another start. */
static bool qualified_at(const struct state *state, const char *person, const char *site,
                         const char *now)
{
    const struct row *row =
        state_row(state, TABLE_QUALIFIED, (const char *const[]){person, site});
    const struct row *grant =
        state_row(state, TABLE_GRANT, (const char *const[]){person, "pharmacist", site});
    const char *from = row != NULL ? row->values[QUALIFIED_VALID_FROM] : NULL;
    return from != NULL && row_is(grant, GRANT_VALID_FROM, from) &&
           strcmp(from, now) <= 0 &&
           (grant->values[GRANT_VALID_TO] == NULL ||
            strcmp(now, grant->values[GRANT_VALID_TO]) < 0);
}

bool state_is_qualified(const struct state *state, const char *person, const char *site,
                        instant at)
{
    char now[INSTANT_SIZE];
    instant_format(at, now);
    return qualified_at(state, person, ALL_SITES, now) ||
           (site != NULL && qualified_at(state, person, site, now));
}
