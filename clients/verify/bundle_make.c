/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why definitions are sorted by digest: the list must be the same for everyone, whoever
** fetched which first.
*/
#include "clients/verify/bundle_impl.h"

#include "protocol/study/odm.h"

/* ---- definitions ---- */

static bool has_definition(const struct bundle_definitions *list, const char *sha256)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].sha256, sha256) == 0) {
            return true;
        }
    }
    return false;
}

static status load_definition(const struct bundle_parts *parts, const char *sha256,
                              struct bundle_definition *ret_item, struct err *err)
{
    CLEANUP(bytes_done) struct bytes xml = {0};
    struct odm_problems problems = {0};
    struct bundle_definition item = {.sha256 = arena_text(parts->arena, sha256)};
    TRY(parts->blobs->blob(parts->blobs->arg, sha256, &xml, err));
    item.xml = arena_span(parts->arena, span_bytes(&xml));
    TRY(odm_read(item.xml, parts->arena, &item.study, &problems, err));
    *ret_item = item;
    return OK;
}

static int by_digest(const void *a, const void *b)
{
    const struct bundle_definition *left = a;
    const struct bundle_definition *right = b;
    return strcmp(left->sha256, right->sha256);
}

/* All that the log published, in the order of their digests. */
static status bundle_definitions_load(const struct bundle_parts *parts,
                                      struct bundle_definitions *ret_list, struct err *err)
{
    struct bundle_definitions list = {0};
    struct rows rows =
        state_rows(replay_state(parts->replay), TABLE_DEFINITION, parts->arena);
    for (size_t i = 0; i < rows.count; i++) {
        const char *sha256 = rows.items[i]->values[DEFINITION_DIGEST];
        struct bundle_definition item;
        if (sha256 == NULL || has_definition(&list, sha256)) {
            continue;
        }
        TRY(load_definition(parts, sha256, &item, err));
        *ARENA_PUSH(parts->arena, list.items, list.count, list.capacity) = item;
    }
    if (list.count > 1) {
        qsort(list.items, list.count, sizeof(*list.items), by_digest);
    }
    *ret_list = list;
    return OK;
}

status bundle_source_of(const struct bundle_parts *parts, struct bundle_source *ret_source,
                        struct err *err)
{
    struct bundle_definitions list;
    TRY(bundle_definitions_load(parts, &list, err));
    *ret_source = (struct bundle_source){.replay = parts->replay,
                                         .read = spool_read,
                                         .arg = parts->spool,
                                         .definitions = list.items,
                                         .definition_count = list.count,
                                         .checkpoint = parts->note,
                                         .vkey = parts->vkey};
    return OK;
}

/* ---- into the archive ---- */

static status begin_member(void *arg, const char *name, instant time, struct err *err)
{
    return tar_begin(arg, name, time / SECOND, err);
}

static status add_data(void *arg, struct span data, struct err *err)
{
    return tar_data(arg, data, err);
}

static status end_member(void *arg, struct err *err)
{
    return tar_end(arg, err);
}

struct bundle_writer bundle_into(struct tar_writer *tar)
{
    return (struct bundle_writer){begin_member, add_data, end_member, tar};
}

status bundle_make(const struct bundle_parts *parts, struct tar_writer *tar,
                   struct digest *ret_sums, struct err *err)
{
    struct bundle_source source;
    struct bundle_writer writer = bundle_into(tar);
    TRY(bundle_source_of(parts, &source, err));
    return bundle_write(&source, &writer, ret_sums, err);
}

static status add_member(const struct bundle_parts *parts, struct tar_writer *tar,
                         const char *name, struct span content, struct err *err)
{
    int64_t time = state_head(replay_state(parts->replay)).time / SECOND;
    TRY(tar_begin(tar, name, time, err));
    TRY(tar_data(tar, content, err));
    return tar_end(tar, err);
}

status bundle_add_export(const struct bundle_parts *parts, struct tar_writer *tar,
                         const struct bundle_export *export, struct err *err)
{
    TRY(add_member(parts, tar, BUNDLE_NOTE, export->note, err));
    TRY(add_member(parts, tar, BUNDLE_RECORD, export->record, err));
    return add_member(parts, tar, BUNDLE_RECEIPT, export->receipt, err);
}
