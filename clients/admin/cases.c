/* SPDX-License-Identifier: Apache-2.0 */
/*
** study test: the study builder's own cases (protocol/cases.md). It has exit codes of its own,
** as test programs do: a case that differs is no refusal of anything.
*/
#include "protocol/study/cases.h"

#include "clients/admin/admin.h"
#include "clients/admin/definition.h"
#include "clients/lib/says.h"
#include "clients/lib/text_file.h"

enum { CASES_HOLD = 0, CASES_DIFFER = 1, CASES_UNREAD = 2 };

struct telling {
    struct invocation *run;
    size_t cases, differing;
};

static void tell_case(void *arg, const struct case_result *result)
{
    struct telling *telling = arg;
    struct invocation *run = telling->run;
    struct json_out *json = &run->result;
    telling->cases++;
    telling->differing += result->count > 0 ? 1 : 0;
    json_begin(json, '{');
    json_member(json, "case", result->name);
    json_member_integer(json, "line", result->line);
    json_key(json, "differences");
    json_begin(json, '[');
    if (result->count > 0) {
        say(run, "line %d, %s:\n", "regel %d, %s:\n", result->line, result->name);
    }
    for (size_t i = 0; i < result->count; i++) {
        json_put_string(json, result->differences[i]);
        say(run, "    %s\n", "    %s\n", result->differences[i]);
    }
    json_end(json, ']');
    json_end(json, '}');
}

static status run_cases(struct invocation *run, struct telling *telling, struct err *err)
{
    CLEANUP(definition_file_done) struct definition_file file = {0};
    CLEANUP(bytes_done) struct bytes text = {0};
    TRY(definition_file_read(run, run->arguments[1], invocation_option(run, "version"),
                             false, &file, err));
    TRY(text_file_read(run->arguments[2], CASES_SIZE_MAX, &text, err));
    json_key(&run->result, "cases");
    json_begin(&run->result, '[');
    status kind = cases_run(file.version, span_bytes(&text), definition_language(run),
                            run->arena, tell_case, telling, err);
    json_end(&run->result, ']');
    return kind;
}

status admin_study_test(struct invocation *run, struct err *err)
{
    struct telling telling = {.run = run};
    struct err why = {0};
    run->own_exit = true;
    status kind = run_cases(run, &telling, &why);
    if (kind != OK) {
        run->exit_code = CASES_UNREAD;
        json_member(&run->result, "unread", why.what);
        note(run, "Not read: %s\n", "Niet gelezen: %s\n",
             error_in(run->arena, run->language, why.what));
        return OK;
    }
    (void) err;
    run->exit_code = telling.differing > 0 ? CASES_DIFFER : CASES_HOLD;
    say(run, "%zu cases, %zu differ.\n", "%zu gevallen, %zu wijken af.\n", telling.cases,
        telling.differing);
    return OK;
}
