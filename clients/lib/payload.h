/* SPDX-License-Identifier: Apache-2.0 */
/*
** payload: what stands in a signed line, to be shown. It is not verified here: who must know
** that it holds asks receipt_verify() or jws_verify().
*/
#ifndef CRFD_CLIENTS_PAYLOAD_H
#define CRFD_CLIENTS_PAYLOAD_H

#include "base/json.h"

MUST_USE status record_payload(struct arena *arena, const char *line,
                               const struct json **ret_payload, struct err *err);

#endif
