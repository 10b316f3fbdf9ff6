/* SPDX-License-Identifier: Apache-2.0 */
/*
** llhttp calls back for each piece it recognises; they are put together here.
*/
#include "tests/fuzz/llhttp_oracle.h"

#include <llhttp.h>

static int add_target(llhttp_t *parser, const char *at, size_t size)
{
    struct oracle_answer *answer = parser->data;
    bytes_add(&answer->target, at, size);
    return 0;
}

static int add_field(llhttp_t *parser, const char *at, size_t size)
{
    struct oracle_answer *answer = parser->data;
    bytes_add(&answer->fields, at, size);
    return 0;
}

static int end_name(llhttp_t *parser)
{
    struct oracle_answer *answer = parser->data;
    bytes_add_char(&answer->fields, ':');
    return 0;
}

static int end_value(llhttp_t *parser)
{
    struct oracle_answer *answer = parser->data;
    struct bytes *fields = &answer->fields;
    /* it leaves the white space behind a value to whoever reads it */
    while (fields->data[fields->size - 1] == ' ' ||
           fields->data[fields->size - 1] == '\t') {
        fields->size--;
    }
    bytes_add_char(fields, '\n');
    return 0;
}

static int end_head(llhttp_t *parser)
{
    struct oracle_answer *answer = parser->data;
    answer->heads_seen = true;
    answer->major = parser->http_major;
    answer->minor = parser->http_minor;
    answer->method = llhttp_method_name((llhttp_method_t) parser->method);
    answer->chunked = (parser->flags & F_CHUNKED) != 0;
    answer->content_length =
        (parser->flags & F_CONTENT_LENGTH) != 0 ? parser->content_length : 0;
    answer->keeps_alive = llhttp_should_keep_alive(parser) != 0;
    return 0;
}

static int end_message(llhttp_t *parser)
{
    struct oracle_answer *answer = parser->data;
    answer->complete = true;
    return HPE_PAUSED;
}

struct oracle_answer oracle_read(struct span input)
{
    struct oracle_answer answer = {0};
    llhttp_settings_t settings;
    llhttp_t parser;
    llhttp_settings_init(&settings);
    settings.on_url = add_target;
    settings.on_header_field = add_field;
    settings.on_header_field_complete = end_name;
    settings.on_header_value = add_field;
    settings.on_header_value_complete = end_value;
    settings.on_headers_complete = end_head;
    settings.on_message_complete = end_message;
    llhttp_init(&parser, HTTP_REQUEST, &settings);
    parser.data = &answer;

    llhttp_errno_t code = llhttp_execute(&parser, (const char *) input.data, input.size);
    if (answer.complete) {
        const char *end = llhttp_get_error_pos(&parser);
        answer.message_end = (size_t) (end - (const char *) input.data);
    } else {
        answer.refused = code != HPE_OK;
    }
    answer.reason = llhttp_errno_name(code);
    return answer;
}
