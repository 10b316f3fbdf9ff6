/* SPDX-License-Identifier: Apache-2.0 */
/*
** Only the reason is taken from the queue: OpenSSL's "data" strings may quote input.
*/
#include "crypto/openssl.h"

status openssl_fail(struct err *err, status kind, const char *where, const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    err_set(err, kind, where, "%s: %s", what, reason != NULL ? reason : "no reason given");
    ERR_clear_error();
    return kind;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the type is OpenSSL's pem_password_cb */
int openssl_no_passphrase(char *buffer, int size, int writing, void *arg)
{
    (void) buffer;
    (void) size;
    (void) writing;
    (void) arg;
    return -1;
}
