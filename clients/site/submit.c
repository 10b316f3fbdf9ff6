/* SPDX-License-Identifier: Apache-2.0 */
/*
** Pages of text: get one, check it, send it, print a blank one.
*/
#include "clients/lib/scratch.h"
#include "clients/lib/text_file.h"
#include "clients/site/prepare.h"
#include "clients/site/site.h"
#include "clients/site/version.h"

const struct option FORM_OPTIONS[] = {
    {"blank", NULL, "without what is known already"},
    {"edit", NULL, "in your editor ($VISUAL, $EDITOR), then check, sign and send it"},
    {"yes", NULL, "with --edit: sign without asking; for scripts"},
    {"output", "FILE", "where to write it; else to the screen"},
    {NULL, NULL, NULL},
};
const struct option CHECK_OPTIONS[] = {
    {"no-write", NULL, "only say what is found; leave the file alone"},
    {NULL, NULL, NULL},
};

/* ---- form ---- */

static status make_page(struct client *client, const struct where *where,
                        struct text_form_page *ret_page, struct err *err)
{
    struct text_form_page page = {.version = client->version,
                                  .typed = prepare_typed(client),
                                  .site = client->passport.site,
                                  .zone_name = client->passport.timezone,
                                  .subject = where->subject,
                                  .event = where->event,
                                  .event_repeat = where->event_repeat,
                                  .form = where->form,
                                  .number = where->number};
    if (where->event == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "which visit, or which form?");
    }
    *ret_page = page;
    return OK;
}

/* On a visit's page, the form of eligibility when it belongs to another version: a page is read
 * by one. */
static status leave_out(struct client *client, const struct book *book,
                        const struct where *where, struct text_form_page *page,
                        struct err *err)
{
    struct invocation *run = client->run;
    bool whole = book->known && where->form == NULL;
    for (size_t i = 0; whole && i < where->event->form_count; i++) {
        const struct form_def *form = where->event->forms[i].form;
        const struct form_key key = {where->subject, where->event->oid, where->event_repeat,
                                     form->oid, NULL};
        struct version_choice choice;
        if (!form->eligibility) {
            continue;
        }
        TRY(version_for_form(client, book, &key, &choice, err));
        if (client->version != page->version) {
            page->without = form;
            note(run,
                 "%s belongs to version %s and has a page of its own: crf-site form %s %s "
                 "%s\n",
                 "%s hoort bij versie %s en heeft een eigen pagina: crf-site form %s %s "
                 "%s\n",
                 form_title(form, run->language), client->version->oid, where->subject,
                 where->event->short_name, form->short_name);
        }
        TRY(client_use_version(client, page->version->oid, err));
    }
    return OK;
}

static status put_page(struct invocation *run, const struct bytes *text, struct err *err)
{
    const char *path = invocation_option(run, "output");
    json_key(&run->result, "text");
    json_put_span(&run->result, span_bytes(text));
    if (path == NULL) {
        say(run, "%s", "%s", bytes_text(text));
        return OK;
    }
    TRY(text_file_write(path, span_bytes(text), false, err));
    say(run, "Written to %s. Fill it in, then: crf-site submit %s\n",
        "Geschreven naar %s. Vul het in, daarna: crf-site submit %s\n", path, path);
    if (!scratch_is_memory(path)) {
        note(run,
             "It is not sealed there, and not in memory: delete it afterwards, or use "
             "--edit.\n",
             "Het is daar niet verzegeld en niet in het geheugen: wis het na afloop, of "
             "gebruik --edit.\n");
    }
    return OK;
}

status site_form(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    CLEANUP(bytes_wipe) struct bytes text = {0};
    struct where where;
    struct text_form_page page;
    struct book book = {0};
    TRY(client_open(run, CLIENT_KEY | CLIENT_TRY_ONLINE | CLIENT_ASIDE, &client, err));
    TRY(client_definition(client, err));
    TRY(where_read(client, run->arguments, run->argument_count, &where, err));
    if (invocation_option(run, "blank") == NULL && where.subject != NULL) {
        TRY(book_get(client, where.subject, &book, err));
        TRY(use_version_where(client, &book, &where, NULL, err));
    }
    TRY(make_page(client, &where, &page, err));
    page.book = book.known ? &book.casebook : NULL;
    TRY(leave_out(client, &book, &where, &page, err));
    text_form_write(&page, &text);
    return invocation_option(run, "edit") != NULL ? site_edit(client, &text, err)
                                                  : put_page(run, &text, err);
}

/* ---- print ---- */

/* A line to write on by hand, or the boxes to tick. */
static void print_item(struct client *client, const struct item_def *item)
{
    struct invocation *run = client->run;
    const char *language = run->language;
    say(run, "\n  %s\n    ", "\n  %s\n    ", item_title(item, language));
    if (item->code_list == NULL) {
        say(run, "______________________________ %s\n",
            "______________________________ %s\n",
            item->unit_count > 0 ? texts_get(&item->units[0]->symbol, language) : "");
        return;
    }
    for (size_t i = 0; i < item->code_list->count; i++) {
        const char *word = texts_get(&item->code_list->items[i].decode, language);
        say(run, "[ ] %s   ", "[ ] %s   ",
            word[0] != '\0' ? word : item->code_list->items[i].coded_value);
    }
    say(run, "\n", "\n");
}

#define PRINTED_ROWS 4

/* Numbered columns, so that a table of any width fits on paper: what they ask stands above. */
static void print_table(struct client *client, const struct group_def *group)
{
    struct invocation *run = client->run;
    size_t columns = 0;
    say(run, "\n  %s\n", "\n  %s\n", group->name);
    for (size_t i = 0; i < group->item_count; i++) {
        const struct item_def *item = group->items[i].item;
        if (group->items[i].derived) {
            continue;
        }
        say(run, "  (%zu) %s", "  (%zu) %s", ++columns, item_title(item, run->language));
        for (size_t c = 0; item->code_list != NULL && c < item->code_list->count; c++) {
            const char *word = texts_get(&item->code_list->items[c].decode, run->language);
            say(run, "%s%s", "%s%s", c == 0 ? ": " : " | ",
                word[0] != '\0' ? word : item->code_list->items[c].coded_value);
        }
        say(run, "%s%s\n", "%s%s\n", item->unit_count > 0 ? " " : "",
            item->unit_count > 0 ? texts_get(&item->units[0]->symbol, run->language) : "");
    }
    for (size_t row = 1; row <= PRINTED_ROWS; row++) {
        say(run, "\n  %zu.", "\n  %zu.", row);
        for (size_t i = 1; i <= columns; i++) {
            say(run, "%s (%zu) ______________", "%s (%zu) ______________",
                i % 4 == 1 && i > 1 ? "\n    " : "", i);
        }
        say(run, "\n", "\n");
    }
}

static void print_group(struct client *client, const struct group_def *group)
{
    if (group->repeating) {
        print_table(client, group);
        return;
    }
    for (size_t i = 0; i < group->item_count; i++) {
        if (!group->items[i].derived) {
            print_item(client, group->items[i].item);
        }
    }
}

static void print_form(struct client *client, const struct form_def *form)
{
    say(client->run, "\n=== %s ===\n", "\n=== %s ===\n",
        form_title(form, client->run->language));
    if (form->safety != SAFETY_NONE) {
        say(client->run, "Phone first, day and night: %s. Second route: %s\n",
            "Bel eerst, dag en nacht: %s. Tweede weg: %s\n", client->version->contact.phone,
            client->version->contact.second_route);
    }
    for (size_t g = 0; g < form->group_count; g++) {
        print_group(client, form->groups[g].group);
    }
}

status site_print(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    struct where where;
    TRY(client_open(run, CLIENT_TRY_ONLINE | CLIENT_QUIET, &client, err));
    TRY(client_definition(client, err));
    TRY(where_read(client, run->arguments, 1, &where, err));
    if (where.form == NULL && where.event == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "%s is no visit and no form of this study",
                    run->arguments[0]);
    }
    say(run,
        "%s, definition %s\nSubject number ______________  Visit ________  Date ____-__-__ "
        " "
        "Time __:__\nNo names, no hospital numbers.\n",
        "%s, definitie %s\nDeelnemersnummer ______________  Bezoek ________  Datum "
        "____-__-__  "
        "Tijd __:__\nGeen namen, geen ziekenhuisnummers.\n",
        client->passport.study_name, client->version->oid);
    if (where.form != NULL) {
        print_form(client, where.form);
    }
    for (size_t i = 0; where.form == NULL && i < where.event->form_count; i++) {
        print_form(client, where.event->forms[i].form);
    }
    say(run,
        "\nFilled in by (name, signature, date, time) ______________________________\n",
        "\nIngevuld door (naam, handtekening, datum, tijd) "
        "______________________________\n");
    return OK;
}

/* ---- check and submit ---- */

/* The findings go into the file, above their lines; everything else stays as it is. */
static status write_back(struct prepared *prepared, const char *path, struct span old,
                         struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes text = {0};
    if (prepared->text.lines == NULL || strcmp(path, "-") == 0) {
        return OK;
    }
    text_form_annotate(&prepared->text, &text);
    return span_equal(span_bytes(&text), old)
               ? OK
               : text_file_write(path, span_bytes(&text), true, err);
}

static status prepare_file(struct client *client, struct bytes *content,
                           struct prepared *ret_prepared, struct err *err)
{
    TRY(text_file_read(client->run->arguments[0], TEXT_FORM_MAX, content, err));
    TRY(prepare_read(client, span_bytes(content), ret_prepared, err));
    prepare_check(ret_prepared);
    prepare_say(ret_prepared);
    return OK;
}

status site_check(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    CLEANUP(bytes_wipe) struct bytes content = {0};
    struct prepared prepared;
    TRY(client_open(run, CLIENT_KEY | CLIENT_QUIET, &client, err));
    TRY(prepare_file(client, &content, &prepared, err));
    if (invocation_option(run, "no-write") == NULL) {
        TRY(write_back(&prepared, run->arguments[0], span_bytes(&content), err));
    }
    prepare_json(&prepared);
    if (prepare_is_stopped(&prepared)) {
        return FAIL(err, ERR_REJECTED,
                    "not ready to send; put right what is marked with !");
    }
    say(run, "Ready to send: crf-site submit %s\n",
        "Klaar om te versturen: crf-site submit %s\n", run->arguments[0]);
    return OK;
}

status site_submit(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    CLEANUP(bytes_wipe) struct bytes content = {0};
    struct prepared prepared;
    TRY(client_open(run, CLIENT_KEY | CLIENT_TRY_ONLINE, &client, err));
    TRY(prepare_file(client, &content, &prepared, err));
    if (prepare_is_stopped(&prepared)) {
        TRY(write_back(&prepared, run->arguments[0], span_bytes(&content), err));
    }
    return prepare_send(&prepared, invocation_option(run, "yes") != NULL, err);
}
