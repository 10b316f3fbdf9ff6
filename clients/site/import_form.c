/* SPDX-License-Identifier: Apache-2.0 */
/*
** Whether a file was imported before is asked of the casebook, not of a list of ours: what the
** file makes of a form, from first to last, is what is recorded already.
*/
#include "clients/lib/versions.h"
#include "clients/site/import.h"
#include "protocol/study/finding.h"

/* ---- one form ---- */

static const char *text_of(struct import *import, const char *id, const char *one,
                           const char *two)
{
    const char *const args[] = {one, two};
    return message_text(import->client->arena, import->client->run->language, id, args, 2);
}

static const struct form_data *recorded(const struct import *import,
                                        const struct form_key *key)
{
    return import->base.has_book ? casebook_form(&import->base.book.casebook, key) : NULL;
}

/* From here on FORM is what is recorded; its leaf is known when it is asked for again. */
static void remember(struct import *import, const struct form_data *form)
{
    struct book *book = &import->base.book;
    struct arena *arena = import->client->arena;
    book->casebook = casebook_with(&book->casebook, form, arena);
    for (size_t i = 0; i < book->form_count; i++) {
        if (book->forms[i].current &&
            form_key_equal(&book->forms[i].data->key, &form->key)) {
            struct book_form *forms =
                ARENA_ARRAY(arena, book->form_count, struct book_form);
            memcpy(forms, book->forms, book->form_count * sizeof(*forms));
            forms[i].data = form;
            book->forms = forms;
            return;
        }
    }
    struct book_form *forms = ARENA_ARRAY(arena, book->form_count + 1, struct book_form);
    if (book->form_count > 0) {
        memcpy(forms, book->forms, book->form_count * sizeof(*forms));
    }
    forms[book->form_count] = (struct book_form){.data = form,
                                                 .object = "",
                                                 .state = "",
                                                 .leaf = "",
                                                 .actor = "",
                                                 .time = "",
                                                 .current = true};
    book->forms = forms;
    book->form_count++;
}

static void forget(struct import *import, const struct form_key *key)
{
    struct book *book = &import->base.book;
    struct arena *arena = import->client->arena;
    struct book_form *forms = ARENA_ARRAY(arena, book->form_count, struct book_form);
    const struct form_data **current =
        ARENA_ARRAY(arena, book->form_count, const struct form_data *);
    size_t count = 0;
    for (size_t i = 0; i < book->form_count; i++) {
        forms[i] = book->forms[i];
        forms[i].current = forms[i].current && !form_key_equal(&forms[i].data->key, key);
        if (forms[i].current) {
            current[count++] = forms[i].data;
        }
    }
    book->forms = forms;
    book->casebook = casebook_make(book->subject, current, count, arena);
}

/* `prior` must be what the service has, so the casebook is asked for again. */
static status fresh_prior(struct import *import, const struct form_key *key,
                          const struct book_form **ret_prior, struct err *err)
{
    struct book *book = &import->base.book;
    const struct book_form *prior = book_find(book, key);
    if (prior != NULL && prior->leaf[0] == '\0' && !import->check) {
        TRY(book_get(import->client, book->subject, book, err));
        prior = book_find(book, key);
    }
    *ret_prior = prior;
    return OK;
}

static status send_form(struct import *import, struct prepared *one, int line,
                        struct err *err)
{
    struct outbox_answer answer;
    struct prepared_form *form = &one->forms[0];
    const char *jti = NULL;
    TRY(prepare_sign(one, form, &jti, err));
    TRY(submit_send(import->client, jti, &answer, err));
    report_answer(import, &form->data.key, line, &answer);
    if (answer.sent == SENT_ACCEPTED) {
        struct form_data *kept = ARENA_NEW(import->client->arena, struct form_data);
        *kept = form->data;
        kept->version = form->version->oid;
        remember(import, kept);
    }
    return answer.sent == SENT_KEPT
               ? FAIL(err, ERR_UNAVAILABLE,
                      "the service went away; give the same command again later")
               : OK;
}

/* A change of what is recorded has a reason, or is refused here. */
static bool has_reason(struct import *import, const struct odm_kept *kept,
                       const struct prepared_form *form)
{
    bool needs =
        form->prior != NULL &&
        form_diff(form->prior->data, &form->data, import->client->arena).needs_reason;
    if (needs && form->reason == NULL) {
        report_refused(import, &form->data.key, kept->line, "IMP-06",
                       text_of(import, "IMP-06", NULL, NULL));
        return false;
    }
    return true;
}

static status set_form(struct import *import, const struct odm_kept *kept,
                       const struct form_def *def, const struct form_data *data,
                       struct err *err)
{
    struct prepared one = {.client = import->client,
                           .book = import->base.book,
                           .has_book = import->base.has_book,
                           .subject = data->key.subject};
    struct prepared_form *form =
        prepare_add(&one, def, data, kept->reason != NULL ? kept->reason : import->reason);
    TRY(fresh_prior(import, &form->data.key, &form->prior, err));
    one.book = import->base.book;
    if (form->prior != NULL &&
        form_diff(form->prior->data, &form->data, import->client->arena).count == 0 &&
        (kept->comment == NULL || kept->comment[0] == '\0' || form->unchanged)) {
        report_plain(import, &form->data.key, kept->line, UNCHANGED);
        return OK;
    }
    form->unchanged = false;
    if (!has_reason(import, kept, form)) {
        return OK;
    }
    prepare_check(&one);
    if (import->check || prepare_is_stopped(&one)) {
        report_checked(import, form, kept->line);
        if (!prepare_is_stopped(&one)) {
            struct form_data *copy = ARENA_NEW(import->client->arena, struct form_data);
            *copy = form->data;
            copy->version = form->version->oid;
            remember(import, copy);
        }
        return OK;
    }
    return send_form(import, &one, kept->line, err);
}

static status remove_form(struct import *import, const struct odm_kept *kept,
                          const struct form_key *key, struct err *err)
{
    struct client *client = import->client;
    const struct book_form *prior = NULL;
    struct outbox_answer answer;
    const char *reason = kept->reason != NULL ? kept->reason : import->reason;
    TRY(fresh_prior(import, key, &prior, err));
    if (prior == NULL) {
        report_plain(import, key, kept->line, UNCHANGED);
        return OK;
    }
    if (reason == NULL) {
        report_refused(import, key, kept->line, "IMP-06",
                       text_of(import, "IMP-06", NULL, NULL));
        return OK;
    }
    if (import->check) {
        report_plain(import, key, kept->line, ACCEPTED);
        forget(import, key);
        return OK;
    }
    struct submission submission = {
        .record = {.type = RECORD_FORM_RETRACT, .prior = prior->leaf, .reason = reason},
        .label = book_label(client, key),
        .statement =
            in_words(client->run, "This form does not belong here; its history stays.",
                     "Dit formulier hoort hier niet; de geschiedenis blijft.")};
    submission.record.data.form_retract = (struct form_retract_data){prior->object, NULL};
    TRY(submit(client, &submission, &answer, err));
    report_answer(import, key, kept->line, &answer);
    forget(import, key);
    return answer.sent == SENT_KEPT
               ? FAIL(err, ERR_UNAVAILABLE,
                      "the service went away; give the same command again later")
               : OK;
}

/* ---- one subject ---- */

/* What KEPT's key names; NULL and a refusal said when the study does not know it. */
static const struct form_def *known_form(struct import *import, struct odm_kept *kept,
                                         bool say_so)
{
    struct client *client = import->client;
    const struct form_key *key = &kept->form.key;
    const struct event_def *event = version_event(client->version, key->event);
    const struct form_def *def = version_form(client->version, key->form);
    if (event != NULL && def != NULL) {
        kept->form.key = odm_merge_key(kept, event, def);
        return def;
    }
    if (say_so) {
        bool no_event = event == NULL;
        report_refused(import, key, kept->line, "FORM-01",
                       text_of(import, no_event ? "FORM-01.event" : "FORM-01.form",
                               no_event ? key->event : key->form, NULL));
    }
    return NULL;
}

/* Work by the version under which the form is made; its key must be known for that, by whatever
 * version. */
static status choose_version(struct import *import, struct odm_kept *kept, struct err *err)
{
    struct client *client = import->client;
    struct version_choice choice;
    size_t cursor = 0;
    bool known = known_form(import, kept, false) != NULL;
    while (!known && version_next(client, &cursor)) {
        known = known_form(import, kept, false) != NULL;
    }
    return known
               ? version_for_form(client, &import->base.book, &kept->form.key, &choice, err)
               : OK;
}

static bool was_retracted(const struct import *import, const struct form_key *key)
{
    const struct book *book = &import->base.book;
    for (size_t i = 0; i < book->form_count; i++) {
        if (!book->forms[i].current && form_key_equal(&book->forms[i].data->key, key)) {
            return true;
        }
    }
    return false;
}

/* Does all that the file says of the form of FIRST end where the casebook stands? */
static bool is_done_before(struct import *import, const struct batch *batch,
                           const struct odm_kept *first)
{
    struct client *client = import->client;
    const struct form_data *start = recorded(import, &first->form.key), *now = start;
    if (start == NULL && !was_retracted(import, &first->form.key)) {
        return false;
    }
    for (size_t i = 0; i < batch->count; i++) {
        struct odm_kept *kept = batch->items[i];
        const struct form_def *def =
            kept->level == ODM_FORM ? known_form(import, kept, false) : NULL;
        if (def == NULL || !form_key_equal(&kept->form.key, &first->form.key)) {
            continue;
        }
        struct merged merged =
            odm_merge(kept, def, now, true, client->run->language, client->arena);
        struct form_data *data = ARENA_NEW(client->arena, struct form_data);
        *data = merged.data;
        if (merged.kind == MERGE_REFUSE) {
            return false;
        }
        now = merged.kind == MERGE_REMOVE ? NULL : data;
    }
    if (start == NULL || now == NULL) {
        return start == now;
    }
    return form_diff(start, now, client->arena).count == 0;
}

static status import_one(struct import *import, const struct batch *batch,
                         struct odm_kept *kept, struct err *err)
{
    struct client *client = import->client;
    TRY(choose_version(import, kept, err));
    const struct form_def *def = known_form(import, kept, true);
    if (def == NULL) {
        return OK;
    }
    const struct form_key *key = &kept->form.key;
    bool transactional = kept->transaction != ODM_SNAPSHOT;
    if (transactional && is_done_before(import, batch, kept)) {
        report_plain(import, key, kept->line, UNCHANGED);
        return OK;
    }
    struct merged merged = odm_merge(kept, def, recorded(import, key), false,
                                     client->run->language, client->arena);
    switch (merged.kind) {
    case MERGE_REFUSE:
        report_refused(import, key, merged.line, merged.rule, merged.message);
        return OK;
    case MERGE_REMOVE:
        return remove_form(import, kept, key, err);
    case MERGE_SET:
        break;
    }
    return set_form(import, kept, def, &merged.data, err);
}

/* Remove of a visit or of a subject: of every form in it that stands. */
static status remove_all(struct import *import, const struct odm_kept *kept,
                         struct err *err)
{
    const struct form_key *scope = &kept->form.key;
    struct casebook book = import->base.book.casebook;
    for (size_t i = 0; i < book.count; i++) {
        const struct form_key *key = &book.forms[i]->key;
        bool event = kept->level != ODM_EVENT ||
                     (scope->event != NULL && strcmp(key->event, scope->event) == 0 &&
                      (scope->event_repeat == NULL || key->event_repeat == NULL ||
                       strcmp(key->event_repeat, scope->event_repeat) == 0));
        if (event) {
            TRY(remove_form(import, kept, key, err));
        }
    }
    return OK;
}

status import_batch(struct import *import, const struct batch *batch, struct err *err)
{
    const char *subject = batch->items[0]->form.key.subject;
    const char *study = import->client->version->study->oid;
    import->base = (struct prepared){.client = import->client, .subject = subject};
    TRY(book_get(import->client, subject, &import->base.book, err));
    import->base.has_book = true;
    for (size_t i = 0; i < batch->count; i++) {
        struct odm_kept *kept = batch->items[i];
        TRY(client_use_version(import->client, import->client->facts.version, err));
        if (strcmp(kept->study, study) != 0) {
            report_refused(import, &kept->form.key, kept->line, "IMP-01",
                           text_of(import, "IMP-01", kept->study, study));
        } else if (!import->base.book.known) {
            report_refused(import, &kept->form.key, kept->line, "IMP-07",
                           text_of(import, "IMP-07", subject, NULL));
        } else if (kept->level != ODM_FORM) {
            TRY(remove_all(import, kept, err));
        } else {
            TRY(import_one(import, batch, kept, err));
        }
    }
    return OK;
}
