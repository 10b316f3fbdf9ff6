/* SPDX-License-Identifier: Apache-2.0 */
/*
** One pass over the log that says of every entry what it is about, in eight bytes, so that the
** lists and casebooks read only the entries they are made of. And what is true of a single
** record as data: the form with what was derived from it.
*/
#include "protocol/record/bundle_impl.h"

/* ---- subjects ---- */

static int by_text(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;
    return strcmp(*left, *right);
}

/* All that were enrolled or have a form, in order of their keys. */
static void find_subjects(const struct bundling *b, struct bundle_index *index)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct rows subjects = state_rows(b->state, TABLE_SUBJECT, arena);
    struct rows forms = state_rows(b->state, TABLE_FORM, arena);
    const char **all =
        ARENA_ARRAY(index->arena, subjects.count + forms.count + 1, const char *);
    size_t count = 0;
    for (size_t i = 0; i < subjects.count; i++) {
        all[count++] = subjects.items[i]->values[SUBJECT_SUBJECT];
    }
    for (size_t i = 0; i < forms.count; i++) {
        const char *subject = forms.items[i]->values[FORM_SUBJECT];
        if (subject != NULL && state_subject(b->state, subject) == NULL) {
            all[count++] = subject;
        }
    }
    if (count > 1) {
        qsort(all, count, sizeof(*all), by_text);
    }
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(all[i], all[i - 1]) != 0) {
            all[index->subject_count++] = all[i];
        }
    }
    index->subjects = all;
}

static uint32_t subject_number(const struct bundle_index *index, const char *subject)
{
    const char *const *found =
        subject == NULL || index->subject_count == 0
            ? NULL
            : bsearch(&subject, index->subjects, index->subject_count,
                      sizeof(*index->subjects), by_text);
    return found != NULL ? (uint32_t) (found - index->subjects) + 1 : 0;
}

/* "subject/007-K/..." names a subject; a query names it by what it is about. */
static const char *subject_of(const struct bundling *b, const struct read_record *read,
                              struct arena *arena)
{
    const char *object = arena_span_text(arena, read->entry.object);
    const char *subject = NULL;
    if (strncmp(object, "query/", 6) == 0) {
        const struct row *row = state_query(b->state, object + 6);
        object = row != NULL && row->values[QUERY_OBJECT] != NULL
                     ? row->values[QUERY_OBJECT]
                     : "";
    }
    if (strncmp(object, "subject/", 8) != 0) {
        return NULL;
    }
    struct span rest = span_text(object + 8);
    struct span segment = rest;
    (void) span_cut(&rest, '/', &segment);
    return path_segment_parse(segment, arena, &subject) ? subject : NULL;
}

/* ---- marks ---- */

static unsigned effect_mark(const struct effect *effect)
{
    switch ((int) effect->kind) {
    case EFFECT_OPEN:
    case EFFECT_ANSWER:
    case EFFECT_CLOSE:
        return MARK_QUERY;
    case EFFECT_HOLD:
    case EFFECT_CLOCK:
        return MARK_HOLD;
    case EFFECT_LOCK:
        return MARK_LOCK;
    default:
        return 0;
    }
}

static unsigned marks_of(const struct read_record *read)
{
    unsigned marks = 0;
    const struct outcome *outcome = &read->outcome;
    for (size_t i = 0; i < outcome->finding_count; i++) {
        marks |= outcome->findings[i].query != NULL ? MARK_QUERY : 0;
        marks |= outcome->findings[i].deviation ? MARK_DEVIATION : 0;
    }
    for (size_t i = 0; i < outcome->effect_count; i++) {
        marks |= effect_mark(&outcome->effects[i]);
    }
    return marks;
}

static void add_meaning(struct bundle_index *index, const char *meaning)
{
    for (size_t i = 0; i < index->meaning_count; i++) {
        if (strcmp(index->meanings[i], meaning) == 0) {
            return;
        }
    }
    *ARENA_PUSH(index->arena, index->meanings, index->meaning_count,
                index->meaning_capacity) = arena_text(index->arena, meaning);
}

/* Entries by subject, each subject's in their order. */
static void sort_entries(struct bundle_index *index, size_t size)
{
    index->starts = mem_grow(NULL, index->subject_count + 2, sizeof(*index->starts));
    index->order = mem_grow(NULL, size + 1, sizeof(*index->order));
    memset(index->starts, 0, (index->subject_count + 2) * sizeof(*index->starts));
    for (size_t i = 0; i < size; i++) {
        index->starts[index->entries[i].subject]++;
    }
    size_t at = 0;
    for (size_t s = 1; s <= index->subject_count + 1; s++) {
        size_t count = s <= index->subject_count ? index->starts[s] : 0;
        index->starts[s - 1] = at;
        at += count;
    }
    for (size_t i = 0; i < size; i++) {
        uint32_t subject = index->entries[i].subject;
        if (subject != 0) {
            index->order[index->starts[subject - 1]++] = i;
        }
    }
    for (size_t s = index->subject_count + 1; s > 0; s--) { /* each is now the next's */
        index->starts[s] = index->starts[s - 1];
    }
    index->starts[0] = 0;
}

status bundle_index(struct bundling *b, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct bundle_index *index = &b->index;
    size_t size = (size_t) state_head(b->state).size;
    index->arena = arena_new();
    index->entries = mem_grow(NULL, size + 1, sizeof(*index->entries));
    find_subjects(b, index);
    for (size_t seq = 0; seq < size; seq++) {
        struct read_record read;
        arena_reset(arena);
        TRY(bundle_read(b, (int64_t) seq, arena, &read, err));
        bool known = !read.withheld && !read.system;
        const char *subject =
            span_is(read.entry.type, "reject") ? NULL : subject_of(b, &read, arena);
        index->entries[seq] = (struct index_entry){subject_number(index, subject),
                                                   known ? marks_of(&read) : 0};
        if (known && read.record.signature.meaning != NULL) {
            add_meaning(index, read.record.signature.meaning);
        }
    }
    sort_entries(index, size);
    return OK;
}

void bundle_index_done(struct bundle_index *index)
{
    free(index->entries);
    free(index->order);
    free(index->starts);
    arena_free(index->arena);
}

status bundle_each(struct bundling *b, unsigned marks, bundle_each_entry *each, void *arg,
                   struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    size_t size = (size_t) state_head(b->state).size;
    for (size_t seq = 0; seq < size; seq++) {
        struct read_record read;
        arena_reset(arena);
        if ((b->index.entries[seq].marks & marks) == 0) {
            continue;
        }
        TRY(bundle_read(b, (int64_t) seq, arena, &read, err));
        each(b, &read, arena, arg);
        TRY(file_flush(b, err));
    }
    return OK;
}

/* ---- a form with what was derived from it ---- */

static struct group_data *group_at(struct form_data *form, struct group_data *groups,
                                   const struct item_key *key)
{
    for (size_t i = 0; i < form->count; i++) {
        bool same = key->group_repeat == NULL || groups[i].repeat == NULL
                        ? key->group_repeat == groups[i].repeat
                        : strcmp(key->group_repeat, groups[i].repeat) == 0;
        if (same && strcmp(groups[i].oid, key->group) == 0) {
            return &groups[i];
        }
    }
    groups[form->count] =
        (struct group_data){.oid = key->group, .repeat = key->group_repeat};
    return &groups[form->count++];
}

const struct form_data *bundle_merged(const struct read_record *read, struct arena *arena)
{
    const struct form_data *form = &read->record.data.form_submit.form;
    const struct outcome *outcome = &read->outcome;
    if (outcome->derived_count == 0) {
        return form;
    }
    struct form_data *merged = ARENA_NEW(arena, struct form_data);
    struct group_data *groups =
        ARENA_ARRAY(arena, form->count + outcome->derived_count, struct group_data);
    *merged = *form;
    for (size_t i = 0; i < form->count; i++) {
        groups[i] = form->groups[i];
    }
    for (size_t i = 0; i < outcome->derived_count; i++) {
        struct item_key key;
        if (!item_path_parse(span_text(outcome->derived[i].path), arena, &key) ||
            key.item == NULL) {
            continue;
        }
        struct group_data *group = group_at(merged, groups, &key);
        struct item_data *items = ARENA_ARRAY(arena, group->count + 1, struct item_data);
        for (size_t k = 0; k < group->count; k++) {
            items[k] = group->items[k];
        }
        items[group->count] =
            (struct item_data){.oid = key.item, .value = outcome->derived[i].value};
        group->items = items;
        group->count++;
    }
    merged->groups = groups;
    return merged;
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool bundle_same_item(const struct item_data *a, const struct item_data *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    return same_text(a->value, b->value) && same_text(a->unit, b->unit) &&
           a->null == b->null && same_text(a->reason, b->reason);
}

/* ---- words for rules and people ---- */

const char *bundle_rule(const char *rule)
{
    size_t count = 0;
    const struct rule_info *rules = check_rules(&count);
    for (size_t i = 0; rule != NULL && i < count; i++) {
        if (strcmp(rules[i].id, rule) == 0) {
            return rules[i].meaning;
        }
    }
    return NULL;
}

const char *bundle_site_of(const struct bundling *b, const char *subject)
{
    const struct row *row = subject != NULL ? state_subject(b->state, subject) : NULL;
    return row != NULL ? row->values[SUBJECT_SITE] : NULL;
}

void csv_cells(struct bytes *out, const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        csv_cell(out, cells[i], i == 0);
    }
    csv_line_end(out);
}
