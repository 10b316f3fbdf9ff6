/* SPDX-License-Identifier: Apache-2.0 */
/*
** signer: the person's key at work: signs records and reads, seals what lies on this disk.
**
** The key is either unlocked in this process (a passphrase was asked) or stays in a session:
** an agent process that holds it, answers the same five calls over a unix socket of mode 0600
** to programs of the same user, and ends after 15 minutes without one. The private bytes
** never cross that socket. Callers cannot tell the difference.
**
** Sealing binds the file's NAME ("outbox/0193.jws"), so that sealed files cannot be swapped.
*/
#ifndef CRFD_CLIENTS_SIGNER_H
#define CRFD_CLIENTS_SIGNER_H

#include "clients/lib/command.h"
#include "clients/lib/folder.h"
#include "crypto/bearer.h"
#include "crypto/jws.h"

struct signer;

/* Use the session of FOLDER if one is open; else ask for the passphrase of key.pem. */
MUST_USE status signer_open(const struct invocation *run, const struct folder *folder,
                            struct signer **ret_signer, struct err *err);

/* Make a key for FOLDER: ask for a new passphrase, write key.pem (which must not be there). */
MUST_USE status signer_make(const struct invocation *run, const struct folder *folder,
                            struct signer **ret_signer, struct err *err);

/* A signer of KEY, which it owns from now on; for tests and the agent itself. */
struct signer *signer_of_key(struct private_key *key);

void signer_close(struct signer *signer); /* accepts NULL; wipes the key */
void signer_closep(struct signer **signer);

const char *signer_kid(const struct signer *signer); /* borrowed */
const char *signer_jwk(const struct signer *signer); /* borrowed; the public half */

/* Append the signed line / the assertion (crypto/jws.h, crypto/bearer.h). */
MUST_USE status signer_record(struct signer *signer, const struct jws_header *header,
                              struct span payload, struct bytes *out, struct err *err);
MUST_USE status signer_bearer(struct signer *signer, const struct bearer_claims *claims,
                              struct bytes *out, struct err *err);

/* Append PLAIN sealed for the file NAME, and back. ERR_UNAUTHENTIC: not sealed by this key
 * for this name, or changed since. */
MUST_USE status signer_seal(struct signer *signer, const char *name, struct span plain,
                            struct bytes *out, struct err *err);
MUST_USE status signer_unseal(struct signer *signer, const char *name, struct span sealed,
                              struct bytes *out, struct err *err);

/* A sealed file of FOLDER: write (create: must be new) and read. */
MUST_USE status sealed_write(struct signer *signer, const struct folder *folder,
                             const char *name, struct span plain, struct err *err);
MUST_USE status sealed_create(struct signer *signer, const struct folder *folder,
                              const char *name, struct span plain, struct err *err);
MUST_USE status sealed_read(struct signer *signer, const struct folder *folder,
                            const char *name, struct bytes *out, struct err *err);

/* ---- sessions ---- */

#define SESSION_IDLE_SECONDS (15 * 60)

/* Start the agent for SIGNER's key (unlocked in this process) and return. A session that is
 * there already stays and is as good. */
MUST_USE status session_start(const struct folder *folder, struct signer *signer,
                              int idle_seconds, struct err *err);

/* End it; OK also when there is none. */
MUST_USE status session_end(const struct folder *folder, struct err *err);

/* Is one open? Asking does not count as use. */
bool session_is_open(const struct folder *folder);

#endif
