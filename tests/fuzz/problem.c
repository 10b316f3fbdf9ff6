/* SPDX-License-Identifier: Apache-2.0 */
/*
** Any bytes as a refusal of the service, and as its casebook's answer header. Reading cannot
** fail; no control character gets through to the terminal; every refusal has a kind.
*/
#include "clients/lib/https.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        BUG_IF((unsigned char) *c < 0x20 || *c == 0x7f);
        BUG_IF((unsigned char) c[0] == 0xC2 && (unsigned char) c[1] >= 0x80 &&
               (unsigned char) c[1] <= 0x9F);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const long codes[] = {400, 401, 403, 404, 409, 413, 422, 429, 500, 503, 0, 299};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(https_answer_done)
    struct https_answer answer = {.code = codes[size % ARRAY_LEN(codes)],
                                  .media = "application/problem+json"};
    struct problem problem;
    bytes_add(&answer.body, data, size);
    problem_read(&answer, arena, &problem);
    check_text(problem.title);
    check_text(problem.detail);
    check_text(problem.request_id);
    for (size_t i = 0; i < problem.findings.count; i++) {
        check_text(problem.findings.items[i].message);
        check_text(problem.findings.items[i].help);
        check_text(problem.findings.items[i].rule);
    }
    BUG_IF(problem_status(&problem, NULL) == OK);
    return 0;
}
