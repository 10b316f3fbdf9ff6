/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why in any order: at three in the morning nobody remembers whether the visit stands before
** the subject, and the words cannot be taken for one another.
*/
#include "clients/site/where.h"

#include <ctype.h>
#include <strings.h>

#include "clients/lib/form_text.h"
#include "clients/lib/versions.h"
#include "protocol/study/subject_key.h"

/* "SAE-0003": the prefix of a log form, a dash, digits. */
static const struct form_def *numbered_form(const struct metadata_version *version,
                                            const char *word)
{
    const char *dash = strrchr(word, '-');
    if (dash == NULL || dash[1] == '\0' ||
        dash[1 + strspn(dash + 1, "0123456789")] != '\0') {
        return NULL;
    }
    size_t length = (size_t) (dash - word);
    for (size_t i = 0; i < version->form_def_count; i++) {
        const char *prefix = version->form_defs[i]->number_prefix;
        if (length > 0 && strlen(prefix) == length &&
            strncasecmp(prefix, word, length) == 0) {
            return version->form_defs[i];
        }
    }
    return NULL;
}

static bool take_event(struct client *client, const char *word, struct where *where)
{
    const char *colon = strchr(word, ':');
    size_t length = colon != NULL ? (size_t) (colon - word) : strlen(word);
    const struct event_def *event = find_event(client->version, span_of(word, length));
    if (event == NULL || (colon != NULL && (!event->repeating || colon[1] == '\0'))) {
        return false;
    }
    where->event = event;
    where->event_repeat = colon != NULL ? colon + 1 : event->repeating ? "1" : NULL;
    return true;
}

static void upper(char *text)
{
    for (; *text != '\0'; text++) {
        *text = (char) toupper((unsigned char) *text);
    }
}

static status take_word(struct client *client, const char *word, struct where *where,
                        struct err *err)
{
    const struct form_def *numbered = numbered_form(client->version, word);
    const struct form_def *form = find_form(client->version, span_text(word));
    if (numbered != NULL) {
        char *number = arena_text(client->arena, word);
        upper(number);
        where->number = number;
        where->form = numbered;
        return OK;
    }
    if (where->event == NULL && take_event(client, word, where)) {
        return OK;
    }
    if (where->form == NULL && form != NULL) {
        where->form = form;
        return OK;
    }
    if (where->subject == NULL) {
        where->subject = word;
        return OK;
    }
    return FAIL(err, ERR_BAD_INPUT, "%s is no visit and no form of this study", word);
}

static status read_words(struct client *client, const char *const *words, int count,
                         struct where *ret_where, struct err *err)
{
    struct where where = {0};
    for (int i = 0; i < count; i++) {
        TRY(take_word(client, words[i], &where, err));
    }
    if (where.form != NULL && where.form->log) {
        where.event = event_of_log(client->version, where.form);
    }
    *ret_where = where;
    return OK;
}

/* Does a single word name nothing, and no subject either? */
static bool names_nothing(const struct client *client, const struct where *where, int count)
{
    return count == 1 && where->event == NULL && where->form == NULL &&
           subject_key_verify(client->version, span_text(where->subject), NULL) != OK;
}

status where_read(struct client *client, const char *const *words, int count,
                  struct where *ret_where, struct err *err)
{
    struct where older;
    size_t cursor = 0;
    status kind = read_words(client, words, count, ret_where, err);
    bool understood = kind == OK && !names_nothing(client, ret_where, count);
    while (!understood && version_next(client, &cursor)) {
        if (read_words(client, words, count, &older, NULL) == OK &&
            (older.event != NULL || older.form != NULL)) {
            *ret_where = older;
            return OK;
        }
    }
    return kind;
}

status where_key(const struct where *where, const struct book *book,
                 struct form_key *ret_key, struct err *err)
{
    if (where->number != NULL) {
        const struct form_data *data = find_numbered(&book->casebook, where->number);
        if (data == NULL) {
            return FAIL(err, ERR_NOT_FOUND, "%s is not known for this subject",
                        where->number);
        }
        *ret_key = data->key;
        return OK;
    }
    if (where->event == NULL || where->form == NULL || where->subject == NULL ||
        where->form->log) {
        return FAIL(err, ERR_BAD_INPUT,
                    "name one form: subject, visit and form, or subject and number");
    }
    *ret_key = (struct form_key){where->subject, where->event->oid, where->event_repeat,
                                 where->form->oid, NULL};
    return event_form_ref(where->event, where->form->oid) != NULL
               ? OK
               : FAIL(err, ERR_BAD_INPUT, "%s has no form %s", where->event->short_name,
                      where->form->short_name);
}

/* ---- a number without its subject ---- */

struct case_search {
    struct client *client;
    const char *number, *object;
};

static status look_at_case(void *arg, const struct json *item, struct err *err)
{
    struct case_search *search = arg;
    const char *object = json_get_string(item, "object");
    (void) err;
    if (object != NULL && json_equals(json_get(item, "number"), search->number)) {
        search->object = arena_text(search->client->arena, object);
    }
    return OK;
}

const char *where_case(struct client *client, const char *number)
{
    struct case_search search = {.client = client, .number = number};
    bool asked = client->online &&
                 client_pages(client, "/safety", look_at_case, &search, NULL) == OK;
    return asked ? search.object : NULL;
}

struct number_search {
    struct client *client;
    const char *number;
    const char *subject;
};

static status look_in_subject(void *arg, const char *subject, const char *site,
                              struct err *err)
{
    struct number_search *search = arg;
    struct book book;
    (void) site;
    if (search->subject != NULL) {
        return OK;
    }
    TRY(book_get(search->client, subject, &book, err));
    if (find_numbered(&book.casebook, search->number) != NULL) {
        search->subject = arena_text(search->client->arena, subject);
    }
    return OK;
}

status where_find_subject(struct client *client, struct where *where, struct err *err)
{
    struct number_search search = {.client = client, .number = where->number};
    if (where->subject != NULL || where->number == NULL) {
        return OK;
    }
    TRY(client_need_online(client, err));
    const char *object = where_case(client, where->number);
    struct form_key key;
    if (object != NULL && form_key_parse(span_text(object), client->arena, &key)) {
        where->subject = key.subject;
        return OK;
    }
    TRY(book_subjects(client, client->passport.site, look_in_subject, &search, err));
    where->subject = search.subject;
    return where->subject != NULL
               ? OK
               : FAIL(err, ERR_NOT_FOUND, "%s is not known here", where->number);
}
