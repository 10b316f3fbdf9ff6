/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why so unforgiving about dates and thousands and so forgiving about the rest: 03-04-2026 and
** 1.250 each have two readings that both look right in a casebook, and no check can find the
** wrong one later. A word in the wrong case or language has only one reading.
*/
#include "clients/lib/typed.h"

#include <ctype.h>
#include <strings.h>

#include "base/text.h"
#include "clients/lib/says.h"
#include "clients/lib/typed_impl.h"

const char *typed_say(const struct typed_context *context, const char *english,
                      const char *dutch, ...)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    va_list args;
    va_start(args, dutch);
    bytes_vprintf(&text, says_in(context->language, english, dutch), args);
    va_end(args);
    return arena_span_text(context->arena, span_bytes(&text));
}

struct span typed_trim(struct span text)
{
    while (text.size > 0 && isspace(text.data[0])) {
        text = span_of(text.data + 1, text.size - 1);
    }
    while (text.size > 0 && isspace(text.data[text.size - 1])) {
        text.size--;
    }
    return text;
}

void typed_answer(const struct typed_context *context, struct span value,
                  struct typed *typed)
{
    typed->kind = TYPED_ANSWER;
    typed->data.value = arena_span_text(context->arena, value);
}

void typed_refuse(struct typed *typed, const char *sentence)
{
    typed->kind = TYPED_REFUSED;
    typed->sentence = sentence;
}

/* ---- no value, and why ---- */

static bool word_is(struct span text, const char *word)
{
    size_t length = strlen(word);
    return text.size == length && strncasecmp((const char *) text.data, word, length) == 0;
}

static struct span first_word(struct span text, struct span *ret_rest)
{
    size_t length = 0;
    while (length < text.size && !isspace(text.data[length])) {
        length++;
    }
    *ret_rest = typed_trim(span_of(text.data + length, text.size - length));
    return span_of(text.data, length);
}

static void read_null(const struct typed_context *context, struct span text,
                      struct typed *typed)
{
    struct span why;
    struct span word = first_word(text, &why);
    typed->kind = TYPED_ANSWER;
    if (word_is(word, "!nd")) {
        typed->data.null = NOT_DONE;
    } else if (word_is(word, "!unk") || word_is(word, "!onb")) {
        typed->data.null = NOT_KNOWN;
    } else if (word_is(word, "!na") || word_is(word, "!nvt")) {
        typed->data.null = NOT_APPLICABLE;
    } else {
        typed_refuse(typed, typed_say(context, "After ! stands nd and why, unk, or na.",
                                      "Na ! staat nd en waarom, unk, of na."));
        return;
    }
    if (typed->data.null == NOT_DONE && why.size == 0) {
        typed_refuse(typed,
                     typed_say(context, "Say why it was not done: !nd and the reason.",
                               "Zeg waarom het niet gedaan is: !nd en de reden."));
        return;
    }
    typed->data.reason = why.size > 0 ? arena_span_text(context->arena, why) : NULL;
}

/* ---- codes ---- */

static bool decode_is(const struct code_list_item *item, struct span text)
{
    for (size_t i = 0; i < item->decode.count; i++) {
        if (word_is(text, item->decode.items[i].text)) {
            return true;
        }
    }
    return false;
}

static const char *list_words(const struct typed_context *context,
                              const struct code_list *list)
{
    CLEANUP(bytes_done) struct bytes words = {0};
    for (size_t i = 0; i < list->count && words.size < 300; i++) {
        const char *word = texts_get(&list->items[i].decode, context->language);
        bytes_printf(&words, "%s%s", i > 0 ? " | " : "",
                     word[0] != '\0' ? word : list->items[i].coded_value);
    }
    return arena_span_text(context->arena, span_bytes(&words));
}

static void read_code(const struct typed_context *context, const struct item_def *item,
                      struct span text, struct typed *typed)
{
    const struct code_list *list = item->code_list;
    const struct code_list_item *found = NULL;
    size_t readings = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (span_is(text, list->items[i].coded_value)) {
            typed_answer(context, text, typed); /* the code itself wins over any word */
            return;
        }
        if (word_is(text, list->items[i].coded_value) || decode_is(&list->items[i], text)) {
            found = &list->items[i];
            readings++;
        }
    }
    if (readings == 1) {
        typed_answer(context, span_text(found->coded_value), typed);
    } else if (list->external) {
        typed_answer(context, text, typed);
    } else if (readings > 1) {
        typed_refuse(typed, typed_say(context,
                                      "This word has more than one meaning here; "
                                      "write the code.",
                                      "Dit woord betekent hier meer dan een ding; schrijf "
                                      "de code."));
    } else {
        typed_refuse(typed, typed_say(context,
                                      "\"%.*s\" is not in the list: %s. Not known: "
                                      "!unk",
                                      "\"%.*s\" staat niet in de lijst: %s. Niet bekend: "
                                      "!unk",
                                      (int) text.size, (const char *) text.data,
                                      list_words(context, list)));
    }
}

/* ---- numbers and units ---- */

/* Does TEXT end in WORD, as a word of its own? Then *ret_rest is what stands before it. */
static bool ends_in(struct span text, const char *word, struct span *ret_rest)
{
    size_t length = strlen(word);
    if (length == 0 || text.size <= length ||
        strncasecmp((const char *) text.data + text.size - length, word, length) != 0) {
        return false;
    }
    uint8_t before = text.data[text.size - length - 1];
    if (!isspace(before) && !isdigit(before)) {
        return false;
    }
    *ret_rest = typed_trim(span_of(text.data, text.size - length));
    return ret_rest->size > 0;
}

/* TEXT ends in a symbol, name or alias of UNIT ("10^9/L" begins with digits itself). */
static bool ends_in_unit(const struct measurement_unit *unit, struct span text,
                         struct span *ret_rest)
{
    if (ends_in(text, unit->oid, ret_rest) || ends_in(text, unit->name, ret_rest)) {
        return true;
    }
    for (size_t i = 0; i < unit->symbol.count; i++) {
        if (ends_in(text, unit->symbol.items[i].text, ret_rest)) {
            return true;
        }
    }
    for (size_t i = 0; i < unit->aliases.count; i++) {
        if (ends_in(text, unit->aliases.items[i].name, ret_rest)) {
            return true;
        }
    }
    return false;
}

static const char *unit_symbols(const struct typed_context *context,
                                const struct item_def *item)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    for (size_t i = 0; i < item->unit_count; i++) {
        bytes_printf(&text, "%s%s", i > 0 ? ", " : "",
                     texts_get(&item->units[i]->symbol, context->language));
    }
    return arena_span_text(context->arena, span_bytes(&text));
}

/* Cut a unit off the end of *text; without one, the only unit of the item is meant. */
static void take_unit(const struct item_def *item, struct span *text, struct typed *typed)
{
    typed->data.unit = item->unit_count == 1 ? item->units[0]->oid : NULL;
    for (size_t i = 0; i < item->unit_count; i++) {
        struct span rest;
        if (ends_in_unit(item->units[i], *text, &rest)) {
            typed->data.unit = item->units[i]->oid;
            *text = rest;
            return;
        }
    }
}

/* Sign, digits, at most one mark: "1250", "84,5", "-0.5". *ret_mark is the offset of the
 * mark, or the size. */
static bool one_mark(struct span text, size_t *ret_mark)
{
    size_t at = text.size > 0 && (text.data[0] == '-' || text.data[0] == '+') ? 1 : 0;
    size_t digits = 0, marks = 0;
    *ret_mark = text.size;
    for (; at < text.size; at++) {
        bool mark = text.data[at] == ',' || text.data[at] == '.';
        if (!mark && !isdigit(text.data[at])) {
            return false;
        }
        marks += mark;
        digits += !mark;
        *ret_mark = mark ? at : *ret_mark;
    }
    return digits > 0 && marks <= 1 && *ret_mark + 1 != text.size && *ret_mark != 0;
}

static bool has_thousands(struct span text)
{
    size_t marks = 0, other = 0;
    for (size_t i = 0; i < text.size; i++) {
        bool mark = text.data[i] == ',' || text.data[i] == '.' || text.data[i] == ' ' ||
                    text.data[i] == '\'';
        marks += mark;
        other +=
            !mark && !isdigit(text.data[i]) && text.data[i] != '-' && text.data[i] != '+';
    }
    return marks > 0 && other == 0;
}

/* One to three digits, a mark, exactly three: both a thousand and a thousandth. */
static bool is_ambiguous(struct span text, size_t mark)
{
    size_t start = text.data[0] == '-' || text.data[0] == '+' ? 1 : 0;
    return mark < text.size && text.size - mark == 4 && mark - start >= 1 &&
           mark - start <= 3 && text.data[start] != '0';
}

static const char *fraction_in_words(const char *language, const char *fraction)
{
    if (memcmp(fraction, "250", 3) == 0) {
        return says_in(language, "and a quarter", "en een kwart");
    }
    if (memcmp(fraction, "500", 3) == 0) {
        return says_in(language, "and a half", "en een half");
    }
    if (memcmp(fraction, "750", 3) == 0) {
        return says_in(language, "and three quarters", "en drie kwart");
    }
    return memcmp(fraction, "000", 3) == 0
               ? says_in(language, "and no fraction", "en niets erachter")
               : NULL;
}

/* The sentence that reads a number like 1.250 back in words nobody can take for 1250. */
static const char *read_back(const struct typed_context *context, struct span text,
                             size_t mark)
{
    const char *fraction = (const char *) text.data + mark + 1;
    const char *words = fraction_in_words(context->language, fraction);
    if (words != NULL) {
        return typed_say(context,
                         "%.*s is read as %.*s %s. If you mean the larger number, write "
                         "it without a mark: %.*s%.3s",
                         "%.*s wordt gelezen als %.*s %s. Bedoelt u het grote getal, "
                         "schrijf het zonder teken: %.*s%.3s",
                         (int) text.size, (const char *) text.data, (int) mark,
                         (const char *) text.data, words, (int) mark,
                         (const char *) text.data, fraction);
    }
    return typed_say(context,
                     "%.*s is read as %.*s and %.3s thousandths. If you mean the larger "
                     "number, write it without a mark: %.*s%.3s",
                     "%.*s wordt gelezen als %.*s en %.3s duizendsten. Bedoelt u het grote "
                     "getal, schrijf het zonder teken: %.*s%.3s",
                     (int) text.size, (const char *) text.data, (int) mark,
                     (const char *) text.data, fraction, (int) mark,
                     (const char *) text.data, fraction);
}

static void refuse_number(const struct typed_context *context, const struct item_def *item,
                          struct span text, struct typed *typed)
{
    if (has_thousands(text)) {
        typed_refuse(typed,
                     typed_say(context,
                               "Write numbers without marks for thousands: 1250, "
                               "or 1250,5.",
                               "Schrijf getallen zonder duizendtekens: 1250, of 1250,5."));
    } else if (item->unit_count > 0) {
        typed_refuse(typed, typed_say(context, "A number is needed here, in %s.",
                                      "Hier hoort een getal, in %s.",
                                      unit_symbols(context, item)));
    } else {
        typed_refuse(
            typed, typed_say(context, "A number is needed here.", "Hier hoort een getal."));
    }
}

static void read_number(const struct typed_context *context, const struct item_def *item,
                        struct span text, struct typed *typed)
{
    size_t mark;
    take_unit(item, &text, typed);
    if (!one_mark(text, &mark)) {
        refuse_number(context, item, text, typed);
        return;
    }
    if (item->unit_count > 1 && typed->data.unit == NULL) {
        typed_refuse(typed, typed_say(context, "Write the unit behind the number: %s.",
                                      "Schrijf de eenheid achter het getal: %s.",
                                      unit_symbols(context, item)));
        return;
    }
    if (item->type == TYPE_INTEGER && mark < text.size) {
        typed_refuse(typed, typed_say(context, "A whole number is needed here.",
                                      "Hier hoort een heel getal."));
        return;
    }
    char *value = arena_span_text(context->arena, text);
    if (mark < text.size) {
        value[mark] = '.';
    }
    value += value[0] == '+';
    typed->kind = TYPED_ANSWER;
    typed->data.value = value;
    if (is_ambiguous(text, mark)) {
        typed->kind = TYPED_READ_BACK;
        typed->sentence = read_back(context, text, mark);
    }
}

/* ---- all ---- */

static void read_boolean(const struct typed_context *context, struct span text,
                         struct typed *typed)
{
    static const char *const yes[] = {"yes", "y", "ja", "j", "oui", "o", "true", "1"};
    static const char *const no[] = {"no", "n", "nee", "non", "nein", "false", "0"};
    for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
        if (word_is(text, yes[i])) {
            typed_answer(context, SPAN_LITERAL("true"), typed);
            return;
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(no); i++) {
        if (word_is(text, no[i])) {
            typed_answer(context, SPAN_LITERAL("false"), typed);
            return;
        }
    }
    typed_refuse(typed, typed_say(context, "Write yes or no.", "Schrijf ja of nee."));
}

static const char *kind_of_time(const struct typed_context *context, enum data_type type)
{
    switch ((int) type) {
    case TYPE_DATE:
        return typed_say(context, "a date: 2026-11-21", "een datum: 2026-11-21");
    case TYPE_PARTIAL_DATE:
    case TYPE_INCOMPLETE_DATE:
        return typed_say(context, "a date, as far as known: 2026-11-21, 2026-11 or 2026",
                         "een datum, voor zover bekend: 2026-11-21, 2026-11 of 2026");
    case TYPE_TIME:
        return typed_say(context, "a time: 09:14", "een tijd: 09:14");
    case TYPE_PARTIAL_TIME:
    case TYPE_INCOMPLETE_TIME:
        return typed_say(context, "a time, as far as known: 09:14 or 09",
                         "een tijd, voor zover bekend: 09:14 of 09");
    case TYPE_DATETIME:
        return typed_say(context, "a date and a time: 2026-11-21 09:14",
                         "een datum en een tijd: 2026-11-21 09:14");
    case TYPE_PARTIAL_DATETIME:
    case TYPE_INCOMPLETE_DATETIME:
        return typed_say(
            context,
            "a date and a time, as far as known: 2026-11-21 09:14, 2026-11-21 or 2026-11",
            "een datum en een tijd, voor zover bekend: 2026-11-21 09:14, 2026-11-21 of "
            "2026-11");
    case TYPE_DURATION_DATETIME:
        return typed_say(context, "how long: P3D is 3 days, PT8H is 8 hours",
                         "hoe lang: P3D is 3 dagen, PT8H is 8 uur");
    default:
        return NULL;
    }
}

const char *typed_kind(const struct typed_context *context, const struct item_def *item)
{
    const char *time = kind_of_time(context, item->type);
    if (time != NULL) {
        return time;
    }
    if (item->code_list != NULL) {
        return typed_say(context, "one of the answers of the list",
                         "een van de antwoorden uit de lijst");
    }
    switch ((int) item->type) {
    case TYPE_INTEGER:
        return typed_say(context, "a whole number", "een geheel getal");
    case TYPE_FLOAT:
    case TYPE_DOUBLE:
        return typed_say(context, "a number, with one comma or one point: 84,5",
                         "een getal, met een komma of een punt: 84,5");
    case TYPE_BOOLEAN:
        return typed_say(context, "yes or no", "ja of nee");
    case TYPE_TEXT:
    case TYPE_STRING:
        return typed_say(context, "words", "woorden");
    default:
        return data_type_name(item->type); /* no words for it: hexBinary and the like */
    }
}

/* What got through must be of the item's type: the service will ask the same. */
static void check_type(const struct typed_context *context, const struct item_def *item,
                       struct typed *typed)
{
    struct value value;
    bool answered = typed->kind == TYPED_ANSWER || typed->kind == TYPED_READ_BACK;
    if (!answered || typed->data.null != NOT_NULL) {
        return;
    }
    if (!value_parse(item->type, span_text(typed->data.value), NULL, &value)) {
        typed_refuse(typed, typed_say(context, "This is not of the kind asked for (%s).",
                                      "Dit is niet van de gevraagde soort (%s).",
                                      typed_kind(context, item)));
    }
}

void typed_read(const struct typed_context *context, const struct item_def *item,
                struct span text, struct typed *ret_typed)
{
    struct typed typed = {.kind = TYPED_NOTHING, .data = {.oid = item->oid}};
    text = typed_trim(text);
    if (text.size == 0) {
        *ret_typed = typed;
        return;
    }
    if (text.data[0] == '!') {
        read_null(context, text, &typed);
    } else if (item->code_list != NULL) {
        read_code(context, item, text, &typed);
    } else if (data_type_is_number(item->type)) {
        read_number(context, item, text, &typed);
    } else if (typed_is_dated(item->type)) {
        typed_read_date(context, item, text, &typed);
    } else if (item->type == TYPE_BOOLEAN) {
        read_boolean(context, text, &typed);
    } else {
        typed_answer(context, text, &typed);
    }
    check_type(context, item, &typed);
    *ret_typed = typed;
}

static const char *write_null(const struct typed_context *context,
                              const struct item_data *data)
{
    static const char *const words[] = {"", "!nd", "!unk", "!na"};
    return data->reason != NULL
               ? arena_printf(context->arena, "%s %s", words[data->null], data->reason)
               : words[data->null];
}

static const char *write_code(const struct typed_context *context,
                              const struct item_def *item, const char *value)
{
    const struct code_list_item *code = code_list_get(item->code_list, value);
    const char *word = code != NULL ? texts_get(&code->decode, context->language) : "";
    return word[0] != '\0' ? word : value;
}

const char *typed_write(const struct typed_context *context, const struct item_def *item,
                        const struct item_data *data)
{
    if (data == NULL) {
        return "";
    }
    if (data->null != NOT_NULL) {
        return write_null(context, data);
    }
    if (item->code_list != NULL) {
        return write_code(context, item, data->value);
    }
    if (typed_is_dated(item->type)) {
        return typed_write_date(context, data->value);
    }
    for (size_t i = 0; item->unit_count > 1 && i < item->unit_count; i++) {
        if (data->unit != NULL && strcmp(item->units[i]->oid, data->unit) == 0) {
            return arena_printf(context->arena, "%s %s", data->value,
                                texts_get(&item->units[i]->symbol, context->language));
        }
    }
    return data->value;
}
