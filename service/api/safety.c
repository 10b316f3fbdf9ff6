/* SPDX-License-Identifier: Apache-2.0 */
/*
** Safety: the cases with their clocks, opinions and acknowledgement, from the state in memory;
** and the numbers that the operator's metrics show of them. Reports are read as their subject's
** forms are; of what no subject is known only who sees the whole study reads.
*/
#include "service/api/api.h"

static status answer_safety(struct flow *flow, struct err *err);

const struct step api_safety[] = {
    {"who reads", api_reader, NULL}, {"answer", answer_safety, NULL}, {0}};

static void write_members(enum table_id table, const struct row *row, size_t first,
                          struct json_out *json)
{
    for (size_t i = first; i < TABLES[table].column_count; i++) {
        json_member(json, TABLES[table].columns[i].name, row->values[i]);
    }
}

static void write_list(const struct state *state, enum table_id table, const char *name,
                       const char *object, struct arena *arena, struct json_out *json)
{
    json_key(json, name);
    json_begin(json, '[');
    struct rows rows = state_rows_where(state, table, object, arena); /* by index */
    for (size_t i = 0; i < rows.count; i++) {
        json_begin(json, '{');
        write_members(table, rows.items[i], 1, json);
        json_end(json, '}');
    }
    json_end(json, ']');
}

static bool write_case(struct flow *flow, const struct row *row, struct json_out *json)
{
    const struct state *state = flow->ledger->state;
    const char *object = row->values[SAFETY_CASE_OBJECT];
    const struct row *form = state_form(state, object);
    if (!api_sees_object(flow, span_text(object))) {
        return false;
    }
    json_begin(json, '{');
    json_member(json, "number", form != NULL ? form->values[FORM_NUMBER] : NULL);
    write_members(TABLE_SAFETY_CASE, row, 0, json);
    write_list(state, TABLE_CLOCK, "clocks", object, flow->arena, json);
    write_list(state, TABLE_OPINION, "opinions", object, flow->arena, json);
    json_end(json, '}');
    return true;
}

static status answer_safety(struct flow *flow, struct err *err)
{
    (void) err;
    return api_answer_rows(
        flow, state_rows(flow->ledger->state, TABLE_SAFETY_CASE, flow->arena), write_case);
}

/* ---- metrics: numbers only ---- */

struct numbers {
    size_t cases, running, overdue, unacknowledged, holds;
};

static struct numbers count(const struct state *state, const char *now)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct numbers numbers = {.cases = state_row_count(state, TABLE_SAFETY_CASE),
                              .holds = state_row_count(state, TABLE_HOLD)};
    struct rows clocks = state_rows(state, TABLE_CLOCK, arena);
    for (size_t i = 0; i < clocks.count; i++) {
        const struct row *row = clocks.items[i];
        if (row->values[CLOCK_STOPPED] != NULL) {
            continue;
        }
        bool over =
            row->values[CLOCK_DUE] != NULL && strcmp(row->values[CLOCK_DUE], now) < 0;
        numbers.running++;
        numbers.overdue += over ? 1 : 0;
        numbers.unacknowledged += row_is(row, CLOCK_CLOCK, "ack") ? 1 : 0;
    }
    return numbers;
}

void api_safety_metrics(const struct service *service, struct bytes *out)
{
    static const struct {
        const char *name, *help;
        size_t offset;
    } gauges[] = {
        {"safety_cases", "safety cases", offsetof(struct numbers, cases)},
        {"safety_clocks_running", "clocks of safety cases and milestones that run",
         offsetof(struct numbers, running)},
        {"safety_clocks_overdue", "those that are past their time",
         offsetof(struct numbers, overdue)},
        {"safety_unacknowledged", "reports that nobody has acknowledged",
         offsetof(struct numbers, unacknowledged)},
        {"holds", "holds in force", offsetof(struct numbers, holds)},
    };
    char now[INSTANT_SIZE];
    instant_format(clock_now(service->clock), now);
    for (size_t g = 0; g < ARRAY_LEN(gauges); g++) {
        bytes_printf(out, "# HELP crfd_%s %s\n# TYPE crfd_%s gauge\n", gauges[g].name,
                     gauges[g].help, gauges[g].name);
        for (size_t i = 0; i < service->ledger_count; i++) {
            const struct ledger *ledger = service->ledgers[i];
            struct numbers numbers = {0};
            if (ledger->phase == LEDGER_OPEN) {
                numbers = count(ledger->state, now);
            }
            const char *at = (const char *) &numbers + gauges[g].offset;
            size_t value = 0;
            memcpy(&value, at, sizeof(value));
            bytes_printf(out, "crfd_%s{study=\"%s\"} %zu\n", gauges[g].name, ledger->slug,
                         value);
        }
    }
}
