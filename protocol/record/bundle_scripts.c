/* SPDX-License-Identifier: Apache-2.0 */
/*
** data/read.R and data/read.sas: read every table of the bundle as it is meant: labels from the
** questions, code lists as factors or formats, numbers as numbers. Dates stay text beside their
** precision (column _P), because "2026-03" is no day.
*/
#include <ctype.h>
#include <strings.h>

#include "protocol/record/bundle_impl.h"

static bool has_codes(const struct data_column *column)
{
    const struct code_list *list = column->item->item->code_list;
    return column->coded && list != NULL && list->count > 0 && !column->number;
}

/* ---- R ---- */

static void add_r_text(struct bytes *out, const char *text)
{
    bytes_add_char(out, '"');
    for (const char *c = text; *c != 0; c++) {
        bytes_add_text(out, *c == '"' || *c == '\\' ? "\\" : "");
        bytes_add_char(out, (uint8_t) *c < 0x20 ? ' ' : *c);
    }
    bytes_add_char(out, '"');
}

static const char R_HEAD[] =
    "# In the folder of this file: source(\"read.R\"). Makes the list `crf`: a data frame "
    "for "
    "each\n"
    "# table, columns as text; numbers as numbers; a coded column X has a factor X_F "
    "beside it.\n"
    "crf <- list()\n"
    "crf_read <- function(file) read.csv(file, colClasses = \"character\", na.strings = "
    "\"\",\n"
    "                                    check.names = FALSE, fileEncoding = \"UTF-8\")\n"
    "crf_label <- function(d, name, text) { attr(d[[name]], \"label\") <- text; d }\n"
    "crf_number <- function(d, name) { d[[name]] <- as.numeric(d[[name]]); d }\n"
    "crf_code <- function(d, name, values, labels) {\n"
    "  d[[paste0(name, \"_F\")]] <- factor(d[[name]], levels = values, labels = labels); "
    "d\n"
    "}\n";

static void add_r_codes(struct bytes *out, const struct data_column *column)
{
    const struct code_list *list = column->item->item->code_list;
    bytes_add_text(out, "d <- crf_code(d, ");
    add_r_text(out, column->name);
    bytes_add_text(out, ", c(");
    for (size_t i = 0; i < list->count; i++) {
        bytes_add_text(out, i > 0 ? ", " : "");
        add_r_text(out, list->items[i].coded_value);
    }
    bytes_add_text(out, "), c(");
    for (size_t i = 0; i < list->count; i++) {
        const char *label = texts_get(&list->items[i].decode, "en");
        bytes_add_text(out, i > 0 ? ", " : "");
        add_r_text(out, *label != 0 ? label : list->items[i].coded_value);
    }
    bytes_add_text(out, "))\n");
}

static void add_r_column(struct bytes *out, const struct data_column *column)
{
    const struct item_def *item = column->item->item;
    if (column->number) {
        bytes_add_text(out, "d <- crf_number(d, ");
        add_r_text(out, column->name);
        bytes_add_text(out, ")\n");
    }
    bytes_add_text(out, "d <- crf_label(d, ");
    add_r_text(out, column->name);
    bytes_add_text(out, ", ");
    add_r_text(out, item_title(item, "en"));
    bytes_add_text(out, ")\n");
    if (has_codes(column)) {
        add_r_codes(out, column);
    }
}

static void add_r_file(struct bytes *out, const struct data_file *file, const char *name)
{
    bytes_add_text(out, "d <- crf_read(");
    add_r_text(out, name);
    bytes_add_text(out, ")\n");
    for (size_t i = 0; i < file->column_count; i++) {
        add_r_column(out, &file->columns[i]);
    }
    bytes_printf(out, "crf[[\"%.*s\"]] <- d\n", (int) (strlen(name) - strlen(".csv")),
                 name);
}

/* ---- SAS ---- */

/* Single quotes: nothing is expanded inside. */
static void add_sas_text(struct bytes *out, const char *text)
{
    bytes_add_char(out, '\'');
    for (const char *c = text; *c != 0; c++) {
        bytes_add_text(out, *c == '\'' ? "'" : "");
        bytes_add_char(out, (uint8_t) *c < 0x20 ? ' ' : *c);
    }
    bytes_add_char(out, '\'');
}

static bool is_sas_name(const char *name)
{
    size_t length = strlen(name);
    bool first = isalpha((unsigned char) name[0]) || name[0] == '_';
    return first && length <= 29 &&
           strspn(name,
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") ==
               length;
}

static bool is_taken(const struct data_file *file, size_t position)
{
    for (size_t i = 0; i < position; i++) {
        if (strcasecmp(file->columns[i].name, file->columns[position].name) == 0) {
            return true;
        }
    }
    return false;
}

/* A name that SAS accepts: the column's own where it is one, else its place. */
static const char *sas_name(const struct data_file *file, size_t position,
                            struct arena *arena)
{
    const char *name = file->columns[position].name;
    return is_sas_name(name) && !is_taken(file, position)
               ? name
               : arena_printf(arena, "V%03zu", position + 1);
}

static int sas_length(const struct item_def *item)
{
    int length = item->length > 0 && item->length < 8000 ? item->length * 4 : 8000;
    return length < 40 ? 40 : length;
}

static void add_sas_column(struct bytes *out, const struct data_file *file, size_t position,
                           struct arena *arena)
{
    const struct data_column *column = &file->columns[position];
    const char *name = sas_name(file, position, arena);
    if (column->number) {
        bytes_printf(out, " %s 8", name);
    } else {
        bytes_printf(out, " %s $ %d", name, sas_length(column->item->item));
    }
    for (size_t i = 0; i < DATA_PARTS; i++) {
        if (data_has_part(column, (enum data_part) i)) {
            bytes_printf(out, i == DATA_NUMBER ? " %s%s 8" : " %s%s $ 400", name,
                         DATA_SUFFIXES[i]);
        }
    }
    bytes_add_char(out, '\n');
}

/* The formats of a table's coded columns: $T001V003F is that of the third of the first. */
static void add_sas_formats(struct bytes *out, const struct data_file *file, size_t number)
{
    for (size_t i = 0; i < file->column_count; i++) {
        const struct code_list *list = file->columns[i].item->item->code_list;
        if (!has_codes(&file->columns[i])) {
            continue;
        }
        bytes_printf(out, "proc format; value $T%03zuV%03zuF", number, i + 1);
        for (size_t k = 0; k < list->count; k++) {
            const char *label = texts_get(&list->items[k].decode, "en");
            bytes_add_char(out, ' ');
            add_sas_text(out, list->items[k].coded_value);
            bytes_add_char(out, '=');
            add_sas_text(out, *label != 0 ? label : list->items[k].coded_value);
        }
        bytes_add_text(out, "; run;\n");
    }
}

static void add_sas_labels(struct bytes *out, const struct data_file *file, size_t number,
                           struct arena *arena)
{
    for (size_t i = 0; i < file->column_count; i++) {
        const char *name = sas_name(file, i, arena);
        bytes_printf(out, "  label %s=", name);
        add_sas_text(out, item_title(file->columns[i].item->item, "en"));
        bytes_add_text(out, ";\n");
        if (has_codes(&file->columns[i])) {
            bytes_printf(out, "  format %s $T%03zuV%03zuF.;\n", name, number, i + 1);
        }
    }
}

static void add_sas_file(struct bytes *out, const struct data_files *files,
                         const struct data_file *file, const char *name, size_t number)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    add_sas_formats(out, file, number);
    bytes_printf(out, "data T%03zu (label=", number);
    add_sas_text(out, name);
    bytes_add_text(out, ");\n  infile ");
    add_sas_text(out, name);
    bytes_add_text(out,
                   " dsd dlm=',' termstr=crlf firstobs=2 encoding='utf-8' lrecl=1000000 "
                   "truncover;\n  length");
    for (size_t i = 0; i < files->key_count; i++) {
        bytes_printf(out, " %s $ 400", files->keys[i]);
    }
    bytes_add_char(out, '\n');
    for (size_t i = 0; i < file->column_count; i++) {
        add_sas_column(out, file, i, arena);
    }
    /* a file's variables in the order of `length`, which is that of its columns */
    bytes_add_text(out, "  ;\n  input (_all_) (:);\n");
    add_sas_labels(out, file, number, arena);
    bytes_add_text(out, "run;\n");
}

static const char SAS_HEAD[] = "/* SAS 9.4, UTF-8 session, in the folder of this file: "
                               "makes WORK.T001, T002, ... ; the "
                               "label\n"
                               "   of each is the file it comes from. Numbers are numbers, "
                               "coded columns have formats,\n"
                               "   dates stay text beside their precision (column _P). */\n"
                               "options validvarname=v7;\n";

/* ---- the files ---- */

status bundle_scripts(struct bundling *b, const struct data_files *files, struct err *err)
{
    TRY(file_begin(b, err, "data/read.R"));
    bytes_add_text(&b->buffer, R_HEAD);
    for (size_t i = 0; i < files->count; i++) {
        CLEANUP(bytes_done) struct bytes name = {0};
        data_file_name(&files->items[i], &name);
        add_r_file(&b->buffer, &files->items[i], bytes_text(&name));
        TRY(file_flush(b, err));
    }
    TRY(file_end(b, err));
    TRY(file_begin(b, err, "data/read.sas"));
    bytes_add_text(&b->buffer, SAS_HEAD);
    for (size_t i = 0; i < files->count; i++) {
        CLEANUP(bytes_done) struct bytes name = {0};
        data_file_name(&files->items[i], &name);
        add_sas_file(&b->buffer, files, &files->items[i], bytes_text(&name), i + 1);
        TRY(file_flush(b, err));
    }
    return file_end(b, err);
}
