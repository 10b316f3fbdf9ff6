/* SPDX-License-Identifier: Apache-2.0 */
/*
** opinion: what an investigator thinks of a serious event, beside what the report says. It is
** about the newest revision; nobody else's opinion lowers it.
*/
#include "clients/lib/submit.h"
#include "clients/site/site.h"
#include "clients/site/where.h"

const struct option OPINION_OPTIONS[] = {
    {"related", "WORD", "to the product: yes, no or unknown"},
    {"serious", "WORD", "yes or no"},
    {"comment", "TEXT", "why"},
    {NULL, NULL, NULL},
};

struct word {
    const char *typed, *signed_as;
};

static const struct word RELATED[] = {
    {"yes", "related"}, {"no", "unrelated"}, {"unknown", "unknown"}, {NULL, NULL}};
static const struct word SERIOUS[] = {
    {"yes", "serious"}, {"no", "not-serious"}, {NULL, NULL}};

static status read_word(const struct invocation *run, const char *option,
                        const struct word *words, const char **ret_word, struct err *err)
{
    const char *typed = invocation_option(run, option);
    *ret_word = NULL;
    for (const struct word *w = words; typed != NULL && w->typed != NULL; w++) {
        if (strcmp(w->typed, typed) == 0) {
            *ret_word = w->signed_as;
            return OK;
        }
    }
    return typed == NULL
               ? OK
               : FAIL(err, ERR_BAD_INPUT, "--%s takes yes, no or unknown", option);
}

static status find_report(struct client *client, struct safety_assess_data *data,
                          struct err *err)
{
    const struct invocation *run = client->run;
    struct where where;
    struct form_key key;
    struct book book;
    TRY(where_read(client, run->arguments, run->argument_count, &where, err));
    TRY(where_find_subject(client, &where, err));
    if (where.subject == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "which subject?");
    }
    TRY(book_get(client, where.subject, &book, err));
    TRY(where_key(&where, &book, &key, err));
    const struct book_form *form = book_find(&book, &key);
    if (form == NULL) {
        return FAIL(err, ERR_NOT_FOUND, "%s is not known here", run->arguments[0]);
    }
    data->object = form->object;
    data->leaf = form->leaf;
    return OK;
}

status site_opinion(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    struct outbox_answer answer;
    struct submission submission = {.record = {.type = RECORD_SAFETY_ASSESS},
                                    .role = "investigator",
                                    .statement =
                                        in_words(run, "This is my opinion of the event.",
                                                 "Dit is mijn oordeel over het voorval.")};
    struct safety_assess_data *data = &submission.record.data.safety_assess;
    TRY(read_word(run, "related", RELATED, &data->causality, err));
    TRY(read_word(run, "serious", SERIOUS, &data->seriousness, err));
    if (data->causality == NULL && data->seriousness == NULL) {
        return FAIL(err, ERR_BAD_INPUT,
                    "say what you think: --related yes, no or unknown, --serious yes or "
                    "no, or both");
    }
    data->comment = invocation_option(run, "comment");
    TRY(client_open(run, CLIENT_KEY | CLIENT_TRY_ONLINE, &client, err));
    TRY(client_definition(client, err));
    TRY(find_report(client, data, err));
    submission.label =
        arena_printf(client->arena, in_words(run, "opinion on %s", "oordeel over %s"),
                     run->arguments[run->argument_count - 1]);
    TRY(submit(client, &submission, &answer, err));
    submit_say(client, submission.label, &answer);
    return answer_status(&answer, err);
}
