/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/system/amended.h"

#include "tests/support/files.h"

struct bytes amended_text(const char *version, const char *const *changes, size_t count)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct bytes xml = read_file(CRFD_SOURCE "/protocol/trials/mabs06.xml");
    trial_change(&xml, arena_printf(arena,
                                    "MetaDataVersion OID=\"MDV.1\"=>"
                                    "MetaDataVersion OID=\"%s\"",
                                    version));
    for (size_t i = 0; i < count; i++) {
        trial_change(&xml, changes[i]);
    }
    return xml;
}

char *amended_publish(struct trial *trial, const char *version, const char *const *changes,
                      size_t count)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes xml = amended_text(version, changes, count);
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    digest_of(span_bytes(&xml), &digest);
    digest_to_hex(&digest, hex);
    struct answer answer = trial_put_blob(trial, FOUNDER, span_bytes(&xml));
    if (answer.status != 201) {
        fail_msg("%d %s", answer.status, bytes_text(&answer.body));
    }
    answer_done(&answer);
    struct record record = trial_record(trial, FOUNDER, RECORD_STUDY_AMEND, arena);
    record.data.study_amend.definition = (struct definition_ref){version, hex};
    (void) scene_accept(trial, FOUNDER, &record);
    return mem_text(hex);
}

struct record amended_activation(struct trial *trial, const char *site, const char *version,
                                 const char *sha256, const char *from, struct arena *arena)
{
    struct record record = trial_record(trial, FOUNDER, RECORD_SITE_VERSION, arena);
    record.data.site_version =
        (struct site_version_data){site, version, sha256, from, NULL, "METC 26-041"};
    return record;
}

void amended_activate(struct trial *trial, const char *site, const char *version,
                      const char *sha256, const char *from)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = amended_activation(trial, site, version, sha256, from, arena);
    (void) scene_accept(trial, FOUNDER, &record);
}
