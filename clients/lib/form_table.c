/* SPDX-License-Identifier: Apache-2.0 */
/*
** Tables: a head names columns, rows fill them. Rows are told apart by their place, because a
** person sees no repeat keys; so a row that is to be taken back is emptied, not deleted.
*/
#include "clients/lib/form_text_impl.h"

#define CELLS_MAX TABLE_COLUMNS_TEXT_MAX

/* Cut a line at its bars; a bar behind a backslash belongs to the cell. */
static size_t cut_cells(struct span line, struct span cells[CELLS_MAX])
{
    size_t count = 0, start = 0;
    for (size_t i = 0; i <= line.size; i++) {
        bool bar =
            i == line.size || (line.data[i] == '|' && (i == 0 || line.data[i - 1] != '\\'));
        if (bar && count < CELLS_MAX) {
            cells[count++] = typed_trim(span_of(line.data + start, i - start));
            start = i + 1;
        }
    }
    return count;
}

/* "\|" and U+21B5 back to what they stand for. */
static struct span cell_text(struct form_reader *reader, struct span cell)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    for (size_t i = 0; i < cell.size; i++) {
        struct span rest = span_of(cell.data + i, cell.size - i);
        if (span_starts(rest, "\\|")) {
            bytes_add_char(&text, '|');
            i++;
        } else if (span_starts(rest, "\xE2\x86\xB5")) {
            bytes_add_char(&text, '\n');
            i += 2;
        } else {
            bytes_add_char(&text, (char) cell.data[i]);
        }
    }
    return arena_span(reader->form->arena, span_bytes(&text));
}

static const struct item_ref *find_column(const struct group_def *group, struct span cell)
{
    struct span rest;
    struct span key = span_first_word(cell, &rest);
    for (size_t i = 0; i < group->item_count && key.size > 0; i++) {
        if (span_is_word(key, group->items[i].item->name)) {
            return &group->items[i];
        }
    }
    return NULL;
}

/* The repeating group that has the first column, if the line is a head of it. */
static const struct group_ref *head_group(const struct form_def *form,
                                          const struct span *cells, size_t count)
{
    for (size_t i = 0; i < form->group_count; i++) {
        const struct group_ref *group = &form->groups[i];
        size_t known = 0;
        for (size_t c = 0; c < count && group->group->repeating; c++) {
            known += find_column(group->group, cells[c]) != NULL;
        }
        if (known * 2 > count || (known == count && known > 0)) {
            return group;
        }
    }
    return NULL;
}

/* Keys of the rows of GROUP that are there already, in their order. */
static void find_repeats(struct form_reader *reader, const struct group_ref *group)
{
    const struct form_key *key = &reader->section->data.key;
    const struct form_data *old =
        reader->context->book != NULL ? casebook_form(reader->context->book, key) : NULL;
    const char **repeats = NULL;
    size_t count = 0, capacity = 0;
    for (size_t i = 0; old != NULL && i < old->count; i++) {
        if (strcmp(old->groups[i].oid, group->group->oid) == 0 &&
            old->groups[i].repeat != NULL) {
            *ARENA_PUSH(reader->form->arena, repeats, count, capacity) =
                old->groups[i].repeat;
        }
    }
    reader->table.repeats = repeats;
    reader->table.repeat_count = count;
}

static void open_table(struct form_reader *reader, const struct text_entry *entry,
                       const struct group_ref *group, const struct span *cells,
                       size_t count)
{
    struct text_table *table = &reader->table;
    *table = (struct text_table){.group = group, .column_count = count};
    find_repeats(reader, group);
    for (size_t i = 0; i < count; i++) {
        table->columns[i] = find_column(group->group, cells[i]);
        table->last[i] = INSTANT_MIN;
        if (table->columns[i] == NULL) {
            text_form_remark(
                reader->form, entry->line, REMARK_STOP, "",
                typed_say(&reader->typed, "Column %zu has no key that this form knows.",
                          "Kolom %zu heeft geen sleutel die dit formulier kent.", i + 1));
        }
    }
}

/* The key of the row at hand: that of the n-th row there is, else the next free number. */
static const char *row_key(struct form_reader *reader)
{
    struct text_table *table = &reader->table;
    size_t row = table->row++;
    return row < table->repeat_count ? table->repeats[row]
                                     : arena_printf(reader->form->arena, "%zu", row + 1);
}

/* Nothing was typed: all cells are empty but perhaps the first, which was printed. */
static bool row_is_empty(const struct text_table *table, const struct span *cells,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool printed = i == 0 && table->columns[0] != NULL &&
                       table->columns[0]->item->code_list != NULL;
        if (cells[i].size > 0 && !printed) {
            return false;
        }
    }
    return true;
}

/* A clock time far before the one above it is probably after midnight. */
static void check_midnight(struct form_reader *reader, const struct text_entry *entry,
                           size_t column, struct span cell)
{
    struct text_table *table = &reader->table;
    struct text_section *section = reader->section;
    struct interval when;
    const struct text_place *place =
        section->place_count > 0 ? &section->places[section->place_count - 1] : NULL;
    bool mine = place != NULL && place->line == entry->line &&
                place->item == table->columns[column];
    const char *value = mine ? place->data.value : NULL;
    bool clock_only = cell.size <= 8 && memchr(cell.data, ':', cell.size) != NULL;
    if (value == NULL || !clock_only || !interval_parse(span_text(value), NULL, &when)) {
        return;
    }
    if (table->last[column] != INSTANT_MIN &&
        when.earliest < table->last[column] - 12 * HOUR) {
        text_form_remark(reader->form, entry->line, REMARK_LOOK, "",
                         typed_say(&reader->typed,
                                   "%.*s is far before the row above. After midnight? Then "
                                   "write the date too: 2026-03-15 %.*s.",
                                   "%.*s is ver voor de regel erboven. Na middernacht? "
                                   "Schrijf dan ook de datum: 2026-03-15 %.*s.",
                                   (int) cell.size, (const char *) cell.data,
                                   (int) cell.size, (const char *) cell.data));
    }
    table->last[column] = when.earliest;
}

static void read_row(struct form_reader *reader, const struct text_entry *entry,
                     const struct span *cells, size_t count)
{
    struct text_table *table = &reader->table;
    const char *repeat = row_key(reader);
    bool empty = row_is_empty(table, cells, count);
    if (count > table->column_count) {
        text_form_remark(
            reader->form, entry->line, REMARK_STOP, "",
            typed_say(&reader->typed,
                      "This row has %zu cells, the table has %zu columns. A bar "
                      "in a text is written \\|.",
                      "Deze regel heeft %zu vakken, de tabel heeft %zu kolommen. "
                      "Een streep in een tekst schrijft u als \\|.",
                      count, table->column_count));
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct span cell = empty ? span_of("", 0) : cells[i];
        if (table->columns[i] == NULL) {
            continue;
        }
        form_answer(reader, table->group, repeat, table->columns[i], entry,
                    cell_text(reader, cell));
        check_midnight(reader, entry, i, cell);
    }
}

void form_table_line(struct form_reader *reader, const struct text_entry *entry)
{
    struct span cells[CELLS_MAX];
    size_t count = cut_cells(entry->text, cells);
    if (count > 1 && cells[count - 1].size == 0 && count > reader->table.column_count) {
        count--; /* a bar at the end of the line */
    }
    const struct group_ref *group = head_group(reader->section->form, cells, count);
    if (group != NULL) {
        open_table(reader, entry, group, cells, count);
    } else if (reader->table.group != NULL) {
        read_row(reader, entry, cells, count);
    } else {
        text_form_remark(reader->form, entry->line, REMARK_STOP, "",
                         typed_say(&reader->typed, "This row stands under no table head.",
                                   "Deze regel staat niet onder een tabelkop."));
    }
}
