/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why offline reading is allowed: at a bedside without network yesterday's casebook is better
** than none, as long as the screen says that it is yesterday's, and `prior` still guards what
** is sent.
*/
#include "clients/lib/book.h"

#include "base/text.h"
#include "clients/lib/plain.h"
#include "crypto/digest.h"
#include "protocol/study/finding.h"

static const struct json_limits LIMITS = {
    .depth = 32, .nodes = 4000000, .string = (size_t) 1 << 20};

static const char *file_name(struct client *client, const char *subject)
{
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    digest_of(span_text(subject), &digest);
    digest_to_hex(&digest, hex);
    return arena_printf(client->arena, "casebook/%.32s.json", hex);
}

static const char *text_of(const struct json *object, const char *name)
{
    const char *text = json_get_string(object, name);
    return text != NULL ? text : "";
}

static status unreadable(struct err *err)
{
    return FAIL(err, ERR_BAD_INPUT, "the casebook that the service sent cannot be read");
}

/* ---- reading ---- */

static status read_form(struct client *client, const struct json *item,
                        struct book_form *ret_form, struct err *err)
{
    struct form_data *data = ARENA_NEW(client->arena, struct form_data);
    const struct json *seq = json_get(item, "seq");
    const struct json *payload = json_get(item, "data");
    struct digest leaf;
    struct book_form form = {.data = data,
                             .object = text_of(item, "object"),
                             .state = text_of(item, "state"),
                             .leaf = text_of(item, "leaf"),
                             .actor = text_of(item, "actor"),
                             .time = text_of(item, "time")};
    const char *name = json_get_string(item, "name");
    form.name = name != NULL ? text_for_terminal(client->arena, name) : form.actor;
    if (seq == NULL || seq->kind != J_INTEGER || payload == NULL ||
        !digest_from_base64(span_text(form.leaf), &leaf)) {
        return unreadable(err);
    }
    TRY(form_data_from_json(payload, client->arena, data, err));
    data->version = json_get_string(item, "version");
    data->number = json_get_string(item, "number");
    data->seq = seq->integer;
    memcpy(data->leaf, leaf.bytes, sizeof(data->leaf));
    (void) instant_parse(span_text(form.time), &data->received_at, NULL);
    data->flags = strcmp(form.state, "signed") == 0 ? FORM_SIGNED : 0;
    form.current = strcmp(form.state, "retracted") != 0 && strchr(form.object, '~') == NULL;
    *ret_form = form;
    return OK;
}

static status read_forms(struct client *client, const struct json *list, struct book *book,
                         struct err *err)
{
    if (list == NULL || list->kind != J_ARRAY) {
        return unreadable(err);
    }
    struct book_form *forms = ARENA_ARRAY(client->arena, list->count, struct book_form);
    const struct form_data **current =
        ARENA_ARRAY(client->arena, list->count, const struct form_data *);
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        TRY(read_form(client, &list->items[i], &forms[i], err));
        if (forms[i].current) {
            current[count++] = forms[i].data;
        }
    }
    book->forms = forms;
    book->form_count = list->count;
    book->casebook = casebook_make(book->subject, current, count, client->arena);
    return OK;
}

static void read_queries(struct client *client, const struct json *list, struct book *book)
{
    if (list == NULL || list->kind != J_ARRAY) {
        return;
    }
    struct book_query *queries = ARENA_ARRAY(client->arena, list->count, struct book_query);
    for (size_t i = 0; i < list->count; i++) {
        const struct json *item = &list->items[i];
        queries[i] = (struct book_query){text_of(item, "query"), text_of(item, "object"),
                                         text_of(item, "path"), text_of(item, "rule"),
                                         text_of(item, "state")};
    }
    book->queries = queries;
    book->query_count = list->count;
}

static status read_book(struct client *client, struct span text, struct book *book,
                        struct err *err)
{
    const struct json *root = NULL;
    TRY(json_parse(text, &LIMITS, client->arena, &root, err));
    if (!json_equals(json_get(root, "subject"), book->subject)) {
        return unreadable(err);
    }
    book->known = true;
    book->site = text_of(root, "site");
    book->state = text_of(root, "state");
    read_queries(client, json_get(root, "queries"), book);
    return read_forms(client, json_get(root, "forms"), book, err);
}

/* ---- the kept copy: its ETag on the first line ---- */

static void load_kept(struct client *client, const char *name, struct bytes *out,
                      const char **ret_etag, struct span *ret_text)
{
    struct span etag;
    *ret_etag = NULL;
    *ret_text = span_of("", 0);
    if (client->signer == NULL || !folder_has(client->folder, name) ||
        sealed_read(client->signer, client->folder, name, out, NULL) != OK) {
        return;
    }
    *ret_text = span_bytes(out);
    if (span_cut(ret_text, '\n', &etag)) {
        *ret_etag = arena_span_text(client->arena, etag);
    }
}

static status keep(struct client *client, const char *name,
                   const struct https_answer *answer, struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes text = {0};
    bytes_printf(&text, "%s\n", answer->etag);
    bytes_add_span(&text, span_bytes(&answer->body));
    return sealed_write(client->signer, client->folder, name, span_bytes(&text), err);
}

static status fetch(struct client *client, const char *name, struct book *book,
                    struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes kept = {0};
    CLEANUP(https_answer_done) struct https_answer answer = {0};
    const char *etag = NULL;
    struct span text;
    const char *tail =
        arena_printf(client->arena, "/subjects/%s", client_encode(client, book->subject));
    load_kept(client, name, &kept, &etag, &text);
    TRY(client_get(client, tail, etag != NULL && etag[0] != '\0' ? etag : NULL, &answer,
                   err));
    book->fresh = true;
    if (answer.code == 404) {
        return OK;
    }
    if (answer.code == 304 && text.size > 0) {
        return read_book(client, text, book, err);
    }
    if (answer.code != 200) {
        struct problem problem;
        problem_read(&answer, client->arena, &problem);
        return problem_status(&problem, err);
    }
    TRY(read_book(client, span_bytes(&answer.body), book, err));
    return keep(client, name, &answer, err);
}

status book_get(struct client *client, const char *subject, struct book *ret_book,
                struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes kept = {0};
    struct book book = {
        .subject = arena_text(client->arena, subject), .site = "", .state = ""};
    const char *name = file_name(client, subject);
    const char *etag = NULL;
    struct span text;
    book.casebook = casebook_make(book.subject, NULL, 0, client->arena);
    if (client->online) {
        status kind = fetch(client, name, &book, err);
        if (kind != ERR_UNAVAILABLE) {
            *ret_book = book;
            return kind;
        }
    }
    load_kept(client, name, &kept, &etag, &text);
    if (text.size == 0) {
        return FAIL(err, ERR_UNAVAILABLE,
                    "this computer does not have the casebook of this subject yet");
    }
    TRY(read_book(client, text, &book, err));
    *ret_book = book;
    return OK;
}

const struct book_form *book_find(const struct book *book, const struct form_key *key)
{
    for (size_t i = 0; i < book->form_count; i++) {
        if (book->forms[i].current && form_key_equal(&book->forms[i].data->key, key)) {
            return &book->forms[i];
        }
    }
    return NULL;
}

/* ---- all subjects ---- */

struct each_subject {
    book_each *each;
    void *arg;
};

static status see_subject(void *arg, const struct json *item, struct err *err)
{
    struct each_subject *each = arg;
    const char *subject = json_get_string(item, "subject");
    if (subject == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "the service's list of subjects cannot be read");
    }
    return each->each(each->arg, subject, text_of(item, "site"), err);
}

status book_subjects(struct client *client, const char *site, book_each *each, void *arg,
                     struct err *err)
{
    struct each_subject all = {each, arg};
    const char *tail = site != NULL ? arena_printf(client->arena, "/subjects?site=%s",
                                                   client_encode(client, site))
                                    : "/subjects";
    return client_pages(client, tail, see_subject, &all, err);
}

const char *book_label(struct client *client, const struct form_key *key)
{
    const struct metadata_version *version = client->version;
    const struct form_def *form = version != NULL ? version_form(version, key->form) : NULL;
    const struct event_def *event =
        version != NULL ? version_event(version, key->event) : NULL;
    const char *language = client->run->language;
    if (form == NULL || event == NULL) {
        return arena_printf(client->arena, "%s, %s, %s", key->form, key->event,
                            key->subject);
    }
    return arena_printf(client->arena, "%s %s, %s%s%s%s%s", form->short_name,
                        form_title(form, language),
                        event->type == EVENT_COMMON ? "" : event->short_name,
                        key->event_repeat != NULL ? " " : "",
                        key->event_repeat != NULL ? key->event_repeat : "",
                        event->type == EVENT_COMMON ? "" : ", ", key->subject);
}

const char *book_place(struct client *client, const char *object, const char *path)
{
    struct form_key key;
    const char *last = path != NULL ? strrchr(path, '/') : NULL;
    const struct item_def *item = last != NULL && client->version != NULL
                                      ? version_item(client->version, last + 1)
                                      : NULL;
    const char *label = form_key_parse(span_text(object), client->arena, &key)
                            ? book_label(client, &key)
                            : object;
    return item != NULL ? arena_printf(client->arena, "%s, %s", label,
                                       item_title(item, client->run->language))
                        : label;
}
