/* SPDX-License-Identifier: Apache-2.0 */
/*
** key: public and private keys of people, logs and witnesses, and their signatures.
**
** Two kinds: ES256 (ECDSA on P-256 with SHA-256, RFC 7518 3.4) and Ed25519 (RFC 8032).
** The algorithm is a property of the key: no function takes it from a message. A
** signature is 64 bytes in both: r || s, big-endian, 32 bytes each, or the Ed25519
** signature.
**
** Every way to make a public key refuses what nobody may sign with: P-256 points that
** are not on the curve or not in range, and the Ed25519 keys that are not canonically
** encoded or of low order (C2SP CCTV lists 14 encodings), under which one signature fits
** many messages.
**
** `struct key` is a public key. It never changes, so many threads may verify with one at
** the same time; key_share() counts a further owner. `struct private_key` signs; its
** memory is wiped by OpenSSL. Text forms:
**
**   JWK    {"crv":"P-256","kty":"EC","x":"...","y":"..."} or {"crv":"Ed25519","kty":"OKP",
**          "x":"..."}: exactly these members, written in this order (RFC 7638), read in any
**   raw    04 || x || y (65 bytes), or the 32 bytes of RFC 8032
**   SPKI   DER SubjectPublicKeyInfo (RFC 5480 named curve, uncompressed; RFC 8410)
**   thumbprint  base64url of SHA-256 of the JWK as written (RFC 7638), 43 characters
**   PEM    "ENCRYPTED PRIVATE KEY": PKCS#8, PBES2, scrypt, AES-256-CBC (RFC 5958, 7914);
**          `openssl pkey -in key.pem` opens it
**
** Errors: ERR_BAD_INPUT cannot be read; ERR_REJECTED a key that is read and not allowed;
** ERR_UNAUTHENTIC a signature that does not hold, or a wrong passphrase; ERR_BUG OpenSSL
** failed where it must not. OpenSSL's error queue is empty afterwards.
*/
#ifndef CRFD_CRYPTO_KEY_H
#define CRFD_CRYPTO_KEY_H

#include "base/json.h"
#include "crypto/secret.h"

enum key_kind { KEY_ES256, KEY_ED25519 };

#define SIGNATURE_SIZE       64
#define KEY_RAW_MAX          65
#define KEY_THUMBPRINT_SIZE  43 /* characters, without NUL */
#define KEY_PRIVATE_RAW_SIZE 32 /* the scalar, big-endian, or the Ed25519 seed */

struct key;
struct private_key;

/* The JWS name of a kind: "ES256", "Ed25519" (RFC 9864), and back; false for any other. */
const char *key_kind_name(enum key_kind kind);
MUST_USE bool key_kind_parse(const char *name, enum key_kind *ret_kind);

/* Public keys. The caller owns *ret_key (key_free). */
MUST_USE status key_from_jwk(const struct json *jwk, struct key **ret_key, struct err *err);
MUST_USE status key_from_spki(struct span der, struct key **ret_key, struct err *err);
MUST_USE status key_from_raw(enum key_kind kind, struct span raw, struct key **ret_key,
                             struct err *err);

/* A further owner of the same key; each calls key_free once. Any thread. */
struct key *key_share(const struct key *key);
void key_free(struct key *key); /* accepts NULL */
void key_freep(struct key **key);

enum key_kind key_kind(const struct key *key);
const char *key_thumbprint(const struct key *key); /* borrowed from KEY */
struct span key_raw(const struct key *key);        /* borrowed from KEY */
void key_to_jwk(const struct key *key, struct bytes *out);
void key_to_spki(const struct key *key, struct bytes *out);
bool key_equal(const struct key *a, const struct key *b);

/* OK only if SIGNATURE is KEY's over MESSAGE; else ERR_UNAUTHENTIC. Any thread. */
MUST_USE status key_verify(const struct key *key, struct span message,
                           struct span signature, struct err *err);

/* Private keys. The caller owns *ret_key (private_key_free). */
MUST_USE status private_key_generate(enum key_kind kind, struct private_key **ret_key,
                                     struct err *err);
MUST_USE status private_key_from_raw(enum key_kind kind, const struct secret *raw,
                                     struct private_key **ret_key, struct err *err);
MUST_USE status private_key_from_pem(struct span pem, const struct secret *passphrase,
                                     struct private_key **ret_key, struct err *err);
void private_key_free(struct private_key *key); /* accepts NULL */
void private_key_freep(struct private_key **key);

/* The public half, borrowed from KEY. */
const struct key *private_key_public(const struct private_key *key);

/* Sign MESSAGE. Ed25519 is deterministic, ES256 is not. */
MUST_USE status private_key_sign(const struct private_key *key, struct span message,
                                 uint8_t ret_signature[SIGNATURE_SIZE], struct err *err);

/* The 32 private bytes, for deriving keys (seal.h) and note skeys. */
MUST_USE status private_key_to_raw(const struct private_key *key, struct secret *ret_raw,
                                   struct err *err);

/* Append the encrypted PEM form. scrypt with N 16384, r 8, p 5: a passphrase guess costs
 * about a quarter of a second and 16 MiB. An empty passphrase is refused. */
MUST_USE status private_key_to_pem(const struct private_key *key,
                                   const struct secret *passphrase, struct bytes *out,
                                   struct err *err);

#endif
