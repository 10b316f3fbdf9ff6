/* SPDX-License-Identifier: Apache-2.0 */
/*
** The signer: it signs only what extends what it signed, also after it died in between.
*/
#include "service/flow/signer.h"

#include <sys/stat.h>
#include <unistd.h>

#include "crypto/checkpoint.h"
#include "protocol/record/schema.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

#define ORIGIN "edc.test/s/1"

static char *folder;
static struct bytes key_path, mark_path;

static int set_up(void **state)
{
    (void) state;
    folder = temp_folder("signer");
    bytes_printf(&key_path, "%s/a.logkey", folder);
    bytes_printf(&mark_path, "%s/a.highwater", folder);
    return 0;
}

static void tear_down(void)
{
    remove_tree(folder);
    free(folder);
    bytes_done(&key_path);
    bytes_done(&mark_path);
}

static void write_text(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "wbe");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) >= 0, 1);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static struct signer *open_it(void)
{
    struct signer *signer = NULL;
    struct err err = {0};
    assert_status(
        signer_open(bytes_text(&key_path), bytes_text(&mark_path), ORIGIN, &signer, &err),
        OK, &err);
    return signer;
}

static void leaves_of(struct digest *leaves, size_t count, uint8_t seed)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[2] = {seed, (uint8_t) i};
        merkle_leaf(span_of(bytes, sizeof(bytes)), &leaves[i]);
    }
}

static void root_after(const struct signer *signer, const struct digest *leaves,
                       size_t count, struct digest *ret_root)
{
    struct frontier frontier = *signer_mark(signer);
    for (size_t i = 0; i < count; i++) {
        frontier_append(&frontier, &leaves[i]);
    }
    frontier_root(&frontier, ret_root);
}

/* Sign three leaves in a new folder. */
static struct signer *with_three(struct digest leaves[3])
{
    struct digest root;
    struct err err = {0};
    struct signer *signer = open_it();
    leaves_of(leaves, 3, 1);
    root_after(signer, leaves, 3, &root);
    assert_false(signer_has_mark(signer));
    assert_status(signer_advance(signer, leaves, 3, &root, &err), OK, &err);
    return signer;
}

static void the_mark_outlives_the_process(void **state)
{
    set_up(state);
    struct digest leaves[3];
    CLEANUP(bytes_done) struct bytes first = {0};
    CLEANUP(bytes_done) struct bytes again = {0};
    struct err err = {0};
    struct stat info;
    struct signer *signer = with_three(leaves);
    assert_status(signer_checkpoint(signer, &first, &err), OK, &err);
    signer_close(signer);
    signer = open_it();
    assert_true(signer_has_mark(signer));
    assert_int_equal(signer_mark(signer)->size, 3);
    assert_status(signer_checkpoint(signer, &again, &err), OK, &err);
    assert_string_equal(bytes_text(&first), bytes_text(&again));
    assert_int_equal(stat(bytes_text(&key_path), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    signer_close(signer);
    tear_down();
}

static void another_history_is_not_signed(void **state)
{
    set_up(state);
    struct digest leaves[3];
    struct digest other[2];
    struct digest root;
    struct err err = {0};
    struct signer *signer = with_three(leaves);
    struct frontier frontier = {0};
    leaves_of(other, 2, 9);
    frontier_append(&frontier, &other[0]); /* a log of its own, not behind the three */
    frontier_append(&frontier, &other[1]);
    frontier_root(&frontier, &root);
    assert_status(signer_advance(signer, other, 2, &root, &err), ERR_TAMPERED, &err);
    assert_status(signer_advance(signer, NULL, 0, &root, &err), ERR_TAMPERED, &err);
    assert_int_equal(signer_mark(signer)->size, 3);
    signer_close(signer);
    signer = open_it();
    assert_int_equal(signer_mark(signer)->size, 3);
    signer_close(signer);
    tear_down();
}

static void the_number_of_the_projections_is_kept(void **state)
{
    set_up(state);
    struct digest leaves[3];
    struct err err = {0};
    struct signer *signer = with_three(leaves);
    assert_int_equal(signer_projection(signer), PROJECTION_NUMBER);
    assert_status(signer_set_projection(signer, 7, &err), OK, &err);
    signer_close(signer);
    signer = open_it();
    assert_int_equal(signer_projection(signer), 7);
    assert_int_equal(signer_mark(signer)->size, 3);
    signer_close(signer);
    CLEANUP(bytes_done) struct bytes mark = read_file(bytes_text(&mark_path));
    assert_true(bytes_text(&mark)[mark.size - 2] == '7');
    mark.data[mark.size - 2] = 0; /* four lines, as they were before */
    write_text(bytes_text(&mark_path), bytes_text(&mark), 0600);
    signer = open_it();
    assert_int_equal(signer_projection(signer), 1);
    signer_close(signer);
    tear_down();
}

static void a_mark_that_cannot_be_written_does_not_move(void **state)
{
    set_up(state);
    struct digest leaves[3];
    struct digest root;
    struct err err = {0};
    CLEANUP(bytes_done) struct bytes aside = {0};
    struct signer *signer = with_three(leaves);
    bytes_printf(&aside, "%s-away", folder);
    root_after(signer, leaves, 1, &root);
    assert_int_equal(rename(folder, bytes_text(&aside)), 0);
    assert_status(signer_advance(signer, leaves, 1, &root, &err), ERR_UNAVAILABLE, &err);
    assert_int_equal(signer_mark(signer)->size, 3);
    assert_int_equal(rename(bytes_text(&aside), folder), 0);
    assert_status(signer_advance(signer, leaves, 1, &root, &err), OK, &err);
    assert_int_equal(signer_mark(signer)->size, 4);
    signer_close(signer);
    tear_down();
}

/* ---- files that are not as they were written ---- */

static const struct file_row {
    const char *name;
    const char *mark, *key; /* NULL: as it was */
    bool no_key;
    mode_t key_mode;
    status result;
} file_rows[] = {
    {"both as they were", NULL, NULL, false, 0600, OK},
    {"an empty mark", "", NULL, false, 0600, ERR_BAD_INPUT},
    {"the mark of another log", "edc.test/s/2\n0\nx\ny\n", NULL, false, 0600,
     ERR_BAD_INPUT},
    {"a mark with a line too many", "edc.test/s/1\n0\nx\ny\n2\n3\n", NULL, false, 0600,
     ERR_BAD_INPUT},
    {"a mark whose root is not that of its frontier",
     ORIGIN "\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nAAAAAAAAAAA=\n", NULL,
     false, 0600, ERR_BAD_INPUT},
    {"a mark and no key: none is made anew", NULL, NULL, true, 0600, ERR_NOT_FOUND},
    {"a key that others can read", NULL, NULL, false, 0640, ERR_BAD_INPUT},
    {"a key file with something else in it", NULL, "hello\n", false, 0600, ERR_BAD_INPUT},
};

static void check_files(void **state)
{
    const struct file_row *row = *state;
    set_up(state);
    struct digest leaves[3];
    struct err err = {0};
    signer_close(with_three(leaves));
    if (row->mark != NULL) {
        write_text(bytes_text(&mark_path), row->mark, 0600);
    }
    if (row->key != NULL) {
        write_text(bytes_text(&key_path), row->key, 0600);
    }
    assert_int_equal(chmod(bytes_text(&key_path), row->key_mode), 0);
    if (row->no_key) {
        assert_int_equal(unlink(bytes_text(&key_path)), 0);
    }
    struct signer *signer = NULL;
    assert_status(
        signer_open(bytes_text(&key_path), bytes_text(&mark_path), ORIGIN, &signer, &err),
        row->result, &err);
    signer_close(signer);
    tear_down();
}

int main(void)
{
    add_test("the mark outlives the process", the_mark_outlives_the_process);
    add_test("another history is not signed", another_history_is_not_signed);
    add_test("the number of the projections is kept in the mark",
             the_number_of_the_projections_is_kept);
    add_test("a mark that cannot be written does not move",
             a_mark_that_cannot_be_written_does_not_move);
    add_rows(file_rows, ARRAY_LEN(file_rows), sizeof(file_rows[0]), check_files);
    return run_added("signer");
}
