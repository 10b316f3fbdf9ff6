/* SPDX-License-Identifier: Apache-2.0 */
/*
** certificate: a TLS server certificate for those who have no other, and its fingerprint.
**
** The certificate is self-signed, P-256, for serverAuth only and no CA; clients are
** given it as the one they trust. The key comes in plain PEM (RFC 5915 in PKCS#8),
** because a server reads it without a person: keep it in a file only the service can
** read.
*/
#ifndef CRFD_CRYPTO_CERTIFICATE_H
#define CRFD_CRYPTO_CERTIFICATE_H

#include "base/clock.h"
#include "crypto/digest.h"
#include "crypto/secret.h"

/* Make a certificate for HOSTS (1 to 16 DNS names or IP addresses; the first is also its
 * common name), valid from FROM for DAYS (1 to 3650). Appends the certificate's PEM. */
MUST_USE status certificate_make(const char *const *hosts, size_t count, instant from,
                                 int days, struct bytes *ret_certificate,
                                 struct secret *ret_key, struct err *err);

/* SHA-256 of the DER of the first certificate in PEM: what `openssl x509 -fingerprint
 * -sha256` prints. */
MUST_USE status certificate_fingerprint(struct span pem, struct digest *ret_fingerprint,
                                        struct err *err);

#endif
