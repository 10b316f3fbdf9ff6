/* SPDX-License-Identifier: Apache-2.0 */
/*
** One page for each subject: its forms by visit, and of every value who entered or changed it,
** when and why; queries, signatures and what was taken back below each form. Static HTML in
** the language of the subject's site: no script, nothing is loaded, every text is escaped. One
** subject is held in memory at a time.
*/
#include "protocol/record/bundle_impl.h"

struct revision {
    const struct read_record *read;
    const struct form_data *form; /* NULL: no submission */
};

struct case_form {
    const char *object; /* path; with ~seq in the safety inbox */
    struct form_key key;
    const struct form_def *def; /* of the newest version it was made under, or NULL */
    const struct event_def *event;
    size_t event_position;
    struct revision *items; /* submissions and retractions, in order */
    size_t count, capacity;
};

struct case_page {
    struct bundling *b;
    struct arena *arena;
    const char *subject, *language;
    struct case_form *forms;
    size_t count, capacity;
    const struct read_record **acts; /* all other records of the subject */
    size_t act_count, act_capacity;
    const struct metadata_version *version; /* the newest that a form of it names */
};

/* ---- what is known of the subject ---- */

static struct case_form *form_of(struct case_page *page, const char *object,
                                 const struct form_key *key)
{
    for (size_t i = 0; i < page->count; i++) {
        if (strcmp(page->forms[i].object, object) == 0) {
            return &page->forms[i];
        }
    }
    struct case_form *form =
        ARENA_PUSH(page->arena, page->forms, page->count, page->capacity);
    *form = (struct case_form){.object = object, .key = *key, .event_position = SIZE_MAX};
    return form;
}

static void define(struct case_page *page, struct case_form *form,
                   const struct read_record *read)
{
    const struct metadata_version *version =
        bundle_version(page->b, read->record.definition.version);
    if (version == NULL) {
        return;
    }
    const struct event_ref *event = version_event_ref(version, form->key.event);
    page->version = version;
    form->def = version_form(version, form->key.form);
    form->event = version_event(version, form->key.event);
    form->event_position = event != NULL ? event->position : SIZE_MAX;
}

static void add_revision(struct case_page *page, const char *object,
                         const struct read_record *read, const struct form_data *data)
{
    struct form_key key;
    struct span rest = span_text(object), path = rest;
    (void) span_cut(&rest, '~', &path);
    if (!form_key_parse(path, page->arena, &key)) {
        return;
    }
    struct case_form *form = form_of(page, object, &key);
    *ARENA_PUSH(page->arena, form->items, form->count, form->capacity) =
        (struct revision){read, data};
    if (data != NULL) {
        define(page, form, read);
    }
}

static void take(struct case_page *page, const struct read_record *read)
{
    const struct record *record = &read->record;
    if (record->type == RECORD_FORM_SUBMIT) {
        bool inbox = outcome_effect(&read->outcome, EFFECT_INBOX, NULL) != NULL;
        const char *object = inbox ? arena_printf(page->arena, "%s~%lld", record->object,
                                                  (long long) read->entry.seq)
                                   : record->object;
        add_revision(page, object, read, bundle_merged(read, page->arena));
    } else if (record->type == RECORD_FORM_RETRACT) {
        add_revision(page, record->data.form_retract.object, read, NULL);
    } else {
        *ARENA_PUSH(page->arena, page->acts, page->act_count, page->act_capacity) = read;
    }
}

static status collect(struct case_page *page, size_t number, struct err *err)
{
    const struct bundle_index *index = &page->b->index;
    for (size_t i = index->starts[number]; i < index->starts[number + 1]; i++) {
        struct read_record *read = ARENA_NEW(page->arena, struct read_record);
        TRY(bundle_read(page->b, (int64_t) index->order[i], page->arena, read, err));
        if (!read->withheld && !read->system) {
            take(page, read);
        }
    }
    return OK;
}

static int by_place(const void *a, const void *b)
{
    const struct case_form *left = a;
    const struct case_form *right = b;
    if (left->event_position != right->event_position) {
        return left->event_position < right->event_position ? -1 : 1;
    }
    return strcmp(left->object, right->object);
}

/* ---- texts ---- */

static const char *word(const struct case_page *page, enum bundle_word id)
{
    return bundle_word(page->language, id);
}

static void add_value(struct case_page *page, const struct item_def *def,
                      const struct item_data *item)
{
    struct bytes *out = &page->b->buffer;
    if (item == NULL) {
        bytes_printf(out, "<i>%s</i>", word(page, WORD_REMOVED));
        return;
    }
    if (item->null != NOT_NULL) {
        bytes_printf(out, "<i>%s</i>", bundle_null_word(page->language, item->null));
        if (item->reason != NULL) {
            bytes_add_text(out, ": ");
            xml_add_text(out, item->reason);
        }
        return;
    }
    const struct code_list_item *code = def != NULL && def->code_list != NULL
                                            ? code_list_get(def->code_list, item->value)
                                            : NULL;
    const char *label = code != NULL ? texts_get(&code->decode, page->language) : "";
    xml_add_text(out, item->value);
    if (*label != 0) {
        bytes_add_text(out, " = ");
        xml_add_text(out, label);
    }
    for (size_t i = 0; def != NULL && item->unit != NULL && i < def->unit_count; i++) {
        if (strcmp(def->units[i]->oid, item->unit) == 0) {
            bytes_add_char(out, ' ');
            xml_add_text(out, texts_get(&def->units[i]->symbol, page->language));
        }
    }
}

/* "A. de Vries (investigator), 2026-11-21T10:14:07+01:00, entry 413" */
static void add_who(struct case_page *page, const struct read_record *read)
{
    struct bytes *out = &page->b->buffer;
    const struct record_signature *signature = &read->record.signature;
    xml_add_text(out, signature->name);
    bytes_add_text(out, " (");
    xml_add_text(out, signature->role);
    bytes_printf(out, "), %s, %s %lld", signature->signed_at, word(page, WORD_ENTRY),
                 (long long) read->entry.seq);
}

static void add_reason(struct case_page *page, const char *reason)
{
    if (reason != NULL) {
        bytes_printf(&page->b->buffer, "; %s: ", word(page, WORD_REASON));
        xml_add_text(&page->b->buffer, reason);
    }
}

/* ---- one item through all revisions ---- */

static void add_history(struct case_page *page, const struct case_form *form,
                        const struct item_key *key, const struct item_def *def)
{
    struct bytes *out = &page->b->buffer;
    const struct item_data *before = NULL;
    bytes_add_text(out, "<ol>");
    for (size_t i = 0; i < form->count; i++) {
        const struct form_data *data = form->items[i].form;
        const struct item_data *now = data != NULL ? form_item_at(data, key) : before;
        if (bundle_same_item(before, now)) {
            continue;
        }
        bytes_add_text(out, "<li>");
        add_value(page, def, now);
        bytes_add_text(out, "<br><small>");
        add_who(page, form->items[i].read);
        add_reason(page, before != NULL ? form->items[i].read->record.reason : NULL);
        bytes_add_text(out, "</small></li>");
        before = now;
    }
    bytes_add_text(out, "</ol>");
}

static const struct item_data *last_of(const struct case_form *form,
                                       const struct item_key *key)
{
    for (size_t i = form->count; i > 0; i--) {
        if (form->items[i - 1].form != NULL) {
            return form_item_at(form->items[i - 1].form, key);
        }
    }
    return NULL;
}

static bool ever_there(const struct case_form *form, const struct item_key *key)
{
    for (size_t i = 0; i < form->count; i++) {
        if (form->items[i].form != NULL && form_item_at(form->items[i].form, key) != NULL) {
            return true;
        }
    }
    return false;
}

static void add_group_rows(struct case_page *page, const struct case_form *form,
                           const struct group_def *group, const char *repeat)
{
    struct bytes *out = &page->b->buffer;
    for (size_t i = 0; i < group->item_count; i++) {
        const struct item_def *def = group->items[i].item;
        struct item_key key = {group->oid, repeat, def->oid};
        if (!ever_there(form, &key)) {
            continue;
        }
        bytes_add_text(out, "<tr><td>");
        xml_add_text(out, item_title(def, page->language));
        bytes_add_text(out, "</td><td>");
        add_value(page, def, last_of(form, &key));
        bytes_add_text(out, "</td><td>");
        add_history(page, form, &key, def);
        bytes_add_text(out, "</td></tr>\n");
    }
}

/* All repeats of GROUP that any revision had, in order of their first appearance. */
static void add_group(struct case_page *page, const struct case_form *form,
                      const struct group_def *group)
{
    struct bytes *out = &page->b->buffer;
    const char **repeats = NULL;
    size_t count = 0, capacity = 0;
    for (size_t r = 0; r < form->count; r++) {
        const struct form_data *data = form->items[r].form;
        for (size_t g = 0; data != NULL && g < data->count; g++) {
            const char *repeat = data->groups[g].repeat;
            size_t k = 0;
            while (k < count && strcmp(repeats[k], repeat != NULL ? repeat : "") != 0) {
                k++;
            }
            if (k == count && strcmp(data->groups[g].oid, group->oid) == 0) {
                *ARENA_PUSH(page->arena, repeats, count, capacity) =
                    repeat != NULL ? repeat : "";
            }
        }
    }
    for (size_t i = 0; i < count; i++) {
        bytes_add_text(out, "<tr class=\"g\"><td colspan=\"3\">");
        xml_add_text(out, group->name);
        if (*repeats[i] != 0) {
            bytes_add_text(out, " ");
            xml_add_text(out, repeats[i]);
        }
        bytes_add_text(out, "</td></tr>\n");
        add_group_rows(page, form, group, *repeats[i] != 0 ? repeats[i] : NULL);
    }
}

/* ---- what happened to a form as a whole ---- */

static void add_submissions(struct case_page *page, const struct case_form *form)
{
    struct bytes *out = &page->b->buffer;
    for (size_t i = 0; i < form->count; i++) {
        const struct read_record *read = form->items[i].read;
        const struct form_data *data = form->items[i].form;
        bytes_printf(
            out, "<li>%s: ",
            data == NULL
                ? word(page, WORD_RETRACTED)
                : word(page, data->state == FORM_COMPLETE ? WORD_COMPLETE : WORD_PARTIAL));
        add_who(page, read);
        add_reason(page, read->record.reason);
        bytes_add_text(out, "<br><small>");
        xml_add_text(out, read->record.signature.statement);
        bytes_add_text(out, "</small></li>\n");
    }
}

static void add_signatures(struct case_page *page, const struct case_form *form)
{
    struct bytes *out = &page->b->buffer;
    for (size_t i = 0; i < page->act_count; i++) {
        const struct read_record *read = page->acts[i];
        const struct form_sign_data *sign = &read->record.data.form_sign;
        for (size_t k = 0; read->record.type == RECORD_FORM_SIGN && k < sign->object_count;
             k++) {
            if (strcmp(sign->objects[k].object, form->object) != 0) {
                continue;
            }
            bytes_printf(out, "<li>%s: ", word(page, WORD_SIGNED));
            add_who(page, read);
            bytes_add_text(out, "<br><small>");
            xml_add_text(out, read->record.signature.statement);
            bytes_add_text(out, "</small></li>\n");
        }
        for (size_t k = 0;
             read->record.type == RECORD_FORM_SIGN && k < sign->confirmed_count; k++) {
            if (strcmp(sign->confirmed[k].object, form->object) == 0) {
                const char *rule = bundle_rule(sign->confirmed[k].rule);
                bytes_printf(out, "<li>%s [", word(page, WORD_ACCEPTED));
                xml_add_text(out, sign->confirmed[k].rule);
                bytes_add_text(out, "] ");
                xml_add_text(out, rule != NULL ? rule : "");
                add_reason(page, sign->confirmed[k].reason);
                bytes_add_text(out, "</li>\n");
            }
        }
    }
}

/* What a person said about query ID. */
static void add_words_of_query(struct case_page *page, const char *id)
{
    struct bytes *out = &page->b->buffer;
    for (size_t i = 0; i < page->act_count; i++) {
        const struct record *record = &page->acts[i]->record;
        bool about =
            (record->type == RECORD_QUERY_ANSWER || record->type == RECORD_QUERY_CLOSE) &&
            strcmp(record->data.query.query, id) == 0;
        bool opens = record->type == RECORD_QUERY_OPEN &&
                     outcome_effect(&page->acts[i]->outcome, EFFECT_OPEN, id) != NULL;
        if (about || opens) {
            bytes_add_text(out, "<br>");
            xml_add_text(out,
                         about ? record->data.query.text : record->data.query_open.text);
            bytes_add_text(out, " <small>");
            add_who(page, page->acts[i]);
            bytes_add_text(out, "</small>");
        }
    }
}

static void add_queries(struct case_page *page, const struct case_form *form)
{
    struct bytes *out = &page->b->buffer;
    struct rows rows =
        state_rows_where(page->b->state, TABLE_QUERY, form->object, page->arena);
    for (size_t i = 0; i < rows.count; i++) {
        const char *const *query = rows.items[i]->values;
        const char *rule = bundle_rule(query[QUERY_RULE]);
        bytes_printf(out, "<li>%s ", word(page, WORD_QUERY));
        xml_add_text(out, query[QUERY_QUERY]);
        bytes_add_text(out, " (");
        xml_add_text(out, query[QUERY_STATE]);
        bytes_add_text(out, ") ");
        xml_add_text(out, query[QUERY_PATH]);
        bytes_add_text(out, " [");
        xml_add_text(out, query[QUERY_RULE]);
        bytes_add_text(out, "] ");
        xml_add_text(out, rule != NULL ? rule : "");
        add_words_of_query(page, query[QUERY_QUERY]);
        bytes_add_text(out, "</li>\n");
    }
}

/* ---- the page ---- */

static void add_form(struct case_page *page, const struct case_form *form)
{
    struct bytes *out = &page->b->buffer;
    const struct row *row = state_form(page->b->state, form->object);
    bytes_add_text(out, "<h3>");
    xml_add_text(out, form->def != NULL ? form_title(form->def, page->language)
                                        : form->key.form);
    if (row != NULL && row->values[FORM_NUMBER] != NULL) {
        bytes_add_char(out, ' ');
        xml_add_text(out, row->values[FORM_NUMBER]);
    }
    bytes_add_text(out, "</h3>\n");
    bytes_add_text(out, "<p><small>");
    xml_add_text(out, row != NULL
                          ? bundle_state_word(page->language, row->values[FORM_STATE])
                          : word(page, WORD_SETTLED));
    bytes_add_text(out, "; ");
    xml_add_text(out, form->object);
    bytes_printf(out, "</small></p>\n<table><tr><th>%s</th><th>%s</th><th>%s</th></tr>\n",
                 word(page, WORD_QUESTION), word(page, WORD_VALUE),
                 word(page, WORD_HISTORY));
    for (size_t g = 0; form->def != NULL && g < form->def->group_count; g++) {
        add_group(page, form, form->def->groups[g].group);
    }
    bytes_add_text(out, "</table>\n<ul>\n");
    add_submissions(page, form);
    add_signatures(page, form);
    add_queries(page, form);
    bytes_add_text(out, "</ul>\n");
}

static void add_acts(struct case_page *page)
{
    struct bytes *out = &page->b->buffer;
    bytes_printf(out, "<h2>%s</h2>\n<ul>\n", word(page, WORD_RECORDS));
    for (size_t i = 0; i < page->act_count; i++) {
        const struct read_record *read = page->acts[i];
        bytes_printf(out, "<li>%s: ", record_type_name(read->record.type));
        add_who(page, read);
        add_reason(page, read->record.reason);
        bytes_add_text(out, "</li>\n");
    }
    bytes_add_text(out, "</ul>\n");
}

static const char STYLE[] =
    "body{font:10pt/1.4 sans-serif;margin:2em auto;max-width:60em;padding:0 1em}"
    "table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #999;padding:.2em .5em;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}"
    "td:first-child{width:35%}td:nth-child(2){width:20%}"
    "tr.g td{background:#eee;font-weight:bold}ol{margin:0;padding-left:1.5em}"
    "small{color:#444}h2{border-bottom:2px solid #333}"
    "@media print{h2{page-break-before:always}h3{page-break-after:avoid}"
    "tr{page-break-inside:avoid}}";

void bundle_html_begin(struct bundling *b, const char *language, const char *title)
{
    struct bytes *out = &b->buffer;
    bytes_add_text(out, "<!DOCTYPE html>\n<html");
    xml_add_attribute(out, "lang", language);
    bytes_add_text(out,
                   "><head><meta charset=\"utf-8\">"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                   "&#39;none&#39;; style-src &#39;unsafe-inline&#39;\">\n<title>");
    xml_add_text(out, title);
    bytes_printf(out, "</title>\n<style>%s</style></head><body>\n<h1>", STYLE);
    xml_add_text(out, title);
    bytes_add_text(out, "</h1>\n");
}

static void add_title(struct case_page *page)
{
    struct bytes *out = &page->b->buffer;
    const struct metadata_version *version = page->version;
    const char *site = bundle_site_of(page->b, page->subject);
    const struct row *row = site != NULL ? state_site(page->b->state, site) : NULL;
    char time[INSTANT_SIZE];
    instant_format(page->b->time, time);
    bundle_html_begin(page->b, page->language,
                      arena_printf(page->arena, "%s %s, %s",
                                   version != NULL ? version->study->protocol_name : "",
                                   word(page, WORD_SUBJECT), page->subject));
    bytes_add_text(out, "<p>");
    xml_add_text(out, site != NULL ? site : "-");
    bytes_add_text(out, " ");
    xml_add_text(out, row != NULL ? row->values[SITE_NAME] : "");
    bytes_add_text(out, "<br>");
    xml_add_text(out, state_origin(page->b->state));
    bytes_printf(out, ", %llu %s, %.19s UTC</p>\n",
                 (unsigned long long) state_head(page->b->state).size,
                 word(page, WORD_ENTRIES), time);
}

static void add_page(struct case_page *page)
{
    struct bytes *out = &page->b->buffer;
    const char *event = "";
    const char *repeat = "";
    if (page->count > 1) {
        qsort(page->forms, page->count, sizeof(*page->forms), by_place);
    }
    add_title(page);
    for (size_t i = 0; i < page->count; i++) {
        const struct case_form *form = &page->forms[i];
        const char *own = form->key.event_repeat != NULL ? form->key.event_repeat : "";
        if (strcmp(form->key.event, event) != 0 || strcmp(own, repeat) != 0) {
            bytes_add_text(out, "<h2>");
            xml_add_text(out, form->event != NULL ? event_title(form->event, page->language)
                                                  : form->key.event);
            bytes_add_text(out, " ");
            xml_add_text(out, own);
            bytes_add_text(out, "</h2>\n");
        }
        event = form->key.event;
        repeat = own;
        add_form(page, form);
    }
    add_acts(page);
    bytes_add_text(out, "</body></html>\n");
}

status bundle_casebooks(struct bundling *b, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    for (size_t i = 0; i < b->index.subject_count; i++) {
        CLEANUP(bytes_done) struct bytes name = {0};
        struct case_page page = {.b = b, .arena = arena, .subject = b->index.subjects[i]};
        const char *site = bundle_site_of(b, page.subject);
        const struct row *row = site != NULL ? state_site(b->state, site) : NULL;
        page.language = row != NULL ? row->values[SITE_LANGUAGE] : "en";
        arena_reset(arena);
        TRY(collect(&page, i, err));
        path_add_segment(&name, page.subject);
        TRY(file_begin(b, err, "casebook/%s.html", bytes_text(&name)));
        add_page(&page);
        TRY(file_end(b, err));
    }
    return OK;
}
