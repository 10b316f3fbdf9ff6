/* SPDX-License-Identifier: Apache-2.0 */
/*
** study amend and study diff: what a version changes, before anybody signs for it.
**
** The counts come from the casebooks that the founder or sponsor may read, one subject at a
** time; each form is judged by the version it was made under and by the new one. They are an
** estimate for the person who decides: nothing is stored, no value is shown.
*/
#include "clients/admin/admin.h"
#include "clients/admin/definition.h"
#include "clients/lib/book.h"
#include "clients/lib/submit.h"
#include "clients/lib/terminal.h"
#include "protocol/study/diff.h"
#include "protocol/study/odm.h"

#define DEFINITION_MEDIA "application/xml"

/* ---- what differs ---- */

static void tell_differences(struct invocation *run, const struct metadata_version *old,
                             const struct metadata_version *new)
{
    struct differences list = {.arena = run->arena, .language = definition_language(run)};
    struct json_out *json = result_members(run);
    version_diff(old, new, &list);
    json_member(json, "old", old->oid);
    json_member(json, "new", new->oid);
    json_key(json, "differences");
    json_begin(json, '[');
    for (size_t i = 0; i < list.count; i++) {
        difference_to_json(&list.items[i], json);
        say(run, "  %s\n", "  %s\n", list.items[i].sentence);
    }
    json_end(json, ']');
    say(run, "Differences between %s and %s: %zu.\n", "Verschillen tussen %s en %s: %zu.\n",
        old->oid, new->oid, list.count);
}

status admin_study_diff(struct invocation *run, struct err *err)
{
    CLEANUP(definition_file_done) struct definition_file old = {0};
    CLEANUP(definition_file_done) struct definition_file new = {0};
    TRY(definition_file_read(run, run->arguments[1], invocation_option(run, "old"), false,
                             &old, err));
    TRY(definition_file_read(run, run->arguments[2], invocation_option(run, "version"),
                             false, &new, err));
    tell_differences(run, old.version, new.version);
    return OK;
}

/* ---- the versions that are published ---- */

struct published {
    const char *version, *sha256;
    const struct metadata_version *loaded;
};

struct counting {
    struct client *client;
    struct arena *scratch;
    struct published *items;
    size_t count;
    struct recheck_counts counts;
    const struct metadata_version *new;
    uint64_t subjects, forms;
};

static status load_version(struct client *client, struct published *item, struct err *err)
{
    CLEANUP(bytes_done) struct bytes xml = {0};
    struct odm_problems problems = {0};
    const struct study *study = NULL;
    struct digest digest;
    char sha256[DIGEST_HEX_SIZE];
    const char *tail = arena_printf(client->arena, "/blobs/%s", item->sha256);
    TRY(client_get_ok(client, tail, ODM_SIZE_MAX, &xml, err));
    digest_of(span_bytes(&xml), &digest);
    digest_to_hex(&digest, sha256);
    if (strcmp(sha256, item->sha256) != 0) {
        return FAIL(err, ERR_TAMPERED, "the definition is not the one the log names");
    }
    struct span kept = arena_span(client->arena, span_bytes(&xml));
    TRY(odm_read(kept, client->arena, &study, &problems, err));
    item->loaded = study_version(study, item->version);
    return OK;
}

static status load_published(struct counting *counting, struct err *err)
{
    struct client *client = counting->client;
    const struct json *root = NULL;
    TRY(client_get_json(client, "", &root, err));
    const struct json *list = json_get(root, "definitions");
    size_t count = list != NULL && list->kind == J_ARRAY ? list->count : 0;
    counting->items = ARENA_ARRAY(client->arena, count + 1, struct published);
    for (size_t i = 0; i < count; i++) {
        struct published *item = &counting->items[counting->count];
        item->version = json_get_string(&list->items[i], "version");
        item->sha256 = json_get_string(&list->items[i], "sha256");
        if (item->version != NULL && item->sha256 != NULL) {
            TRY(load_version(client, item, err));
            counting->count++;
        }
    }
    return OK;
}

static const struct metadata_version *version_named(const struct counting *counting,
                                                    const char *oid)
{
    for (size_t i = 0; oid != NULL && i < counting->count; i++) {
        if (strcmp(counting->items[i].version, oid) == 0) {
            return counting->items[i].loaded;
        }
    }
    return NULL;
}

/* ---- how many forms would be asked about ---- */

static const struct metadata_version *version_of(void *arg, const struct form_data *form)
{
    return version_named(arg, form->version);
}

static void count_one(void *arg, const struct recheck_finding *finding)
{
    struct counting *counting = arg;
    recheck_counts_add(&counting->counts, finding);
}

static status count_subject(void *arg, const char *subject, const char *site,
                            struct err *err)
{
    struct counting *counting = arg;
    struct book book;
    (void) site;
    TRY(book_get(counting->client, subject, &book, err));
    struct recheck recheck = {.version = counting->new,
                              .version_of = version_of,
                              .each = count_one,
                              .arg = counting,
                              .scratch = counting->scratch};
    recheck_casebook(&recheck, &book.casebook);
    counting->subjects++;
    counting->forms += book.casebook.count;
    return OK;
}

static void tell_count(struct counting *counting, const struct recheck_count *item)
{
    struct invocation *run = counting->client->run;
    struct json_out *json = &run->result;
    json_begin(json, '{');
    json_member(json, "rule", item->rule);
    json_member(json, "form", item->form);
    json_member(json, "item", item->item);
    json_member(json, "act", act_name(item->act));
    json_key(json, "gone");
    json_put_bool(json, item->gone);
    json_member_integer(json, "forms", (int64_t) item->forms);
    json_end(json, '}');
    if (item->gone) {
        say(run, "  %5zu  no longer: %s %s [%s]\n", "  %5zu  niet meer: %s %s [%s]\n",
            item->forms, item->form, item->item, item->rule);
    } else {
        say(run, "  %5zu  now: %s %s [%s]\n", "  %5zu  nu: %s %s [%s]\n", item->forms,
            item->form, item->item, item->rule);
    }
}

static void tell_counts(struct counting *counting)
{
    struct invocation *run = counting->client->run;
    size_t asked = 0;
    recheck_counts_sort(&counting->counts);
    json_key(result_members(run), "would_ask");
    json_begin(&run->result, '[');
    for (size_t i = 0; i < counting->counts.count; i++) {
        tell_count(counting, &counting->counts.items[i]);
        asked += counting->counts.items[i].gone ? 0 : counting->counts.items[i].forms;
    }
    json_end(&run->result, ']');
    json_member_integer(&run->result, "forms", (int64_t) counting->forms);
    say(run,
        "Of %llu forms of %llu subjects that you may read, %zu questions would be new.\n",
        "Van %llu formulieren van %llu deelnemers die u mag lezen, zouden %zu vragen nieuw "
        "zijn.\n",
        (unsigned long long) counting->forms, (unsigned long long) counting->subjects,
        asked);
}

static status tell_amendment(struct client *client, const struct metadata_version *new,
                             struct err *err)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct counting counting = {.client = client,
                                .scratch = scratch,
                                .counts = {.arena = client->arena},
                                .new = new};
    TRY(load_published(&counting, err));
    const struct metadata_version *newest = version_named(&counting, client->facts.version);
    if (newest != NULL) {
        tell_differences(client->run, newest, new);
    }
    TRY(book_subjects(client, NULL, count_subject, &counting, err));
    tell_counts(&counting);
    return OK;
}

/* ---- publishing ---- */

static status be_sure(const struct invocation *run, const char *version, struct err *err)
{
    bool sure = invocation_option(run, "yes") != NULL;
    if (!sure) {
        const char *prompt = arena_printf(
            run->arena, in_words(run, "Publish %s? [y/N] ", "%s publiceren? [j/N] "),
            version);
        TRY(ask_yes(run, prompt, prompt, false, &sure, err));
    }
    return sure ? OK : FAIL(err, ERR_REJECTED, "nothing was signed");
}

static status publish(struct client *client, const struct definition_file *file,
                      struct err *err)
{
    struct outbox_answer answer;
    struct submission submission = {
        .record = {.type = RECORD_STUDY_AMEND},
        .label = arena_printf(client->arena, "study.amend %s", file->version->oid),
        .role = "sponsor",
        .statement = in_words(client->run, "I publish this version of the definition.",
                              "Ik publiceer deze versie van de definitie.")};
    submission.record.data.study_amend.definition =
        (struct definition_ref){file->version->oid, file->sha256};
    TRY(client_put_blob(client, span_bytes(&file->xml), DEFINITION_MEDIA, false, err));
    TRY(submit(client, &submission, &answer, err));
    submit_say(client, submission.label, &answer);
    if (answer.sent == SENT_ACCEPTED) {
        say(client->run,
            "It is in force nowhere yet. For each site, when its committee approved: "
            "crf-admin site version SITE --version %s --sha256 %s --approval TEXT\n",
            "Ze geldt nog nergens. Voor elk centrum, na het oordeel van de commissie: "
            "crf-admin site version SITE --version %s --sha256 %s --approval TEXT\n",
            file->version->oid, file->sha256);
    }
    return answer_status(&answer, err);
}

status admin_study_amend(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    CLEANUP(definition_file_done) struct definition_file file = {0};
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE, &client, err));
    TRY(definition_file_read(run, run->arguments[1], invocation_option(run, "version"),
                             invocation_option(run, "check") == NULL, &file, err));
    TRY(tell_amendment(client, file.version, err));
    if (invocation_option(run, "check") != NULL) {
        return OK;
    }
    TRY(be_sure(run, file.version->oid, err));
    return publish(client, &file, err);
}
