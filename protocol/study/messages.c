/* SPDX-License-Identifier: Apache-2.0 */
/*
** Finding a sentence, choosing its language and filling it in; the sentences themselves
** stand in messages_<topic>.c.
*/
#include "protocol/study/messages.h"
#include "protocol/study/finding.h"

static const struct message_topic *const TOPICS[] = {
#define MESSAGE_TOPIC(name) &MESSAGES_##name,
    MESSAGE_TOPICS(MESSAGE_TOPIC)
#undef MESSAGE_TOPIC
};

const char *const LANGUAGES[LANGUAGES_SPOKEN] = {"en", "nl", "fr", "de"};

/* ---- languages ---- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
}

static const char *spoken(struct span language)
{
    for (size_t i = 0; i < LANGUAGES_SPOKEN; i++) {
        const char *tag = LANGUAGES[i];
        if (language.size >= 2 && lower((char) language.data[0]) == tag[0] &&
            lower((char) language.data[1]) == tag[1] &&
            (language.size == 2 || strchr("-_.@", language.data[2]) != NULL)) {
            return tag;
        }
    }
    return NULL;
}

const char *language_spoken(const char *language)
{
    return language != NULL ? spoken(span_text(language)) : NULL;
}

static struct span trimmed(struct span text)
{
    while (text.size > 0 && text.data[0] == ' ') {
        text = span_of(text.data + 1, text.size - 1);
    }
    while (text.size > 0 && text.data[text.size - 1] == ' ') {
        text.size--;
    }
    return text;
}

static bool next_part(struct span *rest, char separator, struct span *ret_part)
{
    if (rest->size == 0) {
        return false;
    }
    if (!span_cut(rest, separator, ret_part)) {
        *ret_part = *rest;
        rest->size = 0;
    }
    *ret_part = trimmed(*ret_part);
    return true;
}

/* Thousandths of a weight "0.85"; what cannot be read weighs nothing. */
static int weight_of(struct span text)
{
    int weight = 0, unit = 1000;
    if (text.size == 0 || (text.data[0] != '0' && text.data[0] != '1')) {
        return 0;
    }
    weight = text.data[0] == '1' ? unit : 0;
    for (size_t i = 2; i < text.size && i < 5 && text.data[1] == '.'; i++) {
        unit /= 10;
        weight +=
            text.data[i] >= '0' && text.data[i] <= '9' ? (text.data[i] - '0') * unit : 0;
    }
    return weight < 1000 ? weight : 1000;
}

static int choice_weight(struct span parameters)
{
    struct span parameter;
    while (next_part(&parameters, ';', &parameter)) {
        if (span_starts(parameter, "q=")) {
            return weight_of(span_of(parameter.data + 2, parameter.size - 2));
        }
    }
    return 1000;
}

const char *language_accepted(struct span list)
{
    const char *best = "en";
    int best_weight = 0;
    struct span choice, tag;
    while (next_part(&list, ',', &choice)) {
        if (!next_part(&choice, ';', &tag)) {
            continue;
        }
        const char *language = spoken(tag);
        int weight = choice_weight(choice);
        if (language != NULL && weight > best_weight) {
            best = language;
            best_weight = weight;
        }
    }
    return best;
}

/* ---- sentences ---- */

const struct message_topic *message_topic_at(size_t index)
{
    return index < ARRAY_LEN(TOPICS) ? TOPICS[index] : NULL;
}

const struct message *message_row(const struct message_topic *topic, const char *id)
{
    for (size_t i = 0; i < topic->count; i++) {
        if (strcmp(topic->rows[i].id, id) == 0) {
            return &topic->rows[i];
        }
    }
    return NULL;
}

static const struct message *find(const char *id)
{
    const struct message *message = NULL;
    for (size_t i = 0; i < ARRAY_LEN(TOPICS) && message == NULL; i++) {
        message = message_row(TOPICS[i], id);
    }
    return message;
}

bool message_exists(const char *id)
{
    return find(id) != NULL;
}

const char *message_format(const struct message *message, const char *language)
{
    const char *tag = language_spoken(language);
    switch (tag != NULL ? tag[0] : 'e') {
    case 'n':
        return message->nl;
    case 'f':
        return message->fr;
    case 'd':
        return message->de;
    default:
        return message->en;
    }
}

char *message_fill(struct arena *arena, const char *format, const char *const *args,
                   size_t count)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    for (const char *c = format; *c != '\0'; c++) {
        if (c[0] == '{' && c[1] >= '1' && c[1] <= '9' && c[2] == '}') {
            size_t index = (size_t) (c[1] - '1');
            bytes_add_text(&text, index < count && args[index] != NULL ? args[index] : "");
            c += 2;
        } else {
            bytes_add_char(&text, *c);
        }
    }
    return arena_text(arena, bytes_text(&text));
}

char *message_text(struct arena *arena, const char *language, const char *id,
                   const char *const *args, size_t count)
{
    const struct message *message = find(id);
    if (message == NULL) {
        die(WHERE, id);
    }
    return message_fill(arena, message_format(message, language), args, count);
}

char *message_stay_missing(struct arena *arena, const char *language, const char *number,
                           const char *when)
{
    const char *const args[] = {number, when};
    return message_text(arena, language, number != NULL ? "23.due.known" : "23.due", args,
                        ARRAY_LEN(args));
}

char *message_conflict(struct arena *arena, const char *language,
                       const struct conflict *conflict)
{
    const char *const args[] = {conflict->who,    conflict->when,  conflict->item,
                                conflict->before, conflict->after, conflict->draft};
    bool one = conflict->before != NULL && conflict->after != NULL;
    return message_text(arena, language, one ? "CONFLICT" : "CONFLICT.plain", args,
                        ARRAY_LEN(args));
}

char *message_key(struct arena *arena, const char *language, const char *when,
                  const char *by, const char *phone, const char *registrar_phone)
{
    const char *const args[] = {when, by, phone, registrar_phone};
    return message_text(arena, language, "KEY-04", args, ARRAY_LEN(args));
}

const char *message_activity(struct arena *arena, const char *language,
                             const char *activity)
{
    const char *id = arena_printf(arena, "activity.%s", activity);
    return message_exists(id) ? message_text(arena, language, id, NULL, 0) : activity;
}

const char *message_scope(struct arena *arena, const char *language, const char *scope)
{
    size_t kind = strcspn(scope, "/");
    const char *const name[] = {scope[kind] == '/' ? scope + kind + 1 : ""};
    const char *id = arena_printf(arena, "scope.%.*s", (int) kind, scope);
    return message_exists(id) ? message_text(arena, language, id, name, 1) : scope;
}

char *message_list(struct arena *arena, const char *language, const char *const *items,
                   size_t count)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && i + 1 < count) {
            bytes_add_text(&text, ", ");
        } else if (i > 0) {
            bytes_printf(&text, " %s ", message_text(arena, language, "and", NULL, 0));
        }
        bytes_add_text(&text, items[i]);
    }
    return arena_text(arena, bytes_text(&text));
}

/* The words of a date whose text has at least a month. */
static char *say_date(struct arena *arena, const char *language, const char *value,
                      bool has_day)
{
    char month[16], day[8];
    (void) snprintf(month, sizeof(month), "month.%d",
                    (value[5] - '0') * 10 + (value[6] - '0'));
    const char *name = message_text(arena, language, month, NULL, 0);
    if (!has_day) {
        return arena_printf(arena, "%s %.4s", name, value);
    }
    int number = (value[8] - '0') * 10 + (value[9] - '0');
    (void) snprintf(day, sizeof(day), "%d", number);
    const char *const parts[] = {day, name, arena_printf(arena, "%.4s", value)};
    char *date = message_text(arena, language, number == 1 ? "date.first" : "date.day",
                              parts, ARRAY_LEN(parts));
    if (strlen(value) < 16 || value[13] != ':') {
        return date;
    }
    const char *const minutes[] = {date, arena_printf(arena, "%.5s", value + 11)};
    return message_text(arena, language, "date.minutes", minutes, ARRAY_LEN(minutes));
}

char *message_date(struct arena *arena, const char *language, const char *value)
{
    struct value parsed;
    if (value == NULL ||
        !value_parse(TYPE_PARTIAL_DATETIME, span_text(value), NULL, &parsed) ||
        strlen(value) < 7) {
        return arena_text(arena, value != NULL ? value : "");
    }
    return say_date(arena, language, value, parsed.has_day);
}

const char *form_title(const struct form_def *form, const char *language)
{
    const char *text = texts_get(&form->description, language);
    return text[0] != '\0' ? text : form->name;
}

const char *event_title(const struct event_def *event, const char *language)
{
    const char *text = texts_get(&event->description, language);
    return text[0] != '\0' ? text : event->name;
}

const char *item_title(const struct item_def *item, const char *language)
{
    const char *text = texts_get(&item->question, language);
    text = text[0] != '\0' ? text : texts_get(&item->description, language);
    return text[0] != '\0' ? text : item->name;
}
