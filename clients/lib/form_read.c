/* SPDX-License-Identifier: Apache-2.0 */
/*
** From lines to forms, in three passes: what the page is about (SUBJECT, VISIT or FORM), the
** visit's date (clock times below it need it, wherever it stands), then every answer.
*/

#include "clients/lib/form_text_impl.h"

/* ---- remarks ---- */

void text_form_remark(struct text_form *form, size_t line, enum remark_kind kind,
                      const char *rule, const char *message)
{
    char *copy = arena_text(form->arena, message);
    for (char *c = copy; *c != '\0'; c++) {
        *c = *c == '\n' || *c == '\r' ? ' ' : *c;
    }
    *ARENA_PUSH(form->arena, form->remarks, form->remark_count, form->remark_capacity) =
        (struct remark){line, kind, arena_text(form->arena, rule), copy};
    form->stops += kind == REMARK_STOP;
}

static void stop(struct form_reader *reader, size_t line, const char *message)
{
    text_form_remark(reader->form, line, REMARK_STOP, "", message);
}

/* ---- answers ---- */

static bool already_answered(const struct text_section *section,
                             const struct item_ref *item, const char *repeat,
                             size_t *ret_line)
{
    for (size_t i = 0; i < section->place_count; i++) {
        const struct text_place *place = &section->places[i];
        bool same_row = repeat == NULL
                            ? place->repeat == NULL
                            : place->repeat != NULL && strcmp(place->repeat, repeat) == 0;
        if (place->item == item && same_row) {
            *ret_line = place->line;
            return true;
        }
    }
    return false;
}

static void keep_place(struct form_reader *reader, const struct text_place *place)
{
    struct text_section *section = reader->section;
    *ARENA_PUSH(reader->form->arena, section->places, section->place_count,
                section->place_capacity) = *place;
    section->empty = section->empty && !place->answered;
}

/* An answer that cannot be read. On a safety form it goes into the narrative instead of
 * holding the report up. */
static void refuse_answer(struct form_reader *reader, const struct item_def *item,
                          size_t line, struct span text, const char *sentence)
{
    struct text_section *section = reader->section;
    struct arena *arena = reader->form->arena;
    section->empty = false;
    if (section->form->safety == SAFETY_NONE) {
        stop(reader, line, arena_printf(arena, "%s: %s", item->name, sentence));
        return;
    }
    section->moved =
        arena_printf(arena, "%s%s[%s: %.*s]", section->moved != NULL ? section->moved : "",
                     section->moved != NULL ? "\n" : "", item->name, (int) text.size,
                     (const char *) text.data);
    text_form_remark(reader->form, line, REMARK_LOOK, "",
                     typed_say(&reader->typed, "%s: %s It goes with the story as typed.",
                               "%s: %s Het gaat zoals getypt mee met het verhaal.",
                               item->name, sentence));
}

void form_answer(struct form_reader *reader, const struct group_ref *group,
                 const char *repeat, const struct item_ref *item,
                 const struct text_entry *entry, struct span text)
{
    struct typed typed;
    size_t earlier;
    typed_read(&reader->typed, item->item, text, &typed);
    if (item->derived) {
        if (typed.kind != TYPED_NOTHING) {
            stop(reader, entry->line,
                 typed_say(&reader->typed, "%s is computed; leave it empty.",
                           "%s wordt berekend; laat het leeg.", item->item->name));
        }
        return;
    }
    if (already_answered(reader->section, item, repeat, &earlier)) {
        stop(reader, entry->line,
             typed_say(&reader->typed, "%s stands already on line %zu.",
                       "%s staat al op regel %zu.", item->item->name, earlier + 1));
        return;
    }
    if (typed.kind == TYPED_REFUSED) {
        refuse_answer(reader, item->item, entry->line, text, typed.sentence);
        return;
    }
    if (typed.kind == TYPED_READ_BACK) {
        text_form_remark(reader->form, entry->line, REMARK_LOOK, "", typed.sentence);
    }
    keep_place(reader,
               &(struct text_place){group, repeat, item, typed.kind != TYPED_NOTHING,
                                    typed.data, entry->line});
}

static void add_reason(struct form_reader *reader, const struct text_entry *entry,
                       const char *key)
{
    struct text_section *section = reader->section;
    if (entry->reason == NULL || entry->reason[0] == '\0') {
        return;
    }
    const char *mine = key[0] != '\0'
                           ? arena_printf(reader->form->arena, "%s: %s", key, entry->reason)
                           : entry->reason;
    section->reason = section->reason == NULL ? mine
                                              : arena_printf(reader->form->arena, "%s; %s",
                                                             section->reason, mine);
}

/* ---- sections ---- */

static struct text_section *open_section(struct form_reader *reader,
                                         const struct form_def *form, size_t line)
{
    struct text_form *text = reader->form;
    reader->table = (struct text_table){0};
    for (size_t i = 0; i < text->section_count; i++) {
        if (text->sections[i].form == form) {
            return &text->sections[i];
        }
    }
    struct text_section *section = ARENA_PUSH(text->arena, text->sections,
                                              text->section_count, text->section_capacity);
    *section = (struct text_section){.form = form, .line = line, .empty = true};
    section->data.key =
        (struct form_key){.subject = text->subject != NULL ? text->subject : "",
                          .event = text->event != NULL ? text->event->oid : "",
                          .event_repeat = text->event_repeat,
                          .form = form->oid};
    return section;
}

static void take_section(struct form_reader *reader, const struct text_entry *entry)
{
    const struct event_def *event = reader->form->event;
    const struct form_def *form = NULL;
    if (event != NULL && span_is_word(entry->key, "END")) {
        form = event_visit_form(event);
    }
    form = form != NULL ? form : find_form(reader->context->version, entry->key);
    reader->section = NULL;
    if (form == NULL || event == NULL || event_form_ref(event, form->oid) == NULL) {
        stop(reader, entry->line,
             typed_say(&reader->typed, "%.*s is not a form of this visit.",
                       "%.*s is geen formulier van dit bezoek.", (int) entry->key.size,
                       (const char *) entry->key.data));
        return;
    }
    reader->section = open_section(reader, form, entry->line);
}

static void take_state(struct form_reader *reader, const struct text_entry *entry)
{
    static const char *const complete[] = {"complete", "volledig", "compleet"};
    static const char *const partial[] = {"", "partial", "gedeeltelijk", "deels"};
    reader->section->state_given = true;
    for (size_t i = 0; i < ARRAY_LEN(complete); i++) {
        if (span_is_word(entry->text, complete[i])) {
            reader->section->data.state = FORM_COMPLETE;
            reader->section->empty = false;
            return;
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(partial); i++) {
        if (span_is_word(entry->text, partial[i])) {
            reader->section->data.state = FORM_PARTIAL;
            return;
        }
    }
    stop(reader, entry->line,
         typed_say(&reader->typed, "STATE is partial or complete.",
                   "STATE is partial of complete (deels of volledig)."));
}

static void take_answer(struct form_reader *reader, const struct text_entry *entry)
{
    const struct group_ref *group = NULL;
    const struct item_ref *item = NULL;
    static const char *const head_keys[] = {"SUBJECT", "VISIT", "FORM", "NUMBER"};
    for (size_t i = 0; i < ARRAY_LEN(head_keys); i++) {
        if (span_is_word(entry->key, head_keys[i])) {
            return; /* read in the first pass */
        }
    }
    if (reader->section == NULL) {
        return; /* its head was refused already */
    }
    if (span_is_word(entry->key, "STATE")) {
        take_state(reader, entry);
        return;
    }
    if (!form_find_item(reader->section->form, entry->key, &group, &item) ||
        group->group->repeating) {
        stop(reader, entry->line,
             typed_say(&reader->typed, "%.*s is no key of %s.",
                       "%.*s is geen sleutel van %s.", (int) entry->key.size,
                       (const char *) entry->key.data,
                       form_title(reader->section->form, reader->typed.language)));
        return;
    }
    form_answer(reader, group, NULL, item, entry, entry->text);
    add_reason(reader, entry, item->item->name);
}

static void take_entry(struct form_reader *reader, const struct text_entry *entry)
{
    if (entry->kind == ENTRY_SECTION) {
        take_section(reader, entry);
    } else if (entry->kind == ENTRY_ANSWER) {
        reader->table = (struct text_table){0};
        take_answer(reader, entry);
    } else if (entry->kind == ENTRY_ROW && reader->section != NULL) {
        form_table_line(reader, entry);
        add_reason(reader, entry, "");
    } else if (entry->kind == ENTRY_OTHER) {
        stop(reader, entry->line,
             typed_say(&reader->typed, "This line has no \":\" behind its key.",
                       "Deze regel heeft geen \":\" achter de sleutel."));
    }
}

/* ---- first pass: what the page is about ---- */

static const struct text_entry *find_entry(const struct text_entries *entries,
                                           const char *key)
{
    for (size_t i = 0; i < entries->count; i++) {
        if (entries->items[i].kind == ENTRY_ANSWER &&
            span_is_word(entries->items[i].key, key)) {
            return &entries->items[i];
        }
    }
    return NULL;
}

/* The form that the head line names between its bars. */
static const struct form_def *form_of_head(const struct metadata_version *version,
                                           struct span head)
{
    struct span part, rest = head;
    const struct form_def *form = NULL;
    while (form == NULL && rest.size > 0) {
        if (!span_cut(&rest, '|', &part)) {
            part = rest;
            rest = span_of(rest.data, 0);
        }
        struct span behind;
        struct span whole = typed_trim(part);
        if (whole.size > 0) {
            form = find_form(version, whole);
            form =
                form != NULL ? form : find_form(version, span_first_word(whole, &behind));
        }
    }
    return form;
}

static void read_visit(struct form_reader *reader, const struct text_entry *entry)
{
    struct span rest;
    struct span word = span_first_word(entry->text, &rest);
    const struct event_def *event = find_event(reader->context->version, word);
    if (event == NULL) {
        stop(reader, entry->line,
             typed_say(&reader->typed, "%.*s is not a visit of this study.",
                       "%.*s is geen bezoek van deze studie.", (int) word.size,
                       (const char *) word.data));
        return;
    }
    reader->form->event = event;
    if (!event->repeating) {
        return;
    }
    struct span repeat = span_first_word(rest, &rest);
    if (repeat.size == 0 || repeat.size > 20) {
        stop(reader, entry->line,
             typed_say(&reader->typed, "Which one? Write %s 1, %s 2 and so on.",
                       "Welke? Schrijf %s 1, %s 2 enzovoort.", event->short_name,
                       event->short_name));
        repeat = SPAN_LITERAL("1");
    }
    reader->form->event_repeat = arena_span_text(reader->form->arena, repeat);
}

/* A log form, new or there already. */
static void read_log(struct form_reader *reader, const struct form_def *form,
                     const struct text_entry *number)
{
    struct text_form *text = reader->form;
    const struct form_data *known = NULL;
    text->event = event_of_log(reader->context->version, form);
    if (number != NULL && number->text.size > 0) {
        text->number = arena_span_text(text->arena, number->text);
        known = find_numbered(reader->context->book, text->number);
        if (known == NULL || strcmp(known->key.form, form->oid) != 0) {
            stop(reader, number->line,
                 typed_say(&reader->typed, "%s is not known for this subject.",
                           "%s is niet bekend bij deze deelnemer.", text->number));
        }
    }
    reader->section = open_section(reader, form, 0);
    if (known != NULL) {
        reader->section->data.key = known->key;
    }
}

static status read_about(struct form_reader *reader, const struct text_entries *entries,
                         struct err *err)
{
    const struct text_entry *subject = find_entry(entries, "SUBJECT");
    const struct text_entry *visit = find_entry(entries, "VISIT");
    const struct text_entry *named = find_entry(entries, "FORM");
    const struct metadata_version *version = reader->context->version;
    if (subject != NULL && subject->text.size > 0) {
        reader->form->subject = arena_span_text(reader->form->arena, subject->text);
    }
    reader->form->subject_line = subject != NULL ? subject->line : 0;
    if (visit != NULL && visit->text.size > 0) {
        read_visit(reader, visit);
        const struct form_def *form =
            reader->form->event != NULL ? event_visit_form(reader->form->event) : NULL;
        reader->section = form != NULL ? open_section(reader, form, visit->line) : NULL;
        return OK;
    }
    const struct form_def *form = named != NULL ? find_form(version, named->text)
                                                : form_of_head(version, entries->head);
    if (form == NULL || event_of_log(version, form) == NULL) {
        return FAIL(
            err, ERR_BAD_INPUT,
            "the text names neither a visit (VISIT) nor a form (FORM) of this study");
    }
    read_log(reader, form, find_entry(entries, "NUMBER"));
    return OK;
}

/* The visit's date, if the text or the casebook has one. */
static void read_date(struct form_reader *reader, const struct text_entries *entries)
{
    const struct event_def *event = reader->form->event;
    const struct form_def *form = event != NULL ? event_visit_form(event) : NULL;
    if (form == NULL) {
        return;
    }
    const struct item_def *item = form->meanings[MEANING_SVSTDTC].item->item;
    const struct text_entry *entry = find_entry(entries, item->name);
    int64_t days = 0;
    if (entry != NULL && typed_date(entry->text, &days)) {
        reader->typed.has_date = true;
        reader->typed.date = days;
    }
}

/* ---- all ---- */

status text_form_read(struct span text, const struct text_form_context *context,
                      struct text_form *ret_form, struct err *err)
{
    struct text_form form = {.arena = context->typed.arena};
    struct text_entries entries = {0};
    struct form_reader reader = {
        .context = context, .typed = context->typed, .form = &form};
    TRY(form_lines_read(text, &form, &entries, err));
    TRY(read_about(&reader, &entries, err));
    read_date(&reader, &entries);
    for (size_t i = 0; i < entries.count; i++) {
        take_entry(&reader, &entries.items[i]);
    }
    if (form.subject == NULL) {
        stop(&reader, form.subject_line,
             typed_say(&reader.typed, "Which subject? Write the number behind SUBJECT.",
                       "Welke deelnemer? Schrijf het nummer achter SUBJECT."));
    }
    for (size_t i = 0; i < form.section_count; i++) {
        form_build(&form, &form.sections[i]);
    }
    *ret_form = form;
    return OK;
}
