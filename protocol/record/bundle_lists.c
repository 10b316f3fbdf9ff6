/* SPDX-License-Identifier: Apache-2.0 */
/*
** Lists that people ask for by name: queries, deviations, holds and clocks, serious events,
** people. Each is made of what the log says, with the words of the rule beside its number.
*/
#include "protocol/record/bundle_impl.h"

#define WHO_HEAD  "seq,time,type,person,name,role"
#define WHO_CELLS 6

/* Fill the first WHO_CELLS of CELLS. */
static void add_who(const struct read_record *read, struct arena *arena, const char **cells)
{
    char time[INSTANT_SIZE];
    instant_format(read->entry.time, time);
    cells[0] = arena_printf(arena, "%lld", (long long) read->entry.seq);
    cells[1] = arena_text(arena, time);
    cells[2] = arena_span_text(arena, read->entry.type);
    cells[3] = arena_span_text(arena, read->entry.actor);
    cells[4] = read->record.signature.name;
    cells[5] = read->record.signature.role;
}

/* ---- queries: a row for each thing that happened to one ---- */

static void add_query_row(struct bundling *b, const struct read_record *read,
                          const char *id, const char *event, const char *text,
                          struct arena *arena)
{
    const struct row *row = state_query(b->state, id);
    const char *rule = row != NULL ? row->values[QUERY_RULE] : NULL;
    const char *cells[WHO_CELLS + 8];
    add_who(read, arena, cells);
    cells[WHO_CELLS] = id;
    cells[WHO_CELLS + 1] = event;
    cells[WHO_CELLS + 2] = row != NULL ? row->values[QUERY_OBJECT] : NULL;
    cells[WHO_CELLS + 3] = row != NULL ? row->values[QUERY_PATH] : NULL;
    cells[WHO_CELLS + 4] = rule;
    cells[WHO_CELLS + 5] = bundle_rule(rule);
    cells[WHO_CELLS + 6] = text;
    cells[WHO_CELLS + 7] = row != NULL ? row->values[QUERY_STATE] : NULL;
    csv_cells(&b->buffer, cells, ARRAY_LEN(cells));
}

static void add_queries(struct bundling *b, const struct read_record *read,
                        struct arena *arena, void *arg)
{
    const struct outcome *outcome = &read->outcome;
    const struct record *record = &read->record;
    (void) arg;
    for (size_t i = 0; i < outcome->finding_count; i++) {
        if (outcome->findings[i].query != NULL) {
            add_query_row(b, read, outcome->findings[i].query, "opened", NULL, arena);
        }
    }
    for (size_t i = 0; i < outcome->effect_count; i++) {
        const struct effect *effect = &outcome->effects[i];
        if (effect->kind == EFFECT_OPEN) {
            add_query_row(b, read, effect->value, "opened", record->data.query_open.text,
                          arena);
        } else if (effect->kind == EFFECT_ANSWER) {
            add_query_row(b, read, effect->value, "answered", record->data.query.text,
                          arena);
        } else if (effect->kind == EFFECT_CLOSE) {
            bool person = record->type == RECORD_QUERY_CLOSE;
            add_query_row(b, read, effect->value,
                          effect->rule != NULL ? effect->rule : "closed",
                          person ? record->data.query.text : NULL, arena);
        }
    }
}

/* ---- deviations that checks proposed; those that people report are a form ---- */

static void add_deviations(struct bundling *b, const struct read_record *read,
                           struct arena *arena, void *arg)
{
    (void) arg;
    for (size_t i = 0; i < read->outcome.finding_count; i++) {
        const struct outcome_finding *finding = &read->outcome.findings[i];
        const struct row *query =
            finding->query != NULL ? state_query(b->state, finding->query) : NULL;
        const char *cells[WHO_CELLS + 8];
        if (!finding->deviation) {
            continue;
        }
        add_who(read, arena, cells);
        cells[WHO_CELLS] = bundle_site_of(b, read->record.subject);
        cells[WHO_CELLS + 1] =
            finding->object != NULL ? finding->object : read->record.object;
        cells[WHO_CELLS + 2] = finding->path;
        cells[WHO_CELLS + 3] = finding->rule;
        cells[WHO_CELLS + 4] = bundle_rule(finding->rule);
        cells[WHO_CELLS + 5] = finding->confirmed ? "confirmed" : "proposed";
        cells[WHO_CELLS + 6] = finding->query;
        cells[WHO_CELLS + 7] = query != NULL ? query->values[QUERY_STATE] : NULL;
        csv_cells(&b->buffer, cells, ARRAY_LEN(cells));
    }
}

/* ---- holds and clocks, as they came ---- */

static void add_holds(struct bundling *b, const struct read_record *read,
                      struct arena *arena, void *arg)
{
    (void) arg;
    for (size_t i = 0; i < read->outcome.effect_count; i++) {
        const struct effect *effect = &read->outcome.effects[i];
        const char *cells[WHO_CELLS + 8];
        if (effect->kind != EFFECT_HOLD && effect->kind != EFFECT_CLOCK) {
            continue;
        }
        add_who(read, arena, cells);
        cells[WHO_CELLS] = read->record.object;
        cells[WHO_CELLS + 1] = effect_name(effect->kind);
        cells[WHO_CELLS + 2] = effect->value;
        cells[WHO_CELLS + 3] = effect->scope;
        cells[WHO_CELLS + 4] = effect->rule;
        cells[WHO_CELLS + 5] = effect->state;
        cells[WHO_CELLS + 6] = effect->from;
        cells[WHO_CELLS + 7] = effect->due;
        csv_cells(&b->buffer, cells, ARRAY_LEN(cells));
    }
}

/* ---- serious events and what else comes through the safety door ---- */

static const enum meaning SAFETY_COLUMNS[] = {
    MEANING_SAEWHAT, MEANING_AETERM,   MEANING_AWAREDTC, MEANING_TOLDDTC, MEANING_TOLDVIA,
    MEANING_AESTDTC, MEANING_AEENDTC,  MEANING_AESER,    MEANING_AESDTH,  MEANING_AESLIFE,
    MEANING_AESHOSP, MEANING_AESDISAB, MEANING_AESCONG,  MEANING_AESMIE,  MEANING_AETOXGR,
    MEANING_AEREL,   MEANING_AEOUT,    MEANING_AEACN,    MEANING_DTHDTC,
};
#define SAFETY_CELLS 14

static const char *due_of(const struct outcome *outcome, const char *clock)
{
    const struct effect *effect = outcome_effect(outcome, EFFECT_CLOCK, clock);
    return effect != NULL ? effect->due : NULL;
}

/* The first revision that READ goes back to. */
static status read_first(struct bundling *b, const struct read_record *read,
                         struct arena *arena, struct read_record *ret_first,
                         struct err *err)
{
    *ret_first = *read;
    while (ret_first->entry.prior != ENTRY_NONE) {
        TRY(bundle_read(b, ret_first->entry.prior, arena, ret_first, err));
    }
    return OK;
}

static const char *when_of(const struct read_record *read, struct arena *arena)
{
    char time[INSTANT_SIZE];
    instant_format(read->entry.time, time);
    return arena_text(arena, time);
}

static void add_safety_row(struct bundling *b, const struct row *row,
                           const struct read_record *first, const struct read_record *last,
                           const struct form_def *form, struct arena *arena)
{
    const struct form_data *data = &last->record.data.form_submit.form;
    const char *cells[SAFETY_CELLS + ARRAY_LEN(SAFETY_COLUMNS)] = {
        row->values[FORM_NUMBER],
        row->values[FORM_SUBJECT],
        bundle_site_of(b, row->values[FORM_SUBJECT]),
        row->values[FORM_OBJECT],
        form->name,
        row->values[FORM_STATE],
        arena_printf(arena, "%lld", (long long) first->entry.seq),
        when_of(first, arena),
        first->record.signature.name,
        first->record.signature.role,
        row->values[FORM_SEQ],
        when_of(last, arena),
        due_of(&first->outcome, "site"),
        due_of(&first->outcome, "sponsor")};
    for (size_t i = 0; i < ARRAY_LEN(SAFETY_COLUMNS); i++) {
        const struct item_data *item = form_meaning(data, form, SAFETY_COLUMNS[i]);
        cells[SAFETY_CELLS + i] =
            item == NULL
                ? NULL
                : (item->null != NOT_NULL ? null_kind_name(item->null) : item->value);
    }
    csv_cells(&b->buffer, cells, ARRAY_LEN(cells));
}

static status add_safety(struct bundling *b, const struct row *row, struct arena *arena,
                         struct err *err)
{
    struct form_key key;
    struct read_record first, last;
    const struct metadata_version *version = bundle_version(b, row->values[FORM_VERSION]);
    struct span object = span_text(row->values[FORM_OBJECT]);
    struct span rest = object;
    (void) span_cut(&rest, '~', &object); /* those of the inbox too */
    if (version == NULL || row_is(row, FORM_STATE, "retracted") ||
        !form_key_parse(object, arena, &key)) {
        return OK;
    }
    const struct form_def *form = version_form(version, key.form);
    if (form == NULL || form->safety == SAFETY_NONE) {
        return OK;
    }
    TRY(bundle_read(b, row_integer(row, FORM_SEQ), arena, &last, err));
    if (last.withheld || last.record.type != RECORD_FORM_SUBMIT) {
        return OK;
    }
    TRY(read_first(b, &last, arena, &first, err));
    if (!first.withheld) {
        add_safety_row(b, row, &first, &last, form, arena);
    }
    return OK;
}

static status write_safety(struct bundling *b, struct err *err)
{
    CLEANUP(arena_freep) struct arena *list = arena_new(), *arena = arena_new();
    struct rows forms = state_rows(b->state, TABLE_FORM, list);
    TRY(file_begin(b, err, "lists/safety.csv"));
    bytes_add_text(&b->buffer,
                   "number,subject,site,object,form,state,first_seq,"
                   "first_received,reporter,reporter_role,seq,received,site_due,"
                   "sponsor_due");
    for (size_t i = 0; i < ARRAY_LEN(SAFETY_COLUMNS); i++) {
        csv_cell(&b->buffer, meaning_name(SAFETY_COLUMNS[i]), false);
    }
    csv_line_end(&b->buffer);
    for (size_t i = 0; i < forms.count; i++) {
        arena_reset(arena);
        TRY(add_safety(b, forms.items[i], arena, err));
        TRY(file_flush(b, err));
    }
    return file_end(b, err);
}

/* ---- people: a row for each right ---- */

static status write_people(struct bundling *b, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct rows grants = state_rows(b->state, TABLE_GRANT, arena);
    TRY(file_begin(b, err, "lists/people.csv"));
    bytes_add_text(&b->buffer, "person,name,state,role,site,valid_from,valid_to,keys\r\n");
    for (size_t i = 0; i < grants.count; i++) {
        const char *const *grant = grants.items[i]->values;
        const struct row *person = state_person(b->state, grant[GRANT_PERSON]);
        struct rows keys =
            state_rows_where(b->state, TABLE_PERSON_KEY, grant[GRANT_PERSON], arena);
        const char *list = "";
        for (size_t k = 0; k < keys.count; k++) {
            list = arena_printf(arena, "%s%s%s (%s)", list, k > 0 ? " " : "",
                                keys.items[k]->values[PERSON_KEY_KID],
                                keys.items[k]->values[PERSON_KEY_STATE]);
        }
        const char *cells[] = {grant[GRANT_PERSON],
                               person != NULL ? person->values[PERSON_NAME] : NULL,
                               person != NULL ? person->values[PERSON_STATE] : NULL,
                               grant[GRANT_ROLE],
                               grant[GRANT_SITE],
                               grant[GRANT_VALID_FROM],
                               grant[GRANT_VALID_TO],
                               list};
        csv_cells(&b->buffer, cells, ARRAY_LEN(cells));
        TRY(file_flush(b, err));
    }
    return file_end(b, err);
}

/* ---- all of them ---- */

static const struct list {
    const char *name, *head;
    unsigned marks;
    bundle_each_entry *each;
} LISTS[] = {
    {"lists/queries.csv", WHO_HEAD ",query,event,object,path,rule,what,text,state_now\r\n",
     MARK_QUERY, add_queries},
    {"lists/deviations.csv",
     WHO_HEAD ",site,object,path,rule,what,state,query,query_state\r\n", MARK_DEVIATION,
     add_deviations},
    {"lists/holds.csv", WHO_HEAD ",object,kind,what,scope,rule,state,from,due\r\n",
     MARK_HOLD, add_holds},
};

status bundle_lists(struct bundling *b, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(LISTS); i++) {
        TRY(file_begin(b, err, "%s", LISTS[i].name));
        bytes_add_text(&b->buffer, LISTS[i].head);
        TRY(bundle_each(b, LISTS[i].marks, LISTS[i].each, NULL, err));
        TRY(file_end(b, err));
    }
    TRY(write_safety(b, err));
    TRY(write_people(b, err));
    return bundle_lock(b, err);
}
