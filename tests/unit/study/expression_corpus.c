/* SPDX-License-Identifier: Apache-2.0 */
/*
** The XPath expressions that others wrote (CDISC's example of a protocol's workflow) mean here
** what their authors say they mean. The expressions are read from the file; the cases, and the
** definition that they run on, are written out here.
*/
#include "tests/support/files.h"
#include "tests/support/rows.h"
#include "tests/unit/study/expression_scene.h"

#define FILE_NAME                                                                          \
    "odm2/cdisc-org+DataExchange-ODM/examples/Protocol_to_Workflow/Result_ODMv2.xml"
#define DEFINITION "tests/unit/study/expression_corpus.xml"
#define BASELINE   "SE_BASELINE/-/F_BASELINE/-"
#define AE         "SE_BASELINE/-/F_AE/-"
#define CM         "SE_BASELINE/-/F_CM/-"
#define LB         "SE_BASELINE/-/F_LB/-"

static struct bytes file;

struct row {
    const char *name;
    const char *condition, *place, *lines;
    enum truth skipped;
};

static const struct row rows[] = {
    {"who does not smoke is not asked how many cigarettes", "COND.SMOKING",
     BASELINE "/IG_SH/-/I_NR_CIGARETTES", BASELINE "/IG_SH/-/I_SMOKING=false", YES},
    {"who smokes is asked how many cigarettes", "COND.SMOKING",
     BASELINE "/IG_SH/-/I_NR_CIGARETTES", BASELINE "/IG_SH/-/I_SMOKING=true", NO},
    {"0 is no, too", "COND.SMOKING", BASELINE "/IG_SH/-/I_NR_CIGARETTES",
     BASELINE "/IG_SH/-/I_SMOKING=0", YES},
    {"whether somebody smokes may not be known yet", "COND.SMOKING",
     BASELINE "/IG_SH/-/I_NR_CIGARETTES", BASELINE "/IG_SH/-/I_NR_CIGARETTES=3", UNKNOWN},
    {"what is for women is not asked of men", "COND.SEX.MALE", BASELINE "/IG_DM/-/I_PREG",
     BASELINE "/IG_DM/-/I_SEX=M", YES},
    {"what is for women is asked of women", "COND.SEX.MALE", BASELINE "/IG_DM/-/I_PREG",
     BASELINE "/IG_DM/-/I_SEX=F", NO},
    {"who does not smoke has no form for smoking complaints",
     "COND.FORMUSE.SMOKING_COMPLAINTS", "SE_BASELINE/-/F_COMPLAINTS/-",
     BASELINE "/IG_SH/-/I_SMOKING=false", YES},
    {"who smokes has a form for smoking complaints", "COND.FORMUSE.SMOKING_COMPLAINTS",
     "SE_BASELINE/-/F_COMPLAINTS/-", BASELINE "/IG_SH/-/I_SMOKING=true", NO},
    {"without the baseline form it cannot be told", "COND.FORMUSE.SMOKING_COMPLAINTS",
     "SE_BASELINE/-/F_COMPLAINTS/-", "", UNKNOWN},
    {"who does not smoke has no group for smoking complaints",
     "COND.IGUSE.SMOKING_COMPLAINTS", BASELINE "/IG_SMOKING_COMPLAINTS/-",
     BASELINE "/IG_SH/-/I_SMOKING=false", YES},
    {"without an event there are no details of it", "COND.IGUSE.ADVERSE_EVENTS",
     AE "/IG_AE/-", AE "/IG_AE_OCCURRED/-/I_AE_OCCURRED=0", YES},
    {"with an event there are", "COND.IGUSE.ADVERSE_EVENTS", AE "/IG_AE/-",
     AE "/IG_AE_OCCURRED/-/I_AE_OCCURRED=1", NO},
    {"an event that goes on has no stop date", "COND.AESTOP.STOPPED",
     AE "/IG_AE/-/I_AE_STOP", AE "/IG_AE/-/I_AE_CONTINUES=1", YES},
    {"an event that is over has one", "COND.AESTOP.STOPPED", AE "/IG_AE/-/I_AE_STOP",
     AE "/IG_AE/-/I_AE_CONTINUES=0", NO},
    {"without medication there are no details of it", "COND.IGUSE.CM", CM "/IG_CM/-",
     CM "/IG_CM_TAKEN/-/I_CM_TAKEN=0", YES},
    {"nobody with a pressure above 90 is asked for dizziness", "COND.DBP.DIZZY",
     BASELINE "/IG_VS/-/I_DIZZY", BASELINE "/IG_VS/-/I_DIABP=110", YES},
    {"9 is less than 90, as numbers are", "COND.DBP.DIZZY", BASELINE "/IG_VS/-/I_DIZZY",
     BASELINE "/IG_VS/-/I_DIABP=9", NO},
    {"a pressure not measured leaves it open", "COND.DBP.DIZZY",
     BASELINE "/IG_VS/-/I_DIZZY", BASELINE "/IG_VS/-/I_DIABP=!nd", UNKNOWN},
    {"medication that goes on has no stop date", "COND.CMSTOP.STOP_DATE",
     CM "/IG_CM/-/I_CM_STOP", CM "/IG_CM/-/I_CM_CONTINUES=1", YES},
    {"what is no prophylaxis is not described as one", "COND.PROHYLAXIS",
     CM "/IG_CM/-/I_CM_IPROPDESC", CM "/IG_CM/-/I_CM_IPROP=0", YES},
    {"red cells not counted have no result", "COND.LB_RBC", LB "/IG_LB/-/I_LB_RBC",
     LB "/IG_LB/-/I_LB_RBC_NOTDONE=true", YES},
    {"white cells that were counted have one", "COND.LB_WBC", LB "/IG_LB/-/I_LB_WBC",
     LB "/IG_LB/-/I_LB_WBC_NOTDONE=false", NO},
    {"an event that is not serious has no severity", "COND.AE_SEVERITY.AE_SERIOUS",
     AE "/IG_AE/-/I_AE_SEVERITY", AE "/IG_AE/-/I_AE_SERIOUS=0", YES},
};

/* What stands between AFTER and BEFORE, from START on, with &gt; and &lt; as characters. */
static char *between(const char *start, const char *after, const char *before,
                     struct arena *arena)
{
    const char *from = start != NULL ? strstr(start, after) : NULL;
    const char *to = from != NULL ? strstr(from, before) : NULL;
    if (to == NULL) {
        fail_msg("no %s in the file", after);
        return NULL;
    }
    from += strlen(after);
    char *text = arena_span_text(arena, span_of(from, (size_t) (to - from))), *out = text;
    for (const char *in = text; *in != '\0'; out++) {
        bool greater = strncmp(in, "&gt;", 4) == 0, less = strncmp(in, "&lt;", 4) == 0;
        *out = greater ? '>' : (less ? '<' : *in);
        in += greater || less ? 4 : 1;
    }
    *out = '\0';
    return text;
}

static void check_row(void **state)
{
    const struct row *row = *state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct expression_problem problem;
    struct expression_result result;
    const char *def = arena_printf(arena, "OID=\"%s\">", row->condition);
    const char *start = strstr(bytes_text(&file), def);
    const char *text = between(start, "<Code>", "</Code>", arena);
    struct casebook book = scene_book(row->lines, arena);
    struct expression_place place = scene_place(row->place, arena);
    const struct expression *expression = scene_compile(
        scene_version(DEFINITION), text, USE_CONDITION, &place, arena, &problem);
    if (expression == NULL) {
        fail_msg("%s: %s", text, problem.message);
    }
    const struct expression_scope scope = {
        .version = scene_version(DEFINITION), .book = &book, .scratch = arena};
    expression_evaluate(expression, &scope, &place, &result);
    assert_int_equal(result.truth, row->skipped);
}

int main(void)
{
    char *path = corpus_path(FILE_NAME, "XPath expressions of others");
    if (path == NULL) {
        return 0;
    }
    file = read_file(path);
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check_row);
    int failed = run_added("expressions of others");
    bytes_done(&file);
    free(path);
    return failed;
}
