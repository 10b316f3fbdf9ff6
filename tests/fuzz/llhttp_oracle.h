/* SPDX-License-Identifier: Apache-2.0 */
/*
** llhttp_oracle: what llhttp (the parser of Node.js) makes of a request. Its header and ours
** use the same words, so it is kept behind this one.
*/
#ifndef CRFD_TESTS_FUZZ_LLHTTP_ORACLE_H
#define CRFD_TESTS_FUZZ_LLHTTP_ORACLE_H

#include "base/bytes.h"

struct oracle_answer {
    bool refused;
    bool complete;      /* head and body have ended */
    size_t message_end; /* where, in the input */
    int major, minor;
    bool chunked;
    bool keeps_alive;
    uint64_t content_length; /* after the head */
    bool heads_seen;
    const char *method;  /* static */
    const char *reason;  /* static; of a refusal */
    struct bytes target; /* the caller frees these two */
    struct bytes fields; /* "name:value\n" for each */
};

/* Let llhttp read INPUT up to the end of its first message. */
struct oracle_answer oracle_read(struct span input);

#endif
