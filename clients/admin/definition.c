/* SPDX-License-Identifier: Apache-2.0 */
/*
** Every command that takes a definition reads it the same way, so that each says the same about
** the same file.
*/
#include "clients/admin/definition.h"

#include "clients/lib/text_file.h"
#include "protocol/study/odm.h"

const char *definition_place(const struct invocation *run,
                             const struct odm_problem *problem)
{
    const char *path = arena_printf(run->arena, "%s%s", problem->path,
                                    problem->path[0] != '\0' ? ": " : "");
    return problem->line == 0
               ? path
               : arena_printf(run->arena, in_words(run, "line %d: %s", "regel %d: %s"),
                              problem->line, path);
}

static void note_problems(const struct invocation *run, const struct odm_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        const struct odm_problem *problem = &problems->items[i];
        note(run, "%s%s%s [%s]\n", "%s%s%s [%s]\n",
             problem->severity != SEVERITY_NOTE ? "" : in_words(run, "note, ", "let op, "),
             definition_place(run, problem), problem->message, problem->rule);
    }
}

static bool find_included(void *arg, const char *study_oid, const char *version_oid,
                          struct span *ret_xml)
{
    (void) study_oid, (void) version_oid; /* the reader looks into the file itself */
    *ret_xml = span_bytes(arg);
    return ret_xml->size > 0;
}

const char *definition_language(const struct invocation *run)
{
    return run->json ? "en" : run->language;
}

status definition_options(const struct invocation *run, struct bytes *included,
                          struct odm_options *ret_options, struct err *err)
{
    const char *file = invocation_option(run, "include");
    if (file != NULL) {
        TRY(text_file_read(file, ODM_SIZE_MAX, included, err));
    }
    *ret_options =
        (struct odm_options){.strict = invocation_option(run, "accept-deviations") == NULL,
                             .study_oid = invocation_option(run, "study-oid"),
                             .language = definition_language(run),
                             .include = file != NULL ? find_included : NULL,
                             .arg = included};
    return OK;
}

/* Everybody reads a published file by its digest, and has nothing beside it. */
static status must_stand_alone(struct odm_options *options, struct err *err)
{
    if (options->include != NULL) {
        return FAIL(err, ERR_BAD_INPUT,
                    "a published definition stands alone: put the included MetaDataVersion "
                    "into the file and leave --include away");
    }
    options->study_oid = NULL; /* the first is read by all */
    return OK;
}

static status is_study(const struct invocation *run, const struct study *study,
                       struct err *err)
{
    const char *wanted = invocation_option(run, "study-oid");
    return wanted == NULL || strcmp(study->oid, wanted) == 0
               ? OK
               : FAIL(err, ERR_BAD_INPUT,
                      "of a published file its first study is read, %s: put %s first, or "
                      "keep it alone in the file",
                      study->oid, wanted);
}

status definition_file_read(struct invocation *run, const char *path, const char *wanted,
                            bool published, struct definition_file *ret_file,
                            struct err *err)
{
    struct odm_problems problems = {0};
    const struct study *study = NULL;
    struct digest digest;
    struct odm_options options;
    TRY(definition_options(run, &ret_file->included, &options, err));
    if (published) {
        TRY(must_stand_alone(&options, err));
    }
    TRY(text_file_read(path, ODM_SIZE_MAX, &ret_file->xml, err));
    status kind = odm_read_with(span_bytes(&ret_file->xml), &options, run->arena, &study,
                                &problems, err);
    note_problems(run, &problems);
    TRY(kind);
    TRY(is_study(run, study, err));
    ret_file->version = wanted != NULL ? study_version(study, wanted)
                                       : study->versions[study->version_count - 1];
    if (ret_file->version == NULL) {
        return FAIL(err, ERR_NOT_FOUND, "the file has no such version");
    }
    digest_of(span_bytes(&ret_file->xml), &digest);
    digest_to_hex(&digest, ret_file->sha256);
    return OK;
}

void definition_file_done(struct definition_file *file)
{
    bytes_done(&file->included);
    bytes_done(&file->xml);
}
