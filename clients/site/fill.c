/* SPDX-License-Identifier: Apache-2.0 */
/*
** A conversation. After every answer the form is a draft on disk, so that a call, a power cut
** or "." costs nothing; the same command takes it up again.
*/
#include "clients/site/fill.h"

#include "clients/lib/terminal.h"
#include "clients/site/site.h"
#include "clients/site/version.h"
#include "protocol/study/subject_key.h"

static const struct json_limits DRAFT_LIMITS = {
    .depth = 16, .nodes = 100000, .string = (size_t) 64 << 10};

struct filling {
    struct client *client;
    struct prepared prepared;
    struct typed_context typed;
    uint64_t *drafts; /* numbers of the drafts to remove when all is sent */
    size_t draft_count, draft_capacity;
    bool stop; /* "." was typed */
};

/* ---- one question ---- */

static void say_help(struct client *client, const struct typed_context *typed,
                     const struct item_def *item)
{
    const char *language = client->run->language;
    note(
        client->run,
        "  %s (%s)\n  Enter: leave as it is. !nd why | !unk | !na: no value. - : take the "
        "answer away. . : stop, go on later\n",
        "  %s (%s)\n  Enter: laten zoals het is. !nd waarom | !unk | !na: geen waarde. - : "
        "antwoord weghalen. . : stoppen, later verder\n",
        item_title(item, language), typed_kind(typed, item));
    for (size_t i = 0; item->code_list != NULL && i < item->code_list->count; i++) {
        const struct code_list_item *code = &item->code_list->items[i];
        note(client->run, "    %s  %s\n", "    %s  %s\n", code->coded_value,
             texts_get(&code->decode, language));
    }
}

static const char *make_prompt(struct client *client, const struct item_def *item,
                               bool mandatory, const char *current)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    const char *language = client->run->language;
    bytes_printf(&text, "%s%s", item_title(item, language), mandatory ? " *" : "");
    if (item->code_list != NULL && item->code_list->count <= 6) {
        for (size_t i = 0; i < item->code_list->count; i++) {
            const char *word = texts_get(&item->code_list->items[i].decode, language);
            bytes_printf(&text, "%s%s", i == 0 ? " (" : " | ",
                         word[0] != '\0' ? word : item->code_list->items[i].coded_value);
        }
        bytes_add_char(&text, ')');
    }
    if (item->unit_count == 1) {
        bytes_printf(&text, " [%s]", texts_get(&item->units[0]->symbol, language));
    }
    bytes_printf(&text, current[0] != '\0' ? " <%s>: " : ": %s", current);
    return arena_span_text(client->arena, span_bytes(&text));
}

/* One answer as typed. *ret_again: ask once more. */
static status take_answer(struct client *client, const struct typed_context *typed,
                          const struct item_def *item, struct span line,
                          struct item_data *ret_data, bool *ret_again, struct err *err)
{
    struct typed answer;
    bool sure = true;
    *ret_again = true;
    typed_read(typed, item, line, &answer);
    if (answer.kind == TYPED_REFUSED) {
        note(client->run, "  %s\n", "  %s\n", answer.sentence);
        return OK;
    }
    if (answer.kind == TYPED_READ_BACK) {
        note(client->run, "  %s\n", "  %s\n", answer.sentence);
        TRY(ask_yes(client->run, "  Right? [Y/n] ", "  Klopt dat? [J/n] ", true, &sure,
                    err));
        if (!sure) {
            return OK;
        }
    }
    *ret_data = answer.data;
    *ret_again = false;
    return OK;
}

/* an item and its place in the form: NOLINTNEXTLINE(readability-function-size) */
status fill_question(struct client *client, const struct typed_context *typed,
                     struct form_edit *edit, const struct group_ref *group,
                     const char *repeat, const struct item_ref *item, bool *ret_stop,
                     struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes line = {0};
    const char *current =
        typed_write(typed, item->item, form_edit_get(edit, group, repeat, item));
    const char *prompt = make_prompt(client, item->item, item->mandatory, current);
    bool again = true;
    *ret_stop = false;
    while (again) {
        struct item_data data;
        TRY(ask_line(client->run, prompt, prompt, &line, err));
        struct span text = typed_trim(span_bytes(&line));
        if (text.size == 0) {
            return OK;
        }
        if (span_is(text, ".")) {
            *ret_stop = true;
            return OK;
        }
        if (span_is(text, "-")) {
            form_edit_set(edit, group, repeat, item, NULL);
            return OK;
        }
        if (span_is(text, "?")) {
            say_help(client, typed, item->item);
            continue;
        }
        TRY(take_answer(client, typed, item->item, text, &data, &again, err));
        if (!again) {
            form_edit_set(edit, group, repeat, item, &data);
        }
    }
    return OK;
}

/* ---- drafts ---- */

static const char *draft_label(struct filling *filling, const struct form_key *key)
{
    return arena_printf(filling->client->arena, "fill %s%s%s",
                        book_label(filling->client, key),
                        key->form_repeat != NULL ? " " : "",
                        key->form_repeat != NULL ? key->form_repeat : "");
}

static status find_draft(struct filling *filling, const char *label,
                         struct draft *ret_draft, bool *ret_found, struct err *err)
{
    struct draft_list list = {0};
    *ret_found = false;
    TRY(draft_list(filling->client, &list, err));
    for (size_t i = 0; i < list.count; i++) {
        if (strcmp(list.items[i].why, "started") == 0 &&
            strcmp(list.items[i].label, label) == 0 && list.items[i].text != NULL) {
            *ret_draft = list.items[i];
            *ret_found = true;
        }
    }
    return OK;
}

static status save_draft(struct filling *filling, const struct form_edit *edit,
                         const char *label, uint64_t *number, struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes text = {0};
    struct json_out json = {.bytes = &text};
    struct form_data data = form_edit_data(edit, FORM_PARTIAL);
    form_data_to_json(&data, &json);
    struct draft draft = {.number = *number,
                          .label = label,
                          .why = "started",
                          .saved_at = clock_now(filling->client->run->clock),
                          .text = bytes_text(&text)};
    return draft_save(filling->client, &draft, number, err);
}

static status start_edit(struct filling *filling, const struct form_def *def,
                         const struct form_key *key, const char *label,
                         struct form_edit *ret_edit, uint64_t *ret_draft, struct err *err)
{
    struct client *client = filling->client;
    const struct form_data *old = filling->prepared.has_book
                                      ? casebook_form(&filling->prepared.book.casebook, key)
                                      : NULL;
    struct form_data *data = ARENA_NEW(client->arena, struct form_data);
    struct draft draft;
    bool found = false;
    *ret_draft = 0;
    TRY(find_draft(filling, label, &draft, &found, err));
    if (found) {
        const struct json *root = NULL;
        TRY(json_parse(span_text(draft.text), &DRAFT_LIMITS, client->arena, &root, err));
        TRY(form_data_from_json(root, client->arena, data, err));
        note(client->run, "(taken up again: draft %llu)\n", "(verder met concept %llu)\n",
             (unsigned long long) draft.number);
        *ret_draft = draft.number;
        old = data;
    }
    *ret_edit = form_edit_start(client->arena, def, found ? &data->key : key, old);
    return OK;
}

/* ---- groups ---- */

/* One form while it is asked: every answer is a draft at once. */
struct asking {
    struct filling *filling;
    struct form_edit edit;
    const char *label;
    uint64_t draft;
};

static const struct casebook *book_of(const struct filling *filling)
{
    return filling->prepared.has_book ? &filling->prepared.book.casebook : NULL;
}

static status ask_item(struct asking *asking, const struct group_ref *group,
                       const char *repeat, const struct item_ref *item, struct err *err)
{
    struct filling *filling = asking->filling;
    struct client *client = filling->client;
    const struct item_key where = {group->group->oid, repeat, item->item->oid};
    if (fill_skips(client, book_of(filling), &asking->edit, item->condition, &where)) {
        return OK;
    }
    if (item->derived) {
        const char *value = fill_derived(client, book_of(filling), &asking->edit, &where);
        const struct item_data data = {.oid = where.item, .value = value};
        if (value != NULL) {
            note(client->run, "%s: %s (computed)\n", "%s: %s (berekend)\n",
                 item_title(item->item, client->run->language),
                 typed_write(&filling->typed, item->item, &data));
        }
        return OK;
    }
    TRY(fill_question(client, &filling->typed, &asking->edit, group, repeat, item,
                      &filling->stop, err));
    return save_draft(filling, &asking->edit, asking->label, &asking->draft, err);
}

static status fill_row(struct asking *asking, const struct group_ref *group,
                       const char *repeat, struct err *err)
{
    for (size_t i = 0; i < group->group->item_count && !asking->filling->stop; i++) {
        TRY(ask_item(asking, group, repeat, &group->group->items[i], err));
    }
    return OK;
}

static status fill_table(struct asking *asking, const struct group_ref *group,
                         struct err *err)
{
    const struct filling *filling = asking->filling;
    struct client *client = filling->client;
    const char *const *repeats = NULL;
    size_t rows = form_edit_rows(&asking->edit, group, &repeats);
    for (size_t r = 0; r < rows && !filling->stop; r++) {
        note(client->run, "-- %s, row %zu\n", "-- %s, regel %zu\n", group->group->name,
             r + 1);
        TRY(fill_row(asking, group, repeats[r], err));
    }
    bool more = true;
    while (more && !filling->stop) {
        const char *prompt =
            arena_printf(client->arena,
                         in_words(client->run, "-- %s: another row? [y/N] ",
                                  "-- %s: nog een regel? [j/N] "),
                         group->group->name);
        TRY(ask_yes(client->run, prompt, prompt, false, &more, err));
        if (more) {
            TRY(fill_row(asking, group, arena_printf(client->arena, "%zu", ++rows), err));
        }
    }
    return OK;
}

/* The visit's date, once it is answered, goes with all clock times behind it. */
static void learn_date(struct filling *filling, const struct form_edit *edit)
{
    struct place_of_item place = edit->def->meanings[MEANING_SVSTDTC];
    const struct item_data *data =
        place.item != NULL ? form_edit_get(edit, place.group, NULL, place.item) : NULL;
    int64_t days;
    if (data != NULL && data->value != NULL && typed_date(span_text(data->value), &days)) {
        filling->typed.has_date = true;
        filling->typed.date = days;
    }
}

/* ---- forms ---- */

static status ask_reason(struct filling *filling, struct prepared_form *form,
                         struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes line = {0};
    struct client *client = filling->client;
    if (form->prior == NULL || form->unchanged ||
        !form_diff(form->prior->data, &form->data, client->arena).needs_reason) {
        return OK;
    }
    while (typed_trim(span_bytes(&line)).size == 0) {
        TRY(ask_line(client->run, "Why is it changed? ", "Waarom is het gewijzigd? ", &line,
                     err));
    }
    form->reason = arena_span_text(client->arena, typed_trim(span_bytes(&line)));
    return OK;
}

static status fill_groups(struct asking *asking, struct err *err)
{
    struct filling *filling = asking->filling;
    const struct form_def *def = asking->edit.def;
    for (size_t g = 0; g < def->group_count && !filling->stop; g++) {
        const struct group_ref *group = &def->groups[g];
        const struct item_key where = {group->group->oid, NULL, NULL};
        if (!fill_skips(filling->client, book_of(filling), &asking->edit, group->condition,
                        &where)) {
            TRY(group->group->repeating ? fill_table(asking, group, err)
                                        : fill_row(asking, group, NULL, err));
        }
        learn_date(filling, &asking->edit);
    }
    return save_draft(filling, &asking->edit, asking->label, &asking->draft, err);
}

/* By the version of its visit, or of the consent. */
static status fill_form(struct filling *filling, const struct form_key *key,
                        struct err *err)
{
    struct client *client = filling->client;
    TRY(use_version(client, filling->prepared.has_book ? &filling->prepared.book : NULL,
                    key, &filling->prepared.said, err));
    const struct form_def *def = version_form(client->version, key->form);
    if (def == NULL) {
        return FAIL(err, ERR_NOT_FOUND, "the study has no form %s", key->form);
    }
    struct asking asking = {.filling = filling, .label = draft_label(filling, key)};
    note(client->run, "\n== %s\n", "\n== %s\n", book_label(client, key));
    TRY(start_edit(filling, def, key, asking.label, &asking.edit, &asking.draft, err));
    TRY(fill_groups(&asking, err));
    *ARENA_PUSH(client->arena, filling->drafts, filling->draft_count,
                filling->draft_capacity) = asking.draft;
    if (filling->stop) {
        return OK;
    }
    enum form_state state = form_edit_is_whole(&asking.edit) ? FORM_COMPLETE : FORM_PARTIAL;
    struct form_data data = form_edit_data(&asking.edit, state);
    struct prepared_form *form = prepare_add(&filling->prepared, def, &data, NULL);
    form->asked = true;
    return ask_reason(filling, form, err);
}

static status ask_now(struct client *client, const struct form_key *key, bool done,
                      bool *ret_now, struct err *err)
{
    struct invocation *run = client->run;
    const char *prompt = arena_printf(
        client->arena, in_words(run, "%s%s: fill in now? %s ", "%s%s: nu invullen? %s "),
        book_label(client, key), done ? in_words(run, " (complete)", " (volledig)") : "",
        done ? in_words(run, "[y/N]", "[j/N]") : in_words(run, "[Y/n]", "[J/n]"));
    return ask_yes(run, prompt, prompt, !done, ret_now, err);
}

/* Every form of the visit, the visit's own first; what is signed is left alone unless asked. */
static status fill_visit(struct filling *filling, const struct where *where,
                         struct err *err)
{
    struct client *client = filling->client;
    const struct form_def *visit = event_visit_form(where->event);
    for (size_t i = 0; i < where->event->form_count + 1 && !filling->stop; i++) {
        const struct form_def *def = i == 0 ? visit : where->event->forms[i - 1].form;
        if (def == NULL || (i > 0 && def == visit) || def->log) {
            continue;
        }
        struct form_key key = {where->subject, where->event->oid, where->event_repeat,
                               def->oid, NULL};
        const struct form_data *old =
            filling->prepared.has_book
                ? casebook_form(&filling->prepared.book.casebook, &key)
                : NULL;
        bool done = old != NULL && old->state == FORM_COMPLETE;
        bool now = true;
        TRY(ask_now(client, &key, done, &now, err));
        if (now) {
            TRY(fill_form(filling, &key, err));
        }
    }
    return OK;
}

/* A code that is no subject's number is a batch's: its visit is the product ledger. */
static const struct event_def *ledger_of(const struct client *client, const char *code)
{
    const struct metadata_version *version = client->version;
    for (size_t i = 0; i < version->form_def_count; i++) {
        if (version->form_defs[i]->ledger &&
            subject_key_verify(version, span_text(code), NULL) != OK) {
            return event_of_log(version, version->form_defs[i]);
        }
    }
    return NULL;
}

static status ask_where(struct client *client, struct where *where, struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes line = {0};
    if (where->subject == NULL) {
        TRY(ask_line(client->run, "Subject: ", "Deelnemer: ", &line, err));
        where->subject = arena_span_text(client->arena, typed_trim(span_bytes(&line)));
    }
    if (where->event == NULL) {
        where->event = ledger_of(client, where->subject);
    }
    while (where->event == NULL) {
        TRY(ask_line(client->run, "Visit (or form, such as AE): ",
                     "Bezoek (of formulier, zoals AE): ", &line, err));
        const char *word = arena_span_text(client->arena, typed_trim(span_bytes(&line)));
        struct where more;
        TRY(where_read(client, &word, 1, &more, err));
        where->event = more.event;
        where->event_repeat = more.event_repeat;
        where->form = where->form != NULL ? where->form : more.form;
        if (where->event == NULL) {
            note(client->run, "That is no visit of this study.\n",
                 "Dat is geen bezoek van deze studie.\n");
        }
    }
    return OK;
}

static status load(struct filling *filling, const struct where *where, struct err *err)
{
    struct client *client = filling->client;
    struct err why = {0};
    filling->prepared.client = client;
    filling->prepared.subject = where->subject;
    filling->typed = prepare_typed(client);
    status kind = book_get(client, where->subject, &filling->prepared.book, &why);
    filling->prepared.has_book = kind == OK;
    if (kind != OK && kind != ERR_UNAVAILABLE) {
        if (err != NULL) {
            *err = why;
        }
        return kind;
    }
    bool unknown =
        kind == OK && filling->prepared.book.fresh && !filling->prepared.book.known;
    bool safety = where->form != NULL && where->form->safety != SAFETY_NONE;
    if (unknown && ledger_of(client, where->subject) == where->event) {
        return FAIL(err, ERR_NOT_FOUND,
                    "%s is not in the product ledger: crf-site product receive %s",
                    where->subject, where->subject);
    }
    return unknown && !safety
               ? FAIL(err, ERR_NOT_FOUND, "%s is not enrolled here: crf-site enrol %s",
                      where->subject, where->subject)
               : OK;
}

static status fill_one(struct filling *filling, const struct where *where, struct err *err)
{
    struct form_key key = {where->subject, where->event->oid, where->event_repeat,
                           where->form->oid, NULL};
    if (where->number != NULL) {
        TRY(where_key(where, &filling->prepared.book, &key, err));
    }
    return fill_form(filling, &key, err);
}

status fill_where(struct client *client, const struct where *given, bool yes,
                  struct err *err)
{
    struct filling filling = {.client = client};
    struct where where = *given;
    TRY(ask_where(client, &where, err));
    TRY(load(&filling, &where, err));
    TRY(use_version_where(client, filling.prepared.has_book ? &filling.prepared.book : NULL,
                          &where, &filling.prepared.said, err));
    prepare_say(&filling.prepared);
    prepare_date(&filling.prepared, where.event, where.event_repeat, &filling.typed);
    TRY(where.form != NULL ? fill_one(&filling, &where, err)
                           : fill_visit(&filling, &where, err));
    if (filling.stop) {
        say(client->run, "Kept as a draft; the same command goes on.\n",
            "Bewaard als concept; dezelfde opdracht gaat verder.\n");
        return OK;
    }
    prepare_check(&filling.prepared);
    prepare_say(&filling.prepared);
    TRY(prepare_send(&filling.prepared, yes, err));
    for (size_t i = 0; i < filling.draft_count; i++) {
        TRY(draft_remove(client, filling.drafts[i], err));
    }
    return OK;
}

status site_fill(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    struct where where;
    TRY(client_open(run, CLIENT_KEY | CLIENT_TRY_ONLINE, &client, err));
    TRY(client_definition(client, err));
    TRY(where_read(client, run->arguments, run->argument_count, &where, err));
    return fill_where(client, &where, invocation_option(run, "yes") != NULL, err);
}
