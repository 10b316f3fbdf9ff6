/* SPDX-License-Identifier: Apache-2.0 */
/*
** value: the data types of ODM 1.3.2, read strictly, and what can be said about values.
**
** A value travels as text and stays text; value_parse() says whether the text is of its type
** and, for numbers and dates, what it means:
**
** - integer, float, double: an exact decimal of at most 30 significant digits. No binary
**   floating point anywhere. A decimal comma is the client's business and refused here;
**   INF and NaN are no clinical values and refused.
** - date, time and datetime kinds: the text may be less precise than the day or the second,
**   so a date is an interval of instants: "2026-03" lies somewhere in March. Where the text
**   bears no offset from UTC, the caller's zone gives one.
** - all that compares answers in three values: YES, NO, or UNKNOWN = cannot tell. A check
**   acts on YES only.
**
** Sources: ODM 1.3.2 chapter 2.13 and ODM1-3-2-foundation.xsd; W3C XML Schema part 2.
*/
#ifndef CRFD_STUDY_VALUE_H
#define CRFD_STUDY_VALUE_H

#include "base/clock.h"

enum data_type {
    TYPE_TEXT,
    TYPE_STRING,
    TYPE_INTEGER,
    TYPE_FLOAT,
    TYPE_DOUBLE,
    TYPE_BOOLEAN,
    TYPE_DATE,
    TYPE_TIME,
    TYPE_DATETIME,
    TYPE_PARTIAL_DATE,
    TYPE_PARTIAL_TIME,
    TYPE_PARTIAL_DATETIME,
    TYPE_INCOMPLETE_DATE,
    TYPE_INCOMPLETE_TIME,
    TYPE_INCOMPLETE_DATETIME,
    TYPE_DURATION_DATETIME,
    TYPE_INTERVAL_DATETIME,
    TYPE_HEX_BINARY,
    TYPE_BASE64_BINARY,
    TYPE_HEX_FLOAT,
    TYPE_BASE64_FLOAT,
    TYPE_URI,
};

/* The ODM name ("partialDatetime") and back; false for a name that ODM does not have. */
const char *data_type_name(enum data_type type);
bool data_type_parse(struct span name, enum data_type *ret_type);
bool data_type_is_number(enum data_type type);
bool data_type_is_dated(enum data_type type); /* has a place on the time line */

/* Three-valued logic (Kleene). */
enum truth { NO, YES, UNKNOWN };
enum truth truth_and(enum truth a, enum truth b);
enum truth truth_or(enum truth a, enum truth b);
enum truth truth_not(enum truth a);

/* ---- decimals: coefficient x 10^exponent, no trailing zeros, zero is {0, 0} ---- */

struct decimal {
    __int128 coefficient;
    int exponent;
};

#define DECIMAL_DIGITS 30 /* significant digits that a text may have */

/* Optional sign, digits, at most one point; with EXPONENT also E notation. False for
 * anything else and for more digits than DECIMAL_DIGITS or exponents beyond +-999. */
bool decimal_parse(struct span text, bool exponent, struct decimal *ret_value);
struct decimal decimal_of(int64_t value);
int decimal_compare(struct decimal a, struct decimal b); /* <0, 0, >0; exact */

/* Exact, or false when the result has more digits than can be held. */
bool decimal_add(struct decimal a, struct decimal b, struct decimal *ret_sum);
bool decimal_multiply(struct decimal a, struct decimal b, struct decimal *ret_product);

/* A / B for a B that is not zero: exact when the quotient ends within DECIMAL_DIGITS digits,
 * else rounded half to even to DECIMAL_QUOTIENT_DIGITS significant digits (so that two
 * quotients can still be multiplied). False when B is zero. */
#define DECIMAL_QUOTIENT_DIGITS 18
bool decimal_divide(struct decimal a, struct decimal b, struct decimal *ret_quotient);

/* What A leaves when B is taken from it as often as possible; has the sign of A (XPath mod).
 * False when B is zero or it cannot be told exactly. */
bool decimal_modulo(struct decimal a, struct decimal b, struct decimal *ret_rest);

/* VALUE with at most DIGITS digits after the point. */
enum rounding { ROUND_DOWN, ROUND_UP, ROUND_HALF_UP, ROUND_HALF_EVEN };
struct decimal decimal_round(struct decimal value, int digits, enum rounding rounding);

/* Shortest plain notation ("0.05", "-120"), NUL-terminated; false (and "") when it does not
 * fit. */
#define DECIMAL_SIZE 64
bool decimal_format(struct decimal value, char buffer[DECIMAL_SIZE]);

/* ---- dates as intervals ---- */

struct interval {
    instant earliest, latest; /* both inclusive */
};

/* An item that has no bound on a side (an unknown date) uses these. */
#define INSTANT_MIN INT64_MIN
#define INSTANT_MAX INT64_MAX

/* How a site's wall clock relates to UTC. `offset` gives the minutes east of UTC for a wall
 * clock time (as an instant that pretends the wall clock is UTC); NULL means `fixed` minutes
 * always. A NULL zone means UTC. The same zone must give the same answer for ever, since
 * outcomes are replayed. */
struct zone {
    int (*offset)(const void *arg, instant wall);
    const void *arg;
    int fixed;
};

instant zone_to_utc(const struct zone *zone, instant wall);
instant zone_to_wall(const struct zone *zone, instant at);

enum truth interval_before(struct interval a, struct interval b);    /* a < b */
enum truth interval_after(struct interval a, struct interval b);     /* a > b */
enum truth interval_not_after(struct interval a, struct interval b); /* a <= b */
enum truth interval_overlap(struct interval a, struct interval b);
struct interval interval_shift(struct interval a, instant by); /* open sides stay open */
struct interval interval_unknown(void);
struct interval interval_at(instant at);

/* ---- values ---- */

struct value {
    enum data_type type;
    struct span text;      /* borrowed from the caller */
    struct decimal number; /* number types */
    struct interval when;  /* dated types, in UTC */
    struct interval wall;  /* dated types, as the wall clock read (for days and nights) */
    bool has_day;          /* dated types: precise to the day or better */
    bool has_time;         /* dated types: precise to the hour or better */
    bool boolean;          /* TYPE_BOOLEAN */
    int fraction_digits;   /* number types: digits after the point, as written */
    int total_digits;      /* number types: digits as written, leading zeros left out */
};

/* Is TEXT well-typed? On true *ret_value is filled. ZONE (may be NULL: UTC) is for dated
 * types without an offset. A time without a date is well-typed but has no place on the time
 * line: its interval is interval_unknown(). */
bool value_parse(enum data_type type, struct span text, const struct zone *zone,
                 struct value *ret_value);

/* The partial date texts of which a person knows only a part become intervals here: this is
 * value_parse(TYPE_PARTIAL_DATETIME) for those who need no more. */
bool interval_parse(struct span text, const struct zone *zone, struct interval *ret_when);

/* Compare two values of the same kind: numbers by number, dated by interval, all else by
 * bytes (equal or not). -1, 0, 1 in *ret_order with YES; UNKNOWN when intervals overlap; NO
 * when the two cannot be compared. */
enum truth value_order(const struct value *a, const struct value *b, int *ret_order);

#endif
