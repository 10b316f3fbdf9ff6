/* SPDX-License-Identifier: Apache-2.0 */
/*
** The check character is computed digit by digit, so a key may have as many digits as it likes.
*/
#include "protocol/study/subject_key.h"

#include <regex.h>

#include "base/text.h"

#define KEY_MAX 120

static const char LETTERS[] = "ABCDEFGHJKLMNPQRSTUVWXY"; /* 23, without I, O and Z */

bool subject_key_check_known(const char *check)
{
    return check == NULL || check[0] == '\0' || strcmp(check, "mod23") == 0 ||
           strcmp(check, "mod11") == 0;
}

bool subject_key_pattern_known(const char *pattern)
{
    regex_t compiled;
    if (strlen(pattern) > SUBJECT_KEY_PATTERN_MAX || strstr(pattern, "){") != NULL ||
        strstr(pattern, "}{") != NULL) {
        return false;
    }
    for (const char *c = pattern; *c != '\0'; c++) {
        if ((*c == '\\' && c[1] >= '0' && c[1] <= '9') ||
            (*c == '{' && strspn(c + 1, "0123456789") > 2)) {
            return false;
        }
    }
    if (regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) != 0) {
        return false;
    }
    regfree(&compiled);
    return true;
}

static char mod23(struct span stem)
{
    unsigned sum = 0;
    for (size_t i = 0; i < stem.size; i++) {
        if (stem.data[i] >= '0' && stem.data[i] <= '9') {
            sum = (sum * 10 + (stem.data[i] - '0')) % 23;
        }
    }
    return LETTERS[(sum + 2) % 23];
}

/* ISO/IEC 7064 MOD 11-2, pure system recursive method. */
static char mod11(struct span stem)
{
    unsigned sum = 0;
    for (size_t i = 0; i < stem.size; i++) {
        if (stem.data[i] >= '0' && stem.data[i] <= '9') {
            sum = (sum + (stem.data[i] - '0')) * 2 % 11;
        }
    }
    return "0123456789X"[(12 - sum) % 11];
}

char subject_key_character(const char *check, struct span stem)
{
    if (check == NULL || check[0] == '\0') {
        return '\0';
    }
    if (strcmp(check, "mod23") == 0) {
        return mod23(stem);
    }
    return strcmp(check, "mod11") == 0 ? mod11(stem) : '\0';
}

static bool is_plain(struct span key)
{
    for (size_t i = 0; i < key.size; i++) {
        if (key.data[i] < 0x20 || key.data[i] == 0x7f) {
            return false;
        }
    }
    return key.size >= 1 && key.size <= KEY_MAX && text_is_utf8(key);
}

/* Does all of KEY match? POSIX regexec finds the longest match, so its ends tell. */
static bool matches(const char *pattern, struct span key)
{
    regex_t compiled;
    regmatch_t match = {0};
    char text[KEY_MAX + 1] = "";
    memcpy(text, key.data, key.size);
    if (regcomp(&compiled, pattern, REG_EXTENDED) != 0) {
        return false;
    }
    bool found = regexec(&compiled, text, 1, &match, 0) == 0 && match.rm_so == 0 &&
                 (size_t) match.rm_eo == key.size;
    regfree(&compiled);
    return found;
}

status subject_key_verify(const struct metadata_version *version, struct span key,
                          struct err *err)
{
    if (!is_plain(key)) {
        return FAIL(err, ERR_REJECTED,
                    "a subject's number has 1 to %d bytes and no control characters",
                    KEY_MAX);
    }
    if (version->subject_key_pattern != NULL &&
        !matches(version->subject_key_pattern, key)) {
        return FAIL(err, ERR_REJECTED,
                    "the subject's number does not have the study's pattern %s",
                    version->subject_key_pattern);
    }
    struct span stem = span_of(key.data, key.size - 1);
    char check = subject_key_character(version->subject_key_check, stem);
    if (check != '\0' && (char) key.data[key.size - 1] != check) {
        return FAIL(err, ERR_REJECTED,
                    "the subject's number is mistyped: its check character does not fit");
    }
    return OK;
}

status subject_key_make(const struct metadata_version *version, struct span stem,
                        struct arena *arena, const char **ret_key, struct err *err)
{
    if (!is_plain(stem)) {
        return FAIL(err, ERR_BAD_INPUT,
                    "a subject's number has 1 to %d bytes and no control characters",
                    KEY_MAX);
    }
    char check[2] = {subject_key_character(version->subject_key_check, stem), '\0'};
    const char *key = arena_printf(arena, "%s%s", arena_span_text(arena, stem), check);
    if (subject_key_verify(version, span_text(key), NULL) != OK) {
        return FAIL(err, ERR_BAD_INPUT, "that number does not have the study's pattern %s",
                    version->subject_key_pattern != NULL ? version->subject_key_pattern
                                                         : "");
    }
    *ret_key = key;
    return OK;
}
