/* SPDX-License-Identifier: Apache-2.0 */
/*
** A serious event: who, what, since when known. Three answers, then it goes: nothing that is
** missing or odd holds it up, and no question is asked that is not needed now.
*/
#include "clients/lib/form_edit.h"
#include "clients/lib/terminal.h"
#include "clients/site/fill.h"
#include "clients/site/site.h"

const struct option SAE_OPTIONS[] = {
    {"what", "TEXT", "what happened, instead of asking"},
    {"aware", "TIME", "when the team first knew, '2026-04-18 02:10' or 'now'"},
    {"from", "NUMBER", "start from this event of the subject's log: AE-0002"},
    {"told", "TIME", "when it was told before this entry, by phone or on paper"},
    {"by", "phone|paper", "how it was told; with --told"},
    {"nullify", NULL, "of SAE-0003: it is no serious event, or was entered in error"},
    {"reason", "TEXT", "why, with --nullify"},
    {"moved-to", "OBJECT", "path of its right place, with --nullify: subject/..."},
    {"yes", NULL, "nullify without asking; for scripts"},
    {NULL, NULL, NULL},
};

static const struct form_def *find_safety(const struct metadata_version *version)
{
    for (size_t i = 0; i < version->form_def_count; i++) {
        const struct form_def *form = version->form_defs[i];
        if (form->safety == SAFETY_SAE && form->meanings[MEANING_SAEWHAT].item != NULL &&
            form->meanings[MEANING_AWAREDTC].item != NULL) {
            return form;
        }
    }
    return NULL;
}

/* ---- the three questions ---- */

static status ask_subject(struct client *client, const char **ret_subject, struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes line = {0};
    while (typed_trim(span_bytes(&line)).size == 0) {
        TRY(ask_line(client->run, "Subject, or as much as you know: ",
                     "Deelnemer, of wat u weet: ", &line, err));
    }
    *ret_subject = arena_span_text(client->arena, typed_trim(span_bytes(&line)));
    return OK;
}

static status ask_what(struct client *client, struct form_edit *edit, struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes line = {0};
    struct place_of_item place = edit->def->meanings[MEANING_SAEWHAT];
    const char *given = invocation_option(client->run, "what");
    if (given != NULL) {
        bytes_add_text(&line, given);
    }
    while (typed_trim(span_bytes(&line)).size == 0) {
        TRY(ask_line(client->run, "What happened, in your own words: ",
                     "Wat is er gebeurd, in eigen woorden: ", &line, err));
    }
    struct item_data data = {
        .oid = place.item->item->oid,
        .value = arena_span_text(client->arena, typed_trim(span_bytes(&line)))};
    form_edit_set(edit, place.group, NULL, place.item, &data);
    return OK;
}

static struct item_data now_as_answer(struct client *client, const struct item_def *item)
{
    char local[INSTANT_LOCAL_SIZE];
    instant now = clock_now(client->run->clock);
    instant_format_local(now, client_offset(client, now), local);
    return (struct item_data){
        .oid = item->oid,
        .value = arena_printf(client->arena, "%.16s%s", local, local + 19)};
}

/* The moment of option NAME as an answer to ITEM; nothing when it says nothing. */
static status read_time(const struct typed_context *typed, const char *name,
                        const char *given, const struct place_of_item *place,
                        struct form_edit *edit, struct err *err)
{
    struct typed answer;
    typed_read(typed, place->item->item, span_text(given), &answer);
    if (answer.kind == TYPED_REFUSED) {
        return FAIL(err, ERR_BAD_INPUT, "--%s: %s", name, answer.sentence);
    }
    if (answer.kind != TYPED_NOTHING) {
        form_edit_set(edit, place->group, NULL, place->item, &answer.data);
    }
    return OK;
}

static bool is_now(const char *given)
{
    static const char *const words[] = {"now", "nu", "maintenant", "jetzt"};
    bool found = false;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        found = found || strcmp(given, words[i]) == 0;
    }
    return found;
}

/* Enter is now: the person is typing because they have just heard. */
static status ask_aware(struct client *client, struct form_edit *edit, struct err *err)
{
    struct place_of_item place = edit->def->meanings[MEANING_AWAREDTC];
    const char *given = invocation_option(client->run, "aware");
    struct typed_context typed = prepare_typed(client);
    struct item_data data = now_as_answer(client, place.item->item);
    bool stop = false;
    form_edit_set(edit, place.group, NULL, place.item, &data);
    /* a clock time alone means today */
    typed.has_date = typed_date(span_of(data.value, 10), &typed.date);
    if (given == NULL) {
        return fill_question(client, &typed, edit, place.group, NULL, place.item, &stop,
                             err);
    }
    return is_now(given) ? OK : read_time(&typed, "aware", given, &place, edit, err);
}

/* ---- told before, by phone or on paper ---- */

static status read_told(struct client *client, struct form_edit *edit, struct err *err)
{
    const char *told = invocation_option(client->run, "told");
    const char *by = invocation_option(client->run, "by");
    struct place_of_item when = edit->def->meanings[MEANING_TOLDDTC];
    struct place_of_item how = edit->def->meanings[MEANING_TOLDVIA];
    struct typed_context typed = prepare_typed(client);
    bool phone = by != NULL && strcmp(by, "phone") == 0;
    if (told == NULL && by == NULL) {
        return OK;
    }
    if (told == NULL || by == NULL || (!phone && strcmp(by, "paper") != 0)) {
        return FAIL(err, ERR_BAD_INPUT,
                    "say when and how it was told: --told TIME --by phone, or --by paper");
    }
    if (when.item == NULL || how.item == NULL) {
        return FAIL(err, ERR_NOT_FOUND,
                    "this study's report does not ask when and how it was told before");
    }
    struct item_data now = now_as_answer(client, when.item->item);
    typed.has_date = typed_date(span_of(now.value, 10), &typed.date);
    TRY(read_time(&typed, "told", told, &when, edit, err));
    struct item_data data = {.oid = how.item->item->oid,
                             .value = phone ? "PHONE" : "PAPER"};
    form_edit_set(edit, how.group, NULL, how.item, &data);
    return OK;
}

/* ---- an event of the log becomes serious ---- */

/* A code that the report's list does not have stays behind: nothing odd is sent unseen. */
static void carry(struct form_edit *edit, const struct form_data *event,
                  const struct form_def *def, enum meaning from, enum meaning to)
{
    struct place_of_item place = edit->def->meanings[to];
    const struct item_data *item = form_meaning(event, def, from);
    const struct code_list *codes = place.item != NULL ? place.item->item->code_list : NULL;
    bool fits = place.item != NULL && !place.item->derived && item != NULL &&
                item->value != NULL && item->unit == NULL &&
                (codes == NULL || codes->external || code_list_get(codes, item->value));
    if (fits) {
        struct item_data data = {.oid = place.item->item->oid, .value = item->value};
        form_edit_set(edit, place.group, NULL, place.item, &data);
    }
}

static status start_from_event(struct client *client, struct form_edit *edit,
                               const char *number, struct err *err)
{
    struct book book;
    TRY(book_get(client, edit->key.subject, &book, err));
    const struct form_data *event = find_numbered(&book.casebook, number);
    const struct form_def *def =
        event != NULL ? version_form(client->version, event->key.form) : NULL;
    if (def == NULL || def->meanings[MEANING_AETERM].item == NULL) {
        return FAIL(err, ERR_NOT_FOUND, "%s is not known here", number);
    }
    for (int meaning = 0; meaning < MEANING_COUNT; meaning++) {
        carry(edit, event, def, (enum meaning) meaning, (enum meaning) meaning);
    }
    carry(edit, event, def, MEANING_AETERM, MEANING_SAEWHAT);
    return OK;
}

/* ---- what came of it ---- */

static bool has_hold(const struct json *outcome, const char **ret_activity)
{
    const struct json *effects = json_get(outcome, "effects");
    for (size_t i = 0; effects != NULL && effects->kind == J_ARRAY && i < effects->count;
         i++) {
        *ret_activity = json_get_string(&effects->items[i], "hold");
        if (*ret_activity != NULL) {
            return true;
        }
    }
    return false;
}

/* The number that was typed is nobody's here: the one thing to put right soon. Only the safety
 * desk reads the inbox: news cannot be added to such a report from a site. */
static bool is_unmatched(const struct json *outcome)
{
    const struct json *effects = json_get(outcome, "effects");
    for (size_t i = 0; effects != NULL && effects->kind == J_ARRAY && i < effects->count;
         i++) {
        if (json_equals(json_get(&effects->items[i], "flag"), "REF-01")) {
            return true;
        }
    }
    return false;
}

static void say_what_next(struct client *client, const char *number, bool unmatched)
{
    if (!unmatched) {
        say(client->run, "Add news: crf-site sae %s\n",
            "Nieuws toevoegen: crf-site sae %s\n", number);
        return;
    }
    say(client->run,
        "No subject here has this number: the report waits in the safety inbox, its clock "
        "runs. Report the event again under the right number (crf-site sae NUMBER), and "
        "tell %s, %s, that it replaces %s.\n",
        "Geen deelnemer heeft hier dit nummer: de melding wacht in het "
        "veiligheidspostvak, de klok loopt. Meld het voorval opnieuw onder het juiste "
        "nummer (crf-site sae NUMMER), en zeg %s, %s, dat die melding %s vervangt.\n",
        client->version->contact.physician, client->version->contact.phone, number);
}

static void say_report(struct client *client, const struct outbox_answer *answer)
{
    struct invocation *run = client->run;
    const struct safety_contact *contact = &client->version->contact;
    const char *number = answer->number != NULL ? answer->number : "SAE";
    const char *activity = NULL, *held = "";
    char at[INSTANT_LOCAL_SIZE];
    if (answer->sent != SENT_ACCEPTED || run->json) {
        submit_say(client, "SAE", answer);
        return;
    }
    instant_format_local(answer->time, client_offset(client, answer->time), at);
    if (has_hold(answer->outcome, &activity)) {
        held = arena_printf(
            run->arena, in_words(run, " Further %s is on hold.", " Verdere %s ligt stil."),
            message_activity(run->arena, run->language, activity));
    }
    say(run,
        "Report %s received %.8s; the receipt holds and is kept. %s has not yet confirmed: "
        "%s, day and night. Open questions: %zu, none needed now.%s\n",
        "Melding %s ontvangen om %.8s; het bewijs klopt en is bewaard. %s heeft nog niet "
        "bevestigd: %s, dag en nacht. Open vragen: %zu, nu geen nodig.%s\n",
        number, at + 11, contact->physician, contact->phone, answer->findings.count, held);
    say_what_next(client, number, is_unmatched(answer->outcome));
}

static status send_report(struct client *client, const struct form_edit *edit,
                          struct err *err)
{
    struct outbox_answer answer;
    struct prepared prepared = {.client = client, .subject = edit->key.subject};
    enum form_state state = form_edit_is_whole(edit) ? FORM_COMPLETE : FORM_PARTIAL;
    struct form_data data = form_edit_data(edit, state);
    struct prepared_form *form = prepare_add(&prepared, edit->def, &data, NULL);
    struct submission submission = {.record = {.type = RECORD_FORM_SUBMIT},
                                    .label = book_label(client, &form->data.key),
                                    .meaning = "author",
                                    .safety = true};
    submission.record.data.form_submit.form = form->data;
    prepare_warn(&prepared, form);
    TRY(submit(client, &submission, &answer, err));
    say_report(client, &answer);
    return answer_status(&answer, err);
}

static status first_report(struct client *client, const char *subject, struct err *err)
{
    const struct form_def *def = find_safety(client->version);
    const struct event_def *event = def != NULL ? event_of_log(client->version, def) : NULL;
    if (event == NULL) {
        return FAIL(err, ERR_NOT_FOUND,
                    "this study has no form for serious events; phone %s",
                    client->version->contact.phone);
    }
    if (subject == NULL) {
        TRY(ask_subject(client, &subject, err));
    }
    struct form_key key = {subject, event->oid, event->repeating ? "1" : NULL, def->oid,
                           NULL};
    struct form_edit edit = form_edit_start(client->arena, def, &key, NULL);
    const char *from = invocation_option(client->run, "from");
    struct place_of_item what = def->meanings[MEANING_SAEWHAT];
    if (from != NULL) {
        TRY(start_from_event(client, &edit, from, err));
    }
    if (invocation_option(client->run, "what") != NULL ||
        form_edit_get(&edit, what.group, NULL, what.item) == NULL) {
        TRY(ask_what(client, &edit, err));
    }
    TRY(ask_aware(client, &edit, err));
    TRY(read_told(client, &edit, err));
    return send_report(client, &edit, err);
}

/* ---- news ---- */

static status add_news(struct client *client, struct where *where, struct err *err)
{
    TRY(where_find_subject(client, where, err));
    return fill_where(client, where, false, err);
}

status site_sae(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    struct where where = {0};
    TRY(client_open(run, CLIENT_KEY | CLIENT_TRY_ONLINE, &client, err));
    TRY(client_definition(client, err));
    TRY(where_read(client, run->arguments, run->argument_count, &where, err));
    if (invocation_option(run, "nullify") != NULL) {
        return where.number != NULL ? site_retract_form(client, &where, err)
                                    : FAIL(err, ERR_BAD_INPUT,
                                           "which report? crf-site sae SAE-0003 --nullify");
    }
    return where.number != NULL
               ? add_news(client, &where, err)
               : first_report(client, run->argument_count > 0 ? run->arguments[0] : NULL,
                              err);
}
