/* SPDX-License-Identifier: Apache-2.0 */
/*
** Pages of text: the whole example subject there and back, blank pages, mistakes and where
** their remarks stand, and that nothing typed is ever lost.
*/
#include "tests/support/files.h"
#include "tests/support/rows.h"
#include "tests/unit/clients/definition.h"

/* ---- there and back ---- */

struct round {
    const char *language;
    size_t forms;
};

static void read_page(struct span text, const struct casebook *book, const char *language,
                      struct arena *arena, struct text_form *ret_form)
{
    struct err err = {0};
    struct text_form_context context = {
        .version = mabs06(), .typed = typed_in(arena, language), .book = book};
    context.typed.has_date = false;
    assert_status(text_form_read(text, &context, ret_form, &err), OK, &err);
}

static const struct text_section *section_of(const struct text_form *form,
                                             const char *form_oid)
{
    for (size_t i = 0; i < form->section_count; i++) {
        if (strcmp(form->sections[i].form->oid, form_oid) == 0) {
            return &form->sections[i];
        }
    }
    return NULL;
}

static void there_and_back(const char *path, void *arg)
{
    struct round *round = arg;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes page_text = {0};
    struct form_data form = mabs06_form(strrchr(path, '/') + 1, arena);
    const struct form_data *forms[] = {&form};
    const struct form_def *def = version_form(mabs06(), form.key.form);
    form.number = def->log ? arena_printf(arena, "%s-0001", def->number_prefix) : NULL;
    struct casebook book = casebook_make(form.key.subject, forms, 1, arena);
    struct text_form_page page = {.version = mabs06(),
                                  .typed = typed_in(arena, round->language),
                                  .subject = form.key.subject,
                                  .event = version_event(mabs06(), form.key.event),
                                  .event_repeat = form.key.event_repeat,
                                  .form = def,
                                  .number = form.number,
                                  .book = &book};
    struct text_form read;
    text_form_write(&page, &page_text);
    read_page(span_bytes(&page_text), &book, round->language, arena, &read);
    const struct text_section *section = section_of(&read, def->oid);
    if (section == NULL || read.stops > 0 ||
        form_diff(&form, &section->data, arena).count > 0) {
        print_error("%s:\n%s\n", path, bytes_text(&page_text));
    }
    for (size_t i = 0; i < read.remark_count; i++) {
        print_error("line %zu: %s\n", read.remarks[i].line + 1, read.remarks[i].message);
    }
    assert_non_null(section);
    assert_int_equal(read.stops, 0);
    assert_true(form_key_equal(&section->data.key, &form.key));
    assert_int_equal(section->data.state, form.state);
    assert_int_equal(form_diff(&form, &section->data, arena).count, 0);
    round->forms++;
}

static void every_example_form_reads_back(void **state)
{
    (void) state;
    struct round english = {.language = "en"}, dutch = {.language = "nl"};
    size_t count = each_file("tests/support/mabs06", ".json", there_and_back, &english);
    assert_int_equal(each_file("tests/support/mabs06", ".json", there_and_back, &dutch),
                     count);
    assert_true(count > 50);
    assert_int_equal(english.forms, count);
}

static void every_blank_page_is_read_as_nothing(void **state)
{
    (void) state;
    for (size_t i = 0; i < mabs06()->event_def_count; i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        CLEANUP(bytes_done) struct bytes text = {0};
        struct text_form read;
        struct text_form_page page = {.version = mabs06(),
                                      .typed = typed_in(arena, "en"),
                                      .subject = "007-K",
                                      .event = mabs06()->event_defs[i]};
        if (page.event->type == EVENT_COMMON) {
            continue;
        }
        page.event_repeat = page.event->repeating ? "1" : NULL;
        text_form_write(&page, &text);
        read_page(span_bytes(&text), NULL, false, arena, &read);
        assert_int_equal(read.stops, 0);
        assert_true(read.section_count > 1);
        for (size_t s = 0; s < read.section_count; s++) {
            assert_true(read.sections[s].empty);
        }
    }
}

/* ---- mistakes ---- */

#define HEAD                                                                               \
    "# crf text form 1 | MABS06 | en\nSUBJECT : 007-K\nVISIT : V4\nVISDAT : 2026-03-14\n"

static const struct mistake {
    const char *name;
    const char *text;
    const char *annotated; /* what the file is afterwards; NULL: as it was */
} mistakes[] = {
    {"a page without mistakes stays as it is", HEAD "== IN\nINVOL: 12\n", NULL},
    {"a word for a number", HEAD "== IN\nINVOL: a lot\n",
     HEAD "== IN\n#! INVOL: A number is needed here, in mL.\nINVOL: a lot\n"},
    {"a key that is not there", HEAD "== IN\nINVOLUME: 12\n",
     HEAD "== IN\n#! INVOLUME is no key of Infusion.\nINVOLUME: 12\n"},
    {"a key twice", HEAD "== IN\nINVOL: 12\nINVOL: 13\n",
     HEAD "== IN\nINVOL: 12\n#! INVOL stands already on line 6.\nINVOL: 13\n"},
    {"a line without a colon", HEAD "== IN\nINVOL 12\n",
     HEAD "== IN\n#! This line has no \":\" behind its key.\nINVOL 12\n"},
    {"a form of another visit", HEAD "== CO\nICVER: 2\n",
     HEAD "#! CO is not a form of this visit.\n== CO\nICVER: 2\n"},
    {"a state nobody knows", HEAD "== IN\nSTATE: ready\n",
     HEAD "== IN\n#! STATE is partial or complete.\nSTATE: ready\n"},
    {"a row without a head", HEAD "== AG\n  pre | 09:52\n",
     HEAD "== AG\n#! This row stands under no table head.\n  pre | 09:52\n"},
    {"a row with too many cells", HEAD "== AG\n  WHEN | TIME\n  pre | 09:52 | 1\n",
     HEAD
     "== AG\n  WHEN | TIME\n#! This row has 3 cells, the table has 2 columns. A bar in a "
     "text is written \\|.\n  pre | 09:52 | 1\n"},
    {"a column nobody knows", HEAD "== AG\n  WHEN | TIME | COLOUR\n",
     HEAD "== AG\n#! Column 3 has no key that this form knows.\n  WHEN | TIME | COLOUR\n"},
    {"a time after midnight is asked about",
     HEAD "== AG\n  WHEN | TIME\n  pre | 23:50\n  post | 00:20\n",
     HEAD
     "== AG\n  WHEN | TIME\n  pre | 23:50\n#! 00:20 is far before the row above. After "
     "midnight? Then write the date too: 2026-03-15 00:20.\n  post | 00:20\n"},
    {"Windows line ends and a BOM stay",
     "\xEF\xBB\xBF# crf text form 1 | MABS06\r\nSUBJECT:"
     "007-K\r\nVISIT: V4\r\n== IN\r\nINVOL: x\r\n",
     "\xEF\xBB\xBF# crf text form 1 | MABS06\r\nSUBJECT:007-K\r\nVISIT: V4\r\n== IN\r\n"
     "#! INVOL: A number is needed here, in mL.\r\nINVOL: x\r\n"},
    {"remarks of the last time are replaced", HEAD "== IN\n#! something old\nINVOL: x\n",
     HEAD "== IN\n#! INVOL: A number is needed here, in mL.\nINVOL: x\n"},
    {"a page without a last line end", HEAD "== IN\nINVOL: x",
     HEAD "== IN\n#! INVOL: A number is needed here, in mL.\nINVOL: x"},
    {"no subject", "# crf text form 1\nVISIT: V4\nSUBJECT:\n== IN\nINVOL: 1\n",
     "# crf text form 1\nVISIT: V4\n#! Which subject? Write the number behind "
     "SUBJECT.\nSUBJECT:\n== IN\nINVOL: 1\n"},
    {"an unscheduled visit wants its number",
     "# crf text form 1\nSUBJECT: 007-K\nVISIT: UNS\n",
     "# crf text form 1\nSUBJECT: 007-K\n#! Which one? Write UNS 1, UNS 2 and so "
     "on.\nVISIT: "
     "UNS\n"},
    {"on a safety form a bad answer moves into the story",
     "# crf text form 1 | MABS06 | SERIOUS EVENT | first report | en\nSUBJECT: 007-K\n"
     "AETOXGR: very bad\n",
     "# crf text form 1 | MABS06 | SERIOUS EVENT | first report | en\nSUBJECT: 007-K\n"
     "#! AETOXGR: \"very bad\" is not in the list: mild | moderate | severe | "
     "life-threatening | death. Not known: !unk It goes with the story as typed.\n"
     "AETOXGR: very bad\n"},
};

/* TEXT without its #! lines. */
static void without_remarks(struct span text, struct bytes *out)
{
    while (text.size > 0) {
        const uint8_t *end = memchr(text.data, '\n', text.size);
        size_t size = end != NULL ? (size_t) (end - text.data) + 1 : text.size;
        if (!span_starts(text, "#!")) {
            bytes_add(out, text.data, size);
        }
        text = span_of(text.data + size, text.size - size);
    }
}

static void check_mistake(void **state)
{
    const struct mistake *row = *state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes out = {0};
    CLEANUP(bytes_done) struct bytes kept = {0}, typed = {0};
    struct text_form read;
    read_page(span_text(row->text), NULL, false, arena, &read);
    text_form_annotate(&read, &out);
    assert_string_equal(bytes_text(&out),
                        row->annotated != NULL ? row->annotated : row->text);
    without_remarks(span_bytes(&out), &kept);
    without_remarks(span_text(row->text), &typed);
    assert_string_equal(bytes_text(&kept), bytes_text(&typed));
}

static const struct unreadable {
    const char *name, *text;
} unreadables[] = {
    {"an empty file is no page", ""},
    {"another head is no page", "# crf text form 2\n"},
    {"a page that is not UTF-8 is said so", "# crf text form 1\nSUBJECT: \xE9\n"},
    {"a page about nothing", "# crf text form 1 | MABS06\nSUBJECT: 007-K\n"},
    {"a form nobody knows", "# crf text form 1 | MABS06\nFORM: XYZ\n"},
};

static void check_unreadable(void **state)
{
    const struct unreadable *row = *state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct err err = {0};
    struct text_form read;
    struct text_form_context context = {.version = mabs06(),
                                        .typed = typed_in(arena, "en")};
    assert_status(text_form_read(span_text(row->text), &context, &read, &err),
                  ERR_BAD_INPUT, &err);
}

/* ---- single traits ---- */

static const char *value_at(const struct text_form *form, const char *form_oid,
                            const char *path)
{
    const struct text_section *section = section_of(form, form_oid);
    struct item_key key;
    assert_non_null(section);
    assert_true(item_path_parse(span_text(path), form->arena, &key));
    const struct item_data *item = form_item_at(&section->data, &key);
    return item != NULL ? item->value : NULL;
}

static void an_answer_may_go_on_for_lines(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct text_form read;
    read_page(
        SPAN_LITERAL("# crf text form 1 | SAE\nSUBJECT: 007-K\nNARR:\n| Partner phoned at "
                     "02:10. CT done:\n| result awaited.\n"),
        NULL, false, arena, &read);
    assert_int_equal(read.stops, 0);
    const struct text_section *section = &read.sections[0];
    assert_int_equal(section->data.count, 1);
    assert_string_equal(section->data.groups[0].items[0].value,
                        "Partner phoned at 02:10. CT done:\nresult awaited.");
}

static void a_reason_stands_below_its_change(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct text_form read;
    read_page(SPAN_LITERAL(HEAD "== IN\nINVOL: 12\n~ read wrongly\nINCELLS: 40\n"), NULL,
              false, arena, &read);
    assert_string_equal(section_of(&read, "F.INFUSION")->reason, "INVOL: read wrongly");
}

static void what_does_not_stand_in_the_text_is_kept(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct form_data old = mabs06_form("26-V4-INFUSION.json", arena);
    struct text_form read;
    read_page(SPAN_LITERAL(HEAD "== IN\nINVOL: 12\n"), NULL, false, arena, &read);
    struct text_section *section = &read.sections[1];
    text_form_complete(&read, section, &old);
    struct changes changes = form_diff(&old, &section->data, arena);
    assert_int_equal(changes.count, 1);
    assert_int_equal(changes.items[0].kind, CHANGE_CHANGED);
    assert_string_equal(changes.items[0].new->value, "12");
}

static void an_emptied_answer_is_taken_away(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct form_data old = mabs06_form("26-V4-INFUSION.json", arena);
    struct text_form read;
    read_page(SPAN_LITERAL(HEAD "== IN\nINVOL:\nSTATE: complete\n"), NULL, false, arena,
              &read);
    struct text_section *section = &read.sections[1];
    text_form_complete(&read, section, &old);
    struct changes changes = form_diff(&old, &section->data, arena);
    assert_int_equal(changes.count, 1);
    assert_int_equal(changes.items[0].kind, CHANGE_REMOVED);
}

static void a_bad_safety_answer_is_in_the_story(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct text_form read;
    read_page(
        SPAN_LITERAL("# crf text form 1 | SAE\nSUBJECT: 007-K\nAETOXGR: very bad\nNARR: "
                     "fell\n"),
        NULL, false, arena, &read);
    text_form_complete(&read, &read.sections[0], NULL);
    const struct form_data *data = &read.sections[0].data;
    assert_int_equal(read.stops, 0);
    assert_int_equal(data->count, 1);
    assert_string_equal(data->groups[0].items[0].value, "fell\n[AETOXGR: very bad]");
}

static void a_bar_and_a_line_end_survive_in_a_cell(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct text_form read;
    read_page(SPAN_LITERAL(HEAD
                           "== AG\n  WHEN | TIME | VASODIL\n  pre | 09:52 | a \\| b\xE2\x86"
                           "\xB5"
                           "c\n"),
              NULL, false, arena, &read);
    assert_int_equal(read.stops, 0);
    const struct text_section *section = section_of(&read, "F.ANGIO");
    assert_string_equal(section->places[2].data.value, "a | b\nc");
    assert_string_equal(value_at(&read, "F.VISIT", "IG.VISIT/-/IT.VISDTC"), "2026-03-14");
}

int main(void)
{
    add_test("every form of the example subject reads back as it was written",
             every_example_form_reads_back);
    add_test("every blank page is read as nothing", every_blank_page_is_read_as_nothing);
    add_rows(mistakes, ARRAY_LEN(mistakes), sizeof(mistakes[0]), check_mistake);
    add_rows(unreadables, ARRAY_LEN(unreadables), sizeof(unreadables[0]), check_unreadable);
    add_test("an answer may go on for lines", an_answer_may_go_on_for_lines);
    add_test("a reason stands below its change", a_reason_stands_below_its_change);
    add_test("what does not stand in the text is kept",
             what_does_not_stand_in_the_text_is_kept);
    add_test("an emptied answer is taken away", an_emptied_answer_is_taken_away);
    add_test("a bad answer on a safety form is in the story",
             a_bad_safety_answer_is_in_the_story);
    add_test("a bar and a line end survive in a cell",
             a_bar_and_a_line_end_survive_in_a_cell);
    return run_added("pages of text");
}
