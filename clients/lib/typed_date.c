/* SPDX-License-Identifier: Apache-2.0 */
/*
** Dates and times as typed. One spelling is accepted; every other that can be understood is
** answered with the right spelling, ready to copy, and both of them where it has two readings.
*/
#include <ctype.h>
#include <strings.h>

#include "clients/lib/typed_impl.h"

/* Years of clinical life: what lies outside is a clock time or a slip. */
#define YEAR_LEAST 1850
#define YEAR_MOST  2200

struct moment {
    int year, month, day; /* 0: not given */
    bool has_time, has_seconds, has_offset;
    int hour, minute, second, offset;
};

bool typed_is_dated(enum data_type type)
{
    return (type >= TYPE_DATE && type <= TYPE_INCOMPLETE_DATETIME);
}

static bool wants_date(enum data_type type)
{
    return type == TYPE_DATE || type == TYPE_PARTIAL_DATE || type == TYPE_INCOMPLETE_DATE;
}

static bool wants_time(enum data_type type)
{
    return type == TYPE_TIME || type == TYPE_PARTIAL_TIME || type == TYPE_INCOMPLETE_TIME;
}

static bool wants_whole(enum data_type type)
{
    return type == TYPE_DATE || type == TYPE_DATETIME || type == TYPE_TIME;
}

/* ---- the one spelling ---- */

/* COUNT digits at *text. */
static bool take_digits(struct span *text, size_t count, int *ret_value)
{
    int value = 0;
    if (text->size < count) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!isdigit(text->data[i])) {
            return false;
        }
        value = value * 10 + (text->data[i] - '0');
    }
    *text = span_of(text->data + count, text->size - count);
    *ret_value = value;
    return true;
}

static bool take_char(struct span *text, char c)
{
    if (text->size == 0 || text->data[0] != (uint8_t) c) {
        return false;
    }
    *text = span_of(text->data + 1, text->size - 1);
    return true;
}

/* 2026, 2026-03, 2026-03-14 */
static bool take_date(struct span *text, struct moment *moment)
{
    struct span rest = *text;
    if (!take_digits(&rest, 4, &moment->year) || moment->year < YEAR_LEAST ||
        moment->year > YEAR_MOST) {
        return false;
    }
    if (take_char(&rest, '-')) {
        if (!take_digits(&rest, 2, &moment->month) ||
            date_month_days(moment->year, moment->month) == 0) {
            return false;
        }
        if (take_char(&rest, '-') &&
            (!take_digits(&rest, 2, &moment->day) || moment->day < 1 ||
             moment->day > date_month_days(moment->year, moment->month))) {
            return false;
        }
    }
    *text = rest;
    return true;
}

static bool take_offset(struct span *text, struct moment *moment)
{
    int hours = 0, minutes = 0;
    if (take_char(text, 'Z')) {
        moment->has_offset = true;
        return true;
    }
    bool minus = text->size > 0 && text->data[0] == '-';
    if (!take_char(text, '+') && !take_char(text, '-')) {
        return true; /* none is fine */
    }
    if (!take_digits(text, 2, &hours) || !take_char(text, ':') ||
        !take_digits(text, 2, &minutes) || hours > 14 || minutes > 59) {
        return false;
    }
    moment->has_offset = true;
    moment->offset = (minus ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

/* 9:52, 09:52, 09:52:30, with an offset or none */
static bool take_time(struct span *text, struct moment *moment)
{
    struct span rest = *text;
    bool two = rest.size > 1 && isdigit(rest.data[1]);
    if (!take_digits(&rest, two ? 2 : 1, &moment->hour) || !take_char(&rest, ':') ||
        !take_digits(&rest, 2, &moment->minute) || moment->hour > 23 ||
        moment->minute > 59) {
        return false;
    }
    if (take_char(&rest, ':')) {
        moment->has_seconds = true;
        if (!take_digits(&rest, 2, &moment->second) || moment->second > 59) {
            return false;
        }
    }
    moment->has_time = true;
    if (!take_offset(&rest, moment)) {
        return false;
    }
    *text = rest;
    return true;
}

static bool read_moment(struct span text, struct moment *ret_moment)
{
    struct moment moment = {0};
    struct span rest = text;
    if (take_time(&rest, &moment)) {
        *ret_moment = moment;
        return rest.size == 0;
    }
    moment = (struct moment){0};
    rest = text;
    if (!take_date(&rest, &moment)) {
        return false;
    }
    if (rest.size > 0) {
        if (moment.day == 0 || (!take_char(&rest, 'T') && !take_char(&rest, ' '))) {
            return false;
        }
        rest = typed_trim(rest);
        if (!take_time(&rest, &moment)) {
            return false;
        }
    }
    *ret_moment = moment;
    return rest.size == 0;
}

bool typed_date(struct span text, int64_t *ret_days)
{
    struct moment moment;
    if (!read_moment(typed_trim(text), &moment) || moment.day == 0 || moment.has_time) {
        return false;
    }
    *ret_days = date_to_days(moment.year, moment.month, moment.day);
    return true;
}

/* ---- other spellings: say the right one ---- */

static int month_of(struct span word)
{
    static const char *const months[][4] = {
        {"jan", NULL},        {"feb", NULL},        {"mar", "mrt", "maa", NULL},
        {"apr", NULL},        {"may", "mei", NULL}, {"jun", NULL},
        {"jul", NULL},        {"aug", NULL},        {"sep", NULL},
        {"oct", "okt", NULL}, {"nov", NULL},        {"dec", NULL}};
    for (size_t i = 0; i < ARRAY_LEN(months) && word.size >= 3; i++) {
        for (size_t j = 0; months[i][j] != NULL; j++) {
            if (strncasecmp((const char *) word.data, months[i][j], 3) == 0) {
                return (int) i + 1;
            }
        }
    }
    return 0;
}

struct guess {
    int numbers[3];
    size_t digits[3];
    size_t count;
    int month; /* by name, or 0 */
};

/* The numbers and the month's name in TEXT, whatever stands between them. */
static bool read_guess(struct span text, struct guess *ret_guess)
{
    struct guess guess = {0};
    size_t at = 0;
    while (at < text.size) {
        size_t end = at;
        while (end < text.size && isdigit(text.data[end]) && end - at < 5) {
            end++;
        }
        if (end > at) {
            struct span digits = span_of(text.data + at, end - at);
            if (guess.count == 3 || digits.size == 5) {
                return false;
            }
            guess.digits[guess.count] = digits.size;
            (void) take_digits(&digits, digits.size, &guess.numbers[guess.count++]);
            at = end;
            continue;
        }
        while (end < text.size && isalpha(text.data[end])) {
            end++;
        }
        if (end > at) {
            guess.month = month_of(span_of(text.data + at, end - at));
            if (guess.month == 0) {
                return false;
            }
            at = end;
            continue;
        }
        at++;
    }
    *ret_guess = guess;
    return true;
}

static bool date_is(int year, int month, int day)
{
    return year >= YEAR_LEAST && year <= YEAR_MOST && day >= 1 &&
           day <= date_month_days(year, month);
}

static void refuse_two(const struct typed_context *context, int year, int a, int b,
                       struct typed *typed)
{
    typed_refuse(typed, typed_say(context,
                                  "This can be read in two ways. Write year-month-day: "
                                  "%04d-%02d-%02d or %04d-%02d-%02d.",
                                  "Dit kan op twee manieren gelezen worden. Schrijf "
                                  "jaar-maand-dag: %04d-%02d-%02d of %04d-%02d-%02d.",
                                  year, b, a, year, a, b));
}

static void refuse_order(const struct typed_context *context, struct span text,
                         struct typed *typed)
{
    struct guess guess;
    int year = 0, month = 0, day = 0;
    if (read_guess(text, &guess) && guess.month > 0 && guess.count == 2) {
        bool year_first = guess.digits[0] == 4;
        year = guess.numbers[year_first ? 0 : 1];
        day = guess.numbers[year_first ? 1 : 0];
        month = guess.month;
    } else if (read_guess(text, &guess) && guess.count == 3 && guess.digits[2] == 4) {
        year = guess.numbers[2];
        int a = guess.numbers[0], b = guess.numbers[1];
        if (a != b && date_is(year, a, b) && date_is(year, b, a)) {
            refuse_two(context, year, a, b, typed);
            return;
        }
        bool day_first = date_is(year, b, a);
        day = day_first ? a : b;
        month = day_first ? b : a;
    } else if (read_guess(text, &guess) && guess.count == 3 && guess.digits[0] == 4) {
        year = guess.numbers[0];
        month = guess.numbers[1];
        day = guess.numbers[2];
    }
    if (date_is(year, month, day)) {
        typed_refuse(typed,
                     typed_say(context, "Write this date as %04d-%02d-%02d.",
                               "Schrijf deze datum als %04d-%02d-%02d.", year, month, day));
        return;
    }
    typed_refuse(typed,
                 typed_say(context,
                           "Write dates as year-month-day (2026-03-14); day not "
                           "known: 2026-03 or 2026.",
                           "Schrijf datums als jaar-maand-dag (2026-03-14); dag niet "
                           "bekend: 2026-03 of 2026."));
}

/* 09.52, 0952, 9h52: a clock time in another spelling. */
static bool clock_guess(struct span text, int *ret_hour, int *ret_minute)
{
    struct span rest = text;
    if (text.size == 4 && take_digits(&rest, 2, ret_hour) &&
        take_digits(&rest, 2, ret_minute)) {
        return *ret_hour < 24 && *ret_minute < 60;
    }
    rest = text;
    bool two = rest.size > 1 && isdigit(rest.data[1]);
    if (!take_digits(&rest, two ? 2 : 1, ret_hour) || rest.size < 3 ||
        strchr(".hu,", rest.data[0]) == NULL) {
        return false;
    }
    rest = span_of(rest.data + 1, rest.size - 1);
    return take_digits(&rest, 2, ret_minute) && *ret_hour < 24 && *ret_minute < 60;
}

static void refuse_clock(const struct typed_context *context, struct span text,
                         struct typed *typed)
{
    int hour = 0, minute = 0;
    if (clock_guess(text, &hour, &minute)) {
        typed_refuse(typed, typed_say(context, "Write this time as %02d:%02d.",
                                      "Schrijf deze tijd als %02d:%02d.", hour, minute));
        return;
    }
    typed_refuse(typed, typed_say(context, "Write times as hours:minutes (09:52).",
                                  "Schrijf tijden als uren:minuten (09:52)."));
}

/* ---- clock times become instants ---- */

static const char *write_offset(struct arena *arena, int minutes)
{
    int size = minutes < 0 ? -minutes : minutes;
    return arena_printf(arena, "%c%02d:%02d", minutes < 0 ? '-' : '+', size / 60,
                        size % 60);
}

static bool find_offset(const struct typed_context *context, struct moment *moment,
                        struct typed *typed)
{
    instant wall = date_to_days(moment->year, moment->month, moment->day) * DAY +
                   moment->hour * HOUR + moment->minute * MINUTE + moment->second * SECOND;
    int offsets[2] = {0, 0};
    if (context->zone == NULL) {
        return true;
    }
    enum wall kind = time_zone_at_wall(context->zone, wall, offsets);
    moment->offset = offsets[0];
    if (kind == WALL_ONCE) {
        return true;
    }
    if (kind == WALL_NEVER) {
        typed_refuse(typed,
                     typed_say(context,
                               "This time did not exist: the clock was put forward in that "
                               "hour.",
                               "Deze tijd bestond niet: de klok ging in dat uur vooruit."));
        return false;
    }
    const char *first = write_offset(context->arena, offsets[0]);
    const char *second = write_offset(context->arena, offsets[1]);
    typed_refuse(
        typed, typed_say(context,
                         "This hour came twice that night. Write %02d:%02d%s for the first "
                         "time (summer) or %02d:%02d%s for the second (winter).",
                         "Dit uur kwam die nacht twee keer. Schrijf %02d:%02d%s voor de "
                         "eerste keer (zomertijd) of %02d:%02d%s voor de tweede.",
                         moment->hour, moment->minute, first, moment->hour, moment->minute,
                         second));
    return false;
}

static void answer_moment(const struct typed_context *context, struct moment *moment,
                          bool seconds, struct typed *typed)
{
    if (!moment->has_offset && !find_offset(context, moment, typed)) {
        return;
    }
    typed->kind = TYPED_ANSWER;
    typed->data.value =
        arena_printf(context->arena, "%04d-%02d-%02dT%02d:%02d%s%s", moment->year,
                     moment->month, moment->day, moment->hour, moment->minute,
                     seconds || moment->has_seconds
                         ? arena_printf(context->arena, ":%02d", moment->second)
                         : "",
                     write_offset(context->arena, moment->offset));
}

/* "1952" beside a visit's date may have meant 19:52. */
static void read_back_year(const struct typed_context *context, const struct moment *moment,
                           struct typed *typed)
{
    int hour = moment->year / 100, minute = moment->year % 100;
    if (!context->has_date || moment->month != 0 || hour > 23 || minute > 59) {
        return;
    }
    typed->kind = TYPED_READ_BACK;
    typed->sentence =
        typed_say(context,
                  "%04d is read as a year. If you mean the time, write "
                  "%02d:%02d.",
                  "%04d wordt gelezen als een jaar. Bedoelt u de tijd, schrijf "
                  "%02d:%02d.",
                  moment->year, hour, minute);
}

static void read_date_time(const struct typed_context *context, enum data_type type,
                           struct moment *moment, struct span text, struct typed *typed)
{
    if (moment->has_time && moment->year == 0) {
        if (!context->has_date) {
            typed_refuse(typed,
                         typed_say(context,
                                   "Write the date too (2026-03-14 09:52): this form "
                                   "has no visit date to go with the time.",
                                   "Schrijf ook de datum (2026-03-14 09:52): dit "
                                   "formulier heeft geen bezoekdatum bij de tijd."));
            return;
        }
        date_from_days(context->date, &moment->year, &moment->month, &moment->day);
    }
    if (moment->has_time) {
        answer_moment(context, moment, wants_whole(type), typed);
    } else if (wants_whole(type)) {
        typed_refuse(typed, typed_say(context, "Write date and time: 2026-03-14 09:52.",
                                      "Schrijf datum en tijd: 2026-03-14 09:52."));
    } else {
        typed_answer(context, text, typed);
        read_back_year(context, moment, typed);
    }
}

static void read_time(const struct typed_context *context, enum data_type type,
                      const struct moment *moment, struct typed *typed)
{
    if (moment->year != 0 || moment->has_offset) {
        typed_refuse(typed, typed_say(context, "Write the time alone: 09:52.",
                                      "Schrijf alleen de tijd: 09:52."));
        return;
    }
    typed->kind = TYPED_ANSWER;
    typed->data.value =
        wants_whole(type) || moment->has_seconds
            ? arena_printf(context->arena, "%02d:%02d:%02d", moment->hour, moment->minute,
                           moment->second)
            : arena_printf(context->arena, "%02d:%02d", moment->hour, moment->minute);
}

void typed_read_date(const struct typed_context *context, const struct item_def *item,
                     struct span text, struct typed *typed)
{
    struct moment moment;
    int hour = 0, minute = 0;
    if (!read_moment(text, &moment)) {
        bool clock = !wants_date(item->type) && clock_guess(text, &hour, &minute);
        if (clock || wants_time(item->type)) {
            refuse_clock(context, text, typed);
        } else {
            refuse_order(context, text, typed);
        }
        return;
    }
    if (wants_time(item->type)) {
        if (!moment.has_time) {
            refuse_clock(context, text, typed);
            return;
        }
        read_time(context, item->type, &moment, typed);
    } else if (!wants_date(item->type)) {
        read_date_time(context, item->type, &moment, text, typed);
    } else if (moment.has_time) {
        typed_refuse(typed, typed_say(context, "Write the date alone: 2026-03-14.",
                                      "Schrijf alleen de datum: 2026-03-14."));
    } else if (wants_whole(item->type) && moment.day == 0) {
        typed_refuse(typed, typed_say(context, "The whole date is needed here: 2026-03-14.",
                                      "Hier is de hele datum nodig: 2026-03-14."));
    } else {
        typed_answer(context, text, typed);
    }
}

static bool says_now(struct span text)
{
    static const char *const words[] = {"now", "nu", "maintenant", "jetzt"};
    bool now = false;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        now = now || span_equal(text, span_text(words[i]));
    }
    return now;
}

void typed_read_moment(const struct typed_context *context, instant now, struct span text,
                       struct typed *ret_typed)
{
    static const struct item_def moment = {.oid = "", .type = TYPE_DATETIME};
    struct typed_context today = *context;
    struct span word = typed_trim(text);
    int offset = context->zone != NULL ? time_zone_offset(context->zone, now) : 0;
    char local[INSTANT_LOCAL_SIZE];
    today.has_date = true;
    today.date = (now + offset * MINUTE) / DAY;
    if (says_now(word)) {
        instant_format_local(now - now % SECOND, offset, local);
        word = span_text(local);
    }
    typed_read(&today, &moment, word, ret_typed);
}

/* "2026-03-14T10:31+01:00" becomes "2026-03-14 10:31", or "10:31" on the visit's day, as long
 * as reading it again gives the same instant. */
const char *typed_write_date(const struct typed_context *context, const char *value)
{
    struct moment moment;
    if (!read_moment(span_text(value), &moment) || !moment.has_time || moment.year == 0) {
        return value;
    }
    char seconds[8] = "";
    if (moment.has_seconds && moment.second != 0) {
        (void) snprintf(seconds, sizeof(seconds), ":%02d", moment.second % 60);
    }
    struct moment again = moment;
    struct typed ignored = {0};
    bool plain = find_offset(context, &again, &ignored) && again.offset == moment.offset;
    const char *offset = plain ? "" : write_offset(context->arena, moment.offset);
    bool today = context->has_date &&
                 date_to_days(moment.year, moment.month, moment.day) == context->date;
    if (today) {
        return arena_printf(context->arena, "%02d:%02d%s%s", moment.hour, moment.minute,
                            seconds, offset);
    }
    return arena_printf(context->arena, "%04d-%02d-%02d %02d:%02d%s%s", moment.year,
                        moment.month, moment.day, moment.hour, moment.minute, seconds,
                        offset);
}
