/* SPDX-License-Identifier: Apache-2.0 */
/*
** openapi.json against the service, both ways: what the file lists is there and answers as
** listed, what the service routes is in the file, and nothing else is answered.
*/
#include "tests/support/files.h"
#include "tests/system/scene.h"

static struct trial *trial;
static struct arena *arena;
static const struct json *root;

static const struct json *follow(const struct json *value)
{
    const char *reference = json_get_string(value, "$ref");
    if (reference == NULL) {
        return value;
    }
    struct span rest = span_text(reference + 2); /* behind "#/" */
    const struct json *at = root;
    for (bool more = true; more && at != NULL;) {
        struct span part;
        more = span_cut(&rest, '/', &part);
        at = json_get(at, arena_span_text(arena, more ? part : rest));
    }
    if (at == NULL) {
        fail_msg("%s leads nowhere", reference);
    }
    return at;
}

/* ---- a request for an operation ---- */

struct operation {
    const char *path; /* of the file */
    const struct json *item, *json;
    char method[8]; /* upper case */
    bool bearer;
};

static const struct {
    const char *name, *value;
} parameters[] = {
    {"{study}", "MABS06"},  {"{path}", "0/000.p/1"}, {"{seq}", "9"},
    {"{subject}", "007-K"}, {"{sha256}", NULL},      {"{jti}", NULL},
};

static const char *value_of(const char *name)
{
    if (strcmp(name, "{sha256}") == 0) {
        return arena_text(arena, trial_definition(trial));
    }
    if (strcmp(name, "{jti}") == 0) {
        CLEANUP(mem_freep)
        char *jti =
            scene_sql(trial, "select jti from crfd.record_id r join crfd.person_key k on "
                             "k.key_no = r.key_no where k.person = 'p-0101' order by seq "
                             "desc limit 1");
        return arena_text(arena, jti);
    }
    for (size_t i = 0; i < ARRAY_LEN(parameters); i++) {
        if (strcmp(name, parameters[i].name) == 0) {
            return parameters[i].value;
        }
    }
    fail_msg("no value for %s", name);
    return NULL;
}

/* The path with its parameters filled in, STUDY for {study}. */
static const char *concrete(const char *path, const char *study)
{
    CLEANUP(bytes_done) struct bytes out = {0};
    while (*path != '\0') {
        if (*path != '{') {
            bytes_add_char(&out, *path++);
            continue;
        }
        size_t size = strcspn(path, "}") + 1;
        const char *name = arena_span_text(arena, span_of(path, size));
        bytes_add_text(&out, strcmp(name, "{study}") == 0 ? study : value_of(name));
        path += size;
    }
    return arena_text(arena, bytes_text(&out));
}

static const char *query_of(const char *path)
{
    return strstr(path, "/bodies") != NULL    ? "?from=0&to=3"
           : strstr(path, "/history") != NULL ? "?object=site/01"
                                              : "";
}

static struct answer request(const struct operation *operation, const char *study,
                             bool signed_in)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    CLEANUP(bytes_done) struct bytes body = {0};
    struct trial_request out = {
        .method = operation->method, .signed_in = signed_in, .who = INVESTIGATOR};
    bytes_printf(&path, "%s%s", concrete(operation->path, study),
                 query_of(operation->path));
    if (strcmp(operation->method, "POST") == 0) {
        struct sheet sheet = {.who = INVESTIGATOR, .file = "02-V1-DM.json"};
        scene_sheet(trial, &sheet, &body);
        out.content_type = "application/jose+json";
    } else if (strcmp(operation->method, "PUT") == 0) {
        CLEANUP(bytes_done)
        struct bytes xml = read_file(CRFD_SOURCE "/protocol/trials/mabs06.xml");
        bytes_add_span(&body, span_bytes(&xml));
        out.content_type = "application/xml";
        out.who = SPONSOR; /* who stores definitions */
    }
    out.path = bytes_text(&path);
    out.body = span_bytes(&body);
    if (strcmp(operation->path, "/metrics") == 0) {
        return trial_ask_operator(trial, "/metrics");
    }
    return trial_send(trial, &out);
}

/* ---- an answer against what is listed ---- */

static void check_type(const struct operation *operation, const struct json *response,
                       const struct answer *answer)
{
    const struct json *content = json_get(response, "content");
    const char *type = strcasestr(bytes_text(&answer->headers), "\ncontent-type: ");
    if (content == NULL || json_get(content, "*/*") != NULL) {
        return;
    }
    assert_non_null(type);
    for (size_t i = 0; i < content->count; i++) {
        const char *name = content->items[i].name;
        if (strncmp(type + 15, name, strlen(name)) == 0) {
            return;
        }
    }
    fail_msg("%s %s: the content type is not listed:%.60s", operation->method,
             operation->path, type);
}

static bool is_of(const struct json *value, const char *type)
{
    static const char *const names[] = {"null",   "boolean", "boolean", "integer",
                                        "string", "array",   "object"};
    return strcmp(names[value->kind], type) == 0;
}

/* The part of JSON Schema that the file uses. */
static void check_schema(const struct json *schema, const struct json *value, int depth)
{
    schema = follow(schema);
    const struct json *type = json_get(schema, "type");
    if (type != NULL && type->kind == J_STRING && !is_of(value, type->string)) {
        fail_msg("%s is no %s", value->name != NULL ? value->name : "a value",
                 type->string);
    }
    const struct json *required = json_get(schema, "required");
    for (size_t i = 0; required != NULL && i < required->count; i++) {
        if (json_get(value, required->items[i].string) == NULL) {
            fail_msg("%s is missing", required->items[i].string);
        }
    }
    const struct json *properties = json_get(schema, "properties");
    for (size_t i = 0; depth > 0 && properties != NULL && i < properties->count; i++) {
        const struct json *member = json_get(value, properties->items[i].name);
        if (member != NULL) {
            check_schema(&properties->items[i], member, depth - 1);
        }
    }
    const struct json *items = json_get(schema, "items");
    for (size_t i = 0; items != NULL && value->kind == J_ARRAY && i < value->count; i++) {
        check_schema(items, &value->items[i], depth - 1);
    }
}

/* ANSWER is one of those that OPERATION lists. */
static void check_listed(const struct operation *operation, const struct answer *answer)
{
    char code[8];
    (void) snprintf(code, sizeof(code), "%d", answer->status);
    const struct json *response = json_get(json_get(operation->json, "responses"), code);
    if (response == NULL) {
        fail_msg("%s %s answers %d, which is not listed: %s", operation->method,
                 operation->path, answer->status, bytes_text(&answer->body));
    }
    response = follow(response);
    check_type(operation, response, answer);
    const struct json *content = json_get(response, "content");
    if (content != NULL && answer->json != NULL && content->count > 0 &&
        json_get(&content->items[0], "schema") != NULL) {
        check_schema(json_get(&content->items[0], "schema"), answer->json, 6);
    }
}

/* ---- the rows: one for each operation ---- */

struct row {
    const char *name;
    struct operation operation;
};
static struct row *rows;
static size_t row_count;

static void upper(const char *name, char out[8])
{
    size_t i = 0;
    for (; name[i] != '\0' && i < 7; i++) {
        out[i] = (char) (name[i] - 'a' + 'A');
    }
    out[i] = '\0';
}

static bool is_method(const char *name)
{
    return strcmp(name, "get") == 0 || strcmp(name, "put") == 0 ||
           strcmp(name, "post") == 0 || strcmp(name, "delete") == 0;
}

static void add_operations(const struct json *paths)
{
    rows = ARENA_ARRAY(arena, 100, struct row);
    for (size_t i = 0; i < paths->count; i++) {
        const struct json *item = &paths->items[i];
        for (size_t m = 0; m < item->count && row_count < 100; m++) {
            if (!is_method(item->items[m].name)) {
                continue;
            }
            struct row *row = &rows[row_count++];
            row->operation = (struct operation){
                .path = item->name, .item = item, .json = &item->items[m]};
            row->operation.bearer = json_get(&item->items[m], "security") != NULL;
            upper(item->items[m].name, row->operation.method);
            row->name = arena_printf(arena, "%s %s answers as listed",
                                     row->operation.method, item->name);
        }
    }
}

static void answers_as_listed(void **state)
{
    const struct row *row = *state;
    struct answer answer = request(&row->operation, "MABS06", row->operation.bearer);
    if (answer.status < 200 || answer.status > 299) {
        fail_msg("%d %s", answer.status, bytes_text(&answer.body));
    }
    check_listed(&row->operation, &answer);
    answer_done(&answer);
    if (row->operation.bearer) {
        answer = request(&row->operation, "MABS06", false);
        assert_int_equal(answer.status, 401);
        check_listed(&row->operation, &answer);
        answer_done(&answer);
    }
    if (strstr(row->operation.path, "{study}") != NULL) {
        answer = request(&row->operation, "OTHER", row->operation.bearer);
        assert_int_equal(answer.status, 404);
        check_listed(&row->operation, &answer);
        answer_done(&answer);
    }
}

static void no_other_methods(const struct row *row)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "DELETE", "PATCH"};
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        char lower[8];
        size_t n = 0;
        for (; methods[i][n] != '\0'; n++) {
            lower[n] = (char) (methods[i][n] - 'A' + 'a');
        }
        lower[n] = '\0';
        if (json_get(row->operation.item, lower) != NULL) {
            continue;
        }
        bool body = strcmp(methods[i], "GET") != 0;
        struct answer answer = trial_send(
            trial,
            &(struct trial_request){.method = methods[i],
                                    .path = concrete(row->operation.path, "MABS06"),
                                    .content_type = body ? "application/json" : NULL,
                                    .body = body ? SPAN_LITERAL("{}") : (struct span){0}});
        if (answer.status != 405) {
            fail_msg("%s %s: %d", methods[i], row->operation.path, answer.status);
        }
        assert_string_equal(answer_code(&answer), "method");
        assert_non_null(strstr(bytes_text(&answer.headers), "Allow: "));
        answer_done(&answer);
    }
}

static void other_methods_are_405(void **state)
{
    (void) state;
    for (size_t i = 0; i < row_count; i++) {
        /* metrics are not at this door: what_is_not_listed_is_not_there() */
        if (strcmp(rows[i].operation.path, "/metrics") != 0) {
            no_other_methods(&rows[i]);
        }
    }
}

/* ---- the file and the routes ---- */

static void the_file_served_is_the_file(void **state)
{
    (void) state;
    CLEANUP(bytes_done)
    struct bytes file = read_file(CRFD_SOURCE "/service/api/openapi.json");
    struct answer answer = trial_get_plain(trial, "/openapi.json");
    assert_int_equal(answer.status, 200);
    assert_true(span_equal(span_bytes(&file), span_bytes(&answer.body)));
    answer_done(&answer);
}

static bool lists(const char *path, const char *method)
{
    const struct json *item = json_get(json_get(root, "paths"), path);
    for (size_t i = 0; item != NULL && i < item->count; i++) {
        char name[8];
        upper(item->items[i].name, name);
        if (strcmp(name, method) == 0) {
            return true;
        }
    }
    return false;
}

/* `{HTTP_GET, STUDY "/records/{jti}", api_answer, ...` of routes.c */
static void every_route_is_in_the_file(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes text = read_file(CRFD_SOURCE "/service/api/routes.c");
    size_t count = 0;
    for (const char *at = bytes_text(&text); (at = strstr(at, "    {HTTP_")) != NULL;
         count++) {
        CLEANUP(bytes_done) struct bytes path = {0};
        at += 10;
        const char *method = arena_span_text(arena, span_of(at, strcspn(at, ",")));
        const char *rest = at + strlen(method) + 2;
        size_t size = strcspn(rest, ",");
        const char *quote = memchr(rest, '"', size);
        bool study = strncmp(rest, "STUDY", 5) == 0;
        bytes_add_text(&path, study ? "/v1/studies/{study}" : "/");
        if (quote != NULL) {
            bytes_add(&path, quote + 1, strcspn(quote + 1, "\""));
        }
        trial_change(&path,
                     strstr(bytes_text(&path), "path...") != NULL ? "path...=>path" : NULL);
        if (!lists(bytes_text(&path), method)) {
            fail_msg("%s %s is not in openapi.json", method, bytes_text(&path));
        }
    }
    assert_true(count >= 20);
}

static void what_is_not_listed_is_not_there(void **state)
{
    (void) state;
    static const char *const paths[] = {"/",
                                        "/v1",
                                        "/metrics", /* at the operator's door only */
                                        "/v1/studies/MABS06/records/x/y",
                                        "/v1/studies/MABS06/records",
                                        "/v1/studies/MABS06/nothing",
                                        "/v1/studies/MABS06/subjects/007-K/forms"};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct answer answer = trial_get_plain(trial, paths[i]);
        if (answer.status != 404 && answer.status != 405) {
            fail_msg("%s: %d", paths[i], answer.status);
        }
        answer_done(&answer);
    }
}

static void head_is_get_without_a_body(void **state)
{
    (void) state;
    struct answer answer =
        trial_send(trial, &(struct trial_request){.method = "HEAD", .path = "/healthz"});
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer.body.size, 0);
    answer_done(&answer);
}

int main(void)
{
    arena = arena_new();
    trial = scene_open(&(struct trial_options){0});
    struct answer answer = trial_get_plain(trial, "/openapi.json");
    struct json_limits limits = {.depth = 64, .nodes = 100000, .string = 1 << 16};
    struct err err;
    if (json_parse(span_bytes(&answer.body), &limits, arena, &root, &err) != OK) {
        print_error("openapi.json: %s\n", err.what);
        return 1;
    }
    answer_done(&answer);
    add_operations(json_get(root, "paths"));
    add_test("the file served is the file of the sources", the_file_served_is_the_file);
    add_rows(rows, row_count, sizeof(rows[0]), answers_as_listed);
    add_test("every route is in the file", every_route_is_in_the_file);
    add_test("methods that are not listed are 405, and the others named",
             other_methods_are_405);
    add_test("what is not listed is not there", what_is_not_listed_is_not_there);
    add_test("HEAD is GET without a body", head_is_get_without_a_body);
    int failed = run_added("openapi.json and the service");
    trial_stop(trial);
    arena_free(arena);
    return failed;
}
