/* SPDX-License-Identifier: Apache-2.0 */
/*
** Any bytes as a signed record and as an assertion. What is accepted has one spelling: the
** signed input, put together again, is the line.
*/
#include "crypto/jws.h"
#include "base/encode.h"
#include "crypto/bearer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_record(const struct jws *jws)
{
    CLEANUP(bytes_done) struct bytes line = {0};
    struct span payload = jws->input;
    struct span header;
    BUG_IF(!span_cut(&payload, '.', &header));
    bytes_add_text(&line, "{\"protected\":\"");
    bytes_add_span(&line, header);
    bytes_add_text(&line, "\",\"payload\":\"");
    encode(BASE64URL, jws->payload, &line);
    bytes_add_text(&line, "\",\"signature\":\"");
    encode(BASE64URL, span_of(jws->signature, SIGNATURE_SIZE), &line);
    bytes_add_text(&line, "\"}");
    BUG_IF(!span_equal(span_bytes(&line), jws->line));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct span text = span_of(data, size);
    struct jws jws;
    struct bearer bearer;
    struct err err;
    if (jws_parse(text, arena, &jws, &err) == OK) {
        check_record(&jws);
    }
    if (bearer_parse(text, arena, &bearer, &err) == OK) {
        BUG_IF(bearer.exp <= bearer.iat);
    }
    return 0;
}
