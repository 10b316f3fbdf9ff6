/* SPDX-License-Identifier: Apache-2.0 */
/*
** Outcomes: the bytes are those of the contract for ever, and reading accepts nothing else.
*/
#include "protocol/record/outcome.h"

#include "tests/support/rows.h"

#define CONTRACT                                                                           \
    "{\"v\":1,\"engine\":\"1\",\"late\":0,\"findings\":[{\"rule\":\"66\",\"act\":\"ask\"," \
    "\"path\":\"IG.INFUSION/-/IT.INFSTDTC\",\"query\":\"q-413-1\"}],\"derived\":{"         \
    "\"IG.DM/-/IT.AGE\":\"43\"},\"effects\":[{\"hold\":\"dosing\",\"scope\":\"study\","    \
    "\"rule\":\"80\"}]}"
#define EMPTY                                                                              \
    "{\"v\":1,\"engine\":\"1\",\"late\":0,\"findings\":[],\"derived\":{},\"effects\":[]}"

static void writes_the_contract(void **unused)
{
    (void) unused;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes out = {0};
    struct outcome outcome = {.version = 1, .engine = "1"};
    struct outcome_derived age = {"IG.DM/-/IT.AGE", "43"};
    outcome_add_finding(&outcome, arena,
                        &(struct outcome_finding){.rule = "66",
                                                  .act = ACT_ASK,
                                                  .path = "IG.INFUSION/-/IT.INFSTDTC",
                                                  .query = "q-413-1"});
    outcome.derived = &age;
    outcome.derived_count = 1;
    outcome_add_effect(
        &outcome, arena,
        &(struct effect){
            .kind = EFFECT_HOLD, .value = "dosing", .scope = "study", .rule = "80"});
    outcome_write(&outcome, &out);
    assert_string_equal(bytes_text(&out), CONTRACT);
}

struct line_row {
    const char *name, *line;
    status wanted;
} line_rows[] = {
    {"the contract's example is read", CONTRACT, OK},
    {"an empty outcome is read", EMPTY, OK},
    {"all marks of a finding are read",
     "{\"v\":1,\"engine\":\"2\",\"late\":1,\"findings\":[{\"rule\":\"11\",\"act\":\"gate\","
     "\"object\":\"subject/A/SE/-/F/"
     "-\",\"path\":\"\",\"due\":1,\"deviation\":1,\"alarm\":1,"
     "\"confirmed\":1}],\"derived\":{},\"effects\":[]}",
     OK},
    {"all members of an effect are read",
     "{\"v\":1,\"engine\":\"1\",\"late\":0,\"findings\":[],\"derived\":{},\"effects\":[{"
     "\"clock\":\"site\",\"rule\":\"x\",\"from\":\"a\",\"due\":\"b\"}]}",
     OK},
    {"a space is refused",
     "{\"v\":1, \"engine\":\"1\",\"late\":0,\"findings\":[],\"derived\":{},\"effects\":[]}",
     ERR_BAD_INPUT},
    {"another order is refused",
     "{\"engine\":\"1\",\"v\":1,\"late\":0,\"findings\":[],\"derived\":{},\"effects\":[]}",
     ERR_BAD_INPUT},
    {"a further member is refused",
     "{\"v\":1,\"engine\":\"1\",\"late\":0,\"findings\":[],\"derived\":{},\"effects\":[],"
     "\"x\":1}",
     ERR_BAD_INPUT},
    {"an unknown effect is refused",
     "{\"v\":1,\"engine\":\"1\",\"late\":0,\"findings\":[],\"derived\":{},\"effects\":[{"
     "\"magic\":\"x\"}]}",
     ERR_BAD_INPUT},
    {"another version is refused",
     "{\"v\":2,\"engine\":\"1\",\"late\":0,\"findings\":[],\"derived\":{},\"effects\":[]}",
     ERR_BAD_INPUT},
    {"a missing list is refused",
     "{\"v\":1,\"engine\":\"1\",\"late\":0,\"findings\":[],\"effects\":[]}", ERR_BAD_INPUT},
    {"a number as derived value is refused",
     "{\"v\":1,\"engine\":\"1\",\"late\":0,\"findings\":[],\"derived\":{\"a\":1},"
     "\"effects\":"
     "[]}",
     ERR_BAD_INPUT},
    {"an unknown act is refused",
     "{\"v\":1,\"engine\":\"1\",\"late\":0,\"findings\":[{\"rule\":\"1\",\"act\":\"shout\","
     "\"path\":\"\"}],\"derived\":{},\"effects\":[]}",
     ERR_BAD_INPUT},
    {"an array is refused", "[]", ERR_BAD_INPUT},
    {"nothing is refused", "", ERR_BAD_INPUT},
};

static void check_line(void **state)
{
    const struct line_row *row = *state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes out = {0};
    struct outcome outcome;
    struct err err = {0};
    assert_status(outcome_parse(span_text(row->line), arena, &outcome, &err), row->wanted,
                  &err);
    if (row->wanted == OK) {
        outcome_write(&outcome, &out);
        assert_string_equal(bytes_text(&out), row->line);
    }
}

int main(void)
{
    add_test("the contract's example is written byte for byte", writes_the_contract);
    add_rows(line_rows, ARRAY_LEN(line_rows), sizeof(line_rows[0]), check_line);
    return run_added("record_outcome");
}
