/* SPDX-License-Identifier: Apache-2.0 */
/*
** The de-identified extract of a whole MABS06 subject: nothing of what was typed freely, no
** date and no date of birth is anywhere in it, whatever form it was submitted on.
*/
#include "base/json.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"
#include "tests/unit/record/box.h"
#include "tests/unit/record/whole.h"

#define SECRET "0123456789abcdef0123456789abcdef"

static struct packed packed;
static size_t texts, dates;

static bool anywhere(const char *text)
{
    for (size_t i = 0; i < packed.box->count; i++) {
        const char *name = packed.box->files[i].name;
        if (strncmp(name, "data/", 5) == 0 &&
            strstr(bytes_text(&packed.box->files[i].data), text) != NULL) {
            print_error("%s has %s\n", name, text);
            return true;
        }
    }
    return false;
}

/* Is TEXT a whole cell of a table of data? */
static bool is_cell(const char *text)
{
    CLEANUP(bytes_done) struct bytes cell = {0};
    bytes_printf(&cell, ",%s,", text);
    return anywhere(bytes_text(&cell));
}

static void judge_text(const char *value)
{
    texts++;
    if (strlen(value) >= 5 ? anywhere(value) : is_cell(value)) {
        fail_msg("the free text %s is in the extract", value);
    }
}

static void judge_value(const struct item_def *def, const char *value)
{
    bool free_text =
        def->code_list == NULL && (def->type == TYPE_TEXT || def->type == TYPE_STRING);
    if (value == NULL) {
        return;
    }
    if (free_text) {
        judge_text(value);
    } else if (data_type_is_dated(def->type) && strlen(value) >= 7) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        dates++;
        if (anywhere(arena_printf(arena, "%.10s", value)) ||
            anywhere(arena_printf(arena, "%.7s", value))) {
            fail_msg("the date %s is in the extract", value);
        }
    }
}

static void judge_file(const char *path, void *arg)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes text = read_file(path);
    const struct json *json = NULL;
    struct form_data form;
    (void) arg;
    assert_int_equal(json_parse(span_bytes(&text), &JSON_RECORD, arena, &json, NULL), OK);
    assert_int_equal(form_data_from_json(json, arena, &form, NULL), OK);
    for (size_t g = 0; g < form.count; g++) {
        for (size_t i = 0; i < form.groups[g].count; i++) {
            const struct item_data *item = &form.groups[g].items[i];
            const struct item_def *def =
                version_item(packed.scene->study->versions[0], item->oid);
            judge_value(def, item->value);
            if (item->reason != NULL) {
                judge_text(item->reason);
            }
        }
    }
    if (form.key.form_repeat != NULL) {
        judge_text(form.key.form_repeat);
    }
}

static void nothing_typed_freely_and_no_date_is_in_it(void **unused)
{
    (void) unused;
    assert_true(each_file(WHOLE_FORMS, ".json", judge_file, NULL) >= 60);
    assert_true(texts > 50 && dates > 100);
    assert_false(anywhere("007-K"));
    assert_false(anywhere("NL01"));
    assert_false(anywhere("Name p-"));
    assert_false(anywhere("SAE-0001"));
}

/* "2026-03" or "2026-03-14" in any table, whoever typed it. */
static void no_table_has_anything_like_a_date(void **unused)
{
    (void) unused;
    for (size_t f = 0; f < packed.box->count; f++) {
        const struct file *file = &packed.box->files[f];
        const char *text = bytes_text(&file->data);
        bool table = strncmp(file->name, "data/F.", 7) == 0;
        assert_true(file->time == 0);
        for (size_t i = 0; table && text[i] != 0; i++) {
            if ((strncmp(text + i, "20", 2) == 0 || strncmp(text + i, "19", 2) == 0) &&
                strspn(text + i, "0123456789") == 4 && text[i + 4] == '-' &&
                strspn(text + i + 5, "0123456789") == 2) {
                fail_msg("%s has a date: %.12s", file->name, text + i);
            }
        }
    }
}

static void what_stays_is_days_bands_and_codes(void **unused)
{
    (void) unused;
    const struct box *box = packed.box;
    box_has(box, "data/F.CONSENT.IG.CONSENT.csv", "C-00");
    box_has(box, "data/F.CONSENT.IG.CONSENT.csv",
            ",S-001,SE.V1,1,F.CONSENT,1,IG.CONSENT,1,");
    box_has(box, "data/F.CONSENT.IG.CONSENT.csv", ",1,minute,");
    box_has(box, "data/F.DM.IG.DM.csv", ",30-39,");
    box_lacks(box, "data/F.DM.IG.DM.csv", "BRTH");
    box_has(box, "data/F.SAE.IG.SAE.csv", ",hidden,");
    box_has(box, "data/F.AE.IG.AE.csv", ",hidden,");
    box_has(box, "data/F.INFUSION.IG.INFUSION.csv", ",MU.E6,48.5,MU.E6,");
    box_has(box, "data/dictionary.csv", ",study day,");
    box_lacks(box, "data/dictionary.csv", "IT.BRTHDTC");
    box_has(box, BUNDLE_DEIDENTIFIED, "It cannot be replayed to the log");
    box_has(box, "SHA256SUMS", "  data/F.DM.IG.DM.csv\n");
}

static void the_same_secret_gives_the_same_bytes(void **unused)
{
    (void) unused;
    CLEANUP(bytes_done) struct bytes list = {0};
    struct bundle_definition definition;
    struct bundle_source source = box_source(&packed, &definition);
    struct digest sums = packed.sums;
    struct box *first = packed.box;
    struct err err = {0};
    packed.box = mem_alloc(sizeof(*packed.box));
    assert_status(box_pack_deidentified(&packed, SPAN_LITERAL(SECRET), &err), OK, &err);
    assert_true(digest_equal(&sums, &packed.sums));
    box_free(first);
    assert_status(bundle_pseudonyms(&source, SPAN_LITERAL(SECRET), &list, &err), OK, &err);
    assert_non_null(strstr(bytes_text(&list), "S-001,007-K\r\n"));
    assert_non_null(strstr(bytes_text(&list), ",NL01\r\n"));
}

int main(void)
{
    struct err err = {0};
    struct scene *scene = whole_forms();
    whole_close(scene);
    packed = box_prepare(scene, WHOLE_XML);
    assert_status(box_pack_deidentified(&packed, SPAN_LITERAL(SECRET), &err), OK, &err);
    add_test("nothing typed freely and no date is in the extract",
             nothing_typed_freely_and_no_date_is_in_it);
    add_test("no table has anything like a date", no_table_has_anything_like_a_date);
    add_test("what stays is days, bands and codes", what_stays_is_days_bands_and_codes);
    add_test("the same secret gives the same bytes, and the list of pseudonyms",
             the_same_secret_gives_the_same_bytes);
    int failed = run_added("record_bundle_deid");
    box_done(&packed);
    return failed;
}
