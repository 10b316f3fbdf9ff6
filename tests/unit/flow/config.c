/* SPDX-License-Identifier: Apache-2.0 */
/*
** crfd's configuration file: what is taken, and what is refused before anything is opened.
*/
#include "service/app/config.h"

#include "tests/support/files.h"
#include "tests/support/rows.h"

#define FOUNDER "x4WBDc8fHuy1JLncpiiJVAyWBr4BjK4eJHJuHVEth1s"
#define LEAST                                                                              \
    "listen = 127.0.0.1:0\npublic_url = https://edc.test\ntls_certificate = c\n"           \
    "tls_key = k\ndatabase = host=/tmp\nstate_folder = /tmp\n"
#define STUDY "study = MABS06 edc.test/s/1 " FOUNDER "\n"

static const struct row_of {
    const char *name, *text;
    status result;
} rows[] = {
    {"the least that serves", LEAST STUDY, OK},
    {"a service without a study", LEAST, OK},
    {"two studies", LEAST STUDY "study = OTHER edc.test/s/2 " FOUNDER "\n", OK},
    {"the same study twice is refused", LEAST STUDY STUDY, ERR_BAD_INPUT},
    {"two studies in one log are refused",
     LEAST STUDY "study = OTHER edc.test/s/1 " FOUNDER "\n", ERR_BAD_INPUT},
    {"a study without founder is refused", LEAST "study = MABS06 edc.test/s/1\n",
     ERR_BAD_INPUT},
    {"a founder that is no thumbprint is refused",
     LEAST "study = MABS06 edc.test/s/1 short\n", ERR_BAD_INPUT},
    {"a study whose name is a path is refused",
     LEAST "study = ../etc edc.test/s/1 " FOUNDER "\n", ERR_BAD_INPUT},
    {"no address to listen on is refused",
     "public_url = https://edc.test\ntls_certificate = c\ntls_key = k\ndatabase = d\n"
     "state_folder = /tmp\n",
     ERR_BAD_INPUT},
    {"a public address without TLS is refused", LEAST "public_url = http://edc.test\n",
     ERR_BAD_INPUT},
    {"a public address with a slash at its end is refused",
     LEAST "public_url = https://edc.test/\n", ERR_BAD_INPUT},
    {"a batch over 256 is refused", LEAST "batch = 257\n", ERR_BAD_INPUT},
    {"a queue of nobody is refused", LEAST "queue = 0\n", ERR_BAD_INPUT},
    {"a program that tells of serious events", LEAST "notify_command = /bin/true\n", OK},
    {"a program that is not there is refused", LEAST "notify_command = /bin/no-such\n",
     ERR_BAD_INPUT},
    {"a folder is no program", LEAST "notify_command = /bin\n", ERR_BAD_INPUT},
    {"nor is a file that cannot be run", LEAST "notify_command = /etc/passwd\n",
     ERR_BAD_INPUT},
    {"a program of some folder on the path is refused", LEAST "notify_command = true\n",
     ERR_BAD_INPUT},
    {"an unknown log level is refused", LEAST "log_level = loud\n", ERR_BAD_INPUT},
    {"an unknown setting is refused", LEAST "nonsense = 1\n", ERR_BAD_INPUT},
};

static void check(void **state)
{
    const struct row_of *row = *state;
    char *folder = temp_folder("config");
    CLEANUP(bytes_done) struct bytes path = {0};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct config config = {0};
    struct err err = {0};
    bytes_printf(&path, "%s/crfd.conf", folder);
    FILE *file = fopen(bytes_text(&path), "wbe");
    assert_non_null(file);
    assert_true(fputs(row->text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_status(config_load(bytes_text(&path), arena, &config, &err), row->result, &err);
    if (row->result == OK) {
        assert_int_equal(config.answer_seconds, 10);
        assert_false(config.unsafe_database);
    }
    remove_tree(folder);
    free(folder);
}

int main(void)
{
    return run_rows("configuration", rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
}
