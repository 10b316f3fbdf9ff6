/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why a version that is missing is no failure: at a bedside without network the visit goes on.
** The service takes the version in force for every form, and the person is told.
*/
#include "clients/lib/versions.h"

#include <stdlib.h>

#include "protocol/record/form_version.h"
#include "protocol/study/odm.h"
#include "protocol/study/safety_section.h"

#define BLOB_LIMIT ((size_t) 64 << 20)

/* ---- reading ---- */

struct loaded_version {
    const char *oid;
    const struct study *study;
    const struct metadata_version *version;
    struct dictionaries dictionaries;
    struct loaded_version *next;
};

static bool digest_fits(struct span content, const char *hex)
{
    struct digest digest;
    char own[DIGEST_HEX_SIZE];
    digest_of(content, &digest);
    digest_to_hex(&digest, own);
    return strcmp(own, hex) == 0;
}

/* The blob SHA256, kept in the folder as NAME. */
static status fetch_blob(struct client *client, const char *sha256, const char *name,
                         struct bytes *out, struct err *err)
{
    const char *tail = arena_printf(client->arena, "/blobs/%s", sha256);
    if (folder_has(client->folder, name) &&
        folder_read(client->folder, name, out, NULL) == OK &&
        digest_fits(span_bytes(out), sha256)) {
        return OK;
    }
    bytes_clear(out);
    if (client->signer == NULL) {
        return FAIL(
            err, ERR_UNAVAILABLE,
            "this computer does not have the study's definition yet: go online once");
    }
    TRY(client_get_ok(client, tail, BLOB_LIMIT, out, err));
    if (!digest_fits(span_bytes(out), sha256)) {
        return FAIL(err, ERR_TAMPERED, "the definition is not the one the log names");
    }
    return folder_write(client->folder, name, span_bytes(out), err);
}

/* What the definition uses and the log names; without one its checks cannot tell. */
static struct dictionaries load_dictionaries(struct client *client,
                                             const struct metadata_version *version)
{
    const struct safety_section *section = safety_section_of(version);
    size_t most = client->facts.dictionary_count;
    const struct dictionary **items =
        ARENA_ARRAY(client->definitions, most + 1, const struct dictionary *);
    size_t count = 0;
    for (size_t i = 0; i < most; i++) {
        CLEANUP(bytes_done) struct bytes text = {0};
        const struct client_dictionary *named = &client->facts.dictionaries[i];
        const char *name = arena_printf(client->arena, "definition/%s.tsv", named->sha256);
        if (safety_uses_dictionary(section, named->name, named->version) &&
            fetch_blob(client, named->sha256, name, &text, NULL) == OK &&
            dictionary_read(span_bytes(&text), client->definitions, &items[count], NULL) ==
                OK) {
            count++;
        }
    }
    return (struct dictionaries){items, count};
}

static status read_version(struct client *client, const char *oid,
                           struct loaded_version *loaded, struct err *err)
{
    CLEANUP(bytes_done) struct bytes xml = {0};
    struct odm_problems problems = {0};
    struct arena *arena = client->definitions;
    const struct row *row = state_definition(client->published, oid);
    if (row == NULL) {
        return FAIL(err, ERR_NOT_FOUND, "the study has no version %s of its definition",
                    oid);
    }
    const char *sha256 = row->values[DEFINITION_DIGEST];
    const char *name = arena_printf(client->arena, "definition/%s.xml", sha256);
    TRY(fetch_blob(client, sha256, name, &xml, err));
    struct span kept = arena_span(arena, span_bytes(&xml));
    TRY(odm_read(kept, arena, &loaded->study, &problems, err));
    loaded->oid = arena_text(arena, oid);
    loaded->version = study_version(loaded->study, oid);
    if (loaded->version == NULL) {
        return FAIL(err, ERR_NOT_FOUND, "the definition lacks the version in force");
    }
    loaded->dictionaries = load_dictionaries(client, loaded->version);
    return OK;
}

static status load(struct client *client, const char *oid,
                   const struct loaded_version **ret_loaded, struct err *err)
{
    struct loaded_version *loaded = client->loaded;
    while (loaded != NULL && strcmp(loaded->oid, oid) != 0) {
        loaded = loaded->next;
    }
    if (loaded == NULL) {
        loaded = ARENA_NEW(client->definitions, struct loaded_version);
        TRY(read_version(client, oid, loaded, err));
        loaded->next = client->loaded;
        client->loaded = loaded;
    }
    *ret_loaded = loaded;
    return OK;
}

status client_use_version(struct client *client, const char *version, struct err *err)
{
    const struct loaded_version *loaded = NULL;
    TRY(load(client, version, &loaded, err));
    client->study = loaded->study;
    client->version = loaded->version;
    client->dictionaries = loaded->dictionaries;
    return OK;
}

status client_definition(struct client *client, struct err *err)
{
    if (client->version != NULL) {
        return OK;
    }
    if (client->facts.version == NULL) {
        return FAIL(
            err, ERR_UNAVAILABLE,
            "this computer does not have the study's definition yet: go online once");
    }
    return client_use_version(client, client->facts.version, err);
}

static int compare_newest(const void *a, const void *b)
{
    const struct row *one = *(const struct row *const *) a;
    const struct row *two = *(const struct row *const *) b;
    return one->src_seq != two->src_seq
               ? (one->src_seq < two->src_seq ? 1 : -1)
               : strcmp(one->values[DEFINITION_VERSION], two->values[DEFINITION_VERSION]);
}

bool version_next(struct client *client, size_t *cursor)
{
    struct rows rows = state_rows(client->published, TABLE_DEFINITION, client->arena);
    if (rows.count > 1) {
        qsort(rows.items, rows.count, sizeof(const struct row *), compare_newest);
    }
    while (*cursor < rows.count) {
        const char *oid = rows.items[(*cursor)++]->values[DEFINITION_VERSION];
        if (strcmp(oid, client->facts.version) != 0 &&
            client_use_version(client, oid, NULL) == OK) {
            return true;
        }
    }
    status kind = client_use_version(client, client->facts.version, NULL);
    BUG_IF(kind != OK); /* it was read first */
    return false;
}

/* ---- choosing ---- */

static const char *site_of(const struct client *client, const struct book *book)
{
    bool known = book != NULL && book->known && book->site[0] != '\0';
    return known ? book->site : client->passport.site;
}

/* In force at the subject's site; for the whole study the newest. */
static const char *version_here(const struct client *client, const struct book *book)
{
    const char *site = site_of(client, book);
    const char *here = site != NULL
                           ? state_version_at(client->published, site,
                                              clock_now(client->run->clock), UINT64_MAX)
                           : NULL;
    return here != NULL ? here : client->facts.version;
}

static const char *agreed_under(const struct client *client, const struct book *book,
                                const struct metadata_version *version,
                                const struct form_data *form)
{
    const struct zone zone = {.fixed =
                                  client_offset(client, clock_now(client->run->clock))};
    const struct agreement agreement = {
        .state = client->published,
        .site = site_of(client, book),
        .size = UINT64_MAX,
        .version = version,
        .book = book != NULL ? &book->casebook : NULL,
        .form = form,
        .form_def = form != NULL ? version_form(version, form->key.form) : NULL,
        .zone = &zone};
    return version_when_agreed(&agreement);
}

struct definition_ref version_ref(const struct client *client,
                                  const struct metadata_version *version)
{
    const struct row *row = state_definition(client->published, version->oid);
    BUG_IF(row == NULL); /* it was read by this row */
    return (struct definition_ref){version->oid, row->values[DEFINITION_DIGEST]};
}

const struct metadata_version *version_of_consent(struct client *client,
                                                  const struct metadata_version *version,
                                                  const struct book *book,
                                                  const struct form_data *form)
{
    const struct loaded_version *loaded = NULL;
    const char *oid = agreed_under(client, book, version, form);
    return oid != NULL && load(client, oid, &loaded, NULL) == OK ? loaded->version : NULL;
}

/* All that may say under which version the form KEY is made. */
static struct form_versions find_versions(struct client *client, const struct book *book,
                                          const struct form_key *key,
                                          const struct metadata_version *defs)
{
    struct arena *arena = client->arena;
    struct form_versions versions = {.now = version_here(client, book)};
    const struct form_def *form = key->form != NULL ? version_form(defs, key->form) : NULL;
    if (form != NULL && form->eligibility) {
        versions.consent = agreed_under(client, book, defs, NULL);
    }
    if (book == NULL) {
        return versions;
    }
    const struct form_data *prior =
        key->form != NULL ? casebook_form(&book->casebook, key) : NULL;
    versions.prior = prior != NULL ? prior->version : NULL;
    size_t count = book->casebook.count;
    struct visit_form *forms = ARENA_ARRAY(arena, count + 1, struct visit_form);
    for (size_t i = 0; i < count; i++) {
        const struct form_data *data = book->casebook.forms[i];
        forms[i] = (struct visit_form){data->key, data->version, data->seq};
    }
    form_versions_of_visit(defs, key, forms, count, arena, &versions);
    return versions;
}

/* Does VERSION have the form, and as what it is wanted for? */
static bool has_form(const struct metadata_version *version, const struct form_key *key,
                     enum version_why why)
{
    const struct event_def *event = version_event(version, key->event);
    const struct form_def *form =
        key->form != NULL ? version_form(version, key->form) : NULL;
    bool there =
        event != NULL &&
        (key->form == NULL || (form != NULL && event_form_ref(event, key->form) != NULL));
    return there && (why != VERSION_OF_VISIT || event->type != EVENT_COMMON) &&
           (why != VERSION_OF_CONSENT || (form != NULL && form->eligibility));
}

/* Work by OID if it is here and has the form. */
static status try_version(struct client *client, const char *oid,
                          const struct form_key *key, enum version_why why,
                          struct version_choice *choice, bool *ret_done, struct err *err)
{
    struct err away = {0};
    *ret_done = false;
    if (oid == NULL) {
        return OK;
    }
    status kind = client_use_version(client, oid, &away);
    if (kind == ERR_UNAVAILABLE) {
        choice->missing = choice->missing != NULL ? choice->missing : oid;
        return OK;
    }
    if (kind != OK) {
        if (err != NULL) {
            *err = away;
        }
        return kind;
    }
    *ret_done = has_form(client->version, key, why);
    choice->why = why;
    return OK;
}

status version_for_form(struct client *client, const struct book *book,
                        const struct form_key *key, struct version_choice *ret_choice,
                        struct err *err)
{
    static const enum version_why WHY[] = {[BY_SITE] = VERSION_IN_FORCE,
                                           [BY_VISIT] = VERSION_OF_VISIT,
                                           [BY_CONSENT] = VERSION_OF_CONSENT};
    struct version_choice choice = {0};
    enum form_version_why why = BY_CONSENT;
    bool done = false;
    TRY(client_definition(client, err));
    const struct metadata_version *known = client->version;
    TRY(client_use_version(client, client->facts.version, err));
    bool old = version_event(client->version, key->event) == NULL;
    struct form_versions versions =
        find_versions(client, book, key, old ? known : client->version);
    while (!done && why != BY_SITE) {
        const char *oid = form_version_choose(&versions, &why);
        TRY(try_version(client, oid, key, WHY[why], &choice, &done, err));
        versions.visit_count = why == BY_VISIT ? 0 : versions.visit_count;
        versions.consent = NULL;
    }
    if (!done) {
        TRY(try_version(client, versions.prior, key, VERSION_OF_FORM, &choice, &done, err));
    }
    if (!done) {
        choice.why = VERSION_IN_FORCE;
        TRY(client_use_version(client, client->facts.version, err));
    }
    if (choice.missing != NULL) {
        choice.why = VERSION_MISSING;
    }
    *ret_choice = choice;
    return OK;
}
