/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why Insert over the same value is no error: a file that was sent half is sent again whole.
*/
#include "clients/lib/odm_merge.h"

#include "clients/lib/form_edit.h"
#include "protocol/study/finding.h"

/* ---- keeping ---- */

static const char *keep(struct arena *arena, const char *text)
{
    return text != NULL ? arena_text(arena, text) : NULL;
}

static void keep_item(struct arena *arena, struct item_data *item)
{
    item->oid = keep(arena, item->oid);
    item->value = keep(arena, item->value);
    item->unit = keep(arena, item->unit);
    item->reason = keep(arena, item->reason);
}

static const struct group_data *keep_groups(struct arena *arena,
                                            const struct form_data *form)
{
    struct group_data *groups = ARENA_ARRAY(arena, form->count, struct group_data);
    for (size_t g = 0; g < form->count; g++) {
        const struct group_data *from = &form->groups[g];
        struct item_data *items = ARENA_ARRAY(arena, from->count, struct item_data);
        for (size_t i = 0; i < from->count; i++) {
            items[i] = from->items[i];
            keep_item(arena, &items[i]);
        }
        groups[g] = (struct group_data){.oid = keep(arena, from->oid),
                                        .repeat = keep(arena, from->repeat),
                                        .items = items,
                                        .count = from->count};
    }
    return groups;
}

struct odm_kept *odm_keep(const struct odm_form *form, struct arena *arena)
{
    struct odm_kept *kept = ARENA_NEW(arena, struct odm_kept);
    const struct form_key *key = &form->form.key;
    struct odm_item_change *changes =
        ARENA_ARRAY(arena, form->change_count, struct odm_item_change);
    const char *reason = form->audit.reason;
    for (size_t i = 0; i < form->change_count; i++) {
        const struct odm_item_change *change = &form->changes[i];
        bool first = (reason == NULL || reason[0] == '\0') && change->audit.line > 0;
        reason = first ? change->audit.reason : reason;
        changes[i] = (struct odm_item_change){.transaction = change->transaction,
                                              .comment = keep(arena, change->comment),
                                              .line = change->line};
    }
    *kept = (struct odm_kept){
        .level = form->level,
        .transaction = form->transaction,
        .study = keep(arena, form->study),
        .form = {.key = {keep(arena, key->subject), keep(arena, key->event),
                         keep(arena, key->event_repeat), keep(arena, key->form),
                         keep(arena, key->form_repeat)},
                 .state = form->form.state,
                 .groups = keep_groups(arena, &form->form),
                 .count = form->form.count},
        .changes = changes,
        .change_count = form->change_count,
        .reason = reason != NULL && reason[0] != '\0' ? keep(arena, reason) : NULL,
        .comment = keep(arena, form->comment),
        .line = form->line};
    return kept;
}

/* ---- keys ---- */

static const char *repeat_of(bool repeating, const char *repeat)
{
    bool needless = !repeating && repeat != NULL && strcmp(repeat, "1") == 0;
    return needless ? NULL : repeat;
}

struct form_key odm_merge_key(const struct odm_kept *kept, const struct event_def *event,
                              const struct form_def *def)
{
    struct form_key key = kept->form.key;
    key.event_repeat = repeat_of(event->repeating, key.event_repeat);
    key.form_repeat = repeat_of(def->repeating, key.form_repeat);
    return key;
}

/* ---- merging ---- */

struct merging {
    const struct odm_kept *kept;
    const struct form_def *def;
    const struct form_data *old;
    const char *language;
    struct arena *arena;
    bool again;
    struct form_edit edit;
    struct merged result;
};

static void refuse(struct merging *merging, int line, const char *id, const char *one,
                   const char *two)
{
    const char *const args[] = {one, two};
    merging->result = (struct merged){
        .kind = MERGE_REFUSE,
        .rule = arena_span_text(merging->arena, span_of(id, strcspn(id, "."))),
        .message = message_text(merging->arena, merging->language, id, args, 2),
        .line = line > 0 ? line : merging->kept->line};
}

/* "not done: camera fault", as our export says why an item has no value. */
static void read_null(struct arena *arena, const char *comment, struct item_data *data)
{
    static const enum null_kind KINDS[] = {NOT_DONE, NOT_KNOWN, NOT_APPLICABLE};
    if (data->null == NOT_NULL || comment == NULL || comment[0] == '\0') {
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(KINDS); i++) {
        const char *name = null_kind_name(KINDS[i]);
        size_t size = strlen(name);
        if (strncmp(comment, name, size) == 0 &&
            (comment[size] == '\0' || comment[size] == ':')) {
            const char *why = comment + size + strspn(comment + size, ": ");
            data->null = KINDS[i];
            data->reason = why[0] != '\0' ? arena_text(arena, why) : NULL;
            return;
        }
    }
    data->reason = comment;
}

/* Value="" is how many systems write that nothing is there. */
static bool is_empty(const struct item_data *data)
{
    return data->value != NULL && data->value[0] == '\0';
}

static bool same_value(const struct item_data *a, const struct item_data *b)
{
    return a->null == b->null && (a->value == NULL) == (b->value == NULL) &&
           (a->value == NULL || strcmp(a->value, b->value) == 0);
}

/* False: refused. */
static bool merge_item(struct merging *merging, const struct group_ref *group,
                       const char *repeat, const struct item_data *item,
                       const struct odm_item_change *change)
{
    const struct item_ref *ref = group_item_ref(group->group, item->oid);
    struct item_data data = *item;
    if (ref == NULL) {
        refuse(merging, change->line, "FORM-01.item", item->oid,
               form_title(merging->def, merging->language));
        return false;
    }
    if (ref->derived || change->transaction == ODM_CONTEXT) {
        return true;
    }
    const struct item_data *there = form_edit_get(&merging->edit, group, repeat, ref);
    bool inserts = change->transaction == ODM_INSERT;
    bool needs = change->transaction == ODM_UPDATE || change->transaction == ODM_REMOVE;
    const char *title = item_title(ref->item, merging->language);
    read_null(merging->arena, change->comment, &data);
    if (!merging->again && inserts && there != NULL && !same_value(there, &data)) {
        refuse(merging, change->line, "IMP-04", title, NULL);
        return false;
    }
    if (!merging->again && needs && there == NULL) {
        refuse(merging, change->line, "IMP-05", title,
               odm_transaction_name(change->transaction));
        return false;
    }
    bool removes = change->transaction == ODM_REMOVE || is_empty(&data);
    form_edit_set(&merging->edit, group, repeat, ref, removes ? NULL : &data);
    return true;
}

static bool merge_group(struct merging *merging, const struct group_data *data,
                        const struct odm_item_change *changes)
{
    const struct group_ref *group = form_group_ref(merging->def, data->oid);
    if (group == NULL) {
        refuse(merging, data->count > 0 ? changes[0].line : 0, "FORM-01.group", data->oid,
               form_title(merging->def, merging->language));
        return false;
    }
    const char *repeat = repeat_of(group->group->repeating, data->repeat);
    for (size_t i = 0; i < data->count; i++) {
        if (!merge_item(merging, group, repeat, &data->items[i], &changes[i])) {
            return false;
        }
    }
    return true;
}

/* As many as a record can carry? Asked before the merging, which looks at each for each. */
static bool are_few(struct merging *merging, size_t count)
{
    if (count > FORM_ITEMS_MAX) {
        char most[12];
        (void) snprintf(most, sizeof(most), "%d", FORM_ITEMS_MAX);
        refuse(merging, 0, "IMP-08", form_title(merging->def, merging->language), most);
    }
    return count <= FORM_ITEMS_MAX;
}

/* May the form be what its TransactionType takes it for? */
static bool stands_right(struct merging *merging)
{
    const struct odm_kept *kept = merging->kept;
    bool needs = kept->transaction == ODM_UPDATE || kept->transaction == ODM_REMOVE;
    if (needs && merging->old == NULL && !merging->again) {
        refuse(merging, kept->line, "IMP-03", odm_transaction_name(kept->transaction),
               NULL);
        return false;
    }
    return true;
}

static enum form_state state_of(const struct odm_kept *kept)
{
    return kept->comment != NULL && strncmp(kept->comment, "state partial", 13) == 0
               ? FORM_PARTIAL
               : FORM_COMPLETE;
}

struct merged odm_merge(const struct odm_kept *kept, const struct form_def *def,
                        const struct form_data *old, bool again, const char *language,
                        struct arena *arena)
{
    struct merging merging = {.kept = kept,
                              .def = def,
                              .old = old,
                              .language = language,
                              .arena = arena,
                              .again = again};
    size_t at = 0;
    if (!stands_right(&merging) || !are_few(&merging, kept->change_count)) {
        return merging.result;
    }
    if (kept->transaction == ODM_REMOVE) {
        return (struct merged){.kind = MERGE_REMOVE, .line = kept->line};
    }
    merging.edit = form_edit_start(arena, def, &kept->form.key,
                                   kept->transaction == ODM_SNAPSHOT ? NULL : old);
    for (size_t g = 0; g < kept->form.count; g++) {
        const struct group_data *group = &kept->form.groups[g];
        BUG_IF(at + group->count > kept->change_count);
        if (!merge_group(&merging, group, kept->changes + at)) {
            return merging.result;
        }
        at += group->count;
    }
    if (!are_few(&merging, merging.edit.count)) {
        return merging.result;
    }
    return (struct merged){.kind = MERGE_SET,
                           .data = form_edit_data(&merging.edit, state_of(kept)),
                           .line = kept->line};
}
