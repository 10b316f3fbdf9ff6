/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why it is said: two people at one desk may see different questions for the same form, and
** each must be able to tell why.
*/
#include "clients/site/version.h"

static const char *sentence(struct client *client, const struct version_choice *choice)
{
    struct invocation *run = client->run;
    const char *version = client->version->oid;
    switch (choice->why) {
    case VERSION_IN_FORCE:
        break;
    case VERSION_OF_VISIT:
        return arena_printf(
            client->definitions,
            in_words(run, "This visit was begun under version %s; its questions are shown.",
                     "Dit bezoek is begonnen onder versie %s; die vragen ziet u."),
            version);
    case VERSION_OF_CONSENT:
        return arena_printf(
            client->definitions,
            in_words(
                run,
                "Consent was given under version %s, which says who may take part; its "
                "questions are shown.",
                "De toestemming is gegeven onder versie %s, die zegt wie mag meedoen; "
                "die vragen ziet u."),
            version);
    case VERSION_OF_FORM:
        return arena_printf(
            client->definitions,
            in_words(run,
                     "This form exists up to version %s only; its questions are shown.",
                     "Dit formulier bestaat alleen tot en met versie %s; die vragen ziet "
                     "u."),
            version);
    case VERSION_MISSING:
        return arena_printf(
            client->definitions,
            in_words(run,
                     "Version %s belongs here, but this computer does not have it and the "
                     "service is away; the questions of version %s are shown.",
                     "Hier hoort versie %s, maar deze computer heeft die niet en de server "
                     "is er niet; u ziet de vragen van versie %s."),
            choice->missing, version);
    }
    return NULL;
}

status use_version(struct client *client, const struct book *book,
                   const struct form_key *key, const char **said, struct err *err)
{
    struct version_choice choice;
    TRY(version_for_form(client, book, key, &choice, err));
    const char *line = sentence(client, &choice);
    bool again = line != NULL && said != NULL && *said != NULL && strcmp(*said, line) == 0;
    if (line != NULL && !again) {
        note(client->run, "%s\n", "%s\n", line);
    }
    if (line != NULL && said != NULL) {
        *said = line;
    }
    return OK;
}

status use_version_where(struct client *client, const struct book *book,
                         struct where *where, const char **said, struct err *err)
{
    if (where->subject == NULL || where->event == NULL) {
        return OK;
    }
    struct form_key key = {where->subject, where->event->oid, where->event_repeat,
                           where->form != NULL ? where->form->oid : NULL, NULL};
    if (where->number != NULL && book != NULL) {
        TRY(where_key(where, book, &key, err));
    }
    TRY(use_version(client, book, &key, said, err));
    where->event = version_event(client->version, key.event);
    where->form = key.form != NULL ? version_form(client->version, key.form) : NULL;
    return where->event != NULL && (key.form == NULL || where->form != NULL)
               ? OK
               : FAIL(err, ERR_NOT_FOUND, "version %s of the study has no form %s",
                      client->version->oid, key.form != NULL ? key.form : key.event);
}
