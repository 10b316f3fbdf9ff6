/* SPDX-License-Identifier: Apache-2.0 */
/*
** Pages to fill in: blank for the binder, or with what is known for a correction. What is
** written here reads back to the same answers (tests/unit/clients shows it for a whole study).
*/
#include "base/text.h"
#include "clients/lib/form_text_impl.h"
#include "clients/lib/says.h"

#define LABEL_WIDTH 46
#define EMPTY_ROWS  3
#define WORDS_MOST  70

static const char *language_of(const struct text_form_page *page)
{
    return page->typed.language;
}

/* TEXT on one line, without what has a meaning in this format. */
static void add_plain(struct bytes *out, const char *text, bool cell)
{
    for (const char *c = text; *c != '\0'; c++) {
        bool colon = *c == ':' && !cell;
        if (colon || (cell && *c == '|')) {
            bytes_add_char(out, colon ? ',' : '/');
        } else {
            bytes_add_char(out, *c == '\n' || *c == '\r' || *c == '\t' ? ' ' : *c);
        }
    }
}

static void add_answer(struct bytes *out, const char *key, const char *label,
                       const char *value)
{
    CLEANUP(bytes_done) struct bytes left = {0};
    bytes_printf(&left, "%-8s ", key);
    add_plain(&left, label, false);
    while (text_length(span_bytes(&left)) < LABEL_WIDTH) {
        bytes_add_char(&left, ' ');
    }
    bytes_add_span(out, span_bytes(&left));
    bytes_add_text(out, left.size > 0 && left.data[left.size - 1] != ' ' ? " :" : ":");
    bytes_add_text(out, value[0] != '\0' ? " " : "");
    for (const char *c = value; *c != '\0'; c++) {
        bytes_add_char(out, *c);
        if (*c == '\n') {
            bytes_add_text(out, "| ");
        }
    }
    bytes_add_char(out, '\n');
}

/* "place of the catheter, axillary | brachial | femoral" or "volume given [mL]" */
static void make_label(const struct text_form_page *page, const struct item_def *item,
                       bool starred, struct bytes *out)
{
    const char *separator = " ";
    CLEANUP(bytes_done) struct bytes words = {0};
    bytes_printf(out, "%s%s", starred ? "* " : "", item_title(item, language_of(page)));
    for (size_t i = 0; item->code_list != NULL && i < item->code_list->count; i++) {
        const struct code_list_item *code = &item->code_list->items[i];
        const char *word = texts_get(&code->decode, language_of(page));
        bytes_printf(&words, "%s%s", i > 0 ? " | " : "",
                     word[0] != '\0' ? word : code->coded_value);
    }
    if (words.size > 0 && words.size <= WORDS_MOST) {
        bytes_printf(out, "; %s", bytes_text(&words));
    }
    for (size_t i = 0; i < item->unit_count; i++) {
        bytes_printf(out, "%s[%s]", separator,
                     texts_get(&item->units[i]->symbol, language_of(page)));
        separator = "";
    }
}

static const struct form_data *known_form(const struct text_form_page *page,
                                          const struct form_def *form)
{
    struct form_key key = {.subject = page->subject != NULL ? page->subject : "",
                           .event = page->event != NULL ? page->event->oid : "",
                           .event_repeat = page->event_repeat,
                           .form = form->oid};
    if (page->book == NULL) {
        return NULL;
    }
    return form->log
               ? (page->number != NULL ? find_numbered(page->book, page->number) : NULL)
               : casebook_form(page->book, &key);
}

static bool is_starred(const struct form_def *form, const struct item_ref *item)
{
    return form->safety != SAFETY_NONE && (item == form->meanings[MEANING_SAEWHAT].item ||
                                           item == form->meanings[MEANING_AWAREDTC].item);
}

static void write_items(const struct text_form_page *page, const struct form_def *form,
                        const struct group_def *group, const struct form_data *known,
                        struct bytes *out)
{
    for (size_t i = 0; i < group->item_count; i++) {
        const struct item_ref *ref = &group->items[i];
        CLEANUP(bytes_done) struct bytes label = {0};
        if (ref->derived) {
            continue;
        }
        const struct item_data *data =
            known != NULL ? form_item(known, group->oid, NULL, ref->item->oid) : NULL;
        make_label(page, ref->item, is_starred(form, ref), &label);
        add_answer(out, ref->item->name, bytes_text(&label),
                   typed_write(&page->typed, ref->item, data));
    }
}

/* ---- tables ---- */

static void add_cell(struct bytes *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '|') {
            bytes_add_text(out, "\\|");
        } else if (*c == '\n') {
            bytes_add_text(out, "\xE2\x86\xB5");
        } else {
            bytes_add_char(out, *c);
        }
    }
}

#define CELL_WORDS 24 /* longer lists of words stand in a line above the table */

/* "CONTRAST [mL]", "PATENT yes/no" */
static void make_head(const struct text_form_page *page, const struct item_def *item,
                      struct bytes *out, struct bytes *legend)
{
    CLEANUP(bytes_done) struct bytes words = {0};
    bytes_add_text(out, item->name);
    for (size_t i = 0; i < item->unit_count; i++) {
        bytes_printf(out, " [%s]", texts_get(&item->units[i]->symbol, language_of(page)));
    }
    for (size_t i = 0; item->code_list != NULL && i < item->code_list->count; i++) {
        const struct code_list_item *code = &item->code_list->items[i];
        const char *word = texts_get(&code->decode, language_of(page));
        bytes_printf(&words, "%s%s", i > 0 ? "/" : "",
                     word[0] != '\0' ? word : code->coded_value);
    }
    bool fits = words.size > 0 && words.size <= CELL_WORDS;
    if (fits) {
        bytes_add_char(out, ' ');
        add_plain(out, bytes_text(&words), true);
    }
    bytes_printf(legend, "# %s: %s%s%s\n", item->name, item_title(item, language_of(page)),
                 words.size > 0 && !fits ? ": " : "", fits ? "" : bytes_text(&words));
}

static void pad(struct bytes *out, size_t start, size_t width)
{
    while (text_length(span_of(out->data + start, out->size - start)) < width) {
        bytes_add_char(out, ' ');
    }
}

/* Widths of the columns are those of their heads. */
struct columns {
    size_t widths[TABLE_COLUMNS_TEXT_MAX];
};

static void write_row(const struct text_form_page *page, const struct group_def *group,
                      const struct columns *columns, const struct group_data *row,
                      const char *first, struct bytes *out)
{
    const char *separator = "  ";
    for (size_t i = 0; i < group->item_count && i < TABLE_COLUMNS_TEXT_MAX; i++) {
        const struct item_def *item = group->items[i].item;
        const struct item_data *data = NULL;
        for (size_t d = 0; row != NULL && d < row->count; d++) {
            data = strcmp(row->items[d].oid, item->oid) == 0 ? &row->items[d] : data;
        }
        if (group->items[i].derived) {
            continue;
        }
        bytes_add_text(out, separator);
        size_t start = out->size;
        add_cell(out,
                 i == 0 && first != NULL ? first : typed_write(&page->typed, item, data));
        pad(out, start, columns->widths[i]);
        separator = " | ";
    }
    bytes_add_char(out, '\n');
}

static void write_table_head(const struct text_form_page *page,
                             const struct group_def *group, struct columns *columns,
                             struct bytes *out)
{
    CLEANUP(bytes_done) struct bytes legend = {0};
    CLEANUP(bytes_done) struct bytes line = {0};
    const char *separator = "  ";
    for (size_t i = 0; i < group->item_count && i < TABLE_COLUMNS_TEXT_MAX; i++) {
        if (group->items[i].derived) {
            continue;
        }
        bytes_add_text(&line, separator);
        size_t start = line.size;
        make_head(page, group->items[i].item, &line, &legend);
        pad(&line, start, 8);
        columns->widths[i] = text_length(span_of(line.data + start, line.size - start));
        separator = " | ";
    }
    bytes_add_span(out, span_bytes(&legend));
    bytes_add_span(out, span_bytes(&line));
    bytes_add_char(out, '\n');
}

static void write_table(const struct text_form_page *page, const struct group_def *group,
                        const struct form_data *known, struct bytes *out)
{
    size_t rows = 0;
    const struct code_list *list =
        group->item_count > 0 ? group->items[0].item->code_list : NULL;
    struct columns columns = {{0}};
    write_table_head(page, group, &columns, out);
    for (size_t i = 0; known != NULL && i < known->count; i++) {
        if (strcmp(known->groups[i].oid, group->oid) == 0) {
            write_row(page, group, &columns, &known->groups[i], NULL, out);
            rows++;
        }
    }
    if (rows > 0) {
        write_row(page, group, &columns, NULL, NULL, out);
        return;
    }
    for (size_t i = 0; list != NULL && !list->external && i < list->count; i++, rows++) {
        const char *word = texts_get(&list->items[i].decode, language_of(page));
        write_row(page, group, &columns, NULL,
                  word[0] != '\0' ? word : list->items[i].coded_value, out);
    }
    for (; rows < EMPTY_ROWS; rows++) {
        write_row(page, group, &columns, NULL, NULL, out);
    }
}

/* ---- forms and pages ---- */

static void write_group(const struct text_form_page *page, const struct form_def *form,
                        size_t index, struct bytes *out)
{
    const struct group_def *group = form->groups[index].group;
    const struct form_data *known = known_form(page, form);
    if (group->repeating) {
        write_table(page, group, known, out);
    } else {
        write_items(page, form, group, known, out);
    }
}

static void write_state(const struct text_form_page *page, const struct form_def *form,
                        struct bytes *out)
{
    const struct form_data *known = known_form(page, form);
    add_answer(out, "STATE", "partial | complete",
               known == NULL                   ? ""
               : known->state == FORM_COMPLETE ? "complete"
                                               : "partial");
}

static const char *short_of(const struct form_def *form)
{
    return form->short_name[0] != '\0' ? form->short_name : form->oid;
}

static void write_head(const struct text_form_page *page, struct bytes *out)
{
    bytes_printf(out, "# crf text form 1 | %s definition %s | ", page->version->study->name,
                 page->version->oid);
    if (page->form != NULL) {
        bytes_printf(out, "%s ", short_of(page->form));
        add_plain(out, form_title(page->form, language_of(page)), true);
        bytes_add_text(out, " | ");
    }
    bytes_printf(out, "%s | site %s, clock %s\n", language_of(page),
                 page->site != NULL ? page->site : "-",
                 page->zone_name != NULL ? page->zone_name : "UTC");
    bool safety = page->form != NULL && page->form->safety != SAFETY_NONE;
    if (safety) {
        bytes_add_text(
            out, says_in(language_of(page),
                         "# Send with only the lines marked *. Add the rest when you "
                         "know it. No names, no hospital numbers.\n",
                         "# Stuur met alleen de regels met een *. De rest later. Geen "
                         "namen, geen ziekenhuisnummers.\n"));
        bytes_printf(
            out,
            says_in(language_of(page),
                    "# If sending fails: phone %s (day and night) or use the paper form "
                    "in the binder.\n",
                    "# Lukt verzenden niet: bel %s (dag en nacht) of gebruik het "
                    "papieren formulier in de map.\n"),
            page->version->contact.phone);
    }
    bytes_add_text(
        out, says_in(language_of(page),
                     "# Empty = not yet known: send now, add later. No value: !nd why "
                     "| !unk | !na. Unknown day: 2026-03 or 2026.\n",
                     "# Leeg = nog niet bekend: stuur nu, vul later aan. Geen waarde: "
                     "!nd waarom | !unk | !na. Dag onbekend: 2026-03 of 2026.\n"));
}

static void write_about(const struct text_form_page *page, struct bytes *out)
{
    bool safety = page->form != NULL && page->form->safety != SAFETY_NONE;
    const char *label = says_in(language_of(page),
                                "number, or as much as "
                                "you know",
                                "nummer, of wat u weet");
    add_answer(out, "SUBJECT", safety ? arena_printf(page->typed.arena, "* %s", label) : "",
               page->subject != NULL ? page->subject : "");
    if (page->book != NULL) {
        bytes_printf(
            out, "# %s. %s\n", subject_summary(&page->typed, page->version, page->book),
            says_in(language_of(page), "Someone else? Stop.", "Iemand anders? Stop."));
    }
    if (page->form != NULL && page->form->log) {
        add_answer(out, "FORM", "", short_of(page->form));
        add_answer(out, "NUMBER",
                   says_in(language_of(page), "empty = a new one", "leeg = nieuw"),
                   page->number != NULL ? page->number : "");
        return;
    }
    const char *event =
        page->event->short_name[0] != '\0' ? page->event->short_name : page->event->oid;
    add_answer(out, "VISIT", "",
               arena_printf(
                   page->typed.arena, "%s%s%s", event, page->event->repeating ? " " : "",
                   page->event->repeating && page->event_repeat != NULL ? page->event_repeat
                                                                        : ""));
}

static void write_form(const struct text_form_page *page, const struct form_def *form,
                       struct bytes *out)
{
    bytes_printf(out, "== %s ", short_of(form));
    add_plain(out, form_title(form, language_of(page)), false);
    bytes_add_char(out, '\n');
    write_state(page, form, out);
    for (size_t i = 0; i < form->group_count; i++) {
        write_group(page, form, i, out);
    }
}

static bool stands_on_page(const struct text_form_page *page, const struct form_def *form)
{
    return !form->log && form != page->without &&
           (page->form == NULL || page->form == form);
}

static void write_visit(const struct text_form_page *page, struct bytes *out)
{
    const struct form_def *visit = event_visit_form(page->event);
    bool whole = visit != NULL && stands_on_page(page, visit);
    if (whole && visit->group_count > 0) {
        write_group(page, visit, 0, out);
    }
    for (size_t i = 0; i < page->event->form_count; i++) {
        const struct form_def *form = page->event->forms[i].form;
        if (form != visit && stands_on_page(page, form)) {
            write_form(page, form, out);
        }
    }
    if (whole && visit->group_count > 1) {
        bytes_add_text(out, "== END\n");
        for (size_t i = 1; i < visit->group_count; i++) {
            write_group(page, visit, i, out);
        }
    }
}

/* The visit's date, so that clock times of that day are written short. */
static void find_date(struct text_form_page *page)
{
    const struct form_def *visit =
        page->event != NULL ? event_visit_form(page->event) : NULL;
    const struct form_data *known = visit != NULL ? known_form(page, visit) : NULL;
    const struct item_data *item =
        known != NULL ? form_meaning(known, visit, MEANING_SVSTDTC) : NULL;
    bool on_page = visit != NULL && stands_on_page(page, visit);
    page->typed.has_date = on_page && item != NULL && item->value != NULL &&
                           typed_date(span_text(item->value), &page->typed.date);
}

void text_form_write(const struct text_form_page *given, struct bytes *out)
{
    struct text_form_page page = *given;
    if (page.form != NULL && page.form->log) {
        page.event = event_of_log(page.version, page.form);
    }
    BUG_IF(page.event == NULL);
    find_date(&page);
    write_head(&page, out);
    write_about(&page, out);
    if (page.form != NULL && page.form->log) {
        write_state(&page, page.form, out);
        for (size_t i = 0; i < page.form->group_count; i++) {
            write_group(&page, page.form, i, out);
        }
        return;
    }
    write_visit(&page, out);
}

/* ---- who is this ---- */

static const char *value_of(const struct metadata_version *version,
                            const struct casebook *book, enum meaning meaning,
                            const struct item_ref **ret_item)
{
    const char *found = NULL;
    size_t cursor = 0;
    const struct form_def *def = NULL;
    for (const struct form_data *form =
             casebook_next(book, version, meaning, &cursor, &def);
         form != NULL; form = casebook_next(book, version, meaning, &cursor, &def)) {
        const struct item_data *item = form_meaning(form, def, meaning);
        if (item != NULL && item->value != NULL) {
            found = item->value;
            *ret_item = def->meanings[meaning].item;
        }
    }
    return found;
}

/* The visit with the latest date. */
static const char *last_visit(const struct typed_context *context,
                              const struct metadata_version *version,
                              const struct casebook *book)
{
    const char *date = "";
    const struct event_def *event = NULL;
    size_t cursor = 0;
    const struct form_def *def = NULL;
    for (const struct form_data *form =
             casebook_next(book, version, MEANING_SVSTDTC, &cursor, &def);
         form != NULL;
         form = casebook_next(book, version, MEANING_SVSTDTC, &cursor, &def)) {
        const struct item_data *item = form_meaning(form, def, MEANING_SVSTDTC);
        if (item != NULL && item->value != NULL && strcmp(item->value, date) > 0) {
            date = item->value;
            event = version_event(version, form->key.event);
        }
    }
    return event == NULL ? ""
                         : typed_say(context, ", last visit %s on %s",
                                     ", laatste bezoek %s op %s", event->short_name, date);
}

const char *subject_summary(const struct typed_context *context,
                            const struct metadata_version *version,
                            const struct casebook *book)
{
    const struct item_ref *item = NULL;
    const char *sex = value_of(version, book, MEANING_SEX, &item);
    const struct item_data data = {.value = sex};
    const char *word = sex != NULL ? typed_write(context, item->item, &data) : "";
    const char *birth = value_of(version, book, MEANING_BRTHDTC, &item);
    const char *born = birth != NULL ? typed_say(context, "%sborn %.4s", "%sgeboren %.4s",
                                                 sex != NULL ? ", " : "", birth)
                                     : "";
    const char *visit = last_visit(context, version, book);
    if (sex == NULL && birth == NULL) {
        word = typed_say(context, "sex and birth not entered",
                         "geslacht en geboorte niet "
                         "ingevoerd");
    }
    return arena_printf(context->arena, "%s: %s%s%s", book->subject, word, born, visit);
}
