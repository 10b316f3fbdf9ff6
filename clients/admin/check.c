/* SPDX-License-Identifier: Apache-2.0 */
/*
** study check: what stands between a definition and a running study, without a key and
** without a service. Findings are told by rule, since a file has one habit a hundred times.
*/
#include "clients/admin/admin.h"
#include "clients/admin/definition.h"
#include "clients/lib/says.h"
#include "clients/lib/text_file.h"
#include "protocol/study/odm.h"

enum check_exit { CHECK_LOADS = 0, CHECK_REFUSED = 1, CHECK_NOT_READ = 2 };

#define NOTE_LINES_MAX 5 /* of one rule that only notes; --json has them all */

struct check {
    struct invocation *run;
    const char *path;
    bool strict;
    struct odm_problems problems;
    const struct study *study; /* NULL: refused */
};

static const char *const SEVERITIES[] = {[SEVERITY_NOTE] = "note",
                                         [SEVERITY_DEVIATION] = "deviation",
                                         [SEVERITY_REFUSE] = "refuse"};

/* ---- for programs ---- */

static void put_finding(struct json_out *json, const struct odm_problem *problem)
{
    json_begin(json, '{');
    json_member(json, "rule", problem->rule);
    json_member(json, "severity", SEVERITIES[problem->severity]);
    json_member_integer(json, "line", problem->line);
    json_member(json, "path", problem->path);
    json_member(json, "message", problem->message);
    json_member(json, "help", problem->help);
    json_member(json, "vendor", problem->vendor);
    json_end(json, '}');
}

static void put_result(const struct check *check, bool read)
{
    struct json_out *json = result_members(check->run);
    json_member(json, "file", check->path);
    json_key(json, "read");
    json_put_bool(json, read);
    json_key(json, "loads");
    json_put_bool(json, check->study != NULL);
    json_member(json, "written_by", check->problems.vendor);
    json_member(json, "study", check->study != NULL ? check->study->oid : NULL);
    json_key(json, "versions");
    json_begin(json, '[');
    for (size_t i = 0; check->study != NULL && i < check->study->version_count; i++) {
        json_put_string(json, check->study->versions[i]->oid);
    }
    json_end(json, ']');
    json_member_integer(json, "refusing", (int64_t) check->problems.refusing);
    json_member_integer(json, "deviations", (int64_t) check->problems.deviations);
    json_member_integer(json, "left_out", (int64_t) check->problems.left_out);
    json_key(json, "findings");
    json_begin(json, '[');
    for (size_t i = 0; i < check->problems.count; i++) {
        put_finding(json, &check->problems.items[i]);
    }
    json_end(json, ']');
}

/* ---- for people ---- */

static void say_head(const struct check *check, const struct odm_problem *problem)
{
    const struct invocation *run = check->run;
    const char *word =
        problem->severity == SEVERITY_REFUSE      ? in_words(run, "REFUSED", "GEWEIGERD")
        : problem->severity == SEVERITY_DEVIATION ? in_words(run, "DEVIATION", "AFWIJKING")
                                                  : in_words(run, "note", "let op");
    say(run, "%s %s: %s", "%s %s: %s", word, problem->rule,
        odm_rule_meaning(problem->rule, run->language));
    if (problem->vendor[0] != '\0') {
        say(run, " Known habit of %s.", " Bekende gewoonte van %s.", problem->vendor);
    } else if (problem->severity == SEVERITY_DEVIATION &&
               check->problems.vendor[0] != '\0') {
        say(run, " Habit of %s, which wrote the file.",
            " Gewoonte van %s, dat het bestand schreef.", check->problems.vendor);
    }
    say(run, "\n", "\n");
}

/* All findings of the rule of FIRST, below one head. */
static void say_rule(const struct check *check, size_t first)
{
    const struct odm_problem *problem = &check->problems.items[first];
    size_t more = 0, told = 0;
    say_head(check, problem);
    for (size_t i = first; i < check->problems.count; i++) {
        const struct odm_problem *one = &check->problems.items[i];
        if (strcmp(one->rule, problem->rule) != 0) {
            continue;
        }
        if (one->severity != SEVERITY_REFUSE && told == NOTE_LINES_MAX) {
            more++;
            continue;
        }
        told++;
        say(check->run, "  %s%s\n", "  %s%s\n", definition_place(check->run, one),
            one->message);
    }
    if (more > 0) {
        say(check->run, "  and %zu more of these (--json lists all)\n",
            "  en nog %zu hiervan (--json noemt ze alle)\n", more);
    }
    if (problem->help[0] != '\0') {
        say(check->run, "  -> %s\n", "  -> %s\n", problem->help);
    }
}

static void say_findings(const struct check *check)
{
    for (int severity = SEVERITY_REFUSE; severity >= SEVERITY_NOTE; severity--) {
        for (size_t i = 0; i < check->problems.count; i++) {
            const struct odm_problem *problem = &check->problems.items[i];
            bool again = (int) problem->severity != severity;
            for (size_t j = 0; j < i && !again; j++) {
                again = strcmp(check->problems.items[j].rule, problem->rule) == 0;
            }
            if (!again) {
                say_rule(check, i);
            }
        }
    }
    if (check->problems.left_out > 0) {
        say(check->run, "and %zu more findings\n", "en nog %zu bevindingen\n",
            check->problems.left_out);
    }
}

static void say_verdict(const struct check *check)
{
    const struct invocation *run = check->run;
    if (check->study != NULL) {
        const struct study *study = check->study;
        const struct metadata_version *last = study->versions[study->version_count - 1];
        say(run,
            "%s loads: study %s, %zu version(s); in the last, %s: %zu visits, %zu forms, "
            "%zu items, %zu deviation(s) accepted.\n",
            "%s laadt: studie %s, %zu versie(s); in de laatste, %s: %zu visites, "
            "%zu formulieren, %zu items, %zu afwijking(en) geaccepteerd.\n",
            check->path, study->oid, study->version_count, last->oid, last->event_count,
            last->form_def_count, last->item_def_count, check->problems.deviations);
    } else if (check->problems.refusing == 0) {
        say(run,
            "%s does not load strictly: it deviates from the standard, but can be read in "
            "one way only. If the above is right, add --accept-deviations.\n",
            "%s laadt niet strikt: het wijkt af van de standaard, maar is op maar een "
            "manier "
            "te lezen. Klopt het bovenstaande, voeg dan --accept-deviations toe.\n",
            check->path);
    } else {
        say(run, "%s does not load: %zu reason(s), above.\n",
            "%s laadt niet: %zu reden(en), hierboven.\n", check->path,
            check->problems.refusing);
    }
}

/* ---- the command ---- */

static status not_read(struct check *check, const struct err *err)
{
    note(check->run, "%s was not read: %s\n", "%s is niet gelezen: %s\n", check->path,
         error_in(check->run->arena, check->run->language, err->what));
    check->problems.vendor = "";
    put_result(check, false);
    check->run->exit_code = CHECK_NOT_READ;
    return OK;
}

status admin_study_check(struct invocation *run, struct err *err)
{
    CLEANUP(bytes_done) struct bytes xml = {0};
    CLEANUP(bytes_done) struct bytes included = {0};
    struct check check = {.run = run, .path = run->arguments[1]};
    struct odm_options options;
    run->own_exit = true;
    if (definition_options(run, &included, &options, err) != OK ||
        text_file_read(check.path, ODM_SIZE_MAX, &xml, err) != OK) {
        return not_read(&check, err);
    }
    check.strict = options.strict;
    status kind = odm_read_with(span_bytes(&xml), &options, run->arena, &check.study,
                                &check.problems, err);
    say_findings(&check);
    say_verdict(&check);
    put_result(&check, true);
    run->exit_code = kind == OK ? CHECK_LOADS : CHECK_REFUSED;
    return OK;
}
