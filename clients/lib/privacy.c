/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why so simple: it warns, it never stops; a clever guesser that is wrong every other time
** teaches people to press Enter.
*/
#include "clients/lib/privacy.h"

#include <ctype.h>
#include <strings.h>

#include "clients/lib/says.h"

static bool is_digit_at(struct span text, size_t at)
{
    return at < text.size && isdigit(text.data[at]) != 0;
}

static bool is_word_at(struct span text, size_t at)
{
    return at < text.size && (isalnum(text.data[at]) != 0 || text.data[at] >= 0x80);
}

/* The 11-test: 9a + 8b + ... + 2h - i is a multiple of 11, and not all zeros. */
static bool is_bsn(const uint8_t digits[9])
{
    int sum = 0, any = 0;
    for (int i = 0; i < 9; i++) {
        sum += (digits[i] - '0') * (i == 8 ? -1 : 9 - i);
        any |= digits[i] - '0';
    }
    return any != 0 && sum % 11 == 0;
}

/* Digits with single separators between them, from AT on. */
static size_t take_number(struct span text, size_t at, uint8_t digits[16], size_t *ret_end)
{
    size_t count = 0, i = at;
    while (i < text.size && count < 16) {
        bool separator = strchr(" -.()/", text.data[i]) != NULL && text.data[i] != '\0';
        if (isdigit(text.data[i])) {
            digits[count++] = text.data[i];
            *ret_end = i + 1;
        } else if (!separator || i - *ret_end > 1) {
            break;
        }
        i++;
    }
    return count;
}

/* +31 6 1234 5678, 06-12345678, 043 123 4567 */
static bool is_phone(struct span text, size_t at, const uint8_t *digits, size_t count)
{
    bool plus = at > 0 && text.data[at - 1] == '+';
    bool zeros = count > 3 && digits[0] == '0' && digits[1] == '0';
    if (plus || zeros) {
        return count >= 10 && count <= 15;
    }
    return count == 10 && digits[0] == '0';
}

static unsigned scan_numbers(struct span text)
{
    unsigned found = 0;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t digits[16];
        size_t end = i;
        if (!is_digit_at(text, i) || (i > 0 && is_word_at(text, i - 1))) {
            continue;
        }
        size_t count = take_number(text, i, digits, &end);
        if (count == 9 && !is_word_at(text, end) && is_bsn(digits)) {
            found |= PRIVACY_BSN;
        }
        if (is_phone(text, i, digits, count)) {
            found |= PRIVACY_PHONE;
        }
        i = end > i ? end - 1 : i;
    }
    return found;
}

static unsigned scan_mail(struct span text)
{
    for (size_t i = 1; i + 3 < text.size; i++) {
        if (text.data[i] != '@' || !is_word_at(text, i - 1) || !is_word_at(text, i + 1)) {
            continue;
        }
        for (size_t j = i + 2; j + 1 < text.size && !isspace(text.data[j]); j++) {
            if (text.data[j] == '.' && is_word_at(text, j + 1)) {
                return PRIVACY_EMAIL;
            }
        }
    }
    return 0;
}

/* WORD as a whole word at AT, in any case. */
static bool has_word(struct span text, size_t at, const char *word)
{
    size_t length = strlen(word);
    return text.size - at >= length &&
           strncasecmp((const char *) text.data + at, word, length) == 0 &&
           (at == 0 || !is_word_at(text, at - 1)) && !is_word_at(text, at + length);
}

/* Digits, separator, digits, separator, digits within the next words. */
static bool date_follows(struct span text, size_t at)
{
    size_t numbers = 0;
    for (size_t i = at; i < text.size && i < at + 24; i++) {
        numbers += is_digit_at(text, i) && (i == 0 || !is_digit_at(text, i - 1));
    }
    return numbers >= 3;
}

static unsigned scan_birth(struct span text)
{
    static const char *const words[] = {"born", "birth",         "dob",          "geboren",
                                        "geb",  "geboortedatum", "geburtsdatum", "né",
                                        "née",  "naissance"};
    for (size_t i = 0; i < text.size; i++) {
        for (size_t w = 0; w < ARRAY_LEN(words); w++) {
            if (has_word(text, i, words[w]) && date_follows(text, i + strlen(words[w]))) {
                return PRIVACY_BIRTH;
            }
        }
    }
    return 0;
}

static unsigned scan_names(struct span text)
{
    static const char *const titles[] = {
        "dr",   "drs",     "prof",   "mr",     "mrs",  "ms",   "dhr",      "mevr",   "mw",
        "heer", "mevrouw", "meneer", "zuster", "herr", "frau", "monsieur", "madame", "mme"};
    for (size_t i = 0; i < text.size; i++) {
        for (size_t t = 0; t < ARRAY_LEN(titles); t++) {
            if (!has_word(text, i, titles[t])) {
                continue;
            }
            size_t next = i + strlen(titles[t]);
            next += next < text.size && text.data[next] == '.';
            if (next + 1 < text.size && text.data[next] == ' ' &&
                isupper(text.data[next + 1])) {
                return PRIVACY_NAME;
            }
        }
    }
    return 0;
}

unsigned privacy_scan(struct span text)
{
    return scan_numbers(text) | scan_mail(text) | scan_birth(text) | scan_names(text);
}

const char *privacy_words(enum privacy_kind kind, const char *language)
{
    switch (kind) {
    case PRIVACY_BSN:
        return says_in(language, "a citizen service number (BSN)",
                       "een burgerservicenummer");
    case PRIVACY_PHONE:
        return says_in(language, "a telephone number", "een telefoonnummer");
    case PRIVACY_EMAIL:
        return says_in(language, "an e-mail address", "een e-mailadres");
    case PRIVACY_BIRTH:
        return says_in(language, "a date of birth", "een geboortedatum");
    case PRIVACY_NAME:
        return says_in(language, "a name", "een naam");
    }
    return "";
}
