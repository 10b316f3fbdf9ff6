/* SPDX-License-Identifier: Apache-2.0 */
/*
** The current forms as tables: one file for each item group of each form, over all versions of
** the definition (an item that came later is an empty cell before). A row is an item group.
*/
#include "protocol/record/bundle_impl.h"

struct data_column {
    const struct item_ref *item;
    const char *name; /* ItemDef/@Name, as in the text form */
    bool coded, units;
};

struct data_file {
    const char *form, *group;
    struct data_column *columns;
    size_t column_count, column_capacity;
};

struct data_files {
    struct data_file *items;
    size_t count, capacity;
};

static struct data_file *file_of(struct data_files *files, struct arena *arena,
                                 const char *form, const char *group)
{
    for (size_t i = 0; i < files->count; i++) {
        if (strcmp(files->items[i].form, form) == 0 &&
            strcmp(files->items[i].group, group) == 0) {
            return &files->items[i];
        }
    }
    struct data_file *file = ARENA_PUSH(arena, files->items, files->count, files->capacity);
    *file = (struct data_file){.form = form, .group = group};
    return file;
}

static void add_column(struct data_file *file, struct arena *arena,
                       const struct item_ref *ref)
{
    const struct item_def *item = ref->item;
    struct data_column *column = NULL;
    for (size_t i = 0; i < file->column_count; i++) {
        if (strcmp(file->columns[i].item->item->oid, item->oid) == 0) {
            column = &file->columns[i];
        }
    }
    if (column == NULL) {
        column =
            ARENA_PUSH(arena, file->columns, file->column_count, file->column_capacity);
        *column = (struct data_column){.item = ref, .name = item->name};
    }
    column->coded = column->coded || item->code_list != NULL;
    column->units = column->units || item->unit_count > 0;
}

static void add_form(struct data_files *files, struct arena *arena,
                     const struct form_def *form)
{
    for (size_t g = 0; g < form->group_count; g++) {
        const struct group_def *group = form->groups[g].group;
        struct data_file *file = file_of(files, arena, form->oid, group->oid);
        for (size_t i = 0; i < group->item_count; i++) {
            add_column(file, arena, &group->items[i]);
        }
    }
}

static struct data_files all_files(struct bundling *b, struct arena *arena)
{
    struct data_files files = {0};
    struct rows versions = state_rows(b->state, TABLE_DEFINITION, arena);
    for (size_t v = 0; v < versions.count; v++) {
        const struct metadata_version *version =
            bundle_version(b, versions.items[v]->values[DEFINITION_VERSION]);
        for (size_t f = 0; version != NULL && f < version->form_def_count; f++) {
            add_form(&files, arena, version->form_defs[f]);
        }
    }
    return files;
}

/* ---- rows ---- */

static const char *const KEYS[] = {
    "site",  "subject",      "event",       "event_repeat", "form",     "form_repeat",
    "group", "group_repeat", "number",      "state",        "version",  "seq",
    "leaf",  "received_at",  "author_name", "author_role",  "signed_at"};

static void add_head(struct bundling *b, const struct data_file *file, struct arena *arena)
{
    for (size_t i = 0; i < ARRAY_LEN(KEYS); i++) {
        csv_cell(&b->buffer, KEYS[i], i == 0);
    }
    for (size_t i = 0; i < file->column_count; i++) {
        const struct data_column *column = &file->columns[i];
        csv_cell(&b->buffer, column->name, false);
        if (column->coded) {
            csv_cell(&b->buffer, arena_printf(arena, "%s_C", column->name), false);
        }
        if (column->units) {
            csv_cell(&b->buffer, arena_printf(arena, "%s_U", column->name), false);
        }
        csv_cell(&b->buffer, arena_printf(arena, "%s_N", column->name), false);
    }
    csv_line_end(&b->buffer);
}

static void add_keys(struct bundling *b, const struct row *row,
                     const struct read_record *read, const struct group_data *group,
                     struct arena *arena)
{
    const struct form_key *key = &read->record.data.form_submit.form.key;
    const struct record_signature *signature = &read->record.signature;
    char received[INSTANT_SIZE];
    instant_format(read->entry.time, received);
    const char *cells[ARRAY_LEN(KEYS)] = {bundle_site_of(b, key->subject),
                                          key->subject,
                                          key->event,
                                          key->event_repeat,
                                          key->form,
                                          key->form_repeat,
                                          group->oid,
                                          group->repeat,
                                          row->values[FORM_NUMBER],
                                          row->values[FORM_STATE],
                                          row->values[FORM_VERSION],
                                          row->values[FORM_SEQ],
                                          row->values[FORM_LEAF],
                                          arena_text(arena, received),
                                          signature->name,
                                          signature->role,
                                          signature->signed_at};
    for (size_t i = 0; i < ARRAY_LEN(KEYS); i++) {
        csv_cell(&b->buffer, cells[i], i == 0);
    }
}

static const char *derived_value(const struct outcome *outcome,
                                 const struct group_data *group, const char *item,
                                 struct arena *arena)
{
    const char *path = item_path(arena, group->oid, group->repeat, item);
    for (size_t i = 0; i < outcome->derived_count; i++) {
        if (strcmp(outcome->derived[i].path, path) == 0) {
            return outcome->derived[i].value;
        }
    }
    return NULL;
}

static const struct item_data *item_of(const struct group_data *group, const char *oid)
{
    for (size_t i = 0; i < group->count; i++) {
        if (strcmp(group->items[i].oid, oid) == 0) {
            return &group->items[i];
        }
    }
    return NULL;
}

static void add_item(struct bundling *b, const struct data_column *column,
                     const struct item_data *item, const char *value, struct arena *arena)
{
    const struct item_def *def = column->item->item;
    const struct code_list_item *code = def->code_list != NULL && value != NULL
                                            ? code_list_get(def->code_list, value)
                                            : NULL;
    bool null = item != NULL && item->null != NOT_NULL;
    csv_cell(&b->buffer, value, false);
    if (column->coded) {
        csv_cell(&b->buffer, code != NULL ? texts_get(&code->decode, "en") : NULL, false);
    }
    if (column->units) {
        csv_cell(&b->buffer, item != NULL ? item->unit : NULL, false);
    }
    csv_cell(&b->buffer,
             !null ? NULL
                   : arena_printf(arena, "%s%s%s", null_kind_name(item->null),
                                  item->reason != NULL ? ": " : "",
                                  item->reason != NULL ? item->reason : ""),
             false);
}

static void add_group(struct bundling *b, const struct data_file *file,
                      const struct row *row, const struct read_record *read,
                      const struct group_data *group, struct arena *arena)
{
    add_keys(b, row, read, group, arena);
    for (size_t i = 0; i < file->column_count; i++) {
        const char *oid = file->columns[i].item->item->oid;
        const struct item_data *item = item_of(group, oid);
        const char *value =
            item != NULL ? item->value : derived_value(&read->outcome, group, oid, arena);
        add_item(b, &file->columns[i], item, value, arena);
    }
    csv_line_end(&b->buffer);
}

static status write_file(struct bundling *b, const struct data_file *file, struct err *err)
{
    CLEANUP(arena_freep) struct arena *list = arena_new(), *arena = arena_new();
    CLEANUP(bytes_done) struct bytes name = {0};
    struct rows rows = bundle_forms(b, file->form, list);
    path_add_segment(&name, file->form);
    bytes_add_char(&name, '.');
    path_add_segment(&name, file->group);
    TRY(file_begin(b, err, "data/%s.csv", bytes_text(&name)));
    add_head(b, file, list);
    for (size_t i = 0; i < rows.count; i++) {
        struct read_record read;
        arena_reset(arena);
        TRY(bundle_read(b, row_integer(rows.items[i], FORM_SEQ), arena, &read, err));
        const struct form_data *form = &read.record.data.form_submit.form;
        for (size_t g = 0; !read.withheld && g < form->count; g++) {
            if (strcmp(form->groups[g].oid, file->group) == 0) {
                add_group(b, file, rows.items[i], &read, &form->groups[g], arena);
            }
        }
        TRY(file_flush(b, err));
    }
    return file_end(b, err);
}

/* ---- what the columns mean ---- */

static const char *unit_list(const struct item_def *item, struct arena *arena)
{
    const char *list = "";
    for (size_t i = 0; i < item->unit_count; i++) {
        list = arena_printf(arena, "%s%s%s=%s", list, i > 0 ? "; " : "",
                            item->units[i]->oid, texts_get(&item->units[i]->symbol, "en"));
    }
    return list;
}

static void describe(struct bundling *b, const struct data_file *file,
                     const struct data_column *column, struct arena *arena)
{
    const struct item_def *item = column->item->item;
    const char *sdtm = aliases_get(&item->aliases, "SDTM");
    const char *cells[] = {file->form,
                           file->group,
                           item->oid,
                           column->name,
                           item_title(item, "en"),
                           data_type_name(item->type),
                           item->code_list != NULL ? item->code_list->oid : NULL,
                           unit_list(item, arena),
                           column->item->mandatory ? "yes" : "no",
                           column->item->derived ? "yes" : "no",
                           sdtm};
    for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
        csv_cell(&b->buffer, cells[i], i == 0);
    }
    csv_line_end(&b->buffer);
}

static status write_dictionary(struct bundling *b, const struct data_files *files,
                               struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    TRY(file_begin(b, err, "data/dictionary.csv"));
    bytes_add_text(&b->buffer, "form,group,item,column,question,type,code_list,units,"
                               "mandatory,derived,sdtm\r\n");
    for (size_t f = 0; f < files->count; f++) {
        for (size_t c = 0; c < files->items[f].column_count; c++) {
            describe(b, &files->items[f], &files->items[f].columns[c], arena);
        }
    }
    return file_end(b, err);
}

static void add_code_list(struct bundling *b, const char *version,
                          const struct code_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct code_list_item *item = &list->items[i];
        csv_cell(&b->buffer, version, true);
        csv_cell(&b->buffer, list->oid, false);
        csv_cell(&b->buffer, list->name, false);
        csv_cell(&b->buffer, item->coded_value, false);
        csv_cell(&b->buffer, texts_get(&item->decode, "en"), false);
        csv_line_end(&b->buffer);
    }
}

static status write_code_lists(struct bundling *b, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct rows versions = state_rows(b->state, TABLE_DEFINITION, arena);
    TRY(file_begin(b, err, "data/codelists.csv"));
    bytes_add_text(&b->buffer, "version,code_list,name,value,label\r\n");
    for (size_t v = 0; v < versions.count; v++) {
        const char *oid = versions.items[v]->values[DEFINITION_VERSION];
        const struct metadata_version *version = bundle_version(b, oid);
        for (size_t i = 0; version != NULL && i < version->code_list_count; i++) {
            add_code_list(b, oid, version->code_lists[i]);
        }
    }
    return file_end(b, err);
}

status bundle_data(struct bundling *b, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct data_files files = all_files(b, arena);
    for (size_t i = 0; i < files.count; i++) {
        TRY(write_file(b, &files.items[i], err));
    }
    TRY(write_dictionary(b, &files, err));
    return write_code_lists(b, err);
}
