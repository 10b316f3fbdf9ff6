/* SPDX-License-Identifier: Apache-2.0 */
/*
** log_source: where a log's bytes come from: the service, a bundle, or a test.
**
** A source is believed in nothing; verify_log() reads it. All four functions fail with
** ERR_UNAVAILABLE when trying again may help, and with ERR_NOT_FOUND when the source says
** that there is no such thing.
*/
#ifndef CRFD_CLIENTS_LOG_SOURCE_H
#define CRFD_CLIENTS_LOG_SOURCE_H

#include "clients/verify/body_line.h"

struct client;
struct https;

struct log_source {
    /* Append the newest checkpoint note. */
    status (*checkpoint)(void *arg, struct bytes *out, struct err *err);
    /* Append the entries of tile INDEX up to entry TO-1 in a log of SIZE, each behind its
     * length of two bytes (tile.h). A source that lacks some gives those it has. */
    status (*entries)(void *arg, uint64_t index, uint64_t to, uint64_t size,
                      struct bytes *out, struct err *err);
    /* Give the bodies FROM to TO-1 in order to SINK; within one tile. */
    status (*bodies)(void *arg, uint64_t from, uint64_t to, body_sink *sink, void *sink_arg,
                     struct err *err);
    /* Append the blob of that SHA-256 (hex), whose digest has been checked. */
    status (*blob)(void *arg, const char *sha256, struct bytes *out, struct err *err);
    void *arg;
};

/* The service that `client` is connected to; both borrowed as long as the source is used. Blobs
 * come by a connection of their own, so that one can be asked for while bodies stream. */
struct service_source {
    struct client *client;
    struct https *blobs; /* made when first needed; service_source_done() */
};
struct log_source log_source_service(struct service_source *service);
void service_source_done(struct service_source *service);

#endif
