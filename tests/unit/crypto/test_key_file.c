/* SPDX-License-Identifier: Apache-2.0 */
/*
** key: the encrypted file. Ours opens with its passphrase only; of others' files, those
** that a person could have made by mistake are refused by their reason.
*/
#include <openssl/err.h>

#include "crypto/key.h"
#include "tests/support/rows.h"

static const enum key_kind kinds[] = {KEY_ES256, KEY_ED25519};

static void check_pem(void **state)
{
    (void) state;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        CLEANUP(private_key_freep) struct private_key *key = NULL;
        CLEANUP(private_key_freep) struct private_key *again = NULL;
        struct private_key *none = NULL;
        CLEANUP(bytes_done) struct bytes pem = {0};
        CLEANUP(secret_done) struct secret passphrase = {0};
        struct err err;
        secret_copy(&passphrase, "correct horse", 13);
        assert_status(private_key_generate(kinds[i], &key, &err), OK, &err);
        assert_status(private_key_to_pem(key, &passphrase, &pem, &err), OK, &err);
        assert_true(
            span_starts(span_bytes(&pem), "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
        assert_status(private_key_from_pem(span_bytes(&pem), &passphrase, &again, &err), OK,
                      &err);
        assert_true(key_equal(private_key_public(key), private_key_public(again)));
        secret_copy(&passphrase, "correct horsf", 13);
        assert_status(private_key_from_pem(span_bytes(&pem), &passphrase, &none, &err),
                      ERR_UNAUTHENTIC, &err);
        secret_done(&passphrase);
        assert_status(private_key_from_pem(span_bytes(&pem), &passphrase, &none, &err),
                      ERR_BAD_INPUT, &err);
        assert_status(private_key_to_pem(key, &passphrase, &pem, &err), ERR_BAD_INPUT,
                      &err);
        assert_int_equal(ERR_peek_error(), 0);
    }
}

/* made with openssl genpkey and pkcs8; passphrase "secret" */
static const struct pem_row {
    const char *name, *pem;
    status wanted;
} pems[] = {
    {"a file of openssl pkcs8 -scrypt is opened",
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "MIGTME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAirMvXZjY8NIQICQAAC\n"
     "AQgCAQEwHQYJYIZIAWUDBAEqBBDZzOmvDUqWMFVfToFu8Q7LBEBASLu4hraXeDJq\n"
     "NZpisPS0ANRIFF3+cjRenmg0Wi82vOawXiHPsBF2KvI6H/YT1oR3L6i9jpi4Gw77\n"
     "awdMwdU4\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n",
     OK},
    {"a file with PBKDF2 is refused",
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhlqSKvCqgx5wICCAAw\n"
     "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEKEOP9pkHlcJOy2sP797nKkEQLTL\n"
     "dwDgnhH3XfZJGbMBsrrSjMusjUyorsCSH2RUYZko6cKDo61cAjUAamu9fpOJzWEH\n"
     "WwZKi1rgM+QQpf4bDWI=\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n",
     ERR_REJECTED},
    {"a file with a cheaper scrypt is refused",
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "MIGTME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAiqeFyCJ2fLPwICBAAC\n"
     "AQgCAQEwHQYJYIZIAWUDBAEqBBAJploVHSSy+Ggj2uUQaCbyBEBPk7FXTS7mdGtz\n"
     "d+4bzRDi1rw4ronZziEIXXsTcxLaI1Vs0O4iOsdvzHvHgc2jG7NjrsIqTFxYo+Dz\n"
     "8yc2u57K\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n",
     ERR_REJECTED},
    {"a file with a scrypt that takes minutes is refused",
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "MIGTME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAiXj7wz8anXhgICQAAC\n"
     "AQgCAUAwHQYJYIZIAWUDBAEqBBDS8DGuvOSuVhVxsaJtewsYBEDOvSE1qVHx2UCD\n"
     "UKdIsGrqTTqG8xQvv/H6ZnrhUIhbzFbkJ8GUBjReKy87ky2pFamOt1z0HqKW2FOP\n"
     "2bjXtxzW\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n",
     ERR_REJECTED},
    {"a file with PBES1 is refused",
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "MFgwHAYKKoZIhvcNAQwBAzAOBAh1ylwRx61UqgICCAAEOE98a2eEro8fUX7yEX8T\n"
     "t9EZ8r6WRM+g38qtXAq3L6BtGaUR3/JxFck+jqrFefBaAGtsomhbEAsY\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n",
     ERR_REJECTED},
    {"a file whose parameters cannot be read is refused",
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "MIGTME8GCSqGSIb3DQEFDTBCBEAGCSsGAQQB2kcECzAUBAirMvXZjY8NIQICQAAC\n"
     "AQgCAQEwHQYJYIZIAWUDBAEqBBDZzOmvDUqWMFVfToFu8Q7LBEBASLu4hraXeDJq\n"
     "NZpisPS0ANRIFF3+cjRenmg0Wi82vOawXiHPsBF2KvI6H/YT1oR3L6i9jpi4Gw77\n"
     "awdMwdU4\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n",
     ERR_REJECTED},
    {"a file whose public half is another key's opens as its private half says",
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "MIHkME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAi5Gbz6hbbtkAICQAAC\n"
     "AQgCAQEwHQYJYIZIAWUDBAEqBBCSmg57/8S1+DNQ/QHGjhunBIGQMnvckyxVObjO\n"
     "wmMv3iUmkmkPxFfJ78Tgwt4n+TZsVJ5KSyc/93qSrc5dTRYrGE8PFzNI679O2GQX\n"
     "dtyN8v04yJ6Ce2QBK9zNe/icICQR0IyDKX3agulaQ91nOkYMS67Wwp11J6x1TqVq\n"
     "FazaDm8y6Ja94fE4+ftfP8yYnLMbmMjhXwZeZiD0Ft7MAuYH8vTg\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n",
     OK},
    {"a file that wants a second passphrase is refused and nobody is asked",
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "Proc-Type: 4,ENCRYPTED\n"
     "DEK-Info: AES-256-CBC,0102030405060708090A0B0C0D0E0F10\n"
     "\n"
     "MIGTME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAirMvXZjY8NIQICQAAC\n"
     "AQgCAQEwHQYJYIZIAWUDBAEqBBDZzOmvDUqWMFVfToFu8Q7LBEBASLu4hraXeDJq\n"
     "NZpisPS0ANRIFF3+cjRenmg0Wi82vOawXiHPsBF2KvI6H/YT1oR3L6i9jpi4Gw77\n"
     "awdMwdU4\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n",
     ERR_BAD_INPUT},
    {"an unencrypted file is refused",
     "-----BEGIN PRIVATE KEY-----\n"
     "MC4CAQAwBQYDK2VwBCIEIFeAJar7vpyY2fZFv/uYIds98xpQyPmcaIGISTz0iRkv\n"
     "-----END PRIVATE KEY-----\n",
     ERR_BAD_INPUT},
    {"an RSA key is refused",
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "MIIC1TBPBgkqhkiG9w0BBQ0wQjAhBgkrBgEEAdpHBAswFAQIq4Cq7p7imXACAkAA\n"
     "AgEIAgEBMB0GCWCGSAFlAwQBKgQQ65rrjeMAV6lOtmcTM8P+DQSCAoAXMpk6gf/2\n"
     "WdOWxpJ1XTBptEPGY/0GS5hi7MHD26pOU4p8dHS2uyzTYL7NLTQiAZ6qYqmSDlmS\n"
     "0OH1/AxngtLBHTUuU/CleCq4fjsXWY93+xMoF1OiYZFHuX8UPk+BJOZQmh5qvrCo\n"
     "ZjnKia8IVifDhS/UKUlDaMdZ19XH3LJ5UQHoblhv+j/TUVihdIZlwL58EVhhxrGr\n"
     "/OdgbVxlwDw4QL1ge9dTLKZIXfLSBeXmzPD8/BMu+BFMWMQsfZPuhoqvgk2Utuwr\n"
     "XG8RMNHJLgdv6oDa1FWe0m/IeobY0967ZhzHoF7wmEKwRaaxCJ9aUGSJ1a5JG63d\n"
     "V7Dc7VLQxKKERTpBi1yo3mFT1uLlJFLfYR+CeDXx/TSztAyxx1UjhD/JDblxWCOk\n"
     "6Hw4Wl7tYRZycq/tuDnNK88UZZBU8IHlSS9RkTn67hkDY1ODaoGwmyzjae/oInDN\n"
     "3T1hv4fxqYsPQAY6HI6geSxUQFGEZGl5l9L3ATtVaswt9JBIYbdmLCoV9TlTO3i4\n"
     "nhcGAxfv0RFQeOHMoV3VNOoCbd2gPybi7Na9G/dYUrnUa8hVUQ0uBWDbsoCsu+dP\n"
     "eiUPxWkV+BaPhrkrq6LoD5frkJViOs70zvdO3pK0mjqCkByMAjEnzegEulpNDqPo\n"
     "jJfhXwVrqZ5Bz9WjiTKnx8o/iLF7p3INaCX2NM7135uegB4IL3FoQ/8J3hTAnvQp\n"
     "sTdhlrEmIg6nGdpvDrecdKABjD7JX4Tpav/mp5UsFfC00hz6n7IuJdBDGahwTfur\n"
     "sicxHDxLNoNcICxJbOYUI8J80CkZu+2WSMyMs44EjKCbMMQo3udFAw7tN0XnZdIP\n"
     "ksDO6LRqoPjn\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n",
     ERR_REJECTED},
    {"a P-384 key is refused",
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "MIIBFDBPBgkqhkiG9w0BBQ0wQjAhBgkrBgEEAdpHBAswFAQIIKQtZPhB+VMCAkAA\n"
     "AgEIAgEBMB0GCWCGSAFlAwQBKgQQ70eUWX5Wi1DMLlaqjPkk4QSBwP20r363JxHX\n"
     "6tH5E0Ln2Vt5Wbqs0Xhk27nbjIXb3QCdBQL/TVCSS31tMeXBNPO9MHtv6Yv6Rg0i\n"
     "F+JX9+swhSzerl16kHBiOmGrbo9LeyySrFZ8DLbU8zAPKuN9et0UjZeUjPz/Zt3E\n"
     "PqZsiw4XM1vQHbOYg0e3st5b7peMT6k58wt4rwmSBBudSrPY8HA4CCuVqO/1sDrN\n"
     "ywqZJnmth85q7vWsNmFi4gvWkGRijYOqneG9Y63F2opliOxFLuzebQ==\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n",
     ERR_REJECTED},
    {"an empty file is refused", "", ERR_BAD_INPUT},
    {"text that is no key file is refused", "hello\n", ERR_BAD_INPUT},
};

static void check_pem_file(void **state)
{
    const struct pem_row *row = *state;
    CLEANUP(private_key_freep) struct private_key *key = NULL;
    CLEANUP(secret_done) struct secret passphrase = {0};
    struct err err;
    secret_copy(&passphrase, "secret", 6);
    assert_status(private_key_from_pem(span_text(row->pem), &passphrase, &key, &err),
                  row->wanted, &err);
    assert_int_equal(key != NULL, row->wanted == OK);
    assert_int_equal(ERR_peek_error(), 0);
    if (key != NULL) {
        uint8_t signature[SIGNATURE_SIZE];
        struct span given = span_of(signature, sizeof(signature));
        assert_status(private_key_sign(key, SPAN_LITERAL("x"), signature, &err), OK, &err);
        assert_status(key_verify(private_key_public(key), SPAN_LITERAL("x"), given, &err),
                      OK, &err);
    }
}

int main(void)
{
    add_test("an encrypted key file opens with its passphrase only", check_pem);
    add_rows(pems, ARRAY_LEN(pems), sizeof(pems[0]), check_pem_file);
    return run_added("crypto/key file");
}
