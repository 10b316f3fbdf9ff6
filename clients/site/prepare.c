/* SPDX-License-Identifier: Apache-2.0 */
/*
** What was read is checked, shown, signed and sent. Why each form is checked by its own
** version: a page, a file or a conversation may hold forms of more than one.
*/
#include "clients/site/prepare.h"

#include "clients/lib/privacy.h"
#include "clients/lib/terminal.h"
#include "clients/lib/versions.h"
#include "protocol/study/finding.h"

static const struct book *book_of(const struct prepared *prepared)
{
    return prepared->has_book ? &prepared->book : NULL;
}

static const struct casebook *casebook_of(const struct prepared *prepared)
{
    return prepared->has_book ? &prepared->book.casebook : NULL;
}

/* ---- checking ---- */

static void place_finding(struct prepared *prepared, const struct prepared_form *form,
                          const struct finding *finding)
{
    enum remark_kind kind = finding->act == ACT_REFUSE ? REMARK_STOP : REMARK_LOOK;
    if (finding->act == ACT_REFUSE) {
        prepared->refusals++;
    }
    if (form->section == NULL) {
        return;
    }
    const char *message = finding->help[0] != '\0'
                              ? arena_printf(prepared->client->arena, "%s %s",
                                             finding->message, finding->help)
                              : finding->message;
    text_form_remark(&prepared->text,
                     text_form_line(&prepared->text, form->section, finding->path), kind,
                     finding->rule, message);
}

/* A change needs a reason, at the line of the first one. */
static void check_reason(struct prepared *prepared, struct prepared_form *form)
{
    struct client *client = prepared->client;
    if (form->prior == NULL || form->unchanged || form->reason != NULL) {
        return;
    }
    struct changes changes = form_diff(form->prior->data, &form->data, client->arena);
    if (!changes.needs_reason) {
        return;
    }
    const struct change *first = &changes.items[0];
    for (size_t i = 0; i < changes.count && first->kind == CHANGE_FILLED; i++) {
        first = &changes.items[i];
    }
    const char *path = item_path(client->arena, first->item.group, first->item.group_repeat,
                                 first->item.item);
    const struct item_def *item = version_item(form->version, first->item.item);
    const char *name = item != NULL ? item->name : first->item.item;
    struct finding finding = {
        .rule = "REASON",
        .act = ACT_REFUSE,
        .path = path,
        .object = "",
        .values = "",
        .message = arena_printf(client->arena,
                                in_words(client->run,
                                         "%s was recorded before and is changed here.",
                                         "%s was al vastgelegd en wordt hier gewijzigd."),
                                name),
        .help = in_words(client->run, "Say why: a line below it that begins with ~",
                         "Zeg waarom: een regel eronder die begint met ~")};
    finding_add(&form->findings, &finding);
}

/* Findings become remarks once, after all checks: then their lines are final. */
static void place_all(struct prepared *prepared)
{
    for (size_t i = 0; i < prepared->count; i++) {
        for (size_t f = 0; f < prepared->forms[i].findings.count; f++) {
            place_finding(prepared, &prepared->forms[i],
                          &prepared->forms[i].findings.items[f]);
        }
    }
}

#define RULE_MISSING "FORM-03"

/* Does nothing but missing answers keep this form from being complete? */
static bool only_lacks_answers(const struct prepared_form *form)
{
    bool lacks = false;
    for (size_t i = 0; i < form->findings.count; i++) {
        const struct finding *finding = &form->findings.items[i];
        bool missing = strcmp(finding->rule, RULE_MISSING) == 0;
        if (finding->act == ACT_REFUSE && !missing) {
            return false;
        }
        lacks = lacks || (finding->act == ACT_REFUSE && missing);
    }
    return lacks && form->data.state == FORM_COMPLETE;
}

/* Which answers are open, of what a check of the complete form found (users.md chapter 5,
 * message 1). */
static void keep_open_answers(struct prepared_form *form, const struct findings *complete)
{
    for (size_t i = 0; i < complete->count; i++) {
        struct finding finding = complete->items[i];
        if (strcmp(finding.rule, RULE_MISSING) == 0 && finding.path[0] == '\0') {
            finding.act = ACT_ASK;
            finding_add(&form->findings, &finding);
        }
    }
}

/* What was typed is worth more than its state: it goes as partial. */
static void save_as_partial(struct prepared *prepared, struct prepared_form *form,
                            const struct check_context *context)
{
    struct findings complete = form->findings;
    form->data.state = FORM_PARTIAL;
    form->findings =
        (struct findings){.arena = complete.arena, .language = complete.language};
    keep_open_answers(form, &complete);
    check_form(form->version, casebook_of(prepared), &form->data, context, &form->findings,
               NULL);
}

/* A form that was asked and left partial: the person reads what is still to come. */
static void say_open_answers(struct prepared *prepared, struct prepared_form *form,
                             const struct check_context *context)
{
    struct findings complete = {.arena = form->findings.arena,
                                .language = form->findings.language};
    struct form_data data = form->data;
    data.state = FORM_COMPLETE;
    check_form(form->version, casebook_of(prepared), &data, context, &complete, NULL);
    keep_open_answers(form, &complete);
}

void prepare_check(struct prepared *prepared)
{
    struct client *client = prepared->client;
    const struct zone zone = client_zone(client);
    struct check_context context = client_check_context(client, PLACE_SUBMIT, &zone);
    for (size_t i = 0; i < prepared->count; i++) {
        struct prepared_form *form = &prepared->forms[i];
        if (form->unchanged) {
            continue;
        }
        context.dictionaries = &form->dictionaries;
        context.limits =
            version_of_consent(client, form->version, book_of(prepared), &form->data);
        check_form(form->version, casebook_of(prepared), &form->data, &context,
                   &form->findings, NULL);
        if (only_lacks_answers(form)) {
            save_as_partial(prepared, form, &context);
        } else if (form->asked && form->data.state == FORM_PARTIAL) {
            say_open_answers(prepared, form, &context);
        }
        check_reason(prepared, form);
    }
    place_all(prepared);
}

bool prepare_is_stopped(const struct prepared *prepared)
{
    return prepared->refusals > 0 || prepared->text.stops > 0;
}

/* ---- saying ---- */

void prepare_warn(const struct prepared *prepared, const struct prepared_form *form)
{
    struct client *client = prepared->client;
    for (size_t g = 0; g < form->data.count; g++) {
        for (size_t i = 0; i < form->data.groups[g].count; i++) {
            const struct item_data *data = &form->data.groups[g].items[i];
            const struct item_def *item = version_item(form->version, data->oid);
            bool text = item != NULL && item->code_list == NULL && data->value != NULL &&
                        (item->type == TYPE_TEXT || item->type == TYPE_STRING);
            unsigned found = text ? privacy_scan(span_text(data->value)) : 0;
            for (unsigned bit = 1; bit <= PRIVACY_NAME; bit <<= 1) {
                if ((found & bit) != 0) {
                    note(
                        client->run,
                        "%s: this looks like %s. Names and numbers of people do not belong "
                        "here.\n",
                        "%s: dit lijkt op %s. Namen en nummers van mensen horen hier "
                        "niet.\n",
                        item->name,
                        privacy_words((enum privacy_kind) bit, client->run->language));
                }
            }
        }
    }
}

const char *finding_in_place(struct client *client, const char *object, const char *message)
{
    struct form_key key;
    const struct form_def *form =
        object[0] != '\0' && form_key_parse(span_text(object), client->arena, &key)
            ? version_form(client->version, key.form)
            : NULL;
    bool named =
        form == NULL || strstr(message, form_title(form, client->run->language)) != NULL;
    return named ? message
                 : arena_printf(client->arena, "%s: %s", book_label(client, &key), message);
}

static void say_form(const struct prepared *prepared, const struct prepared_form *form)
{
    struct client *client = prepared->client;
    const char *label = book_label(client, &form->data.key);
    if (form->unchanged) {
        return;
    }
    say(client->run, "%s: %s%s\n", "%s: %s%s\n", label,
        form->data.state == FORM_COMPLETE
            ? in_words(client->run, "complete", "volledig")
            : in_words(client->run, "partial", "gedeeltelijk"),
        form->prior != NULL ? in_words(client->run, ", correction", ", correctie") : "");
    for (size_t i = 0; i < form->findings.count; i++) {
        const struct finding *finding = &form->findings.items[i];
        say(client->run, "  %s %s%s%s%s\n", "  %s %s%s%s%s\n",
            finding->act == ACT_REFUSE ? "!" : "?", finding->message,
            finding->help[0] != '\0' ? " " : "", finding->help,
            rule_behind(client->arena, finding->message, finding->rule));
    }
    prepare_warn(prepared, form);
}

static void say_text_remarks(const struct prepared *prepared)
{
    struct client *client = prepared->client;
    for (size_t i = 0; i < prepared->text.remark_count; i++) {
        const struct remark *remark = &prepared->text.remarks[i];
        if (remark->rule[0] == '\0') {
            say(client->run, "  line %zu: %s\n", "  regel %zu: %s\n", remark->line + 1,
                remark->message);
        }
    }
}

void prepare_say(const struct prepared *prepared)
{
    struct client *client = prepared->client;
    struct typed_context typed = prepare_typed(client);
    if (prepared->has_book && prepared->book.known) {
        say(client->run, "%s%s\n", "%s%s\n",
            subject_summary(&typed, client->version, &prepared->book.casebook),
            prepared->book.fresh ? ""
                                 : in_words(client->run, " (as of the last contact)",
                                            " (volgens het laatste contact)"));
    }
    say_text_remarks(prepared);
    for (size_t i = 0; i < prepared->count; i++) {
        say_form(prepared, &prepared->forms[i]);
    }
}

void prepare_json(const struct prepared *prepared)
{
    struct json_out *json = result_members(prepared->client->run);
    json_key(json, "remarks");
    json_begin(json, '[');
    for (size_t i = 0; i < prepared->text.remark_count; i++) {
        const struct remark *remark = &prepared->text.remarks[i];
        json_begin(json, '{');
        json_member_integer(json, "line", (int64_t) remark->line + 1);
        json_member(json, "kind", remark->kind == REMARK_STOP ? "stop" : "look");
        json_member(json, "rule", remark->rule);
        json_member(json, "message", remark->message);
        json_end(json, '}');
    }
    json_end(json, ']');
}

/* ---- sending ---- */

status prepare_sign(struct prepared *prepared, const struct prepared_form *form,
                    const char **ret_jti, struct err *err)
{
    struct client *client = prepared->client;
    struct submission submission = {
        .record = {.type = RECORD_FORM_SUBMIT,
                   .prior = form->prior != NULL ? form->prior->leaf : NULL,
                   .reason = form->reason},
        .label = book_label(client, &form->data.key),
        .meaning = "author",
        .safety = form->def->safety != SAFETY_NONE,
        .text = prepared->typed};
    submission.record.definition = version_ref(client, form->version);
    submission.record.data.form_submit.form = form->data;
    return submit_sign(client, &submission, ret_jti, err);
}

static status ask_to_sign(const struct prepared *prepared, size_t count, bool yes,
                          struct err *err)
{
    struct client *client = prepared->client;
    bool sign = yes;
    if (yes) {
        return OK;
    }
    if (!terminal_is_there()) {
        return FAIL(err, ERR_BAD_INPUT,
                    "nobody is there to sign: say --yes to sign from a "
                    "script");
    }
    note(client->run, "\"%s\"\n%s, %s.\n", "\"%s\"\n%s, %s.\n",
         statement_of(client, "author"), client->passport.name, client->passport.role);
    const char *prompt =
        arena_printf(client->arena,
                     in_words(client->run, "Sign and send %zu form(s)? [Y/n] ",
                              "%zu formulier(en) tekenen en versturen? [J/n] "),
                     count);
    TRY(ask_yes(client->run, prompt, prompt, true, &sign, err));
    return sign ? OK : FAIL(err, ERR_REJECTED, "not signed; nothing was sent");
}

struct sending {
    struct client *client;
    status worst;
};

static void say_sent(void *arg, const struct outbox_item *item,
                     const struct outbox_answer *answer)
{
    struct sending *sending = arg;
    submit_say(sending->client, item->label, answer);
    if (answer->sent == SENT_REFUSED) {
        sending->worst = ERR_REJECTED;
    }
}

status prepare_send(struct prepared *prepared, bool yes, struct err *err)
{
    struct client *client = prepared->client;
    struct sending sending = {client, OK};
    size_t count = 0;
    prepare_json(prepared);
    if (prepare_is_stopped(prepared)) {
        return FAIL(
            err, ERR_REJECTED,
            "nothing was sent and nothing is lost; put right what is marked with !");
    }
    for (size_t i = 0; i < prepared->count; i++) {
        count += !prepared->forms[i].unchanged;
    }
    if (count == 0) {
        say(client->run, "Nothing new to send.\n", "Er is niets nieuws te versturen.\n");
        return OK;
    }
    TRY(ask_to_sign(prepared, count, yes, err));
    for (size_t i = 0; i < prepared->count; i++) {
        if (!prepared->forms[i].unchanged) {
            const char *jti = NULL;
            TRY(prepare_sign(prepared, &prepared->forms[i], &jti, err));
        }
    }
    status kind = outbox_send(client, say_sent, &sending, err);
    kind = kind == OK ? sending.worst : kind;
    bool said = kind != OK && kind != ERR_TAMPERED;
    return said ? FAIL(err, kind, "%s", "") : kind;
}
