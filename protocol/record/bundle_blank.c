/* SPDX-License-Identifier: Apache-2.0 */
/*
** The forms of each definition as people see them, empty, with what each question is called in
** the data and in CDASH and SDTM: one page for each version and language of a site.
*/
#include "protocol/record/bundle_impl.h"

static void add_alias(struct bytes *out, const struct aliases *aliases, const char *context)
{
    const char *name = aliases_get(aliases, context);
    if (name != NULL) {
        bytes_printf(out, " <small>%s ", context);
        xml_add_text(out, name);
        bytes_add_text(out, "</small>");
    }
}

static void add_answer(struct bytes *out, const struct item_def *item, const char *language)
{
    const struct code_list *list = item->code_list;
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        bytes_add_text(out, "&#9633; ");
        xml_add_text(out, list->items[i].coded_value);
        if (list->items[i].decode.count > 0) {
            bytes_add_text(out, " = ");
            xml_add_text(out, texts_get(&list->items[i].decode, language));
        }
        bytes_add_text(out, "<br>");
    }
    for (size_t i = 0; i < item->unit_count; i++) {
        bytes_add_text(out, i == 0 ? "[" : " | ");
        xml_add_text(out, texts_get(&item->units[i]->symbol, language));
    }
    bytes_add_text(out, item->unit_count > 0 ? "] " : "");
    bytes_printf(out, "<small>%s</small>", data_type_name(item->type));
}

static void add_item(struct bytes *out, const struct item_ref *ref, const char *language)
{
    const struct item_def *item = ref->item;
    bytes_add_text(out, "<tr><td>");
    xml_add_text(out, item_title(item, language));
    if (ref->mandatory || ref->derived) {
        bytes_printf(out, " <small>(%s)</small>",
                     bundle_word(language, ref->derived ? WORD_DERIVED : WORD_MANDATORY));
    }
    bytes_add_text(out, "</td><td>");
    add_answer(out, item, language);
    bytes_add_text(out, "</td><td><b>");
    xml_add_text(out, item->name);
    bytes_add_text(out, "</b> <small>");
    xml_add_text(out, item->oid);
    bytes_add_text(out, "</small>");
    add_alias(out, &item->aliases, "CDASH");
    add_alias(out, &item->aliases, "SDTM");
    bytes_add_text(out, "</td></tr>\n");
}

static status add_form(struct bundling *b, const struct form_def *form,
                       const char *language, struct err *err)
{
    struct bytes *out = &b->buffer;
    bytes_add_text(out, "<h2>");
    xml_add_text(out, form_title(form, language));
    bytes_add_text(out, " <small>");
    xml_add_text(out, form->oid);
    bytes_add_text(out, "</small>");
    add_alias(out, &form->aliases, "SDTM");
    bytes_add_text(out, "</h2>\n<table>\n");
    for (size_t g = 0; g < form->group_count; g++) {
        const struct group_def *group = form->groups[g].group;
        bytes_add_text(out, "<tr class=\"g\"><td colspan=\"3\">");
        xml_add_text(out, group->name);
        bytes_add_text(out, " <small>");
        xml_add_text(out, group->oid);
        bytes_add_text(out, "</small>");
        add_alias(out, &group->aliases, "SDTM");
        bytes_add_text(out, "</td></tr>\n");
        for (size_t i = 0; i < group->item_count; i++) {
            add_item(out, &group->items[i], language);
        }
        TRY(file_flush(b, err));
    }
    bytes_add_text(out, "</table>\n");
    return OK;
}

static status write_page(struct bundling *b, const struct metadata_version *version,
                         const char *language, struct arena *arena, struct err *err)
{
    CLEANUP(bytes_done) struct bytes name = {0};
    path_add_segment(&name, version->oid);
    bytes_add_char(&name, '.');
    path_add_segment(&name, language);
    TRY(file_begin(b, err, "forms/%s.html", bytes_text(&name)));
    bundle_html_begin(b, language,
                      arena_printf(arena, "%s, %s: %s", version->study->protocol_name,
                                   version->name, bundle_word(language, WORD_BLANK)));
    for (size_t f = 0; f < version->form_def_count; f++) {
        TRY(add_form(b, version->form_defs[f], language, err));
    }
    bytes_add_text(&b->buffer, "</body></html>\n");
    return file_end(b, err);
}

/* English, and what the sites speak. */
static size_t find_languages(struct bundling *b, struct arena *arena,
                             const char ***ret_languages)
{
    struct rows sites = state_rows(b->state, TABLE_SITE, arena);
    const char **list = ARENA_ARRAY(arena, sites.count + 1, const char *);
    size_t count = 0;
    list[count++] = "en";
    for (size_t i = 0; i < sites.count; i++) {
        const char *language = sites.items[i]->values[SITE_LANGUAGE];
        size_t k = 0;
        while (k < count && language != NULL && strcmp(list[k], language) != 0) {
            k++;
        }
        if (k == count) {
            list[count++] = language;
        }
    }
    *ret_languages = list;
    return count;
}

status bundle_blank(struct bundling *b, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct rows versions = state_rows(b->state, TABLE_DEFINITION, arena);
    const char **languages = NULL;
    size_t count = find_languages(b, arena, &languages);
    for (size_t v = 0; v < versions.count; v++) {
        const struct metadata_version *version =
            bundle_version(b, versions.items[v]->values[DEFINITION_VERSION]);
        for (size_t i = 0; version != NULL && i < count; i++) {
            TRY(write_page(b, version, languages[i], arena, err));
        }
    }
    return OK;
}
