/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/system/safety_acts.h"

#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/files.h"

#define DECISION "1111111111111111111111111111111111111111111111111111111111111111"

static char *folder; /* of the operator's command */

char *notify_make(void)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    CLEANUP(bytes_done) struct bytes setting = {0};
    folder = temp_folder("crfd-notify");
    bytes_printf(&path, "%s/notify", folder);
    FILE *file = fopen(bytes_text(&path), "wb");
    BUG_IF(file == NULL);
    (void) fprintf(file, "#!/bin/sh\necho \"$@\" >>%s/told\n", folder);
    BUG_IF(fclose(file) != 0 || chmod(bytes_text(&path), 0700) != 0);
    bytes_printf(&setting, "notify_command = %s\n", bytes_text(&path));
    return mem_text(bytes_text(&setting));
}

struct bytes notify_told(void)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    bytes_printf(&path, "%s/told", folder);
    return access(bytes_text(&path), R_OK) == 0 ? read_file(bytes_text(&path))
                                                : (struct bytes){0};
}

void notify_hide(bool away)
{
    CLEANUP(bytes_done) struct bytes path = {0}, aside = {0};
    bytes_printf(&path, "%s/notify", folder);
    bytes_printf(&aside, "%s/aside", folder);
    int moved = away ? rename(bytes_text(&path), bytes_text(&aside))
                     : rename(bytes_text(&aside), bytes_text(&path));
    BUG_IF(moved != 0);
}

void notify_remove(void)
{
    remove_tree(folder);
    free(folder);
}

void safety_holds_are(struct trial *trial, const char *wanted)
{
    CLEANUP(mem_freep)
    char *holds =
        scene_sql(trial, "select coalesce(string_agg(activity || ' ' || scope || ' ' || "
                         "split_part(state, ' ', 1), '; '), '') from crfd.hold");
    assert_string_equal(holds, wanted);
}

void safety_assess(struct trial *trial, enum who who, const char *object,
                   const char *causality)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(mem_freep) char *leaf = scene_leaf(trial, object);
    struct record record = trial_record(trial, who, RECORD_SAFETY_ASSESS, arena);
    record.data.safety_assess =
        (struct safety_assess_data){.object = object, .leaf = leaf, .causality = causality};
    (void) scene_accept(trial, who, &record);
}

void safety_lift(struct trial *trial, enum who who)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = trial_record(trial, who, RECORD_HOLD_LIFT, arena);
    record.reason = "the board has looked";
    record.data.hold = (struct hold_data){"dosing", "study", "DSMB letter 3", DECISION};
    (void) scene_accept(trial, who, &record);
}

void *safety_post(struct trial *trial, enum who who, const struct record *record)
{
    CLEANUP(bytes_done) struct bytes line = {0};
    CLEANUP(bytes_done) struct bytes request = {0};
    void *wire = trial_wire_open(trial);
    trial_sign(trial, who, record, &line);
    bytes_printf(&request,
                 "POST /v1/studies/MABS06/records HTTP/1.1\r\nHost: edc.test\r\n"
                 "Content-Type: application/jose+json\r\nConnection: close\r\n"
                 "Content-Length: %zu\r\n\r\n",
                 line.size);
    bytes_add_span(&request, span_bytes(&line));
    trial_wire_send(wire, span_bytes(&request));
    (void) usleep(300 * 1000); /* the next one comes behind it */
    return wire;
}

void safety_answers(void *wire, const char *line, const char *says)
{
    CLEANUP(bytes_done) struct bytes answer = {0};
    assert_true(trial_wire_read(wire, 20, &answer));
    if (strncmp(bytes_text(&answer), line, strlen(line)) != 0 ||
        strstr(bytes_text(&answer), says) == NULL) {
        fail_msg("wanted %s, %s:\n%s", line, says, bytes_text(&answer));
    }
    trial_wire_close(wire);
}

void safety_one_commit(struct trial *trial)
{
    CLEANUP(mem_freep)
    char *roots =
        scene_sql(trial, "select count(*) from crfd.root join crfd.log using (log_id)"
                         " where root.size = log.size - 1");
    assert_string_equal(roots, "0");
}
