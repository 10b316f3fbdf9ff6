/* SPDX-License-Identifier: Apache-2.0 */
/*
** Forms that are there, judged by another version. The same call of check_form() as at the
** door, twice; what only one of the two gives is the difference. Both see the whole casebook
** as it is now, so that only the version makes the difference and not what came later.
*/
#include "protocol/study/diff.h"

static void judge(const struct recheck *recheck, const struct metadata_version *version,
                  const struct casebook *book, const struct form_data *form,
                  struct findings *findings)
{
    struct check_context context = {.place = PLACE_SUBMIT,
                                    .signed_at = form->received_at,
                                    .received_at = form->received_at,
                                    .zone = recheck->zone,
                                    .first_report_at = form->received_at,
                                    .reason_late = true};
    check_form(version, book, form, &context, findings, NULL);
}

static bool has(const struct findings *findings, const struct finding *wanted)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        if (finding->act == wanted->act && finding->due == wanted->due &&
            strcmp(finding->rule, wanted->rule) == 0 &&
            strcmp(finding->object, wanted->object) == 0 &&
            strcmp(finding->path, wanted->path) == 0) {
            return true;
        }
    }
    return false;
}

static void tell(const struct recheck *recheck, const struct form_data *form,
                 const struct findings *some, const struct findings *others, bool gone)
{
    for (size_t i = 0; i < some->count; i++) {
        const struct finding *finding = &some->items[i];
        if (has(others, finding)) {
            continue;
        }
        const char *object = *finding->object != 0
                                 ? finding->object
                                 : form_key_path(recheck->scratch, &form->key);
        struct recheck_finding told = {object,       finding->rule, finding->path,
                                       finding->act, finding->due,  gone};
        recheck->each(recheck->arg, &told);
    }
}

void recheck_casebook(const struct recheck *recheck, const struct casebook *book)
{
    for (size_t i = 0; i < book->count; i++) {
        const struct form_data *form = book->forms[i];
        const struct metadata_version *own = recheck->version_of(recheck->arg, form);
        struct findings before = {.arena = recheck->scratch, .language = "en"};
        struct findings after = {.arena = recheck->scratch, .language = "en"};
        arena_reset(recheck->scratch);
        if (own == NULL || own == recheck->version) {
            continue;
        }
        judge(recheck, own, book, form, &before);
        judge(recheck, recheck->version, book, form, &after);
        tell(recheck, form, &after, &before, false);
        tell(recheck, form, &before, &after, true);
    }
}

/* ---- counting ---- */

static int compare(const struct recheck_count *a, const struct recheck_count *b)
{
    int order = strcmp(a->form, b->form);
    order = order != 0 ? order : strcmp(a->item, b->item);
    order = order != 0 ? order : strcmp(a->rule, b->rule);
    order = order != 0 ? order : (int) a->act - (int) b->act;
    return order != 0 ? order : (int) a->gone - (int) b->gone;
}

static int compare_items(const void *a, const void *b)
{
    return compare(a, b);
}

void recheck_counts_add(struct recheck_counts *counts,
                        const struct recheck_finding *finding)
{
    struct form_key key;
    struct item_key item;
    struct recheck_count wanted = {.rule = finding->rule,
                                   .form = "",
                                   .item = "",
                                   .act = finding->act,
                                   .gone = finding->gone};
    if (form_key_parse(span_text(finding->object), counts->arena, &key)) {
        wanted.form = key.form;
    }
    if (item_path_parse(span_text(finding->path), counts->arena, &item)) {
        wanted.item = item.item != NULL ? item.item : item.group;
    }
    for (size_t i = 0; i < counts->count; i++) {
        if (compare(&counts->items[i], &wanted) == 0) {
            counts->items[i].forms++;
            return;
        }
    }
    wanted.rule = arena_text(counts->arena, wanted.rule);
    wanted.forms = 1;
    *ARENA_PUSH(counts->arena, counts->items, counts->count, counts->capacity) = wanted;
}

void recheck_counts_sort(struct recheck_counts *counts)
{
    if (counts->count > 1) {
        qsort(counts->items, counts->count, sizeof(counts->items[0]), compare_items);
    }
}
