/* SPDX-License-Identifier: Apache-2.0 */
/*
** A pregnancy opens a clock that runs until its outcome is there; in the MABS06 definition.
*/
#include "tests/support/rows.h"
#include "tests/unit/record/play.h"

#define REPORT "subject/007-K/SE.LOG/-/F.PREG/p1"
#define ABOUT(items)                                                                       \
    "{\"SubjectKey\":\"007-K\",\"StudyEventOID\":\"SE.LOG\",\"StudyEventRepeatKey\":null," \
    "\"FormOID\":\"F.PREG\",\"FormRepeatKey\":\"p1\",\"state\":\"partial\","               \
    "\"ItemGroupData\":[{\"ItemGroupOID\":\"IG.PREG\",\"ItemGroupRepeatKey\":null,"        \
    "\"ItemData\":{\"IT.PGWHAT\":\"Positive test\","                                       \
    "\"IT.AWARE\":\"2026-10-21T08:00+01:00\"" items "}}]}"

static void send(struct scene *s, const char *data)
{
    scene_submit(s, INVESTIGATOR, data, "read again");
    assert_true(s->decision.accepted);
}

/* Until when the outcome is awaited: the day, or "" when no such clock runs. */
static const char *awaited(struct scene *s)
{
    struct rows clocks = state_rows(s->state, TABLE_CLOCK, s->arena);
    const char *day = "";
    size_t running = 0;
    for (size_t i = 0; i < clocks.count; i++) {
        const struct row *row = clocks.items[i];
        if (row_is(row, CLOCK_OBJECT, REPORT) && row_is(row, CLOCK_CLOCK, "outcome") &&
            row->values[CLOCK_STOPPED] == NULL) {
            day = arena_printf(s->arena, "%.10s", row->values[CLOCK_DUE]);
            running++;
        }
    }
    assert_true(running <= 1);
    return day;
}

static void told(struct scene *s)
{
    send(s, ABOUT(",\"IT.PGEDD\":\"2027-06-01\""));
}
static void date_moved(struct scene *s)
{
    told(s);
    send(s, ABOUT(",\"IT.PGEDD\":\"2027-06-15\""));
}
static void outcome_there(struct scene *s)
{
    told(s);
    send(s, ABOUT(",\"IT.PGEDD\":\"2027-06-01\",\"IT.PGOUT\":\"BIRTH\""));
}
static void outcome_taken_back(struct scene *s)
{
    outcome_there(s);
    send(s, ABOUT(",\"IT.PGEDD\":\"2027-06-01\",\"IT.PGOUT\":\"ONGOING\""));
}

static const struct pregnancy_row {
    const char *name;
    void (*play)(struct scene *s);
    const char *awaited;
} rows[] = {
    {"a pregnancy opens a clock for its outcome", told, "2027-06-30"},
    {"another expected date moves its end", date_moved, "2027-07-14"},
    {"the outcome stops it", outcome_there, ""},
    {"an outcome that was none starts it again", outcome_taken_back, "2027-06-30"},
};

static void check(void **state)
{
    const struct pregnancy_row *row = *state;
    struct scene *s = scene_ready_with("protocol/trials/mabs06.xml");
    row->play(s);
    assert_string_equal(awaited(s), row->awaited);
    play_must_replay(s);
    scene_free(s);
}

int main(void)
{
    return run_rows("record_pregnancy", rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
}
