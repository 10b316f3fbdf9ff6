/* SPDX-License-Identifier: Apache-2.0 */
/*
** A study moves: what one crfd exported as an ODM Snapshot is imported by a site of another,
** through the one way in, and its casebook is the same.
*/
#include "tests/support/files.h"
#include "tests/support/rows.h"
#include "tests/system/programs.h"

#define FOLDER "tests/support/mabs06"

/* ---- the old study ---- */

static void submit_file(const char *path, void *arg)
{
    size_t *count = arg;
    struct answer answer =
        trial_submit_file(trial, INVESTIGATOR, path + strlen(FOLDER) + 1, NULL, NULL);
    if (answer.status != 201) {
        print_error("%s: %d %s\n", path, answer.status, bytes_text(&answer.body));
    }
    *count += answer.status == 201;
    answer_done(&answer);
}

/* The forms of a casebook as lines "object data", sorted as the service sorts them. */
static void forms_of(struct bytes *out)
{
    struct answer answer = trial_get(trial, FOUNDER, "/subjects/007-K");
    assert_int_equal(answer.status, 200);
    const struct json *forms = json_get(answer.json, "forms");
    struct json_out json = {.bytes = out};
    assert_true(forms != NULL && forms->kind == J_ARRAY);
    for (size_t i = 0; i < forms->count; i++) {
        json_begin(&json, '{');
        json_member(&json, "object", json_get_string(&forms->items[i], "object"));
        json_member(&json, "state", json_get_string(&forms->items[i], "state"));
        json_key(&json, "data");
        json_put_value(&json, json_get(&forms->items[i], "data"));
        json_end(&json, '}');
    }
    answer_done(&answer);
}

static struct bytes snapshot, archive, wanted;
static size_t submitted;

static void a_study_is_exported(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    programs_start("old");
    trial_open(trial);
    founder_learns_log();
    trial_enrol(trial, "007-K");
    each_file(FOLDER, ".json", submit_file, &submitted);
    assert_true(submitted > 50);
    forms_of(&wanted);
    assert_ran(RUN("founder", "crf-sponsor", "export", "--output", "old.tar"), 0, "");
    CLEANUP(bytes_done) struct bytes tar = read_file(path_of(arena, "old.tar"));
    bytes_add_span(&snapshot, tar_member(span_bytes(&tar), "data/odm.xml"));
    bytes_add_span(&archive, tar_member(span_bytes(&tar), "data/odm-archive.xml"));
    programs_stop();
}

/* ---- the new one ---- */

static void join_site(void)
{
    char kid[44];
    assert_ran(RUN("founder", "crf-admin", "study", "open", "mabs06.xml"), 0, "entry 0");
    assert_ran(RUN("founder", "crf-admin", "site", "open", "01", "--name", "Aachen",
                   "--country", "DE", "--timezone", "Europe/Berlin", "--language", "de"),
               0, "recorded");
    assert_ran(RUN("founder", "crf-admin", "invite", "A. Maas", "--role", "investigator",
                   "--site", "01", "--output", "inv.crf"),
               0, "by hand or sealed");
    assert_ran(RUN("inv", "crf-site", "join", "inv.crf"), 0, "Fingerabdruck");
    own_kid("inv", kid);
    assert_ran(RUN("founder", "crf-admin", "confirm", "p-0002", "--kid", kid), 0,
               "recorded");
}

static void a_study_starts_anew(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes definition = read_file("protocol/trials/mabs06.xml");
    programs_start("new");
    write_text("mabs06.xml", bytes_text(&definition));
    write_text("snapshot.xml", bytes_text(&snapshot));
    write_text("archive.xml", bytes_text(&archive));
    join_site();
}

static void nobody_is_imported_who_is_not_enrolled(void **state)
{
    (void) state;
    int64_t before = trial_count(trial, "entry");
    assert_ran(RUN("inv", "crf-site", "import", "snapshot.xml", "--yes"), 4,
               "007-K ist hier nicht eingeschrieben: crf-site enrol 007-K [IMP-07]");
    assert_int_equal(trial_count(trial, "entry"), before);
    programs_answer_alarm();
    assert_ran(RUN("inv", "crf-site", "enrol", "007", "--yes"), 0, "007-K");
}

static void a_check_sends_nothing(void **state)
{
    (void) state;
    int64_t before = trial_count(trial, "entry");
    assert_ran(RUN("inv", "crf-site", "import", "snapshot.xml", "--check"), 0,
               "Nur geprüft: nichts wurde unterschrieben oder gesendet.");
    assert_ran(RUN("inv", "crf-site", "import", "snapshot.xml", "--check", "--lang", "en"),
               0, "1 times from line");
    assert_int_equal(trial_count(trial, "entry"), before);
}

static void the_casebook_is_the_same(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes got = {0};
    assert_ran(RUN("inv", "crf-site", "import", "snapshot.xml", "--yes"), 0, "angenommen");
    forms_of(&got);
    assert_string_equal(bytes_text(&got), bytes_text(&wanted));
}

static void the_same_file_again_sends_nothing(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    int64_t before = trial_count(trial, "entry");
    assert_ran(
        RUN("inv", "crf-site", "import", "snapshot.xml", "--yes", "--json"), 0,
        arena_printf(arena, "\"refused\":0,\"unchanged\":%zu,\"waiting\":0", submitted));
    assert_int_equal(trial_count(trial, "entry"), before);
}

static void the_archive_says_nothing_else(void **state)
{
    (void) state;
    int64_t before = trial_count(trial, "entry");
    assert_ran(RUN("inv", "crf-site", "import", "archive.xml", "--yes", "--json"), 0,
               "\"accepted\":0,\"asked\":0,\"refused\":0,");
    assert_int_equal(trial_count(trial, "entry"), before);
}

/* ---- and once more, change by change ---- */

static void a_study_is_told_change_by_change(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes got = {0};
    programs_stop();
    a_study_starts_anew(state);
    programs_answer_alarm();
    assert_ran(RUN("inv", "crf-site", "enrol", "007", "--yes"), 0, "007-K");
    assert_ran(RUN("inv", "crf-site", "import", "archive.xml", "--yes"), 0, "angenommen");
    forms_of(&got);
    assert_string_equal(bytes_text(&got), bytes_text(&wanted));
}

#define AT_VISIT(subject, repeat_of, form, group, item, value)                             \
    "<SubjectData SubjectKey=\"" subject "\" TransactionType=\"Context\">"                 \
    "<SiteRef LocationOID=\"01\"/>"                                                        \
    "<StudyEventData StudyEventOID=\"" repeat_of "\" TransactionType=\"Context\">"         \
    "<FormData FormOID=\"" form "\" TransactionType=\"Insert\">"                           \
    "<ItemGroupData ItemGroupOID=\"" group "\" TransactionType=\"Insert\">"                \
    "<ItemData ItemOID=\"" item "\" TransactionType=\"Insert\" Value=\"" value "\"/>"      \
    "</ItemGroupData></FormData></StudyEventData></SubjectData>"

/* Other systems write in the order of the clock, not of the subjects. */
static void subjects_may_come_in_turns(void **state)
{
    (void) state;
    static const char file[] =
        "<ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" FileType=\"Transactional\" "
        "ODMVersion=\"1.3.2\" FileOID=\"turns\" "
        "CreationDateTime=\"2026-01-20T09:00:00Z\">"
        "<ClinicalData StudyOID=\"ST.MABS06\" MetaDataVersionOID=\"MDV.1\">" AT_VISIT(
            "008-L", "SE.V1", "F.DM", "IG.DM", "IT.BRTHDTC", "1985")
            AT_VISIT("009-M", "SE.V1", "F.DM", "IG.DM", "IT.BRTHDTC", "1991")
                AT_VISIT("008-L", "SE.V1", "F.VISIT", "IG.VISIT", "IT.VISDTC", "2026-01-12")
                    AT_VISIT("009-M", "SE.V1", "F.VISIT", "IG.VISIT", "IT.VISDTC",
                             "2026-01-13") "</ClinicalData></ODM>";
    assert_ran(RUN("inv", "crf-site", "enrol", "008", "--yes"), 0, "008-L");
    assert_ran(RUN("inv", "crf-site", "enrol", "009", "--yes"), 0, "009-M");
    write_text("turns.xml", file);
    assert_ran(RUN("inv", "crf-site", "import", "turns.xml", "--yes", "--json"), 0,
               "\"refused\":0,\"unchanged\":0,\"waiting\":0");
    assert_ran(RUN("inv", "crf-site", "form", "008-L", "V1", "--lang", "en"), 0,
               ": 2026-01-12");
    assert_ran(RUN("inv", "crf-site", "form", "009-M", "V1", "--lang", "en"), 0, ": 1991");
}

static void blank_forms_are_in_the_language_chosen(void **state)
{
    (void) state;
    assert_ran(RUN("inv", "crf-site", "print", "SAE"), 0,
               "Rufen Sie zuerst an, Tag und Nacht: +");
    assert_ran(RUN("inv", "crf-site", "print", "SAE", "--language", "fr-BE"), 0,
               "Téléphonez d'abord, jour et nuit : +");
    assert_ran(RUN("inv", "crf-site", "print", "V4", "--language", "nl"), 0,
               "\n  4. (1) ______________ (2) ______________");
    assert_ran(RUN("inv", "crf-site", "print", "XX"), 3,
               "XX ist weder eine Visite noch ein Formular dieser Studie");
}

int main(void)
{
    add_test("a study is exported", a_study_is_exported);
    add_test("a study starts anew, in German", a_study_starts_anew);
    add_test("nobody is imported who is not enrolled",
             nobody_is_imported_who_is_not_enrolled);
    add_test("a check sends nothing", a_check_sends_nothing);
    add_test("the casebook is the same", the_casebook_is_the_same);
    add_test("the same file again sends nothing", the_same_file_again_sends_nothing);
    add_test("the archive of the same study says nothing else",
             the_archive_says_nothing_else);
    add_test("a study is told change by change", a_study_is_told_change_by_change);
    add_test("subjects may come in turns", subjects_may_come_in_turns);
    add_test("blank forms are in the language chosen",
             blank_forms_are_in_the_language_chosen);
    int failed = run_added("import");
    programs_stop();
    bytes_done(&snapshot);
    bytes_done(&archive);
    bytes_done(&wanted);
    return failed;
}
