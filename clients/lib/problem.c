/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why reading a refusal cannot fail: whatever stands between us and the service (a hospital's
** proxy, a dying server) may answer in HTML or half. The person still needs a sentence, and
** the outbox still needs to know whether to keep the record.
*/
#include "clients/lib/https.h"

#include "base/text.h"
#include "clients/lib/plain.h"

static const struct json_limits PROBLEM_LIMITS = {
    .depth = 8, .nodes = 20000, .string = (size_t) 64 << 10};

static const char *member(const struct json *object, const char *name, struct arena *arena)
{
    const char *text = json_get_string(object, name);
    return text != NULL ? text_for_terminal(arena, text) : "";
}

struct served_findings findings_read(const struct json *list, struct arena *arena)
{
    if (list == NULL || list->kind != J_ARRAY) {
        return (struct served_findings){0};
    }
    size_t count = list->count < SERVED_FINDINGS_MAX ? list->count : SERVED_FINDINGS_MAX;
    struct served_finding *items = ARENA_ARRAY(arena, count, struct served_finding);
    for (size_t i = 0; i < count; i++) {
        const struct json *item = &list->items[i];
        const struct json *due = json_get(item, "due");
        items[i] = (struct served_finding){.rule = member(item, "rule", arena),
                                           .act = member(item, "act", arena),
                                           .object = member(item, "object", arena),
                                           .path = member(item, "path", arena),
                                           .message = member(item, "message", arena),
                                           .help = member(item, "help", arena),
                                           .due = due != NULL && due->kind == J_TRUE};
    }
    return (struct served_findings){items, count};
}

static const char *sentence_of(long code)
{
    switch (code) {
    case 400:
        return "the server cannot read this";
    case 401:
        return "the server does not know this key, or the signature does not hold";
    case 403:
        return "this key does not have the right";
    case 404:
        return "the server does not know this";
    case 409:
        return "something else was recorded in the meantime";
    case 413:
        return "this is too large for the server";
    case 422:
        return "the server found something that must be put right first";
    case 429:
        return "too many requests; wait a little";
    case 503:
        return "the server is not ready";
    default:
        return "the server gave an answer that does not belong here";
    }
}

void problem_read(const struct https_answer *answer, struct arena *arena,
                  struct problem *ret_problem)
{
    const struct json *root = NULL;
    bool readable =
        strcmp(answer->media, "application/problem+json") == 0 &&
        json_parse(span_bytes(&answer->body), &PROBLEM_LIMITS, arena, &root, NULL) == OK &&
        root->kind == J_OBJECT;
    *ret_problem = (struct problem){.code = answer->code,
                                    .type = "",
                                    .title = sentence_of(answer->code),
                                    .detail = "",
                                    .request_id = ""};
    if (!readable) {
        return;
    }
    ret_problem->root = root;
    ret_problem->type = member(root, "type", arena);
    ret_problem->detail = member(root, "detail", arena);
    ret_problem->request_id = member(root, "request_id", arena);
    const char *title = member(root, "title", arena);
    if (title[0] != '\0') {
        ret_problem->title = title;
    }
    ret_problem->receipt = json_get_string(root, "receipt");
    ret_problem->findings = findings_read(json_get(root, "findings"), arena);
}

bool problem_is(const struct problem *problem, const char *name)
{
    static const char prefix[] = "urn:crfd:problem:";
    return strncmp(problem->type, prefix, sizeof(prefix) - 1) == 0 &&
           strcmp(problem->type + sizeof(prefix) - 1, name) == 0;
}

static status kind_of(const struct problem *problem)
{
    static const struct {
        long code;
        status kind;
    } KINDS[] = {{400, ERR_BAD_INPUT}, {401, ERR_UNAUTHENTIC}, {404, ERR_NOT_FOUND},
                 {409, ERR_CONFLICT},  {413, ERR_TOO_LARGE},   {429, ERR_BUSY}};
    status kind = problem->code >= 500 ? ERR_UNAVAILABLE : ERR_REJECTED;
    for (size_t i = 0; i < ARRAY_LEN(KINDS); i++) {
        kind = problem->code == KINDS[i].code ? KINDS[i].kind : kind;
    }
    bool tampered =
        problem_is(problem, "log-halted") || problem_is(problem, "history-differs");
    return tampered ? ERR_TAMPERED : kind;
}

status problem_status(const struct problem *problem, struct err *err)
{
    bool detail =
        problem->detail[0] != '\0' && strcmp(problem->detail, problem->title) != 0;
    bool id = problem->request_id[0] != '\0';
    return FAIL(err, kind_of(problem), "%s%s%s%s%s%s (%ld)", problem->title,
                detail ? ": " : "", problem->detail, id ? " [request " : "",
                problem->request_id, id ? "]" : "", problem->code);
}
