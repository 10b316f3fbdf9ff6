/* SPDX-License-Identifier: Apache-2.0 */
/*
** Exact decimals. A coefficient of up to 37 digits fits in 128 bits with room for one addition;
** texts may have 30, so any two of them compare exactly and most can be multiplied. What would
** not fit is refused, never rounded: a rounded limit is a wrong limit.
*/
#include "protocol/study/value.h"

#define COEFFICIENT_DIGITS 37
#define EXPONENT_MAX       999

static int magnitude_length(unsigned __int128 magnitude)
{
    int length = 0;
    for (; magnitude != 0; magnitude /= 10) {
        length++;
    }
    return length;
}

static unsigned __int128 magnitude_of(struct decimal value)
{
    return value.coefficient < 0
               ? (unsigned __int128) 0 - (unsigned __int128) value.coefficient
               : (unsigned __int128) value.coefficient;
}

static __int128 scale_up(__int128 coefficient, int digits)
{
    for (; digits > 0; digits--) {
        coefficient *= 10;
    }
    return coefficient;
}

static struct decimal normal(__int128 coefficient, int exponent)
{
    if (coefficient == 0) {
        return (struct decimal){0, 0};
    }
    for (; coefficient % 10 == 0; coefficient /= 10) {
        exponent++;
    }
    return (struct decimal){coefficient, exponent};
}

struct decimal decimal_of(int64_t value)
{
    return normal(value, 0);
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* Read "[+-]digits" of an exponent: all of TEXT. */
static bool read_exponent(struct span text, int *ret_exponent)
{
    bool negative = text.size > 0 && text.data[0] == '-';
    size_t i = negative || (text.size > 0 && text.data[0] == '+') ? 1 : 0;
    int exponent = 0;
    if (i == text.size || text.size - i > 4) {
        return false;
    }
    for (; i < text.size; i++) {
        if (!is_digit(text.data[i])) {
            return false;
        }
        exponent = exponent * 10 + (text.data[i] - '0');
    }
    *ret_exponent = negative ? -exponent : exponent;
    return exponent <= EXPONENT_MAX;
}

/* Read "digits[.digits]" into *ret_coefficient (below 10^30) and its scale; *ret_size is what
 * was read. */
static bool read_digits(struct span text, __int128 *ret_coefficient, int *ret_scale,
                        size_t *ret_size)
{
    __int128 coefficient = 0;
    int significant = 0, scale = 0, digits = 0;
    bool point = false;
    size_t i = 0;
    for (; i < text.size && (is_digit(text.data[i]) || (text.data[i] == '.' && !point));
         i++) {
        if (text.data[i] == '.') {
            point = true;
            continue;
        }
        digits++;
        scale += point;
        significant += significant > 0 || text.data[i] != '0';
        if (significant > DECIMAL_DIGITS || scale > EXPONENT_MAX) {
            return false;
        }
        coefficient = coefficient * 10 + (text.data[i] - '0');
    }
    *ret_coefficient = coefficient;
    *ret_scale = scale;
    *ret_size = i;
    return digits > 0;
}

bool decimal_parse(struct span text, bool exponent, struct decimal *ret_value)
{
    __int128 coefficient = 0;
    int scale = 0, power = 0;
    size_t size = 0;
    bool negative = text.size > 0 && text.data[0] == '-';
    if (negative || (text.size > 0 && text.data[0] == '+')) {
        text = span_of(text.data + 1, text.size - 1);
    }
    if (!read_digits(text, &coefficient, &scale, &size)) {
        return false;
    }
    if (size < text.size) {
        if (!exponent || (text.data[size] != 'E' && text.data[size] != 'e') ||
            !read_exponent(span_of(text.data + size + 1, text.size - size - 1), &power)) {
            return false;
        }
    }
    *ret_value = normal(negative ? -coefficient : coefficient, power - scale);
    return true;
}

int decimal_compare(struct decimal a, struct decimal b)
{
    int sign_a = (a.coefficient > 0) - (a.coefficient < 0);
    int sign_b = (b.coefficient > 0) - (b.coefficient < 0);
    if (sign_a != sign_b || sign_a == 0) {
        return (sign_a > sign_b) - (sign_a < sign_b);
    }
    int length_a = magnitude_length(magnitude_of(a));
    int length_b = magnitude_length(magnitude_of(b));
    if (length_a + a.exponent != length_b + b.exponent) {
        return length_a + a.exponent > length_b + b.exponent ? sign_a : -sign_a;
    }
    __int128 left = scale_up(a.coefficient, length_b - length_a);
    __int128 right = scale_up(b.coefficient, length_a - length_b);
    return (left > right) - (left < right);
}

bool decimal_add(struct decimal a, struct decimal b, struct decimal *ret_sum)
{
    if (a.coefficient == 0 || b.coefficient == 0) {
        *ret_sum = a.coefficient == 0 ? b : a;
        return true;
    }
    int exponent = a.exponent < b.exponent ? a.exponent : b.exponent;
    if (magnitude_length(magnitude_of(a)) + a.exponent - exponent > COEFFICIENT_DIGITS ||
        magnitude_length(magnitude_of(b)) + b.exponent - exponent > COEFFICIENT_DIGITS) {
        return false;
    }
    struct decimal sum = normal(scale_up(a.coefficient, a.exponent - exponent) +
                                    scale_up(b.coefficient, b.exponent - exponent),
                                exponent);
    if (magnitude_length(magnitude_of(sum)) > COEFFICIENT_DIGITS) {
        return false;
    }
    *ret_sum = sum;
    return true;
}

bool decimal_multiply(struct decimal a, struct decimal b, struct decimal *ret_product)
{
    if (magnitude_length(magnitude_of(a)) + magnitude_length(magnitude_of(b)) >
        COEFFICIENT_DIGITS) {
        return false;
    }
    *ret_product = normal(a.coefficient * b.coefficient, a.exponent + b.exponent);
    return true;
}

/* MAGNITUDE / 10^DROP; *ret_rest says how what was dropped relates to a half: 0 nothing, 1
 * less, 2 a half, 3 more. STICKY: something lies behind the last digit already. */
static unsigned __int128 drop_digits(unsigned __int128 magnitude, int drop, bool sticky,
                                     int *ret_rest)
{
    unsigned digit = 0;
    for (; drop > 0; drop--) {
        sticky = sticky || digit != 0;
        digit = (unsigned) (magnitude % 10);
        magnitude /= 10;
    }
    if (digit == 5 && !sticky) {
        *ret_rest = 2;
    } else if (digit == 0 && !sticky) {
        *ret_rest = 0;
    } else {
        *ret_rest = digit < 5 ? 1 : 3;
    }
    return magnitude;
}

bool decimal_divide(struct decimal a, struct decimal b, struct decimal *ret_quotient)
{
    unsigned __int128 divisor = magnitude_of(b);
    int exponent = a.exponent - b.exponent, how = 0;
    if (divisor == 0) {
        return false;
    }
    unsigned __int128 quotient = magnitude_of(a) / divisor;
    unsigned __int128 rest = magnitude_of(a) % divisor;
    for (int length = magnitude_length(quotient); rest != 0 && length < DECIMAL_DIGITS;
         exponent--) {
        rest *= 10; /* below 10^38: fits */
        quotient = quotient * 10 + rest / divisor;
        rest %= divisor;
        length = quotient != 0 ? length + 1 : 0;
    }
    if (rest != 0) {
        int drop = magnitude_length(quotient) - DECIMAL_QUOTIENT_DIGITS;
        quotient = drop_digits(quotient, drop, true, &how);
        quotient += how == 3;
        exponent += drop;
    }
    bool negative = (a.coefficient < 0) != (b.coefficient < 0);
    *ret_quotient = normal(negative ? -(__int128) quotient : (__int128) quotient, exponent);
    return true;
}

bool decimal_modulo(struct decimal a, struct decimal b, struct decimal *ret_rest)
{
    int exponent = a.exponent < b.exponent ? a.exponent : b.exponent;
    int scale_a = a.exponent - exponent, scale_b = b.exponent - exponent;
    if (b.coefficient == 0) {
        return false;
    }
    if (magnitude_length(magnitude_of(b)) + scale_b > COEFFICIENT_DIGITS) {
        *ret_rest = a; /* |A| is below |B|: A has no digit so far left */
        return magnitude_length(magnitude_of(a)) + scale_a <= COEFFICIENT_DIGITS;
    }
    if (magnitude_length(magnitude_of(a)) + scale_a > COEFFICIENT_DIGITS) {
        return false;
    }
    *ret_rest = normal(scale_up(a.coefficient, scale_a) % scale_up(b.coefficient, scale_b),
                       exponent);
    return true;
}

struct decimal decimal_round(struct decimal value, int digits, enum rounding rounding)
{
    int how = 0, drop = -digits - value.exponent;
    bool negative = value.coefficient < 0, up = false;
    if (drop <= 0) {
        return value;
    }
    unsigned __int128 magnitude =
        drop_digits(magnitude_of(value), drop < 60 ? drop : 60, false, &how);
    switch (rounding) {
    case ROUND_DOWN:
        up = how > 0 && negative;
        break;
    case ROUND_UP:
        up = how > 0 && !negative;
        break;
    case ROUND_HALF_UP:
        up = how == 3 || (how == 2 && !negative);
        break;
    case ROUND_HALF_EVEN:
    default:
        up = how == 3 || (how == 2 && magnitude % 2 == 1);
        break;
    }
    magnitude += up;
    return normal(negative ? -(__int128) magnitude : (__int128) magnitude, -digits);
}

bool decimal_format(struct decimal value, char buffer[DECIMAL_SIZE])
{
    char digits[COEFFICIENT_DIGITS + 3];
    unsigned __int128 magnitude = magnitude_of(value);
    int length = magnitude_length(magnitude);
    int before = length + value.exponent; /* digits before the point */
    buffer[0] = '\0';
    if (length > COEFFICIENT_DIGITS || before > DECIMAL_SIZE - 3 ||
        (before <= 0 ? length - before + 4 : length + 3) > DECIMAL_SIZE) {
        return false;
    }
    for (int i = length; i > 0; magnitude /= 10) {
        digits[--i] = (char) ('0' + (int) (magnitude % 10));
    }
    char *out = buffer;
    if (value.coefficient < 0) {
        *out++ = '-';
    }
    if (before <= 0) {
        *out++ = '0';
    }
    for (int i = before < 0 ? before : 0; i < (before > length ? before : length); i++) {
        if (i == before) {
            *out++ = '.';
        }
        *out++ = i >= 0 && i < length ? digits[i] : '0';
    }
    *out = '\0';
    return true;
}
