/* SPDX-License-Identifier: Apache-2.0 */
/*
** seal: a file that only one person can read, for the folder of the clients.
**
** AES-256-GCM under a key derived from the person's private key with HKDF-SHA256 (RFC
** 5869) and a fresh salt for each sealing, so a file key is used once.
**
**     "crfd-seal/1\n"  salt (32)  nonce (12)  ciphertext  tag (16)
**
**     file key = HKDF(key: the 32 private bytes, salt, info: "crfd-seal/1" || 00 || name)
**     the header, up to and with the nonce, is authenticated
**
** NAME says what the file is ("state", "outbox/<jti>"): a file that was put in the place
** of another does not open. Plain text comes back in a `struct secret`.
*/
#ifndef CRFD_CRYPTO_SEAL_H
#define CRFD_CRYPTO_SEAL_H

#include "crypto/key.h"

#define SEAL_OVERHEAD  (12 + 32 + 12 + 16)
#define SEAL_PLAIN_MAX 268435456 /* bytes: 256 MiB */

/* Append the sealed form of PLAIN. ERR_TOO_LARGE over SEAL_PLAIN_MAX. */
MUST_USE status seal_close(const struct private_key *key, const char *name,
                           struct span plain, struct bytes *out, struct err *err);

/* Open SEALED. ERR_BAD_INPUT when it is no sealed file, ERR_UNAUTHENTIC when it was sealed
 * with another key or name, or changed. */
MUST_USE status seal_open(const struct private_key *key, const char *name,
                          struct span sealed, struct secret *ret_plain, struct err *err);

/* True if DATA starts as a sealed file does. */
bool seal_is(struct span data);

#endif
