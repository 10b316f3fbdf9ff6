/* SPDX-License-Identifier: Apache-2.0 */
/*
** From a text form or JSON to forms. Why the casebook is fetched first: without it `prior` is
** wrong, half of the checks cannot tell, and nobody knows under which version a visit was
** begun. Offline the kept one does, and for a safety form none is needed at all.
*/
#include "clients/site/prepare.h"
#include "clients/site/version.h"
#include "crypto/random.h"
#include "protocol/study/subject_key.h"

static const struct json_limits FORM_LIMITS = {
    .depth = 16, .nodes = 100000, .string = (size_t) 64 << 10};

struct typed_context prepare_typed(struct client *client)
{
    return (struct typed_context){
        .arena = client->arena, .language = client->run->language, .zone = client->zone};
}

/* ---- the casebook ---- */

static status load_book(struct prepared *prepared, const char *subject, struct err *err)
{
    struct err why = {0};
    prepared->subject = subject;
    status kind = book_get(prepared->client, subject, &prepared->book, &why);
    prepared->has_book = kind == OK;
    if (kind == OK || kind == ERR_UNAVAILABLE) {
        return OK;
    }
    if (err != NULL) {
        *err = why;
    }
    return kind;
}

static const struct book *book_of(const struct prepared *prepared)
{
    return prepared->has_book ? &prepared->book : NULL;
}

static const struct casebook *casebook_of(const struct prepared *prepared)
{
    return prepared->has_book ? &prepared->book.casebook : NULL;
}

/* ---- forms ---- */

/* A new instance of a log gets an opaque key, which nobody has to keep apart. */
static void give_key(struct client *client, const struct form_def *def,
                     struct form_data *data)
{
    struct uuid uuid;
    char text[UUID_TEXT_SIZE];
    if (!def->repeating || data->key.form_repeat != NULL) {
        return;
    }
    uuid_make(client->run->clock, &uuid);
    uuid_format(&uuid, text);
    data->key.form_repeat = arena_text(client->arena, text);
}

struct prepared_form *prepare_add(struct prepared *prepared, const struct form_def *def,
                                  const struct form_data *data, const char *reason)
{
    struct arena *arena = prepared->client->arena;
    struct prepared_form *form =
        ARENA_PUSH(arena, prepared->forms, prepared->count, prepared->capacity);
    *form = (struct prepared_form){.version = prepared->client->version,
                                   .dictionaries = prepared->client->dictionaries,
                                   .def = def,
                                   .data = *data,
                                   .reason = reason};
    give_key(prepared->client, def, &form->data);
    form->prior = prepared->has_book ? book_find(&prepared->book, &form->data.key) : NULL;
    if (form->prior != NULL) {
        struct changes changes = form_diff(form->prior->data, &form->data, arena);
        form->unchanged =
            changes.count == 0 && form->prior->data->state == form->data.state;
    }
    form->findings =
        (struct findings){.arena = arena, .language = prepared->client->run->language};
    return form;
}

static status read_json_form(struct prepared *prepared, const struct json *data,
                             struct err *err)
{
    struct client *client = prepared->client;
    struct form_data form = {0};
    TRY(form_data_from_json(data, client->arena, &form, err));
    if (prepared->subject == NULL) {
        TRY(load_book(prepared, form.key.subject, err));
    } else if (strcmp(prepared->subject, form.key.subject) != 0) {
        return FAIL(err, ERR_BAD_INPUT, "one file holds forms of one subject");
    }
    TRY(use_version(client, book_of(prepared), &form.key, &prepared->said, err));
    const struct form_def *def = version_form(client->version, form.key.form);
    if (def == NULL) {
        return FAIL(err, ERR_NOT_FOUND, "the study has no form %s", form.key.form);
    }
    (void) prepare_add(prepared, def, &form, NULL);
    return OK;
}

static status read_json(struct prepared *prepared, struct span content, struct err *err)
{
    const struct json *root = NULL;
    TRY(json_parse(content, &FORM_LIMITS, prepared->client->arena, &root, err));
    const struct json *list = json_get(root, "forms");
    const char *reason = json_get_string(root, "reason");
    if (list == NULL) {
        return read_json_form(prepared, root, err);
    }
    if (list->kind != J_ARRAY || list->count == 0) {
        return FAIL(err, ERR_BAD_INPUT, "\"forms\" is a list of forms");
    }
    for (size_t i = 0; i < list->count; i++) {
        TRY(read_json_form(prepared, &list->items[i], err));
        prepared->forms[prepared->count - 1].reason = reason;
    }
    return OK;
}

/* ---- the text form ---- */

void prepare_date(const struct prepared *prepared, const struct event_def *event,
                  const char *event_repeat, struct typed_context *typed)
{
    const struct form_def *visit = event != NULL ? event_visit_form(event) : NULL;
    if (visit == NULL || !prepared->has_book) {
        return;
    }
    struct form_key key = {prepared->subject, event->oid, event_repeat, visit->oid, NULL};
    const struct form_data *known = casebook_form(&prepared->book.casebook, &key);
    const struct item_data *item =
        known != NULL ? form_meaning(known, visit, MEANING_SVSTDTC) : NULL;
    typed->has_date = item != NULL && item->value != NULL &&
                      typed_date(span_text(item->value), &typed->date);
}

static void stop_at(struct prepared *prepared, size_t line, const char *message)
{
    text_form_remark(&prepared->text, line, REMARK_STOP, "", message);
}

/* Is the page a batch's, of the product ledger? */
static bool is_ledger(const struct prepared *prepared)
{
    return prepared->text.section_count > 0 && prepared->text.sections[0].form->ledger;
}

static void check_batch(struct prepared *prepared)
{
    struct typed_context typed = prepare_typed(prepared->client);
    if (prepared->has_book && prepared->book.fresh && !prepared->book.known) {
        stop_at(prepared, prepared->text.subject_line,
                typed_say(&typed,
                          "%s is not in the product ledger: crf-site product receive %s",
                          "%s staat niet in het productregister: crf-site product receive "
                          "%s",
                          prepared->subject, prepared->subject));
    }
}

static void check_subject(struct prepared *prepared)
{
    struct client *client = prepared->client;
    struct typed_context typed = prepare_typed(client);
    bool safety = prepared->text.section_count > 0 &&
                  prepared->text.sections[0].form->safety != SAFETY_NONE;
    if (prepared->text.subject == NULL || safety) {
        return; /* said already; a safety report names the subject as far as known */
    }
    if (is_ledger(prepared)) {
        check_batch(prepared);
        return;
    }
    if (subject_key_verify(client->version, span_text(prepared->subject), NULL) != OK) {
        stop_at(prepared, prepared->text.subject_line,
                typed_say(&typed, "%s is not a subject's number of this study: check it.",
                          "%s is geen deelnemersnummer van deze studie: controleer het.",
                          prepared->subject));
    } else if (prepared->has_book && prepared->book.fresh && !prepared->book.known) {
        stop_at(prepared, prepared->text.subject_line,
                typed_say(&typed, "%s is not enrolled here: crf-site enrol %s",
                          "%s is hier niet ingeschreven: crf-site enrol %s",
                          prepared->subject, prepared->subject));
    }
}

static void add_sections(struct prepared *prepared)
{
    for (size_t i = 0; i < prepared->text.section_count; i++) {
        struct text_section *section = &prepared->text.sections[i];
        if (section->empty) {
            continue;
        }
        const struct form_data *old =
            prepared->has_book ? casebook_form(&prepared->book.casebook, &section->data.key)
                               : NULL;
        text_form_complete(&prepared->text, section, old);
        prepare_add(prepared, section->form, &section->data, section->reason)->section =
            section;
    }
}

/* What the page is about; by an older version when the one in force does not know its visit. */
static status read_first(struct client *client, struct span content,
                         struct text_form_context *context, struct text_form *ret_first,
                         struct err *err)
{
    struct text_form older;
    size_t cursor = 0;
    status kind = text_form_read(content, context, ret_first, err);
    bool understood = kind == OK && ret_first->event != NULL;
    while (!understood && version_next(client, &cursor)) {
        context->version = client->version;
        if (text_form_read(content, context, &older, NULL) == OK && older.event != NULL) {
            *ret_first = older;
            return OK;
        }
    }
    context->version = client->version;
    return kind;
}

/* The one form that was filled in, or the visit. */
static struct form_key key_of_page(const struct text_form *page)
{
    struct form_key key = {page->subject, page->event->oid, page->event_repeat, NULL, NULL};
    size_t count = 0;
    for (size_t i = 0; i < page->section_count; i++) {
        if (!page->sections[i].empty) {
            key = page->sections[i].data.key;
            count++;
        }
    }
    key.form = count == 1 ? key.form : NULL;
    return key;
}

/* A page is read by one version: a form that belongs to another needs a page of its own. */
static status check_versions(struct prepared *prepared, struct err *err)
{
    struct client *client = prepared->client;
    struct typed_context typed = prepare_typed(client);
    const char *page = client->version->oid;
    for (size_t i = 0; i < prepared->text.section_count; i++) {
        struct text_section *section = &prepared->text.sections[i];
        struct version_choice choice;
        if (section->empty) {
            continue;
        }
        TRY(version_for_form(client, book_of(prepared), &section->data.key, &choice, err));
        if (strcmp(client->version->oid, page) != 0) {
            stop_at(prepared, section->line,
                    typed_say(&typed,
                              "This form belongs to version %s, the page to version %s: "
                              "send it on a page of its own.",
                              "Dit formulier hoort bij versie %s, de pagina bij versie %s: "
                              "verstuur het op een eigen pagina.",
                              client->version->oid, page));
        }
    }
    return client_use_version(client, page, err);
}

static status read_text(struct prepared *prepared, struct span content, struct err *err)
{
    struct client *client = prepared->client;
    struct text_form_context context = {.version = client->version,
                                        .typed = prepare_typed(client)};
    struct text_form first;
    TRY(read_first(client, content, &context, &first, err));
    if (first.subject != NULL) {
        TRY(load_book(prepared, first.subject, err));
        context.book = casebook_of(prepared);
    }
    if (first.subject != NULL && first.event != NULL) {
        const struct form_key key = key_of_page(&first);
        TRY(use_version(client, book_of(prepared), &key, &prepared->said, err));
        context.version = client->version;
        prepare_date(prepared, version_event(client->version, key.event),
                     first.event_repeat, &context.typed);
    }
    TRY(text_form_read(content, &context, &prepared->text, err));
    check_subject(prepared);
    TRY(check_versions(prepared, err));
    add_sections(prepared);
    return OK;
}

status prepare_read(struct client *client, struct span content,
                    struct prepared *ret_prepared, struct err *err)
{
    struct prepared prepared = {.client = client};
    struct span kept = arena_span(client->arena, content);
    struct span start = typed_trim(kept);
    TRY(client_definition(client, err));
    prepared.typed = arena_span_text(client->arena, kept);
    if (start.size > 0 && start.data[0] == '{') {
        TRY(read_json(&prepared, kept, err));
    } else {
        TRY(read_text(&prepared, kept, err));
    }
    *ret_prepared = prepared;
    return OK;
}
