/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <unistd.h>

#include "base/json_out.h"
#include "base/text.h"

static const char *const level_names[] = {[LOG_DEBUG] = "debug",
                                          [LOG_INFO] = "info",
                                          [LOG_WARNING] = "warning",
                                          [LOG_ERROR] = "error"};

static enum log_level least_level = LOG_INFO;

void log_level_set(enum log_level least)
{
    least_level = least;
}

bool log_level_parse(const char *name, enum log_level *ret_level)
{
    for (size_t i = 0; i < ARRAY_LEN(level_names); i++) {
        if (strcmp(name, level_names[i]) == 0) {
            *ret_level = (enum log_level) i;
            return true;
        }
    }
    return false;
}

/* A text from elsewhere (a library, an address) may be no UTF-8; the line stays JSON. */
static void add_text(struct json_out *json, const char *name, const char *text)
{
    if (text_is_utf8(span_text(text))) {
        json_member(json, name, text);
        return;
    }
    CLEANUP(mem_freep) char *ascii = mem_text(text);
    for (char *c = ascii; *c != '\0'; c++) {
        *c = (*c & 0x80) != 0 ? '?' : *c;
    }
    json_member(json, name, ascii);
}

void log_fields(enum log_level level, const char *event, const struct log_field *fields)
{
    if (level < least_level) {
        return;
    }
    CLEANUP(bytes_done) struct bytes line = {0};
    struct json_out json = {.bytes = &line};
    char now[INSTANT_SIZE];
    instant_format(clock_now(&clock_system), now);

    json_begin(&json, '{');
    json_member(&json, "time", now);
    json_member(&json, "level", level_names[level]);
    json_member(&json, "event", event);
    for (const struct log_field *field = fields; field->name != NULL; field++) {
        if (field->text != NULL) {
            add_text(&json, field->name, field->text);
        } else {
            json_member_integer(&json, field->name, field->number);
        }
    }
    json_end(&json, '}');
    bytes_add_char(&line, '\n');
    /* one write for a line: lines of threads do not mix; a full pipe must not stop the
     * service */
    ssize_t written = write(STDERR_FILENO, line.data, line.size);
    (void) written;
}

void log_err(enum log_level level, const char *event, const struct err *err)
{
    log_event(level, event, LOG_TEXT("kind", status_name(err->kind)),
              LOG_TEXT("where", err->where != NULL ? err->where : "-"),
              LOG_TEXT("sqlstate", err->sqlstate), LOG_TEXT("what", err->what), LOG_END);
}
