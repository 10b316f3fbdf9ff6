/* SPDX-License-Identifier: Apache-2.0 */
/*
** The current forms as tables: one file for each item group of each form, over all versions of
** the definition (an item that came later is an empty cell before). A row is an item group.
*/
#include "protocol/record/bundle_impl.h"

static const char *const KEYS[] = {
    "site",  "subject",      "event",       "event_repeat", "form",     "form_repeat",
    "group", "group_repeat", "number",      "state",        "version",  "seq",
    "leaf",  "received_at",  "author_name", "author_role",  "signed_at"};

const char *const DATA_SUFFIXES[DATA_PARTS] = {"_C", "_U", "_V", "_VU", "_P", "_N"};

bool data_has_part(const struct data_column *column, enum data_part part)
{
    const bool has[DATA_PARTS] = {column->coded, column->units, column->units,
                                  column->units, column->dated, true};
    return has[part];
}

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
    column->type = data_type_name(item->type);
    column->dated = data_type_is_dated(item->type);
    column->number = data_type_is_number(item->type);
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

struct data_files bundle_data_files(struct bundling *b, struct arena *arena)
{
    struct data_files files = {.keys = KEYS, .key_count = ARRAY_LEN(KEYS)};
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

void data_file_name(const struct data_file *file, struct bytes *out)
{
    path_add_segment(out, file->form);
    bytes_add_char(out, '.');
    path_add_segment(out, file->group);
    bytes_add_text(out, ".csv");
}

void bundle_data_head(struct bundling *b, const struct data_files *files,
                      const struct data_file *file)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    for (size_t i = 0; i < files->key_count; i++) {
        csv_cell(&b->buffer, files->keys[i], i == 0);
    }
    for (size_t i = 0; i < file->column_count; i++) {
        const struct data_column *column = &file->columns[i];
        csv_cell(&b->buffer, column->name, false);
        for (size_t part = 0; part < DATA_PARTS; part++) {
            if (data_has_part(column, (enum data_part) part)) {
                csv_cell(&b->buffer,
                         arena_printf(arena, "%s%s", column->name, DATA_SUFFIXES[part]),
                         false);
            }
        }
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

const struct item_data *group_item(const struct group_data *group, const char *oid)
{
    for (size_t i = 0; i < group->count; i++) {
        if (strcmp(group->items[i].oid, oid) == 0) {
            return &group->items[i];
        }
    }
    return NULL;
}

void data_normalise(const struct item_def *def, const struct item_data *item,
                    struct arena *arena, const char **ret_number, const char **ret_unit)
{
    char text[DECIMAL_SIZE];
    struct decimal number, base;
    const struct measurement_unit *unit = NULL;
    for (size_t i = 0; i < def->unit_count && item->unit != NULL; i++) {
        unit = strcmp(def->units[i]->oid, item->unit) == 0 ? def->units[i] : unit;
    }
    if (unit != NULL && item->value != NULL &&
        decimal_parse(span_text(item->value), true, &number) &&
        unit_to_base(unit, number, &base) && decimal_format(base, text)) {
        *ret_number = arena_text(arena, text);
        *ret_unit = unit_base(unit)->oid;
    }
}

const char *data_precision(enum data_type type, const char *value)
{
    static const char *const dates[] = {[4] = "year", [7] = "month", [10] = "day"};
    static const char *const times[] = {[2] = "hour", [5] = "minute", [8] = "second"};
    const char *t = strchr(value, 'T');
    bool only_time = type == TYPE_TIME || type == TYPE_PARTIAL_TIME;
    struct value parsed;
    if (!value_parse(type, span_text(value), NULL, &parsed)) {
        return NULL;
    }
    if (strstr(value, "--") != NULL || value[0] == '-' || strchr(value, '/') != NULL) {
        return "incomplete";
    }
    const char *time = only_time ? value : (t != NULL ? t + 1 : NULL);
    size_t length = time != NULL ? strcspn(time, "Z+-.") : strlen(value);
    if (time != NULL) {
        return length < ARRAY_LEN(times) && times[length] != NULL ? times[length]
                                                                  : "incomplete";
    }
    return length < ARRAY_LEN(dates) && dates[length] != NULL ? dates[length]
                                                              : "incomplete";
}

static void add_item(struct bundling *b, const struct data_column *column,
                     const struct item_data *item, const char *value, struct arena *arena)
{
    const struct item_def *def = column->item->item;
    const char *parts[DATA_PARTS] = {0};
    const struct code_list_item *code = def->code_list != NULL && value != NULL
                                            ? code_list_get(def->code_list, value)
                                            : NULL;
    parts[DATA_LABEL] = code != NULL ? texts_get(&code->decode, "en") : NULL;
    parts[DATA_UNIT] = item != NULL ? item->unit : NULL;
    if (item != NULL) {
        data_normalise(def, item, arena, &parts[DATA_NUMBER], &parts[DATA_BASE]);
    }
    if (value != NULL && column->dated) {
        parts[DATA_PRECISION] = data_precision(def->type, value);
    }
    if (item != NULL && item->null != NOT_NULL) {
        parts[DATA_NULL] = arena_printf(arena, "%s%s%s", null_kind_name(item->null),
                                        item->reason != NULL ? ": " : "",
                                        item->reason != NULL ? item->reason : "");
    }
    csv_cell(&b->buffer, value, false);
    for (size_t part = 0; part < DATA_PARTS; part++) {
        if (data_has_part(column, (enum data_part) part)) {
            csv_cell(&b->buffer, parts[part], false);
        }
    }
}

static void add_group(struct bundling *b, const struct data_file *file,
                      const struct row *row, const struct read_record *read,
                      const struct group_data *group, struct arena *arena)
{
    add_keys(b, row, read, group, arena);
    for (size_t i = 0; i < file->column_count; i++) {
        const char *oid = file->columns[i].item->item->oid;
        const struct item_data *item = group_item(group, oid);
        add_item(b, &file->columns[i], item, item != NULL ? item->value : NULL, arena);
    }
    csv_line_end(&b->buffer);
}

static status write_file(struct bundling *b, const struct data_files *files,
                         const struct data_file *file, struct err *err)
{
    CLEANUP(arena_freep) struct arena *list = arena_new(), *arena = arena_new();
    CLEANUP(bytes_done) struct bytes name = {0};
    struct rows rows = bundle_forms(b, file->form, list);
    data_file_name(file, &name);
    TRY(file_begin(b, err, "data/%s", bytes_text(&name)));
    bundle_data_head(b, files, file);
    for (size_t i = 0; i < rows.count; i++) {
        struct read_record read;
        arena_reset(arena);
        TRY(bundle_read(b, row_integer(rows.items[i], FORM_SEQ), arena, &read, err));
        const struct form_data *form = read.withheld ? NULL : bundle_merged(&read, arena);
        for (size_t g = 0; form != NULL && g < form->count; g++) {
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
    const char *cdash = aliases_get(&item->aliases, "CDASH");
    const char *cells[] = {file->form,
                           file->group,
                           item->oid,
                           column->name,
                           item_title(item, "en"),
                           column->type,
                           item->code_list != NULL ? item->code_list->oid : NULL,
                           unit_list(item, arena),
                           column->item->mandatory ? "yes" : "no",
                           column->item->derived ? "yes" : "no",
                           cdash,
                           sdtm};
    for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
        csv_cell(&b->buffer, cells[i], i == 0);
    }
    csv_line_end(&b->buffer);
}

static status write_columns(struct bundling *b, const struct data_files *files,
                            struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    TRY(file_begin(b, err, "data/dictionary.csv"));
    bytes_add_text(&b->buffer, "form,group,item,column,question,type,code_list,units,"
                               "mandatory,derived,cdash,sdtm\r\n");
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

status bundle_dictionary(struct bundling *b, const struct data_files *files,
                         struct err *err)
{
    TRY(write_columns(b, files, err));
    TRY(write_code_lists(b, err));
    return bundle_scripts(b, files, err);
}

status bundle_data(struct bundling *b, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct data_files files = bundle_data_files(b, arena);
    for (size_t i = 0; i < files.count; i++) {
        TRY(write_file(b, &files, &files.items[i], err));
    }
    return bundle_dictionary(b, &files, err);
}
