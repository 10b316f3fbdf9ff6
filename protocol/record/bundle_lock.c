/* SPDX-License-Identifier: Apache-2.0 */
/*
** lists/lock.txt, the certificate: what is closed at this size, who asked and who did it, when
** and why, what was open then and accepted with which reason, and what is open now.
*/
#include "protocol/record/bundle_impl.h"

/* The printed texts of people stand on one line, without control characters. */
static void add_line_text(struct bytes *out, const char *text)
{
    for (const char *c = text != NULL ? text : "-"; *c != 0; c++) {
        bytes_add_char(out, (uint8_t) *c < 0x20 ? ' ' : *c);
    }
}

static void add_field(struct bytes *out, const char *name, const char *text)
{
    bytes_printf(out, "  %-10s ", name);
    add_line_text(out, text);
    bytes_add_char(out, '\n');
}

static void add_accepted(struct bytes *out, const struct lock_data *lock)
{
    for (size_t i = 0; i < lock->confirmed_count; i++) {
        const struct confirmed *item = &lock->confirmed[i];
        const char *rule = bundle_rule(item->rule);
        bytes_add_text(out, "  accepted   ");
        add_line_text(out, item->object);
        bytes_add_char(out, ' ');
        add_line_text(out, item->path != NULL ? item->path : "");
        bytes_add_text(out, " [");
        add_line_text(out, item->rule);
        bytes_printf(out, "] %s\n             because ", rule != NULL ? rule : "");
        add_line_text(out, item->reason);
        bytes_add_char(out, '\n');
    }
    if (lock->confirmed_count == 0) {
        bytes_add_text(out, "  accepted   nothing was open that had to be accepted\n");
    }
}

static void add_act(struct bundling *b, const struct read_record *read, struct arena *arena,
                    void *arg)
{
    const struct effect *effect = outcome_effect(&read->outcome, EFFECT_LOCK, NULL);
    const struct record_signature *signature = &read->record.signature;
    struct bytes *out = &b->buffer;
    char time[INSTANT_SIZE];
    size_t *count = arg;
    if (effect == NULL) {
        return;
    }
    instant_format(read->entry.time, time);
    bytes_printf(out, "Entry %lld, %.19s UTC: ", (long long) read->entry.seq, time);
    add_line_text(out, effect->scope);
    bytes_add_text(out, ", ");
    add_line_text(out, effect->value);
    bytes_add_char(out, '\n');
    bytes_add_text(out, "  by         ");
    add_line_text(out, signature->name);
    bytes_printf(out, " (%s, %s), signed at %s\n",
                 arena_span_text(arena, read->entry.actor), signature->role,
                 signature->signed_at);
    add_field(out, "says", signature->statement);
    add_field(out, "reason", read->record.reason);
    add_accepted(out, &read->record.data.lock);
    bytes_add_char(out, '\n');
    (*count)++;
}

static void add_scopes(struct bundling *b, struct arena *arena)
{
    struct rows rows = state_rows(b->state, TABLE_LOCK, arena);
    bytes_add_text(&b->buffer, "Scopes at this size:\n");
    for (size_t i = 0; i < rows.count; i++) {
        bytes_add_text(&b->buffer, "  ");
        add_line_text(&b->buffer, rows.items[i]->values[LOCK_SCOPE]);
        bytes_printf(&b->buffer, ": %s (entry %lld)\n", rows.items[i]->values[LOCK_STATE],
                     (long long) rows.items[i]->src_seq);
    }
    if (!row_is(state_lock(b->state, "study"), LOCK_STATE, "locked")) {
        bytes_add_text(&b->buffer,
                       "  The study as a whole is NOT locked: this is an interim cut.\n");
    }
    bytes_add_char(&b->buffer, '\n');
}

static size_t count_rows(const struct rows *rows, int column, const char *text)
{
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        count += row_is(rows->items[i], column, text);
    }
    return count;
}

static void add_counts(struct bundling *b, struct arena *arena)
{
    struct rows forms = state_rows(b->state, TABLE_FORM, arena);
    struct rows queries = state_rows(b->state, TABLE_QUERY, arena);
    static const char *const states[] = {"signed",     "complete",    "partial",
                                         "concurrent", "unconfirmed", "retracted"};
    static const char *const asked[] = {"open", "answered", "closed", "confirmed", "gone"};
    bytes_add_text(&b->buffer, "Counts at this size:\n");
    for (size_t i = 0; i < ARRAY_LEN(states); i++) {
        bytes_printf(&b->buffer, "  forms %-14s %zu\n", states[i],
                     count_rows(&forms, FORM_STATE, states[i]));
    }
    for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
        bytes_printf(&b->buffer, "  queries %-12s %zu\n", asked[i],
                     count_rows(&queries, QUERY_STATE, asked[i]));
    }
}

status bundle_lock(struct bundling *b, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct state_head head = state_head(b->state);
    struct digest root;
    char root_text[DIGEST_BASE64_SIZE];
    char time[INSTANT_SIZE];
    size_t count = 0;
    BUG_IF(!replay_root(b->source->replay, head.size, &root));
    digest_to_base64(&root, root_text);
    instant_format(head.time, time);
    TRY(file_begin(b, err, "lists/lock.txt"));
    bytes_printf(
        &b->buffer,
        "LOCK CERTIFICATE\n\nLog %s, its first %llu entries, the last of %.19s UTC.\n"
        "Root of the tree over them: %s\n\n",
        state_origin(b->state), (unsigned long long) head.size, time, root_text);
    add_scopes(b, arena);
    TRY(bundle_each(b, MARK_LOCK, add_act, &count, err));
    if (count == 0) {
        bytes_add_text(&b->buffer, "Nobody has asked for a lock.\n\n");
    }
    add_counts(b, arena);
    return file_end(b, err);
}
