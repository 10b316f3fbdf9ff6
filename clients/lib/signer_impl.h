/* SPDX-License-Identifier: Apache-2.0 */
/*
** What signer.c (the calls) and session.c (the agent behind a socket) share; for nobody else.
*/
#ifndef CRFD_CLIENTS_SIGNER_IMPL_H
#define CRFD_CLIENTS_SIGNER_IMPL_H

#include "clients/lib/signer.h"

enum call { CALL_JWK = 1, CALL_RECORD, CALL_BEARER, CALL_SEAL, CALL_UNSEAL, CALL_END };

#define CALL_PARTS_MAX 5

/* A call and its arguments as bytes: numbers are 8 bytes, big-endian. */
struct call_parts {
    enum call call;
    size_t count;
    struct span parts[CALL_PARTS_MAX];
};

struct signer {
    struct private_key *key; /* NULL: behind the agent */
    char *socket;            /* path of the agent; NULL: here */
    char *kid, *jwk;
};

/* Answer a call with the key of SIGNER, which is in this process. */
MUST_USE status signer_answer(struct signer *signer, const struct call_parts *call,
                              struct bytes *out, struct err *err);

/* Send a call to the agent at SOCKET and take its answer. ERR_UNAVAILABLE: nobody there. */
MUST_USE status session_call(const char *socket, const struct call_parts *call,
                             struct bytes *out, struct err *err);

/* The socket's path for FOLDER; the caller frees. */
char *session_socket(const struct folder *folder);

#endif
