/* SPDX-License-Identifier: Apache-2.0 */
/*
** What a person types for one item, and what is understood; every typing mistake is a row.
*/
#include "clients/lib/privacy.h"
#include "tests/support/rows.h"
#include "tests/unit/clients/definition.h"

static const struct item_def *item_named(const char *form_short, const char *name)
{
    const struct form_def *form = find_form(mabs06(), span_text(form_short));
    for (size_t g = 0; form != NULL && g < form->group_count; g++) {
        for (size_t i = 0; i < form->groups[g].group->item_count; i++) {
            const struct item_def *item = form->groups[g].group->items[i].item;
            if (strcmp(item->name, name) == 0) {
                return item;
            }
        }
    }
    die(WHERE, name);
}

static const struct reading {
    const char *name, *form, *item, *text;
    enum typed_kind kind;
    const char *value; /* or a piece of the sentence, when it is refused or read back */
    const char *unit;
} readings[] = {
    {"nothing is not yet known", "IN", "INVOL", "  ", TYPED_NOTHING, NULL, NULL},
    {"a number with a point", "IN", "INVOL", "84.5", TYPED_ANSWER, "84.5", "MU.ML"},
    {"a number with a comma", "IN", "INVOL", "84,5", TYPED_ANSWER, "84.5", "MU.ML"},
    {"a number with its unit", "IN", "INVOL", "84,5 mL", TYPED_ANSWER, "84.5", "MU.ML"},
    {"a negative number", "IN", "INVOL", "-1", TYPED_ANSWER, "-1", "MU.ML"},
    {"a plus sign is left out", "IN", "INVOL", "+12", TYPED_ANSWER, "12", "MU.ML"},
    {"1.250 is read back", "IN", "INVOL", "1.250", TYPED_READ_BACK, "and a quarter", NULL},
    {"1,250 is read back too", "IN", "INVOL", "1,250", TYPED_READ_BACK, "1250", NULL},
    {"0.250 has one reading", "IN", "INVOL", "0.250", TYPED_ANSWER, "0.250", "MU.ML"},
    {"1.25 has one reading", "IN", "INVOL", "1.25", TYPED_ANSWER, "1.25", "MU.ML"},
    {"1.234,5 has a thousands mark", "IN", "INVOL", "1.234,5", TYPED_REFUSED, "thousands",
     NULL},
    {"1,234.5 has one as well", "IN", "INVOL", "1,234.5", TYPED_REFUSED, "thousands", NULL},
    {"1 250 with a blank as well", "IN", "INVOL", "1 250", TYPED_REFUSED, "thousands",
     NULL},
    {"1'250 as well", "IN", "INVOL", "1'250", TYPED_REFUSED, "thousands", NULL},
    {"a word is no number", "IN", "INVOL", "much", TYPED_REFUSED, "in mL", NULL},
    {"a wrong unit is said", "IN", "INVOL", "84 kg", TYPED_REFUSED, "in mL", NULL},
    {"a mark alone is no number", "IN", "INVOL", ".", TYPED_REFUSED, "", NULL},
    {"a mark at the end is no number", "IN", "INVOL", "12.", TYPED_REFUSED, "", NULL},
    {"one of two units must be written", "LB", "HB", "8,1", TYPED_REFUSED, "unit", NULL},
    {"a written unit is taken", "LB", "HB", "13 g/dL", TYPED_ANSWER, "13", "MU.HB.GDL"},
    {"a unit that begins with digits", "LB", "PLT", "245 10^9/L", TYPED_ANSWER, "245",
     "MU.E9L"},
    {"an integer takes no fraction", "IN", "INNO", "1,5", TYPED_REFUSED, "whole", NULL},
    {"a code", "IN", "INSIDE", "L", TYPED_ANSWER, "L", NULL},
    {"a code in lower case", "IN", "INSIDE", "l", TYPED_ANSWER, "L", NULL},
    {"a word of the list", "IN", "INSIDE", "left", TYPED_ANSWER, "L", NULL},
    {"a Dutch word of the list", "IN", "INSIDE", "Links", TYPED_ANSWER, "L", NULL},
    {"a word that is not there is named", "IN", "INSIDE", "both", TYPED_REFUSED, "both",
     NULL},
    {"not done, and why", "IN", "INVOL", "!nd pump off", TYPED_ANSWER, NULL, NULL},
    {"not done wants a why", "IN", "INVOL", "!nd", TYPED_REFUSED, "why", NULL},
    {"unknown", "IN", "INVOL", "!unk", TYPED_ANSWER, NULL, NULL},
    {"not applicable, in Dutch", "IN", "INVOL", "!nvt", TYPED_ANSWER, NULL, NULL},
    {"no such word", "IN", "INVOL", "!no", TYPED_REFUSED, "nd and why", NULL},
    {"a date", "VS", "VISDAT", "2026-03-14", TYPED_ANSWER, "2026-03-14", NULL},
    {"a date in another order", "VS", "VISDAT", "14-03-2026", TYPED_REFUSED, "2026-03-14",
     NULL},
    {"a date with two readings names both", "VS", "VISDAT", "03-04-2026", TYPED_REFUSED,
     "2026-04-03 or 2026-03-04", NULL},
    {"an American date", "VS", "VISDAT", "3/14/2026", TYPED_REFUSED, "2026-03-14", NULL},
    {"a date with points", "VS", "VISDAT", "14.3.2026", TYPED_REFUSED, "2026-03-14", NULL},
    {"a date in words", "VS", "VISDAT", "14 March 2026", TYPED_REFUSED, "2026-03-14", NULL},
    {"a date in Dutch words", "VS", "VISDAT", "14 mrt 2026", TYPED_REFUSED, "2026-03-14",
     NULL},
    {"a date without leading zeros", "VS", "VISDAT", "2026-3-14", TYPED_REFUSED,
     "2026-03-14", NULL},
    {"a day that does not exist", "VS", "VISDAT", "2026-02-30", TYPED_REFUSED,
     "year-month-day", NULL},
    {"two digits for a year", "VS", "VISDAT", "14-03-26", TYPED_REFUSED, "year-month-day",
     NULL},
    {"half a date where a whole one is needed", "VS", "VISDAT", "2026-03", TYPED_REFUSED,
     "whole date", NULL},
    {"a month where a part is enough", "DM", "BRTHDAT", "1987-04", TYPED_ANSWER, "1987-04",
     NULL},
    {"a year where a part is enough", "DM", "BRTHDAT", "1987", TYPED_ANSWER, "1987", NULL},
    {"a clock time gets the visit's date", "IN", "INSTTIM", "10:31", TYPED_ANSWER,
     "2026-03-14T10:31+01:00", NULL},
    {"an hour of one digit", "IN", "INSTTIM", "9:52", TYPED_ANSWER,
     "2026-03-14T09:52+01:00", NULL},
    {"date and time", "IN", "INSTTIM", "2026-07-01 16:00", TYPED_ANSWER,
     "2026-07-01T16:00+02:00", NULL},
    {"date, T and time", "IN", "INSTTIM", "2026-07-01T16:00", TYPED_ANSWER,
     "2026-07-01T16:00+02:00", NULL},
    {"a time with a point", "IN", "INSTTIM", "09.52", TYPED_REFUSED, "09:52", NULL},
    {"a time without a mark", "IN", "INSTTIM", "0952", TYPED_REFUSED, "09:52", NULL},
    {"a number that may be a time is read back", "IN", "INSTTIM", "1952", TYPED_READ_BACK,
     "19:52", NULL},
    {"an hour that does not exist", "IN", "INSTTIM", "24:10", TYPED_REFUSED,
     "year-month-day", NULL},
    {"the doubled hour of October is asked", "IN", "INSTTIM", "2026-10-25 02:30",
     TYPED_REFUSED, "02:30+02:00", NULL},
    {"the doubled hour, said which", "IN", "INSTTIM", "2026-10-25 02:30+01:00",
     TYPED_ANSWER, "2026-10-25T02:30+01:00", NULL},
    {"the missing hour of March", "IN", "INSTTIM", "2026-03-29 02:30", TYPED_REFUSED,
     "did not exist", NULL},
    {"a stamp needs date and time", "TC", "TCTIM", "2026-03-14", TYPED_REFUSED,
     "date and time", NULL},
    {"a stamp gets its seconds", "TC", "TCTIM", "14:10", TYPED_ANSWER,
     "2026-03-14T14:10:00+01:00", NULL},
    {"text stays as typed", "IN", "INSTOPWY", " pump, 10:40 ", TYPED_ANSWER, "pump, 10:40",
     NULL},
};

static void check_reading(void **state)
{
    const struct reading *row = *state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct typed_context context = typed_in(arena, "en");
    struct typed typed;
    typed_read(&context, item_named(row->form, row->item), span_text(row->text), &typed);
    if (typed.kind != row->kind) {
        print_error("kind %d: %s\n", (int) typed.kind,
                    typed.sentence != NULL ? typed.sentence : "-");
    }
    assert_int_equal(typed.kind, row->kind);
    if (row->kind == TYPED_REFUSED || row->kind == TYPED_READ_BACK) {
        if (strstr(typed.sentence, row->value) == NULL) {
            fail_msg("\"%s\" does not say \"%s\"", typed.sentence, row->value);
        }
    } else if (row->value != NULL) {
        assert_string_equal(typed.data.value, row->value);
        assert_true((row->unit == NULL) == (typed.data.unit == NULL));
        assert_string_equal(row->unit != NULL ? typed.data.unit : "",
                            row->unit != NULL ? row->unit : "");
    } else if (row->kind == TYPED_ANSWER) {
        assert_int_not_equal(typed.data.null, NOT_NULL);
        assert_null(typed.data.value);
    }
}

static void a_visit_without_a_date_asks_for_the_date(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct typed_context context = typed_in(arena, "en");
    struct typed typed;
    context.has_date = false;
    typed_read(&context, item_named("IN", "INSTTIM"), SPAN_LITERAL("10:31"), &typed);
    assert_int_equal(typed.kind, TYPED_REFUSED);
    assert_non_null(strstr(typed.sentence, "Write the date too"));
}

static void dutch_staff_read_dutch(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct typed_context context = typed_in(arena, "nl");
    struct typed typed;
    typed_read(&context, item_named("VS", "VISDAT"), SPAN_LITERAL("14-03-2026"), &typed);
    assert_string_equal(typed.sentence, "Schrijf deze datum als 2026-03-14.");
}

static const struct moment_row {
    const char *name, *now, *text, *value; /* NULL: refused */
} moment_rows[] = {
    {"now is now, in the site's time", "2026-03-14T09:20:30.5Z", "now",
     "2026-03-14T10:20:30+01:00"},
    {"a clock time is of today", "2026-03-14T09:20:00Z", " 10:30 ",
     "2026-03-14T10:30:00+01:00"},
    {"today is the site's day", "2026-03-13T23:30:00Z", "00:10",
     "2026-03-14T00:10:00+01:00"},
    {"date and time take the offset of that day", "2026-03-14T09:20:00Z",
     "2026-07-01 16:00", "2026-07-01T16:00:00+02:00"},
    {"an offset may be written", "2026-03-14T09:20:00Z", "2026-03-14T16:00:00+01:00",
     "2026-03-14T16:00:00+01:00"},
    {"the doubled hour is asked about", "2026-10-25T12:00:00Z", "02:30", NULL},
    {"a date alone is no moment", "2026-03-14T09:20:00Z", "2026-03-14", NULL},
    {"nor are words", "2026-03-14T09:20:00Z", "half ten", NULL},
};

static void check_moment(void **state)
{
    const struct moment_row *row = *state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct typed_context context = typed_in(arena, "en");
    struct typed typed;
    instant now = 0;
    assert_true(instant_parse(span_text(row->now), &now, NULL));
    typed_read_moment(&context, now, span_text(row->text), &typed);
    assert_int_equal(typed.kind, row->value != NULL ? TYPED_ANSWER : TYPED_REFUSED);
    if (row->value != NULL) {
        assert_string_equal(typed.data.value, row->value);
    } else {
        assert_true(*typed.sentence != 0);
    }
}

static const struct zone_row {
    const char *name, *wall;
    enum wall kind;
    int first, second;
} zone_rows[] = {
    {"winter", "2026-01-10T12:00:00Z", WALL_ONCE, 60, 60},
    {"summer", "2026-07-10T12:00:00Z", WALL_ONCE, 120, 120},
    {"just before the doubled hour", "2026-10-25T01:59:59Z", WALL_ONCE, 120, 120},
    {"the doubled hour", "2026-10-25T02:00:00Z", WALL_TWICE, 120, 60},
    {"the end of the doubled hour", "2026-10-25T02:59:59Z", WALL_TWICE, 120, 60},
    {"just behind the doubled hour", "2026-10-25T03:00:00Z", WALL_ONCE, 60, 60},
    {"just before the missing hour", "2026-03-29T01:59:59Z", WALL_ONCE, 60, 60},
    {"the missing hour", "2026-03-29T02:00:00Z", WALL_NEVER, 60, 60},
    {"just behind the missing hour", "2026-03-29T03:00:00Z", WALL_ONCE, 120, 120},
    {"long after the file's last change", "2080-07-10T12:00:00Z", WALL_ONCE, 120, 120},
};

static void check_zone(void **state)
{
    const struct zone_row *row = *state;
    instant wall = 0;
    int offsets[2];
    assert_true(instant_parse(span_text(row->wall), &wall, NULL));
    assert_int_equal(time_zone_at_wall(amsterdam(), wall, offsets), row->kind);
    assert_int_equal(offsets[0], row->first);
    assert_int_equal(offsets[1], row->second);
}

static void a_zone_nobody_has_is_refused(void **state)
{
    (void) state;
    static const char *const names[] = {"Mars/Olympus", "../../etc/passwd",
                                        "/etc/passwd",  "",
                                        "Europe",       "Europe/Amsterdam\n"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct time_zone *zone = NULL;
        assert_int_equal(time_zone_open(names[i], &zone, NULL), ERR_NOT_FOUND);
        assert_null(zone);
    }
}

static const struct privacy_row {
    const char *name, *text;
    unsigned found;
} privacy_rows[] = {
    {"a plain story says nobody", "Weak right arm after infusion 2, BP 120/80, CK 1234.",
     0},
    {"a BSN passes the 11-test", "bsn 111222333", PRIVACY_BSN},
    {"nine digits that fail it are no BSN", "lot 111222334", 0},
    {"a mobile number", "call 06-12345678", PRIVACY_PHONE},
    {"a number with a country", "call +31 43 123 4567", PRIVACY_PHONE},
    {"an e-mail address", "mail a.jansen@example.org today", PRIVACY_EMAIL},
    {"an at sign alone is none", "5 @ rest", 0},
    {"a date of birth", "born 3-4-1987", PRIVACY_BIRTH},
    {"a Dutch date of birth", "geb. 1987-04-03", PRIVACY_BIRTH},
    {"a year of birth is allowed", "born 1987", 0},
    {"a title before a name", "Dr. Jansen saw her", PRIVACY_NAME},
    {"a Dutch title before a name", "mevr. De Vries", PRIVACY_NAME},
    {"a title before no name", "dr was told", 0},
    {"a date and a time are no phone", "2026-03-14 10:31", 0},
};

static void check_privacy(void **state)
{
    const struct privacy_row *row = *state;
    assert_int_equal(privacy_scan(span_text(row->text)), row->found);
}

int main(void)
{
    add_rows(readings, ARRAY_LEN(readings), sizeof(readings[0]), check_reading);
    add_rows(moment_rows, ARRAY_LEN(moment_rows), sizeof(moment_rows[0]), check_moment);
    add_rows(zone_rows, ARRAY_LEN(zone_rows), sizeof(zone_rows[0]), check_zone);
    add_rows(privacy_rows, ARRAY_LEN(privacy_rows), sizeof(privacy_rows[0]), check_privacy);
    add_test("a clock time without a visit's date asks for the date",
             a_visit_without_a_date_asks_for_the_date);
    add_test("Dutch staff read Dutch", dutch_staff_read_dutch);
    add_test("a zone nobody has is refused", a_zone_nobody_has_is_refused);
    return run_added("what people type");
}
