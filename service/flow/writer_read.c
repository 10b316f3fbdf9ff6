/* SPDX-License-Identifier: Apache-2.0 */
/*
** What a batch must know before it decides, in one pipeline: which ids are in the log
** already, which of the `seen` roots are ours, the casebooks that are not in memory,
** definitions that a record introduces.
*/
#include "service/flow/batch.h"
#include "service/flow/definer.h"

/* Casebooks that one batch reads: all of them are in memory at once, and nobody has said how
 * large they are. */
#define COLD_MOST 32

/* Is a record with the same key and id in the batch already? It then waits for the next
 * one, and gets the first one's answer. */
static bool is_twin(const struct batch *batch, const struct submission *submission)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct submission *other = batch->items[i].submission;
        if (memcmp(other->jws.jti.bytes, submission->jws.jti.bytes,
                   sizeof(submission->jws.jti.bytes)) == 0 &&
            strcmp(other->record.kid, submission->record.kid) == 0) {
            return true;
        }
    }
    return false;
}

/* Its casebook has to be read, and no record of the batch has asked for it yet. */
static bool is_cold(const struct batch *batch, const struct submission *submission)
{
    const char *subject = submission->record.subject;
    bool cold = subject != NULL && casebooks_get(batch->ledger->casebooks, subject) == NULL;
    for (size_t i = 0; cold && i < batch->count; i++) {
        const char *other = batch->items[i].submission->record.subject;
        cold = other == NULL || strcmp(other, subject) != 0;
    }
    return cold;
}

bool batch_takes(const struct batch *batch, const struct submission *submission,
                 size_t *cold)
{
    *cold += is_cold(batch, submission) ? 1 : 0;
    return !is_twin(batch, submission) && *cold <= COLD_MOST;
}

static int key_no_of(const struct batch *batch, const struct item *item)
{
    const struct row *row =
        state_key_by_kid(batch->ledger->state, item->submission->record.kid);
    return row != NULL ? (int) row_integer(row, PERSON_KEY_KEY_NO) : -1;
}

static void add_ids(struct batch *batch, struct pg_batch *statements)
{
    int *key_no = ARENA_ARRAY(batch->arena, batch->count, int);
    struct uuid *jti = ARENA_ARRAY(batch->arena, batch->count, struct uuid);
    for (size_t i = 0; i < batch->count; i++) {
        bool there = batch->items[i].submission != NULL;
        key_no[i] = there ? key_no_of(batch, &batch->items[i]) : -1;
        if (there) {
            jti[i] = batch->items[i].submission->jws.jti;
        }
    }
    store_add_ids(statements, batch->ledger->log_id, key_no, jti, batch->count);
}

static void add_roots(struct batch *batch, struct pg_batch *statements)
{
    uint64_t *sizes = ARENA_ARRAY(batch->arena, batch->count, uint64_t);
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const struct submission *submission = batch->items[i].submission;
        if (submission != NULL && submission->record.seen.given) {
            sizes[count++] = submission->record.seen.size;
        }
    }
    store_add_roots(statements, batch->ledger->log_id, sizes, count);
}

/* The subjects of this batch whose casebook is not in memory, each once. */
static size_t missing_subjects(const struct batch *batch, const char **ret_subjects)
{
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const struct submission *submission = batch->items[i].submission;
        const char *subject = submission != NULL ? submission->record.subject : NULL;
        bool wanted =
            subject != NULL && casebooks_get(batch->ledger->casebooks, subject) == NULL;
        for (size_t j = 0; wanted && j < count; j++) {
            wanted = strcmp(ret_subjects[j], subject) != 0;
        }
        if (wanted) {
            ret_subjects[count++] = subject;
        }
    }
    return count;
}

/* May the signer bring in a definition at all? Asked before the file is read: reading one
 * takes long, and it stays in memory. decide() asks again. */
static bool may_define(const struct batch *batch, const struct record *record)
{
    const struct ledger *ledger = batch->ledger;
    const struct row *key = state_key_by_kid(ledger->state, record->kid);
    if (record->type == RECORD_STUDY_OPEN) {
        return state_head(ledger->state).size == 0 &&
               strcmp(record->kid, ledger->founder) == 0;
    }
    return row_is(key, PERSON_KEY_STATE, "confirmed") &&
           state_has_role(ledger->state, key->values[PERSON_KEY_PERSON], "sponsor", NULL,
                          clock_now(ledger->service->clock));
}

static void want(struct batch *batch, const char *sha256)
{
    struct digest digest;
    for (size_t i = 0; i < batch->wanted_count; i++) {
        if (strcmp(batch->wanted[i], sha256) == 0) {
            return;
        }
    }
    if (digest_from_hex(span_text(sha256), &digest)) {
        *ARENA_PUSH(batch->arena, batch->wanted, batch->wanted_count,
                    batch->wanted_capacity) = sha256;
    }
}

/* One that is not loaded; or that another process let in. */
static void want_missing(const char *sha256, void *arg)
{
    struct batch *batch = arg;
    if (!ledger_has_definition(batch->ledger, sha256)) {
        want(batch, arena_text(batch->arena, sha256));
    }
}

/* What a record brings in: a definition, or dictionaries. */
static void want_new(struct batch *batch, const struct item *item)
{
    if (item->submission == NULL || !may_define(batch, &item->submission->record)) {
        return;
    }
    const struct record *record = &item->submission->record;
    const struct study_amend_data *amend = &record->data.study_amend;
    if (record->type == RECORD_STUDY_OPEN && record->definition.sha256 != NULL) {
        want_missing(record->definition.sha256, batch);
    } else if (record->type == RECORD_STUDY_AMEND && amend->definition.sha256 != NULL) {
        want_missing(amend->definition.sha256, batch);
        for (size_t i = 0; i < amend->dictionary_count; i++) {
            if (amend->dictionaries[i].sha256 != NULL) {
                want_missing(amend->dictionaries[i].sha256, batch);
            }
        }
    }
}

static void add_definitions(struct batch *batch, struct pg_batch *statements)
{
    batch->wanted_count = 0;
    ledger_each_definition(batch->ledger, want_missing, batch);
    for (size_t i = 0; i < batch->count; i++) {
        want_new(batch, &batch->items[i]);
    }
    for (size_t i = 0; i < batch->wanted_count; i++) {
        struct digest digest;
        BUG_IF(!digest_from_hex(span_text(batch->wanted[i]), &digest));
        store_add_read_blob(statements, &digest);
    }
}

void batch_add_read(struct batch *batch, struct pg_batch *statements)
{
    const char **subjects = ARENA_ARRAY(batch->arena, batch->count, const char *);
    size_t count = missing_subjects(batch, subjects);
    add_ids(batch, statements);
    add_roots(batch, statements);
    store_add_forms(statements, batch->ledger->log_id, subjects, count);
    add_definitions(batch, statements);
}

static status take_ids(struct batch *batch, const struct pg_rows *rows, struct err *err)
{
    for (size_t row = 0; row < pg_rows_count(rows); row++) {
        struct store_id id;
        TRY(store_take_id(rows, row, &id, err));
        struct item *item = id.index < batch->count ? &batch->items[id.index] : NULL;
        if (item == NULL || item->submission == NULL) {
            continue;
        }
        struct submission *submission = TAKE(item->submission);
        item->answered = true;
        if (digest_equal(&id.record, &submission->record.digest)) {
            submission_replay(batch->ledger, submission, id.seq);
        } else {
            submission_spent(submission);
        }
    }
    return OK;
}

static status take_roots(struct batch *batch, const struct pg_rows *rows, struct err *err)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct submission *submission = batch->items[i].submission;
        batch->items[i].seen =
            submission != NULL && submission->record.seen.given ? SEEN_UNKNOWN : SEEN_KNOWN;
        for (size_t row = 0; submission != NULL && row < pg_rows_count(rows); row++) {
            uint64_t size = 0;
            struct digest root;
            TRY(store_take_root(rows, row, &size, &root, err));
            if (size == submission->record.seen.size &&
                digest_equal(&root, &submission->record.seen.root)) {
                batch->items[i].seen = SEEN_KNOWN;
            }
        }
    }
    return OK;
}

/* The row of a form decides which body is read: it must be the one that the log gives. What
 * another process wrote after our last entry is not ours to judge yet. */
static status check_current(const struct batch *batch, const struct store_form *stored,
                            struct err *err)
{
    const struct row *mine = state_form(batch->ledger->state, stored->object);
    uint64_t size = state_head(batch->ledger->state).size;
    return stored->line.seq >= size || (mine != NULL && row_integer(mine, FORM_SEQ) ==
                                                            (int64_t) stored->line.seq)
               ? OK
               : FAIL(err, ERR_TAMPERED, "the table form is not what the log gives, at %s",
                      stored->object);
}

/* Make the casebook of SUBJECT from the rows FIRST to LAST-1. What parsing them takes is
 * several times what stays. */
static status make_casebook(struct batch *batch, const struct pg_rows *rows,
                            const char *subject, size_t first, size_t last, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct form_data **forms =
        ARENA_ARRAY(arena, last - first, const struct form_data *);
    size_t count = 0;
    for (size_t row = first; row < last; row++) {
        struct store_form stored;
        const struct form_data *form = NULL;
        TRY(store_take_form(rows, row, &stored, err));
        TRY(check_current(batch, &stored, err));
        TRY(ledger_read_form(batch->ledger, &stored, arena, &form, err));
        const struct row *current = state_form(batch->ledger->state, stored.object);
        if (form != NULL && !row_is(current, FORM_STATE, "retracted") &&
            memchr(stored.object, '~', strlen(stored.object)) == NULL) {
            forms[count++] = form;
        }
    }
    struct casebook book = casebook_make(subject, forms, count, arena);
    casebooks_put(batch->ledger->casebooks, &book);
    casebooks_settle(batch->ledger->casebooks, subject);
    return OK;
}

static status take_forms(struct batch *batch, const struct pg_rows *rows, struct err *err)
{
    const char **subjects = ARENA_ARRAY(batch->arena, batch->count, const char *);
    size_t count = missing_subjects(batch, subjects);
    for (size_t i = 0; i < count; i++) {
        size_t first = 0;
        size_t last = 0;
        for (size_t row = 0; row < pg_rows_count(rows); row++) {
            struct store_form stored;
            TRY(store_take_form(rows, row, &stored, err));
            if (strcmp(stored.subject, subjects[i]) == 0) {
                first = last == 0 ? row : first;
                last = row + 1;
            }
        }
        TRY(make_casebook(batch, rows, subjects[i], first, last, err));
    }
    return OK;
}

static void take_definitions(struct batch *batch, const struct pg_rows *const *rows)
{
    for (size_t i = 0; i < batch->wanted_count; i++) {
        struct span media;
        struct span bytes;
        if (store_take_blob(rows[i], &media, &bytes)) {
            definer_add(batch->definer, batch->wanted[i], bytes);
        }
    }
}

status batch_take_read(struct batch *batch, const struct pg_rows *const *rows,
                       struct err *err)
{
    /* ids after forms: whoever is answered here is out of the batch */
    take_definitions(batch, rows + 3);
    TRY(take_forms(batch, rows[2], err));
    TRY(take_ids(batch, rows[0], err));
    return take_roots(batch, rows[1], err);
}
