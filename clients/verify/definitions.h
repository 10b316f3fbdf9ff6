/* SPDX-License-Identifier: Apache-2.0 */
/*
** definitions: the study definitions that a log names, loaded once each from a source's blobs.
*/
#ifndef CRFD_CLIENTS_DEFINITIONS_H
#define CRFD_CLIENTS_DEFINITIONS_H

#include "clients/verify/log_source.h"
#include "protocol/record/decide.h"

struct definition_cache;

struct definition_cache *
definition_cache_new(const struct log_source *source);      /* borrowed */
void definition_cache_free(struct definition_cache *cache); /* accepts NULL */
void definition_cache_freep(struct definition_cache **cache);

/* For decide() and the bundle. What cannot be fetched or does not load is NULL there, and
 * definition_cache_fault() says why. */
struct definitions definition_cache_ask(struct definition_cache *cache);
status definition_cache_fault(const struct definition_cache *cache, struct err *err);

#endif
