/* SPDX-License-Identifier: Apache-2.0 */
/*
** Storage: one chained hash table per table of the schema, and a second one by its index
** column. A row is one block of memory that never changes: SET makes a new block and swaps it
** in, so undoing is swapping the old one back. The journal is the list of swaps since the last
** commit; a mark is a position in the endless journal.
**
** Invariant: journal_start + journal.count == the next mark; each swap holds the only
** reference to its `old` row once `fresh` stands in the table.
*/
#include "protocol/record/state.h"

#include "base/text.h"
#include "protocol/record/state_impl.h"

#define BUCKETS_FIRST 64

static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (const char *c = text; *c != 0; c++) {
        hash = (hash ^ (uint8_t) *c) * UINT64_C(0x100000001b3);
    }
    return (hash ^ 0xff) * UINT64_C(0x100000001b3); /* between two columns */
}

static uint64_t hash_key(const struct table *table, const char *const *key)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < table->key_count; i++) {
        hash = hash_text(hash, key[i]);
    }
    return hash ^ hash >> 32;
}

static uint64_t hash_index(const char *value)
{
    uint64_t hash = hash_text(UINT64_C(0xcbf29ce484222325), value);
    return hash ^ hash >> 32;
}

static bool same_key(const struct table *table, const char *const *a, const char *const *b)
{
    for (size_t i = 0; i < table->key_count; i++) {
        if (strcmp(a[i], b[i]) != 0) {
            return false;
        }
    }
    return true;
}

static void grow(struct store *store)
{
    size_t count = store->bucket_count == 0 ? BUCKETS_FIRST : store->bucket_count * 2;
    struct stored **by_key = mem_alloc(count * sizeof(struct stored *));
    struct stored **by_index = mem_alloc(count * sizeof(struct stored *));
    for (size_t i = 0; i < store->bucket_count; i++) {
        struct stored *next;
        for (struct stored *row = store->by_key[i]; row != NULL; row = next) {
            next = row->next_key;
            row->next_key = by_key[row->hash & (count - 1)];
            by_key[row->hash & (count - 1)] = row;
        }
        for (struct stored *row = store->by_index[i]; row != NULL; row = next) {
            next = row->next_index;
            row->next_index = by_index[row->index_hash & (count - 1)];
            by_index[row->index_hash & (count - 1)] = row;
        }
    }
    free(store->by_key);
    free(store->by_index);
    store->by_key = by_key;
    store->by_index = by_index;
    store->bucket_count = count;
}

struct stored *store_find(const struct store *store, const struct table *table,
                          const char *const *key)
{
    if (store->bucket_count == 0) {
        return NULL;
    }
    uint64_t hash = hash_key(table, key);
    struct stored *row = store->by_key[hash & (store->bucket_count - 1)];
    while (row != NULL && (row->hash != hash || !same_key(table, row->row.values, key))) {
        row = row->next_key;
    }
    return row;
}

struct stored *store_bucket(const struct store *store, const char *value,
                            uint64_t *ret_hash)
{
    *ret_hash = hash_index(value);
    return store->bucket_count == 0
               ? NULL
               : store->by_index[*ret_hash & (store->bucket_count - 1)];
}

static void insert(struct store *store, const struct table *table, struct stored *row)
{
    if (store->count >= store->bucket_count) {
        grow(store);
    }
    struct stored **slot = &store->by_key[row->hash & (store->bucket_count - 1)];
    row->next_key = *slot;
    *slot = row;
    if (table->index >= 0 && row->row.values[table->index] != NULL) {
        slot = &store->by_index[row->index_hash & (store->bucket_count - 1)];
        row->next_index = *slot;
        *slot = row;
    }
    store->count++;
}

static void withdraw(struct store *store, const struct table *table, struct stored *row)
{
    struct stored **slot = &store->by_key[row->hash & (store->bucket_count - 1)];
    while (*slot != row) {
        slot = &(*slot)->next_key;
    }
    *slot = row->next_key;
    if (table->index >= 0 && row->row.values[table->index] != NULL) {
        slot = &store->by_index[row->index_hash & (store->bucket_count - 1)];
        while (*slot != row) {
            slot = &(*slot)->next_index;
        }
        *slot = row->next_index;
    }
    store->count--;
}

/* One block: the struct, then the texts. */
static struct stored *make_row(const struct table *table, const char *const *values,
                               int64_t src_seq)
{
    size_t size = sizeof(struct stored);
    for (size_t i = 0; i < table->column_count; i++) {
        size += values[i] != NULL ? strlen(values[i]) + 1 : 0;
    }
    struct stored *row = mem_alloc(size);
    char *text = (char *) (row + 1);
    for (size_t i = 0; i < table->column_count; i++) {
        if (values[i] != NULL) {
            size_t length = strlen(values[i]) + 1;
            memcpy(text, values[i], length);
            row->row.values[i] = text;
            text += length;
        }
    }
    row->row.src_seq = src_seq;
    row->hash = hash_key(table, row->row.values);
    if (table->index >= 0 && row->row.values[table->index] != NULL) {
        row->index_hash = hash_index(row->row.values[table->index]);
    }
    return row;
}

/* ---- life ---- */

struct state *state_new(const char *origin, const char *founder)
{
    struct state *state = mem_alloc(sizeof(*state));
    state->last_erased = -1;
    state->origin = mem_text(origin);
    state->founder = mem_text(founder != NULL ? founder : "");
    return state;
}

void state_free(struct state *state)
{
    if (state == NULL) {
        return;
    }
    state_commit(state, state_begin(state));
    for (size_t t = 0; t < TABLE_COUNT; t++) {
        struct store *store = &state->stores[t];
        for (size_t i = 0; i < store->bucket_count; i++) {
            struct stored *next;
            for (struct stored *row = store->by_key[i]; row != NULL; row = next) {
                next = row->next_key;
                free(row);
            }
        }
        free(store->by_key);
        free(store->by_index);
    }
    free(state->journal);
    free(state->counters);
    free(state->origin);
    free(state->founder);
    free(state);
}

void state_freep(struct state **state)
{
    state_free(*state);
    *state = NULL;
}

/* ---- the journal ---- */

static struct step *journal_add(struct state *state, enum step_kind kind)
{
    if (state->journal_count == state->journal_capacity) {
        state->journal_capacity =
            state->journal_capacity == 0 ? 64 : state->journal_capacity * 2;
        state->journal =
            mem_grow(state->journal, state->journal_capacity, sizeof(struct step));
    }
    struct step *step = &state->journal[state->journal_count++];
    *step = (struct step){.kind = kind};
    return step;
}

uint64_t state_begin(struct state *state)
{
    return state->journal_start + state->journal_count;
}

static void undo(struct state *state, const struct step *step)
{
    if (step->kind == STEP_HEAD) {
        state->head = step->head;
        return;
    }
    if (step->kind == STEP_COUNTER) {
        state->counters[step->counter].last = step->last;
        return;
    }
    struct store *store = &state->stores[step->table];
    const struct table *table = &TABLES[step->table];
    if (step->fresh != NULL) {
        withdraw(store, table, step->fresh);
        free(step->fresh);
    }
    if (step->old != NULL) {
        insert(store, table, step->old);
    }
}

void state_rollback(struct state *state, uint64_t mark)
{
    BUG_IF(mark < state->journal_start || mark > state_begin(state));
    while (state_begin(state) > mark) {
        undo(state, &state->journal[--state->journal_count]);
    }
}

void state_commit(struct state *state, uint64_t mark)
{
    BUG_IF(mark < state->journal_start || mark > state_begin(state));
    size_t settled = (size_t) (mark - state->journal_start);
    for (size_t i = 0; i < settled; i++) {
        if (state->journal[i].kind == STEP_ROW) {
            free(state->journal[i].old);
        }
    }
    size_t rest = state->journal_count - settled;
    if (rest > 0 && settled > 0) {
        memmove(state->journal, state->journal + settled, rest * sizeof(struct step));
    }
    state->journal_count = rest;
    state->journal_start = mark;
}

/* ---- changing ---- */

/* "AE-0007" -> "AE", 7. The digits stand behind the last hyphen. */
static bool split_number(const char *number, struct span *ret_prefix, uint64_t *ret_value)
{
    const char *hyphen = strrchr(number, '-');
    if (hyphen == NULL || strlen(hyphen + 1) < 4) {
        return false;
    }
    const char *digits = hyphen + 1;
    while (*digits == '0' && digits[1] != 0) {
        digits++;
    }
    *ret_prefix = span_of(number, (size_t) (hyphen - number));
    return text_to_u64(span_text(digits), UINT64_MAX / 2, ret_value);
}

struct counter *counter_find(const struct state *state, struct span prefix)
{
    for (size_t i = 0; i < state->counter_count; i++) {
        if (span_is(prefix, state->counters[i].prefix)) {
            return &state->counters[i];
        }
    }
    return NULL;
}

static void count_number(struct state *state, const char *number)
{
    struct span prefix;
    uint64_t value;
    if (number == NULL || !split_number(number, &prefix, &value) ||
        prefix.size >= sizeof(state->counters->prefix)) {
        return;
    }
    struct counter *counter = counter_find(state, prefix);
    if (counter == NULL) {
        state->counters =
            mem_grow(state->counters, state->counter_count + 1, sizeof(struct counter));
        counter = &state->counters[state->counter_count++];
        *counter = (struct counter){0};
        memcpy(counter->prefix, prefix.data, prefix.size);
    }
    if (value > counter->last) {
        struct step *step = journal_add(state, STEP_COUNTER);
        step->counter = (size_t) (counter - state->counters);
        step->last = counter->last;
        counter->last = value;
    }
}

/* Swap the row of this key for FRESH (NULL: none) and journal it. */
static void swap(struct state *state, enum table_id id, struct stored *old,
                 struct stored *fresh)
{
    struct store *store = &state->stores[id];
    if (old != NULL) {
        withdraw(store, &TABLES[id], old);
    }
    if (fresh != NULL) {
        insert(store, &TABLES[id], fresh);
    }
    struct step *step = journal_add(state, STEP_ROW);
    step->table = id;
    step->old = old;
    step->fresh = fresh;
    if (id == TABLE_FORM && fresh != NULL) {
        count_number(state, fresh->row.values[FORM_NUMBER]);
    } else if (id == TABLE_CLEARANCE && fresh != NULL) {
        count_number(state, fresh->row.values[CLEARANCE_NUMBER]);
    }
}

void state_apply(struct state *state, const struct row_change *change, int64_t src_seq)
{
    const struct table *table = &TABLES[change->table];
    struct stored *old = store_find(&state->stores[change->table], table, change->values);
    if (change->op == ROW_DELETE) {
        if (old != NULL) {
            swap(state, change->table, old, NULL);
            state->last_erased = src_seq;
        }
        return;
    }
    const char *values[TABLE_COLUMNS_MAX] = {0};
    for (size_t i = 0; i < table->column_count; i++) {
        bool given = i < table->key_count || (change->given >> i & 1) != 0;
        values[i] = given ? change->values[i] : old != NULL ? old->row.values[i] : NULL;
    }
    swap(state, change->table, old, make_row(table, values, src_seq));
}

int64_t state_last_erased(const struct state *state)
{
    return state->last_erased;
}

void state_advance(struct state *state, const struct digest *leaf, instant time)
{
    journal_add(state, STEP_HEAD)->head = state->head;
    state->head = (struct state_head){state->head.size + 1, *leaf, time};
}

void state_load_row(struct state *state, enum table_id table, const char *const *values,
                    int64_t src_seq)
{
    uint64_t mark = state_begin(state);
    struct stored *old = store_find(&state->stores[table], &TABLES[table], values);
    swap(state, table, old, make_row(&TABLES[table], values, src_seq));
    if (mark == state->journal_start) {
        state_commit(state, state_begin(state));
    }
}

void state_load_head(struct state *state, const struct state_head *head)
{
    state->head = *head;
}

static bool seen_before(const struct state *state, size_t first, size_t at)
{
    const struct step *step = &state->journal[at];
    const struct stored *mine = step->fresh != NULL ? step->fresh : step->old;
    for (size_t i = at; i-- > first;) {
        const struct step *other = &state->journal[i];
        const struct stored *row = other->fresh != NULL ? other->fresh : other->old;
        if (other->kind == STEP_ROW && other->table == step->table &&
            row->hash == mine->hash &&
            same_key(&TABLES[step->table], row->row.values, mine->row.values)) {
            return true;
        }
    }
    return false;
}

void state_each_changed(const struct state *state, uint64_t mark,
                        void (*each)(enum table_id table, const char *const *key,
                                     const struct row *row, void *arg),
                        void *arg)
{
    BUG_IF(mark < state->journal_start);
    size_t first = (size_t) (mark - state->journal_start);
    for (size_t i = first; i < state->journal_count; i++) {
        const struct step *step = &state->journal[i];
        if (step->kind != STEP_ROW || seen_before(state, first, i)) {
            continue;
        }
        const struct stored *any = step->fresh != NULL ? step->fresh : step->old;
        const struct stored *now =
            store_find(&state->stores[step->table], &TABLES[step->table], any->row.values);
        each(step->table, any->row.values, now != NULL ? &now->row : NULL, arg);
    }
}
