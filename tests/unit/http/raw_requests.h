/* SPDX-License-Identifier: Apache-2.0 */
/*
** raw_requests: the reader of requests.txt, which says what its format is.
*/
#ifndef CRFD_TESTS_UNIT_HTTP_RAW_REQUESTS_H
#define CRFD_TESTS_UNIT_HTTP_RAW_REQUESTS_H

#include "base/arena.h"

struct raw_request {
    const char *name;
    const char *expected; /* "400 line-end", "ok GET 0 keep", "incomplete" */
    struct span bytes;
};

/* All of requests.txt, in ARENA; fails the program when the file is not right. */
const struct raw_request *raw_requests_read(struct arena *arena, size_t *ret_count);

#endif
