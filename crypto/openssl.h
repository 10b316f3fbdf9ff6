/* SPDX-License-Identifier: Apache-2.0 */
/*
** openssl: what the files of crypto/ share when they call OpenSSL. Not for other folders.
**
** OpenSSL's error queue belongs to the thread, so whoever leaves something in it
** confuses the next caller, TLS included. Each entry point here that can make OpenSSL
** fail starts with ERR_clear_error() and ends with an empty queue: openssl_fail()
** empties it.
**
** OpenSSL's headers come before ours: they name parameters "rand", which base/banned.h
** bans.
*/
#ifndef CRFD_CRYPTO_OPENSSL_H
#define CRFD_CRYPTO_OPENSSL_H

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/bytes.h"

/* Fill ERR with "WHAT: reason" (a reason names no data), empty the queue, return KIND. */
#define OPENSSL_FAIL(err, kind, what) openssl_fail((err), (kind), WHERE, (what))
status openssl_fail(struct err *err, status kind, const char *where, const char *what);

/* The same without OpenSSL's reason, for refusals that have a better one. */
#define OPENSSL_REFUSE(err, kind, ...) (ERR_clear_error(), FAIL((err), (kind), __VA_ARGS__))

/* The passphrase callback for every PEM_read: there is none. Without it a PEM file with a
 * "Proc-Type: 4,ENCRYPTED" header makes OpenSSL ask at the terminal, and wait. */
int openssl_no_passphrase(char *buffer, int size, int writing, void *arg);

/* For CLEANUP. */
static inline void evp_pkey_done(EVP_PKEY **pkey)
{
    EVP_PKEY_free(*pkey);
}

static inline void evp_pkey_ctx_done(EVP_PKEY_CTX **context)
{
    EVP_PKEY_CTX_free(*context);
}

static inline void evp_md_ctx_done(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}

static inline void evp_cipher_ctx_done(EVP_CIPHER_CTX **context)
{
    EVP_CIPHER_CTX_free(*context);
}

static inline void ecdsa_sig_done(ECDSA_SIG **signature)
{
    ECDSA_SIG_free(*signature);
}

static inline void bio_done(BIO **bio)
{
    BIO_free_all(*bio);
}

#endif
