/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/joined.h"

#include "clients/lib/folder.h"
#include "clients/lib/passport.h"
#include "clients/lib/text_file.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

char *joined_folder(struct trial *trial, enum who who, const struct joined *joined)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(folder_closep) struct folder *folder = NULL;
    CLEANUP(bytes_done) struct bytes pem = {0};
    CLEANUP(bytes_done) struct bytes certificate = read_file(trial_certificate(trial));
    CLEANUP(secret_done) struct secret passphrase = {0};
    struct err err = {0};
    const char *path = NULL;
    const struct private_key *key = trial_key(trial, who);
    struct passport passport = {
        .url = joined->url,
        .study = TRIAL_SLUG,
        .study_name = "MABS06",
        .origin = TRIAL_ORIGIN,
        .vkey = joined->vkey,
        .founder = key_thumbprint(private_key_public(trial_key(trial, FOUNDER))),
        .person = trial_person(who),
        .name = trial_person(who),
        .role = trial_role(who),
        .site = joined->site,
        .timezone = joined->site != NULL ? "Europe/Amsterdam" : NULL,
        .language = "en",
        .authority = bytes_text(&certificate),
        .kid = key_thumbprint(private_key_public(key))};
    secret_copy(&passphrase, JOINED_PASSPHRASE, strlen(JOINED_PASSPHRASE));
    assert_status(folder_path(TRIAL_ORIGIN, arena, &path, &err), OK, &err);
    assert_status(folder_open(path, true, &folder, &err), OK, &err);
    assert_status(private_key_to_pem(key, &passphrase, &pem, &err), OK, &err);
    assert_status(folder_write(folder, "key.pem", span_bytes(&pem), &err), OK, &err);
    assert_status(passport_store(folder, &passport, &err), OK, &err);
    return mem_text(path);
}

void joined_passphrase(const char *folder)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    struct err err = {0};
    bytes_printf(&path, "%s/passphrase", folder);
    assert_status(text_file_write(bytes_text(&path), SPAN_LITERAL(JOINED_PASSPHRASE "\n"),
                                  false, &err),
                  OK, &err);
    BUG_IF(setenv("CRF_PASSPHRASE_FILE", bytes_text(&path), 1) != 0);
    BUG_IF(setenv("XDG_RUNTIME_DIR", folder, 1) != 0);
}
