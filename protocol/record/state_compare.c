/* SPDX-License-Identifier: Apache-2.0 */
/*
** Two states, or a state and what a database says, compared row by row.
*/
#include "protocol/record/state.h"

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool row_equal(const struct row *row, enum table_id table, const char *const *values,
               int64_t src_seq)
{
    for (size_t i = 0; i < TABLES[table].column_count; i++) {
        if (!same_text(row->values[i], values[i])) {
            return false;
        }
    }
    return row->src_seq == src_seq;
}

void row_write_key(enum table_id table, const char *const *key, struct bytes *out)
{
    for (size_t i = 0; i < TABLES[table].key_count; i++) {
        bytes_printf(out, "%s%s", i > 0 ? " " : "", key[i]);
    }
}

static int compare_keys(enum table_id table, const struct row *a, const struct row *b)
{
    int order = 0;
    for (size_t i = 0; order == 0 && i < TABLES[table].key_count; i++) {
        order = strcmp(a->values[i], b->values[i]);
    }
    return order;
}

bool state_differs(const struct state *a, const struct state *b, enum table_id table,
                   struct bytes *ret_key)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct rows left = state_rows(a, table, arena);
    struct rows right = state_rows(b, table, arena);
    for (size_t i = 0; i < left.count || i < right.count; i++) {
        const struct row *mine = i < left.count ? left.items[i] : NULL;
        const struct row *other = i < right.count ? right.items[i] : NULL;
        int order = mine == NULL    ? 1
                    : other == NULL ? -1
                                    : compare_keys(table, mine, other);
        if (order != 0 || !row_equal(mine, table, other->values, other->src_seq)) {
            bytes_clear(ret_key);
            row_write_key(table, order > 0 ? other->values : mine->values, ret_key);
            return true;
        }
    }
    return false;
}
