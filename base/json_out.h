/* SPDX-License-Identifier: Apache-2.0 */
/*
** json_out: write compact JSON, byte for byte the same for the same calls, for ever.
**
** Outcomes and payloads are hashed and signed, so their bytes must not depend on the
** version of a library; that is why this is our own. Members stand in the order of the
** calls; strings escape `"`, `\`, and control characters (\b \f \n \r \t, else \u00xx),
** nothing else.
**
**     struct json_out json = {&bytes};
**     json_begin(&json, '{');
**     json_key(&json, "seq");
**     json_put_integer(&json, 413);
**     json_end(&json, '}');
*/
#ifndef CRFD_BASE_JSON_OUT_H
#define CRFD_BASE_JSON_OUT_H

#include "base/json.h"

struct json_out {
    struct bytes *bytes; /* appended to */
    bool comma;          /* private: a comma is due before the next value */
};

void json_begin(struct json_out *json, char bracket); /* '{' or '[' */
void json_end(struct json_out *json, char bracket);   /* '}' or ']' */
void json_key(struct json_out *json, const char *name);
void json_put_string(struct json_out *json, const char *text); /* NULL writes null */
void json_put_span(struct json_out *json, struct span text);   /* UTF-8 */
void json_put_integer(struct json_out *json, int64_t value);
void json_put_bool(struct json_out *json, bool value);
void json_put_null(struct json_out *json);
void json_put_value(struct json_out *json,
                    const struct json *value);               /* a parsed tree, again */
void json_put_raw(struct json_out *json, struct span value); /* already JSON */

/* name and value in one call */
void json_member(struct json_out *json, const char *name, const char *text);
void json_member_integer(struct json_out *json, const char *name, int64_t value);

#endif
