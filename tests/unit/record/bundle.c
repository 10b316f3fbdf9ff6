/* SPDX-License-Identifier: Apache-2.0 */
/*
** The bundle of a small log: the same bytes twice, sums that hold, tables that say what was
** entered, and no cell that a spreadsheet would run.
*/
#include "tests/support/rows.h"
#include "tests/unit/record/box.h"
#include "tests/unit/record/play.h"

static struct packed prepare(void)
{
    struct scene *s = scene_ready();
    play_submit(s, VS_FORM("partial", "\"IT.SEX\":\"F\",\"IT.NOTE\":\"=HYPERLINK(1)\""));
    scene_submit(s, COORDINATOR,
                 VS_FORM("complete",
                         "\"IT.SEX\":\"F\",\"IT.WEIGHT\":{\"IsNull\":\"not done\","
                         "\"Reason\":\"scale, broken\"},\"IT.NOTE\":\"a <b> & "
                         "\\\"c\\\"\""),
                 "typed wrong");
    play_sign(s, INVESTIGATOR, VS);
    play_sign(s, COORDINATOR, VS); /* refused */
    play_lock(s, DATA_MANAGER, "site/BE01");
    return box_prepare(s, "tests/unit/record/trial.xml");
}

static void two_clients_make_the_same_bytes(void **unused)
{
    (void) unused;
    struct packed packed = prepare();
    struct err err = {0};
    assert_status(box_pack(&packed, &err), OK, &err);
    struct box *first = packed.box;
    struct digest sums = packed.sums;
    packed.box = mem_alloc(sizeof(*packed.box));
    assert_status(box_pack(&packed, &err), OK, &err);
    assert_true(digest_equal(&sums, &packed.sums));
    assert_int_equal(first->count, packed.box->count);
    for (size_t i = 0; i < first->count; i++) {
        assert_string_equal(first->files[i].name, packed.box->files[i].name);
        assert_true(span_equal(span_bytes(&first->files[i].data),
                               span_bytes(&packed.box->files[i].data)));
        assert_true(first->files[i].time == state_head(packed.scene->state).time);
    }
    box_free(first);
    box_done(&packed);
}

static void the_sums_hold(void **unused)
{
    (void) unused;
    CLEANUP(bytes_done) struct bytes wanted = {0};
    struct packed packed = prepare();
    struct err err = {0};
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    assert_status(box_pack(&packed, &err), OK, &err);
    const struct file *sums = box_find(packed.box, "SHA256SUMS");
    digest_of(span_bytes(&sums->data), &digest);
    assert_true(digest_equal(&digest, &packed.sums));
    for (size_t i = 0; i + 1 < packed.box->count; i++) {
        digest_of(span_bytes(&packed.box->files[i].data), &digest);
        digest_to_hex(&digest, hex);
        bytes_printf(&wanted, "%s  %s\n", hex, packed.box->files[i].name);
    }
    assert_string_equal(bytes_text(&sums->data), bytes_text(&wanted));
    box_done(&packed);
}

static void the_data_say_what_was_entered(void **unused)
{
    (void) unused;
    struct packed packed = prepare();
    struct err err = {0};
    assert_status(box_pack(&packed, &err), OK, &err);
    const struct box *box = packed.box;
    box_has(box, "data/F.VS.IG.VS.csv",
            "SEX,SEX_C,SEX_N,WEIGHT,WEIGHT_N,NOTE,NOTE_N\r\nNL01,007-K,SE.V1,");
    box_has(box, "data/F.VS.IG.VS.csv",
            ",F,,,,\"not done: scale, broken\",\"a <b> & \"\"c\"\"\",\r\n");
    box_has(box, "data/odm.xml",
            "<ItemData ItemOID=\"IT.WEIGHT\" IsNull=\"Yes\"><Annotation");
    box_has(box, "data/odm.xml", "Value=\"a &#60;b&#62; &#38; &#34;c&#34;\"");
    box_has(box, "data/odm.xml",
            "<SubjectData SubjectKey=\"007-K\"><SiteRef LocationOID=\"NL01\"/>");
    box_has(box, "data/audit.csv", ",IG.VS/-/IT.NOTE,filled,,,\"'=HYPERLINK(1)\",,,0,\r\n");
    box_has(box, "data/audit.csv", ",IG.VS/-/IT.NOTE,changed,\"'=HYPERLINK(1)\",,");
    box_has(box, "data/audit.csv", ",typed wrong,0,\r\n");
    box_has(box, "data/audit.csv", ",reject,p-0003,,,,reject,");
    box_has(box, "data/signatures.csv",
            ",form.sign,p-0002,Name p-0002,investigator,author,");
    box_has(box, "data/signatures.csv", ",lock,p-0005,");
    box_has(box, "tables/grant.csv", "p-0002,investigator,NL01,");
    box_has(box, "tables/lock.csv", "site/BE01,because,asked p-0005,");
    box_has(box, "data/dictionary.csv", "F.VS,IG.VS,IT.WEIGHT,WEIGHT,");
    box_has(box, "data/codelists.csv", "MDV.1,CL.SEX,sex,F,");
    box_has(box, "definitions/blobs.csv", "0,definition,ST.T,MDV.1,");
    box_has(box, "README.txt", "its first 44 entries");
    box_has(box, "casebook/007-K.html", "<td>a &#60;b&#62; &#38; &#34;c&#34;</td>");
    box_has(box, "casebook/007-K.html", "<li>=HYPERLINK(1)<br>");
    box_has(box, "casebook/007-K.html", "; reden: typed wrong</small>");
    box_has(box, "casebook/007-K.html", "<i>niet gedaan</i>: scale, broken");
    box_lacks(box, "casebook/007-K.html", "<script");
    box_has(box, "forms/MDV.1.nl.html", "<b>WEIGHT</b> <small>IT.WEIGHT</small>");
    box_has(box, "data/read.R", "c(\"F\", \"M\")");
    box_has(box, "data/read.sas", "label WEIGHT='WEIGHT';");
    assert_int_equal(box_find(box, "log/body/000/000043")->data.size,
                     SALT_SIZE + packed.scene->log[43].body.size);
    assert_int_equal(box_find(box, "tile/entries/000.p/44")->data.size > 44 * 200, true);
    box_done(&packed);
}

static status read_other(void *arg, int64_t seq, struct bytes *entry, struct bytes *body,
                         bool *ret_withheld, struct err *err)
{
    TRY(box_read(arg, seq, entry, body, ret_withheld, err));
    if (seq == 40) {
        body->data[body->size - 3] ^= 1;
    }
    return OK;
}

static void a_body_that_was_exchanged_is_found(void **unused)
{
    (void) unused;
    struct packed packed = prepare();
    struct bundle_definition definition = {packed.scene->sha256, span_bytes(&packed.xml),
                                           packed.scene->study};
    struct bundle_source source = {.replay = packed.replay,
                                   .read = read_other,
                                   .arg = packed.scene,
                                   .definitions = &definition,
                                   .definition_count = 1,
                                   .vkey = "k"};
    struct bundle_writer writer = box_writer(packed.box);
    assert_int_equal(bundle_write(&source, &writer, &packed.sums, NULL), ERR_TAMPERED);
    source.read = box_read;
    source.definition_count = 0;
    packed.box->open = false;
    assert_int_equal(bundle_write(&source, &writer, &packed.sums, NULL), ERR_NOT_FOUND);
    box_done(&packed);
}

struct cell_row {
    const char *name, *text, *cell;
} cell_rows[] = {
    {"a plain text stays", "abc", "abc"},
    {"nothing is an empty cell", NULL, ""},
    {"a comma is quoted", "a,b", "\"a,b\""},
    {"a quote is doubled", "a\"b", "\"a\"\"b\""},
    {"a line end is quoted", "a\nb", "\"a\nb\""},
    {"a formula gets an apostrophe", "=1+1", "\"'=1+1\""},
    {"so does an at sign", "@SUM(A1)", "\"'@SUM(A1)\""},
    {"so does a plus before words", "+cmd", "\"'+cmd\""},
    {"so does a minus before words", "-cmd|x", "\"'-cmd|x\""},
    {"so does a tab", "\tx", "\"'\tx\""},
    {"a negative number stays", "-1.5", "-1.5"},
    {"a number with a plus stays", "+2", "+2"},
};

static void check_cell(void **state)
{
    const struct cell_row *row = *state;
    CLEANUP(bytes_done) struct bytes out = {0};
    csv_cell(&out, row->text, true);
    assert_string_equal(bytes_text(&out), row->cell);
}

int main(void)
{
    add_rows(cell_rows, ARRAY_LEN(cell_rows), sizeof(cell_rows[0]), check_cell);
    add_test("two clients make the same bytes", two_clients_make_the_same_bytes);
    add_test("the sums hold", the_sums_hold);
    add_test("the data say what was entered", the_data_say_what_was_entered);
    add_test("a body that was exchanged is found, and a definition that is missing",
             a_body_that_was_exchanged_is_found);
    return run_added("record_bundle");
}
