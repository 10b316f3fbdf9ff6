/* SPDX-License-Identifier: Apache-2.0 */
/*
** Taking a form back: wrong subject, made in error. A report of a serious event that is taken
** back is nullified (ICH E2B(R3) C.1.11): what it set in motion does not end by that, so the
** person is told what goes on and who has to look.
*/
#include "clients/lib/form_text.h"
#include "clients/lib/terminal.h"
#include "clients/site/prepare.h"
#include "clients/site/site.h"
#include "clients/site/where.h"

const struct option RETRACT_OPTIONS[] = {
    {"reason", "TEXT", "why it is taken back"},
    {"moved-to", "OBJECT", "path of its right place, subject/..."},
    {"yes", NULL, "sign without asking; for scripts"},
    {NULL, NULL, NULL},
};

static status ask_reason(struct client *client, const char **ret_reason, struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes line = {0};
    *ret_reason = invocation_option(client->run, "reason");
    if (*ret_reason != NULL) {
        return OK;
    }
    while (typed_trim(span_bytes(&line)).size == 0) {
        TRY(ask_line(client->run, "Why is it taken back? ",
                     "Waarom wordt het ingetrokken? ", &line, err));
    }
    *ret_reason = arena_span_text(client->arena, typed_trim(span_bytes(&line)));
    return OK;
}

static status find_form_to_retract(struct client *client, struct where *where,
                                   const struct book_form **ret_form, struct err *err)
{
    struct form_key key;
    struct book *book = ARENA_NEW(client->arena, struct book);
    TRY(where_find_subject(client, where, err));
    if (where->subject == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "which subject?");
    }
    TRY(book_get(client, where->subject, book, err));
    TRY(where_key(where, book, &key, err));
    *ret_form = book_find(book, &key);
    return *ret_form != NULL ? OK : FAIL(err, ERR_NOT_FOUND, "there is no such form");
}

/* The number, the physician, the phone: what is known of the case and who has it in hand. */
static void say_nullified(struct client *client, const struct book_form *form)
{
    const struct form_def *def = version_form(client->version, form->data->key.form);
    const struct safety_contact *contact = &client->version->contact;
    if (def == NULL || def->safety == SAFETY_NONE) {
        return;
    }
    say(client->run,
        "%s is nullified; with your reason it stays in the history. Its clocks run until "
        "%s has seen that (%s); what is on hold stays so until it is lifted.\n",
        "%s is ingetrokken; met uw reden blijft het in de geschiedenis. De klokken lopen "
        "tot "
        "%s dat heeft gezien (%s); wat stilligt, blijft stil tot het wordt opgeheven.\n",
        form->data->number != NULL ? form->data->number : def->short_name,
        contact->physician, contact->phone);
}

status site_retract_form(struct client *client, struct where *where, struct err *err)
{
    const struct invocation *run = client->run;
    const struct book_form *form = NULL;
    struct outbox_answer answer;
    bool sure = invocation_option(run, "yes") != NULL;
    TRY(find_form_to_retract(client, where, &form, err));
    struct submission submission = {
        .record = {.type = RECORD_FORM_RETRACT, .prior = form->leaf},
        .label = book_label(client, &form->data->key),
        .statement = in_words(run, "This form does not belong here; its history stays.",
                              "Dit formulier hoort hier niet; de geschiedenis blijft.")};
    TRY(ask_reason(client, &submission.record.reason, err));
    submission.record.data.form_retract =
        (struct form_retract_data){form->object, invocation_option(run, "moved-to")};
    if (!sure) {
        const char *prompt = arena_printf(
            run->arena, in_words(run, "Take back %s? [y/N] ", "%s intrekken? [j/N] "),
            submission.label);
        TRY(ask_yes(run, prompt, prompt, false, &sure, err));
    }
    if (!sure) {
        return FAIL(err, ERR_REJECTED, "not taken back");
    }
    TRY(submit(client, &submission, &answer, err));
    submit_say(client, submission.label, &answer);
    if (answer.sent == SENT_ACCEPTED) {
        say_nullified(client, form);
    }
    return answer_status(&answer, err);
}

status site_retract(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    struct where where = {0};
    TRY(client_open(run, CLIENT_KEY | CLIENT_TRY_ONLINE, &client, err));
    TRY(client_definition(client, err));
    TRY(where_read(client, run->arguments, run->argument_count, &where, err));
    return site_retract_form(client, &where, err);
}
