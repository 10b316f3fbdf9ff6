/* SPDX-License-Identifier: Apache-2.0 */
/*
** rate: how often one address may do something.
**
** A token bucket for each address, in a table of fixed size: nothing a stranger sends makes
** it grow. An entry that is full again is as good as none, so entries expire by themselves.
** When a place is needed and all eight of its set are taken, the fullest bucket goes: a
** flood from very many addresses can thus make us forget, never refuse, the others. Places
** are chosen with a random seed, so nobody can aim at them.
*/
#ifndef CRFD_SERVICE_HTTP_RATE_H
#define CRFD_SERVICE_HTTP_RATE_H

#include "base/clock.h"
#include "service/http/address.h"

struct http_rate;

/* Allow BURST at once and PER_MINUTE in the long run, both at least 1. */
struct http_rate *http_rate_new(unsigned per_minute, unsigned burst);
void http_rate_free(struct http_rate *rate); /* accepts NULL */

/* Take one for ADDRESS at the monotonic instant NOW; false when there is none left. A local
 * address and a NULL table always have. */
MUST_USE bool http_rate_take(struct http_rate *rate, const struct http_address *address,
                             instant now);

#endif
