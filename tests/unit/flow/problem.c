/* SPDX-License-Identifier: Apache-2.0 */
/*
** What a refusal tells: our own sentences, never those of PostgreSQL or of the file system.
*/
#include "service/flow/problem.h"

#include "tests/support/rows.h"

static const struct row_of {
    const char *name;
    status kind;
    const char *where;
    int http_status;
    bool tells;
} rows[] = {
    {"what cannot be read is told", ERR_BAD_INPUT, "service/api/lists.c:9", 400, true},
    {"who is nobody is told why", ERR_UNAUTHENTIC, "service/api/reader.c:9", 401, true},
    {"what is not there is told", ERR_NOT_FOUND, "service/flow/proof.c:9", 404, true},
    {"our own waiting is told", ERR_UNAVAILABLE, "service/flow/writer.c:9", 503, true},
    {"PostgreSQL's words are not", ERR_UNAVAILABLE, "service/pg/pg_rows.c:9", 503, false},
    {"wherever it was built", ERR_BUSY, "/build/crfd/service/pg/pg_pool.c:9", 503, false},
    {"the path of a file is not", ERR_UNAVAILABLE, "service/flow/signer.c:9", 503, false},
    {"a column that is not ours is not", ERR_TAMPERED, "service/store/store.c:9", 503,
     false},
    {"a bug is not", ERR_BUG, "service/api/log.c:9", 500, false},
};

static void check(void **state)
{
    const struct row_of *row = *state;
    struct err err = {.kind = row->kind, .where = row->where, .what = "the words"};
    assert_int_equal(problem_http_status(row->kind), row->http_status);
    const char *detail = problem_detail(&err);
    if (row->tells) {
        assert_string_equal(detail, "the words");
    } else {
        assert_null(detail);
    }
}

int main(void)
{
    return run_rows("problem", rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
}
