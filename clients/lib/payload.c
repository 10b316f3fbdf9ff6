/* SPDX-License-Identifier: Apache-2.0 */
/*
** Through jws_parse(), so that what is shown is what would be verified.
*/
#include "clients/lib/payload.h"

#include "crypto/jws.h"

status record_payload(struct arena *arena, const char *line,
                      const struct json **ret_payload, struct err *err)
{
    struct jws jws;
    TRY(jws_parse(span_text(line), arena, &jws, err));
    return json_parse(jws.payload, &JSON_RECORD, arena, ret_payload, err);
}
