/* SPDX-License-Identifier: Apache-2.0 */
/*
** Data types, decimals, dates as intervals and three-valued comparison.
*/
#include "protocol/study/value.h"
#include "protocol/study/subject_key.h"
#include "tests/support/rows.h"

/* ---- is it of its type? ---- */

struct type_row {
    const char *name;
    enum data_type type;
    const char *good[10], *bad[14];
};

static const struct type_row type_rows[] = {
    {"text is UTF-8 without control characters",
     TYPE_TEXT,
     {"x", "naïve", "a\nb", " "},
     {"", "\xff", "\x01", "a\x1fz", "\xed\xa0\x80"}},
    {"an integer has digits and perhaps a sign",
     TYPE_INTEGER,
     {"0", "-12", "+3", "007", "123456789012345678901234567890"},
     {"", "1.0", "1,0", "1e3", "-", " 1", "1 ", "0x1", "1234567890123456789012345678901"}},
    {"a float has at most one point and no exponent",
     TYPE_FLOAT,
     {"0", "48.0", "-.5", "5.", "+1.25", "0.000000000000000000000000000000001"},
     {"", ".", "1,5", "1e3", "1.2.3", "INF", "NaN", "--1", "1.5 "}},
    {"a double may have an exponent",
     TYPE_DOUBLE,
     {"1e3", "1.5E-3", "-2E+10", "7"},
     {"", "e3", "1e", "1e+", "1e1000", "1e99999", "INF", "NaN", "1e3.0"}},
    {"a boolean is one of four words",
     TYPE_BOOLEAN,
     {"true", "false", "1", "0"},
     {"", "TRUE", "yes", "2"}},
    {"a date is a whole day that exists",
     TYPE_DATE,
     {"2026-03-14", "2024-02-29", "0001-01-01"},
     {"2026-03", "2023-02-29", "2026-3-4", "14-03-2026", "2026-03-14Z", "2026-03-14T10:00",
      "0000-01-01", "2026-13-01", "2026-00-10", "2026-04-31", "20260314", ""}},
    {"a time has seconds",
     TYPE_TIME,
     {"10:31:00", "23:59:59.5", "10:31:00Z", "10:31:00+02:00"},
     {"10:31", "24:00:00", "10:60:00", "10:31:60", "1:00:00", "10:31:00+15:00", ""}},
    {"a datetime has seconds",
     TYPE_DATETIME,
     {"2026-03-14T10:31:00", "2026-03-14T10:31:00.250+01:00", "2026-03-14T10:31:00Z"},
     {"2026-03-14T10:31", "2026-03-14", "2026-03-14 10:31:00", "2026-03-14T10:31:00+1",
      ""}},
    {"a partial date stops where knowledge does",
     TYPE_PARTIAL_DATE,
     {"2026", "2026-03", "2026-03-14"},
     {"26", "2026-", "2026-03-", "2026-03-14T10", "--03", ""}},
    {"a partial time stops where knowledge does",
     TYPE_PARTIAL_TIME,
     {"10", "10:31", "10:31:05", "10Z", "10:31+01:00"},
     {"", "1", "10:", "10:31:", "25"}},
    {"a partial datetime stops where knowledge does",
     TYPE_PARTIAL_DATETIME,
     {"2026", "2026-03", "2026-03-14", "2026-03-14T10", "2026-03-14T10:31",
      "2026-03-14T10:31+01:00", "2026-03-14T10:31:05.123456Z"},
     {"", "2026-03-14T", "2026-03T10", "2026-03-14T10:31+01", "2026-03-14T10:31:05."}},
    {"an incomplete date has holes",
     TYPE_INCOMPLETE_DATE,
     {"2026---14", "--03-14", "2026-03--", "2026-03-14", "2026", "-----"},
     {"", "----", "2026---32", "2026-02-30"}},
    {"an incomplete time has holes",
     TYPE_INCOMPLETE_TIME,
     {"-:31:-", "10:-:-", "10:31:00", "10"},
     {"", "-", "-:-", "-:61:-"}},
    {"an incomplete datetime has holes",
     TYPE_INCOMPLETE_DATETIME,
     {"2026---14T-:31:-", "2026-03-14T10:31:00Z", "--03--T10:-:-Z", "2026-03-14T10:-:--"},
     {"", "2026---14", "2026---14T10:31"}},
    {"a duration counts each unit once, in order",
     TYPE_DURATION_DATETIME,
     {"P1Y2M3DT4H5M6.5S", "PT8H", "-P3D", "P2W", "+P1Y"},
     {"", "P", "PT", "P1S", "PT1D", "P1M1Y", "P1.5D", "1D", "P2W1D", "P-1D"}},
    {"an interval of time has two ends, one may be a duration",
     TYPE_INTERVAL_DATETIME,
     {"2026-03-14/2026-03-15", "2026-03-14T10:31/PT8H", "P1D/2026"},
     {"", "2026-03-14", "P1D/P1D", "/2026", "2026/", "2026/x", "2013/1003"}},
    {"hexBinary has pairs of digits", TYPE_HEX_BINARY, {"00", "aFF0"}, {"", "0", "0g"}},
    {"base64Binary is padded",
     TYPE_BASE64_BINARY,
     {"AA==", "AAAA"},
     {"", "AA", "A===", "AA=A", "A A="}},
    {"hexFloat is short", TYPE_HEX_FLOAT, {"4110000000000000"}, {"", "4"}},
    {"base64Float is short", TYPE_BASE64_FLOAT, {"QRAAAAAAAAA="}, {"", "QRA"}},
    {"a URI has no blanks and whole escapes",
     TYPE_URI,
     {"urn:x:1", "https://example.org/a%20b", "1.2.840.10008"},
     {"", "a b", "a%2", "a<b", "%zz"}},
};

static void check_type(void **state)
{
    const struct type_row *row = *state;
    struct value value;
    for (size_t i = 0; i < ARRAY_LEN(row->good) && row->good[i] != NULL; i++) {
        if (!value_parse(row->type, span_text(row->good[i]), NULL, &value)) {
            fail_msg("refused %s", row->good[i]);
        }
        assert_true(span_is(value.text, row->good[i]));
    }
    for (size_t i = 0; i < ARRAY_LEN(row->bad) && row->bad[i] != NULL; i++) {
        if (value_parse(row->type, span_text(row->bad[i]), NULL, &value)) {
            fail_msg("accepted \"%s\"", row->bad[i]);
        }
    }
    enum data_type back;
    assert_true(data_type_parse(span_text(data_type_name(row->type)), &back));
    assert_int_equal(back, row->type);
}

/* ---- decimals ---- */

static struct decimal decimal(const char *text)
{
    struct decimal value;
    assert_true(decimal_parse(span_text(text), true, &value));
    return value;
}

struct order_row {
    const char *name, *a, *b;
    int order;
};

static const struct order_row order_rows[] = {
    {"0.1 + 0.2 is 0.3, as people reckon", "0.3", "0.30", 0},
    {"trailing zeros change nothing", "1.500", "1.5", 0},
    {"minus zero is zero", "-0", "0.00", 0},
    {"the smallest step counts", "0.1000000000000000000000000001", "0.1", 1},
    {"negative numbers order the other way", "-2", "-10", 1},
    {"signs decide first", "-1e300", "1e-300", -1},
    {"very large and very small compare", "1e999", "9e-999", 1},
    {"thirty digits compare to the last", "123456789012345678901234567890",
     "123456789012345678901234567891", -1},
    {"an exponent is only a way to write", "1.5e3", "1500", 0},
};

static void check_order(void **state)
{
    const struct order_row *row = *state;
    assert_int_equal(decimal_compare(decimal(row->a), decimal(row->b)), row->order);
    assert_int_equal(decimal_compare(decimal(row->b), decimal(row->a)), -row->order);
}

static void decimals_reckon_exactly(void **state)
{
    (void) state;
    char text[DECIMAL_SIZE];
    struct decimal result;
    assert_true(decimal_add(decimal("0.1"), decimal("0.2"), &result));
    assert_true(decimal_format(result, text));
    assert_string_equal(text, "0.3");
    assert_true(decimal_multiply(decimal("14.0"), decimal("0.6206"), &result));
    assert_true(decimal_format(result, text));
    assert_string_equal(text, "8.6884");
    assert_true(decimal_add(decimal("-5"), decimal("5.00"), &result));
    assert_true(decimal_format(result, text));
    assert_string_equal(text, "0");
    assert_false(decimal_multiply(decimal("123456789012345678901234567891"),
                                  decimal("123456789"), &result));
    assert_false(decimal_add(decimal("1e30"), decimal("1e-30"), &result));
    assert_false(decimal_format(decimal("1e100"), text));
    static const char *const SAME[] = {"0.05", "-120", "1200", "-0.001", "48.5", "7"};
    for (size_t i = 0; i < ARRAY_LEN(SAME); i++) {
        assert_true(decimal_format(decimal(SAME[i]), text));
        assert_string_equal(text, SAME[i]);
    }
}

/* ---- intervals ---- */

static int winter_or_summer(const void *arg, instant wall)
{
    (void) arg;
    return wall < date_to_days(2026, 3, 29) * DAY + 2 * HOUR ? 60 : 120;
}

struct interval_row {
    const char *name, *text, *earliest, *latest;
    bool zone;
};

static const struct interval_row interval_rows[] = {
    {"a year is any moment of it", "2026", "2026-01-01T00:00:00.000000Z",
     "2026-12-31T23:59:59.999999Z", false},
    {"February of a leap year has 29 days", "2024-02", "2024-02-01T00:00:00.000000Z",
     "2024-02-29T23:59:59.999999Z", false},
    {"a minute is sixty seconds", "2026-03-14T10:31", "2026-03-14T10:31:00.000000Z",
     "2026-03-14T10:31:59.999999Z", false},
    {"a written offset holds", "2026-03-14T10:31+01:00", "2026-03-14T09:31:00.000000Z",
     "2026-03-14T09:31:59.999999Z", true},
    {"a fraction is exact", "2026-03-14T10:31:05.25Z", "2026-03-14T10:31:05.250000Z",
     "2026-03-14T10:31:05.250000Z", false},
    {"winter time is taken from the zone", "2026-03-14", "2026-03-13T23:00:00.000000Z",
     "2026-03-14T22:59:59.999999Z", true},
    {"the day the clock changes has 23 hours", "2026-03-29", "2026-03-28T23:00:00.000000Z",
     "2026-03-29T21:59:59.999999Z", true},
};

static void check_interval(void **state)
{
    const struct interval_row *row = *state;
    const struct zone zone = {.offset = winter_or_summer};
    struct interval when;
    char text[INSTANT_SIZE];
    assert_true(interval_parse(span_text(row->text), row->zone ? &zone : NULL, &when));
    instant_format(when.earliest, text);
    assert_string_equal(text, row->earliest);
    instant_format(when.latest, text);
    assert_string_equal(text, row->latest);
}

struct before_row {
    const char *name, *a, *b;
    enum truth before, overlap;
};

static const struct before_row before_rows[] = {
    {"a day is before the next", "2026-03-14", "2026-03-15", YES, NO},
    {"a day is not before the one before", "2026-03-15", "2026-03-14", NO, NO},
    {"a month and a day in it cannot be told", "2026-03", "2026-03-14", UNKNOWN, YES},
    {"the same day cannot be told", "2026-03-14", "2026-03-14", UNKNOWN, YES},
    {"the same instant is not before itself", "2026-03-14T10:31:05.5Z",
     "2026-03-14T10:31:05.5Z", NO, YES},
    {"offsets are reckoned in", "2026-03-14T10:00:00.0+02:00", "2026-03-14T09:00:00.0Z",
     YES, NO},
};

static void check_before(void **state)
{
    const struct before_row *row = *state;
    struct interval a, b;
    assert_true(interval_parse(span_text(row->a), NULL, &a));
    assert_true(interval_parse(span_text(row->b), NULL, &b));
    assert_int_equal(interval_before(a, b), row->before);
    assert_int_equal(interval_after(b, a), row->before);
    assert_int_equal(interval_not_after(b, a), truth_not(row->before));
    assert_int_equal(interval_overlap(a, b), row->overlap);
}

static void an_open_side_stays_open(void **state)
{
    (void) state;
    struct value value;
    assert_true(value_parse(TYPE_INCOMPLETE_DATE, SPAN_LITERAL("--03-14"), NULL, &value));
    struct interval moved = interval_shift(value.when, DAY);
    assert_true(moved.earliest == INSTANT_MIN && moved.latest == INSTANT_MAX);
    assert_int_equal(interval_before(moved, interval_at(0)), UNKNOWN);
    assert_true(value_parse(TYPE_INCOMPLETE_DATE, SPAN_LITERAL("2026---14"), NULL, &value));
    assert_true(value.when.earliest == date_to_days(2026, 1, 14) * DAY);
    assert_true(value.when.latest == date_to_days(2026, 12, 15) * DAY - 1);
}

static void a_wall_clock_comes_back_from_utc(void **state)
{
    (void) state;
    const struct zone zone = {.offset = winter_or_summer};
    for (int day = 1; day <= 28; day++) {
        instant wall = date_to_days(2026, day % 12 + 1, day) * DAY + 12 * HOUR;
        assert_true(zone_to_wall(&zone, zone_to_utc(&zone, wall)) == wall);
    }
    assert_true(zone_to_utc(NULL, 7 * DAY) == 7 * DAY);
}

static void three_values_follow_kleene(void **state)
{
    (void) state;
    static const enum truth ALL[] = {NO, YES, UNKNOWN};
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < 3; j++) {
            enum truth a = ALL[i], b = ALL[j];
            assert_int_equal(truth_not(truth_and(a, b)),
                             truth_or(truth_not(a), truth_not(b)));
            assert_int_equal(truth_and(a, b), truth_and(b, a));
        }
        assert_int_equal(truth_and(NO, ALL[i]), NO);
        assert_int_equal(truth_or(YES, ALL[i]), YES);
        assert_int_equal(truth_and(YES, ALL[i]), ALL[i]);
    }
}

/* ---- subject keys ---- */

static void a_check_character_finds_every_wrong_digit_and_swap(void **state)
{
    (void) state;
    static const char *const CHECKS[] = {"mod23", "mod11"};
    char stem[] = "000-", wrong[] = "000-";
    for (size_t k = 0; k < ARRAY_LEN(CHECKS); k++) {
        for (int n = 0; n < 1000; n++) {
            (void) snprintf(stem, sizeof(stem), "%03d-", n);
            char check = subject_key_character(CHECKS[k], span_text(stem));
            for (size_t at = 0; at < 3; at++) {
                memcpy(wrong, stem, sizeof(stem));
                wrong[at] = wrong[at] == '9' ? '0' : (char) (wrong[at] + 1);
                assert_true(subject_key_character(CHECKS[k], span_text(wrong)) != check);
                memcpy(wrong, stem, sizeof(stem));
                if (at < 2 && wrong[at] != wrong[at + 1]) {
                    wrong[at] = stem[at + 1];
                    wrong[at + 1] = stem[at];
                    assert_true(subject_key_character(CHECKS[k], span_text(wrong)) !=
                                check);
                }
            }
        }
    }
    assert_int_equal(subject_key_character("mod23", SPAN_LITERAL("007-")), 'K');
    assert_int_equal(subject_key_character("mod11", SPAN_LITERAL("0794")), '0');
    assert_int_equal(subject_key_character("", SPAN_LITERAL("007-")), '\0');
}

static void subject_keys_are_made_and_verified(void **state)
{
    (void) state;
    struct arena *arena = arena_new();
    struct err err = {0};
    const struct metadata_version version = {.subject_key_pattern = "[0-9]{3}-[A-HJ-NP-Y]",
                                             .subject_key_check = "mod23"};
    const struct metadata_version plain = {.subject_key_check = ""};
    const char *key = NULL;
    assert_status(subject_key_make(&version, SPAN_LITERAL("007-"), arena, &key, &err), OK,
                  &err);
    assert_string_equal(key, "007-K");
    assert_status(subject_key_verify(&version, span_text(key), &err), OK, &err);
    static const char *const WRONG[] = {"007-L",  "008-K", "07-K", "007-K ",
                                        "x007-K", "",      "7-K"};
    for (size_t i = 0; i < ARRAY_LEN(WRONG); i++) {
        assert_status(subject_key_verify(&version, span_text(WRONG[i]), &err), ERR_REJECTED,
                      &err);
    }
    assert_status(subject_key_make(&version, SPAN_LITERAL("7-"), arena, &key, &err),
                  ERR_BAD_INPUT, &err);
    assert_status(subject_key_verify(&plain, SPAN_LITERAL("anything"), &err), OK, &err);
    assert_status(subject_key_verify(&plain, SPAN_LITERAL("a\nb"), &err), ERR_REJECTED,
                  &err);
    arena_free(arena);
}

int main(void)
{
    add_rows(type_rows, ARRAY_LEN(type_rows), sizeof(type_rows[0]), check_type);
    add_rows(order_rows, ARRAY_LEN(order_rows), sizeof(order_rows[0]), check_order);
    add_test("decimals reckon exactly or not at all", decimals_reckon_exactly);
    add_rows(interval_rows, ARRAY_LEN(interval_rows), sizeof(interval_rows[0]),
             check_interval);
    add_rows(before_rows, ARRAY_LEN(before_rows), sizeof(before_rows[0]), check_before);
    add_test("an open side stays open", an_open_side_stays_open);
    add_test("a wall clock comes back from UTC", a_wall_clock_comes_back_from_utc);
    add_test("three values follow Kleene", three_values_follow_kleene);
    add_test("a check character finds every wrong digit and swap",
             a_check_character_finds_every_wrong_digit_and_swap);
    add_test("subject keys are made and verified", subject_keys_are_made_and_verified);
    return run_added("value");
}
