/* SPDX-License-Identifier: Apache-2.0 */
/*
** The audit trail: one row for every item that a form.submit filled, changed or removed, and
** one for every other entry. Signatures: one row for each form signed, each lock, and each
** finding that was accepted open.
*/
#include "protocol/record/bundle_impl.h"

#define AUDIT_HEAD                                                                         \
    "seq,time,type,person,name,role,signed_at,object,item,change,old,old_unit,new,"        \
    "new_unit,reason,late,flags\r\n"
#define SIGNATURE_HEAD                                                                     \
    "seq,time,type,person,name,role,meaning,statement,signed_at,object,leaf,path,rule,"    \
    "reason\r\n"

static const char *span_copy(struct arena *arena, struct span span)
{
    return arena_span_text(arena, span);
}

/* The cells that every row starts with, up to `signed_at`. */
static void add_start(struct bundling *b, const struct read_record *read, bool meaning,
                      struct arena *arena)
{
    char time[INSTANT_SIZE];
    const struct record_signature *signature = &read->record.signature;
    instant_format(read->entry.time, time);
    bytes_printf(&b->buffer, "%lld,%s", (long long) read->entry.seq, time);
    csv_cell(&b->buffer, span_copy(arena, read->entry.type), false);
    csv_cell(&b->buffer, span_copy(arena, read->entry.actor), false);
    csv_cell(&b->buffer, signature->name, false);
    csv_cell(&b->buffer, signature->role, false);
    if (meaning) {
        csv_cell(&b->buffer, signature->meaning, false);
        csv_cell(&b->buffer, signature->statement, false);
    }
    csv_cell(&b->buffer, signature->signed_at, false);
}

static const char *flags_of(const struct outcome *outcome, struct arena *arena)
{
    const char *flags = "";
    for (size_t i = 0; i < outcome->effect_count; i++) {
        if (outcome->effects[i].kind == EFFECT_FLAG) {
            flags = arena_printf(arena, "%s%s%s", flags, *flags != 0 ? " " : "",
                                 outcome->effects[i].value);
        }
    }
    return flags;
}

static void add_end(struct bundling *b, const struct read_record *read, struct arena *arena)
{
    csv_cell(&b->buffer, read->record.reason, false);
    bytes_printf(&b->buffer, ",%lld", (long long) read->outcome.late);
    csv_cell(&b->buffer, flags_of(&read->outcome, arena), false);
    csv_line_end(&b->buffer);
}

/* ---- audit ---- */

static const char *value_of(const struct item_data *item, struct arena *arena)
{
    if (item == NULL || item->null == NOT_NULL) {
        return item != NULL ? item->value : NULL;
    }
    return arena_printf(arena, "(%s%s%s)", null_kind_name(item->null),
                        item->reason != NULL ? ": " : "",
                        item->reason != NULL ? item->reason : "");
}

static void add_change(struct bundling *b, const struct read_record *read,
                       const struct change *change, struct arena *arena)
{
    static const char *const names[] = {[CHANGE_FILLED] = "filled",
                                        [CHANGE_CHANGED] = "changed",
                                        [CHANGE_REMOVED] = "removed"};
    const struct item_key *key = &change->item;
    add_start(b, read, false, arena);
    csv_cell(&b->buffer, read->record.object, false);
    csv_cell(&b->buffer, item_path(arena, key->group, key->group_repeat, key->item), false);
    csv_cell(&b->buffer, names[change->kind], false);
    csv_cell(&b->buffer, value_of(change->old, arena), false);
    csv_cell(&b->buffer, change->old != NULL ? change->old->unit : NULL, false);
    csv_cell(&b->buffer, value_of(change->new, arena), false);
    csv_cell(&b->buffer, change->new != NULL ? change->new->unit : NULL, false);
    add_end(b, read, arena);
}

static void add_plain(struct bundling *b, const struct read_record *read,
                      const char *object, struct arena *arena)
{
    add_start(b, read, false, arena);
    csv_cell(&b->buffer, object, false);
    bytes_add_text(&b->buffer, ",,,,,,");
    add_end(b, read, arena);
}

/* The revision before, as the entry names it; NULL when that is no form any more. */
static status read_prior(struct bundling *b, const struct read_record *read,
                         struct arena *arena, const struct form_data **ret_form,
                         struct err *err)
{
    *ret_form = NULL;
    if (read->entry.prior == ENTRY_NONE) {
        return OK;
    }
    struct read_record *prior = ARENA_NEW(arena, struct read_record);
    TRY(bundle_read(b, read->entry.prior, arena, prior, err));
    if (!prior->withheld && !prior->system && prior->record.type == RECORD_FORM_SUBMIT) {
        *ret_form = &prior->record.data.form_submit.form;
    }
    return OK;
}

static status add_form(struct bundling *b, const struct read_record *read,
                       struct arena *arena, struct err *err)
{
    const struct form_data *old;
    TRY(read_prior(b, read, arena, &old, err));
    struct changes changes = form_diff(old, &read->record.data.form_submit.form, arena);
    for (size_t i = 0; i < changes.count; i++) {
        add_change(b, read, &changes.items[i], arena);
    }
    if (changes.count == 0) {
        add_plain(b, read, read->record.object, arena);
    }
    return OK;
}

static status write_audit(struct bundling *b, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    int64_t size = (int64_t) state_head(b->state).size;
    TRY(file_begin(b, err, "data/audit.csv"));
    bytes_add_text(&b->buffer, AUDIT_HEAD);
    for (int64_t seq = 0; seq < size; seq++) {
        struct read_record read;
        arena_reset(arena);
        TRY(bundle_read(b, seq, arena, &read, err));
        bool form =
            !read.withheld && !read.system && read.record.type == RECORD_FORM_SUBMIT;
        if (form) {
            TRY(add_form(b, &read, arena, err));
        } else {
            add_plain(b, &read, span_copy(arena, read.entry.object), arena);
        }
        TRY(file_flush(b, err));
    }
    return file_end(b, err);
}

/* ---- signatures and locks ---- */

static void add_signed(struct bundling *b, const struct read_record *read,
                       const char *object, const char *leaf,
                       const struct confirmed *confirmed, struct arena *arena)
{
    add_start(b, read, true, arena);
    csv_cell(&b->buffer, object, false);
    csv_cell(&b->buffer, leaf, false);
    csv_cell(&b->buffer, confirmed != NULL ? confirmed->path : NULL, false);
    csv_cell(&b->buffer, confirmed != NULL ? confirmed->rule : NULL, false);
    csv_cell(&b->buffer, confirmed != NULL ? confirmed->reason : read->record.reason,
             false);
    csv_line_end(&b->buffer);
}

static void add_signing(struct bundling *b, const struct read_record *read,
                        struct arena *arena)
{
    const struct form_sign_data *sign = &read->record.data.form_sign;
    const struct lock_data *lock = &read->record.data.lock;
    bool is_sign = read->record.type == RECORD_FORM_SIGN;
    const struct confirmed *confirmed = is_sign ? sign->confirmed : lock->confirmed;
    size_t count = is_sign ? sign->confirmed_count : lock->confirmed_count;
    for (size_t i = 0; is_sign && i < sign->object_count; i++) {
        add_signed(b, read, sign->objects[i].object, sign->objects[i].leaf, NULL, arena);
    }
    if (!is_sign) {
        add_signed(b, read, lock->scope, NULL, NULL, arena);
    }
    for (size_t i = 0; i < count; i++) {
        add_signed(b, read, confirmed[i].object, NULL, &confirmed[i], arena);
    }
}

static status write_signatures(struct bundling *b, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    int64_t size = (int64_t) state_head(b->state).size;
    TRY(file_begin(b, err, "data/signatures.csv"));
    bytes_add_text(&b->buffer, SIGNATURE_HEAD);
    for (int64_t seq = 0; seq < size; seq++) {
        struct read_record read;
        arena_reset(arena);
        TRY(bundle_read(b, seq, arena, &read, err));
        bool known = !read.withheld && !read.system;
        if (known &&
            (read.record.type == RECORD_FORM_SIGN || read.record.type == RECORD_LOCK ||
             read.record.type == RECORD_UNLOCK)) {
            add_signing(b, &read, arena);
        }
        TRY(file_flush(b, err));
    }
    return file_end(b, err);
}

/* ---- what records name by digest ---- */

static void add_blob(struct bundling *b, int64_t seq, const char *kind, const char *name,
                     const char *version, const char *sha256)
{
    bytes_printf(&b->buffer, "%lld,%s", (long long) seq, kind);
    csv_cell(&b->buffer, name, false);
    csv_cell(&b->buffer, version, false);
    csv_cell(&b->buffer, sha256, false);
    csv_line_end(&b->buffer);
}

static void add_blobs(struct bundling *b, const struct read_record *read)
{
    const struct record *record = &read->record;
    const struct study_amend_data *amend = &record->data.study_amend;
    int64_t seq = read->entry.seq;
    if (record->type == RECORD_STUDY_OPEN) {
        add_blob(b, seq, "definition", record->data.study_open.study_oid,
                 record->definition.version, record->definition.sha256);
    }
    if (record->type != RECORD_STUDY_AMEND) {
        return;
    }
    add_blob(b, seq, "definition", NULL, amend->definition.version,
             amend->definition.sha256);
    for (size_t i = 0; i < amend->dictionary_count; i++) {
        add_blob(b, seq, "dictionary", amend->dictionaries[i].name,
                 amend->dictionaries[i].version, amend->dictionaries[i].sha256);
    }
}

static status write_blobs(struct bundling *b, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    int64_t size = (int64_t) state_head(b->state).size;
    TRY(file_begin(b, err, "definitions/blobs.csv"));
    bytes_add_text(&b->buffer, "seq,kind,name,version,sha256\r\n");
    for (int64_t seq = 0; seq < size; seq++) {
        struct read_record read;
        arena_reset(arena);
        TRY(bundle_read(b, seq, arena, &read, err));
        if (!read.withheld && !read.system) {
            add_blobs(b, &read);
        }
    }
    return file_end(b, err);
}

status bundle_trail(struct bundling *b, struct err *err)
{
    TRY(write_audit(b, err));
    TRY(write_signatures(b, err));
    return write_blobs(b, err);
}
