/* SPDX-License-Identifier: Apache-2.0 */
/*
** What a site still owes: missing and partial forms, visits outside their window, queries,
** signatures; and what waits on this computer. The same checks as at the lock, so a clean list
** here is a subject that can be locked.
*/
#include "clients/lib/form_text.h"
#include "clients/lib/outbox.h"
#include "clients/site/prepare.h"
#include "clients/site/site.h"

struct due {
    struct client *client;
    size_t count;
};

static void say_due(struct due *due, const char *subject, const char *kind,
                    const char *what, const char *rule)
{
    struct client *client = due->client;
    struct json_out *json = &client->run->result;
    say(client->run, "  %s: %s%s\n", "  %s: %s%s\n", kind, what,
        rule_behind(client->arena, what, rule));
    json_begin(json, '{');
    json_member(json, "subject", subject);
    json_member(json, "kind", kind);
    json_member(json, "what", what);
    json_member(json, "rule", rule);
    json_end(json, '}');
    due->count++;
}

static void due_at_lock(struct due *due, const struct book *book)
{
    struct client *client = due->client;
    struct findings findings = {.arena = client->arena, .language = client->run->language};
    const struct zone zone = client_zone(client);
    const struct check_context context = client_check_context(client, PLACE_LOCK, &zone);
    check_lock(client->version, &book->casebook, &context, &findings);
    for (size_t i = 0; i < findings.count; i++) {
        const struct finding *finding = &findings.items[i];
        say_due(due, book->subject, in_words(client->run, "open", "open"),
                finding_in_place(client, finding->object, finding->message), finding->rule);
    }
}

static void due_queries(struct due *due, const struct book *book)
{
    struct client *client = due->client;
    for (size_t i = 0; i < book->query_count; i++) {
        const struct book_query *query = &book->queries[i];
        if (strcmp(query->state, "open") == 0) {
            say_due(due, book->subject, in_words(client->run, "asked", "gevraagd"),
                    arena_printf(client->arena, "%s: %s", query->query,
                                 book_place(client, query->object, query->path)),
                    query->rule);
        }
    }
}

/* Rule 10: whose outcome is awaited. */
static void due_pregnancies(struct due *due, const struct book *book)
{
    struct client *client = due->client;
    const struct zone zone = client_zone(client);
    struct check_context context = client_check_context(client, PLACE_SUBMIT, &zone);
    for (size_t i = 0; i < book->casebook.count; i++) {
        const struct form_data *form = book->casebook.forms[i];
        const struct form_def *def = version_form(client->version, form->key.form);
        context.first_report_at = form->received_at;
        struct safety_reading reading =
            safety_read(client->version, &book->casebook, form, &context);
        if (def == NULL || def->safety != SAFETY_PREGNANCY || !reading.awaits_outcome) {
            continue;
        }
        bool late = clock_now(client->run->clock) > reading.outcome_due;
        char text[INSTANT_SIZE];
        instant_format(zone_to_wall(&zone, reading.outcome_due), text);
        text[10] = '\0';
        const char *args[] = {form->number != NULL ? form->number
                                                   : form_title(def, client->run->language),
                              message_date(client->arena, client->run->language, text)};
        say_due(due, book->subject,
                late ? in_words(client->run, "overdue", "te laat")
                     : in_words(client->run, "to follow", "volgt nog"),
                message_text(client->arena, client->run->language, "10.outcome", args,
                             ARRAY_LEN(args)),
                "10");
    }
}

/* The date of a visit that took place, in days; false when it is not known. */
static bool visit_date(const struct casebook *book, const struct event_def *event,
                       int64_t *ret_days)
{
    const struct form_def *def = event_visit_form(event);
    struct form_key key = {book->subject, event->oid, NULL, def != NULL ? def->oid : "",
                           NULL};
    const struct form_data *form = def != NULL ? casebook_form(book, &key) : NULL;
    const struct item_data *item =
        form != NULL ? form_meaning(form, def, MEANING_SVSTDTC) : NULL;
    return item != NULL && item->value != NULL &&
           typed_date(span_text(item->value), ret_days);
}

static void due_visits(struct due *due, const struct book *book)
{
    struct client *client = due->client;
    instant now = clock_now(client->run->clock);
    int64_t today = (now + client_offset(client, now) * MINUTE) / DAY;
    for (size_t i = 0; i < client->version->window_count; i++) {
        const struct window *window = &client->version->windows[i];
        int64_t anchor, date;
        if (window->to < 0 || window->anchor == NULL || window->unit != WINDOW_DAYS ||
            !visit_date(&book->casebook, window->anchor, &anchor) ||
            visit_date(&book->casebook, window->event, &date) ||
            today <= anchor + window->to) {
            continue;
        }
        int year, month, day;
        date_from_days(anchor + window->to, &year, &month, &day);
        say_due(due, book->subject, in_words(client->run, "overdue", "te laat"),
                arena_printf(client->arena, "%s, %s %04d-%02d-%02d",
                             window->event->short_name,
                             in_words(client->run, "planned until", "gepland tot"), year,
                             month, day),
                "");
    }
}

static status due_subject(void *arg, const char *subject, const char *site, struct err *err)
{
    struct due *due = arg;
    struct client *client = due->client;
    struct typed_context typed = prepare_typed(client);
    struct book book;
    (void) site;
    TRY(book_get(client, subject, &book, err));
    if (!book.known) {
        return FAIL(err, ERR_NOT_FOUND, "%s is not enrolled here", subject);
    }
    say(client->run, "%s\n", "%s\n",
        subject_summary(&typed, client->version, &book.casebook));
    due_pregnancies(due, &book);
    due_visits(due, &book);
    due_queries(due, &book);
    due_at_lock(due, &book);
    return OK;
}

static status due_here(struct due *due, struct err *err)
{
    struct client *client = due->client;
    struct outbox_items items = {0};
    struct draft_list drafts = {0};
    TRY(outbox_list(client, &items, err));
    TRY(draft_list(client, &drafts, err));
    for (size_t i = 0; i < items.count; i++) {
        say_due(due, "", in_words(client->run, "not sent yet", "nog niet verzonden"),
                items.items[i].label, "");
    }
    for (size_t i = 0; i < drafts.count; i++) {
        say_due(due, "", in_words(client->run, "draft", "concept"),
                arena_printf(client->arena, "%llu, %s",
                             (unsigned long long) drafts.items[i].number,
                             drafts.items[i].label),
                "");
    }
    return OK;
}

status site_due(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    TRY(client_open(run, CLIENT_KEY | CLIENT_TRY_ONLINE, &client, err));
    TRY(client_definition(client, err));
    struct due due = {.client = client};
    json_key(&run->result, "due");
    json_begin(&run->result, '[');
    status kind = due_here(&due, err);
    if (kind == OK && run->argument_count == 1) {
        kind = due_subject(&due, run->arguments[0], NULL, err);
    } else if (kind == OK) {
        kind = client_need_online(client, err);
        if (kind == OK) {
            kind = book_subjects(client, client->passport.site, due_subject, &due, err);
        }
    }
    json_end(&run->result, ']');
    TRY(kind);
    if (due.count == 0) {
        say(run, "Nothing is due.\n", "Er staat niets open.\n");
    }
    return OK;
}
