/* SPDX-License-Identifier: Apache-2.0 */
#include "clients/verify/trust.h"

#include "clients/lib/text_file.h"

static status read_passport(struct invocation *run, const char *file,
                            struct passport *ret_passport, struct err *err)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    TRY(text_file_read(file, INVITATION_MAX, &text, err));
    if (passport_read(span_bytes(&text), run->arena, ret_passport, NULL) == OK) {
        return OK;
    }
    return invitation_read(span_bytes(&text), run->arena, ret_passport, err);
}

static status own_passport(struct invocation *run, struct passport *ret_passport,
                           struct err *err)
{
    CLEANUP(folder_closep) struct folder *folder = NULL;
    const char *path = NULL;
    status kind = folder_find(run->folder_given, run->study_given, run->arena, &path, err);
    if (kind == ERR_NOT_FOUND) {
        return FAIL(err, ERR_NOT_FOUND,
                    "whose log should this be? Name its key: --passport INVITATION, or "
                    "--vkey KEY");
    }
    TRY(kind);
    TRY(folder_open(path, false, &folder, err));
    return passport_load(folder, run->arena, ret_passport, err);
}

status trust_find(struct invocation *run, const char *vkey, const char *founder,
                  const char *file, struct trust_root *ret_root, struct err *err)
{
    struct trust_root root = {0};
    struct passport passport = {0};
    if (vkey == NULL && file != NULL) {
        TRY(read_passport(run, file, &passport, err));
    } else if (vkey == NULL) {
        TRY(own_passport(run, &passport, err));
    }
    vkey = vkey != NULL ? vkey : passport.vkey;
    if (vkey == NULL) {
        return FAIL(err, ERR_UNAVAILABLE, "this computer does not know the log's key yet");
    }
    TRY(note_key_parse(span_text(vkey), &root.key, err));
    root.origin = arena_text(run->arena, note_key_name(root.key));
    root.founder = founder != NULL ? founder : passport.founder;
    root.trust.log = root.key;
    *ret_root = root;
    return OK;
}

void trust_done(struct trust_root *root)
{
    note_key_free(root->key);
    root->key = NULL;
}
