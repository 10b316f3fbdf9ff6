/* SPDX-License-Identifier: Apache-2.0 */
/*
** Published courses, replayed with invented subjects (tests/support/passion and ahsct), from
** enrolment to the lock: batch, clearance, forms, signatures of all, a lock by two persons.
** Then the tables of the locked dataset are counted, as a statistician would, and must give
** what was published. Subjects overlap in time, so the lines of all are sorted first.
*/
#include "tests/support/files.h"
#include "tests/unit/record/box.h"
#include "tests/unit/record/product_play.h"
#include "tests/unit/record/whole.h"

#define COLUMNS_MAX 64
#define STEPS_MAX   1000

struct step {
    const char *at, *text; /* instant in UTC; who | what | data */
    size_t order;
};

struct course {
    struct scene *scene;
    struct step steps[STEPS_MAX];
    size_t count;
    const char *names[COLUMNS_MAX], *values[COLUMNS_MAX];
    size_t columns;
};

/* ---- reading ---- */

static size_t split(char *text, char at, const char **parts, size_t most)
{
    size_t count = 0;
    for (char *next; text != NULL && count < most; text = next) {
        next = count + 1 < most ? strchr(text, at) : NULL;
        if (next != NULL) {
            *next++ = '\0';
        }
        parts[count++] = text;
    }
    return count;
}

static char *text_of_file(struct scene *scene, const char *path)
{
    CLEANUP(bytes_done) struct bytes data = read_file(path);
    const char *kept = arena_text(scene->arena, bytes_text(&data));
    return (char *) (uintptr_t) kept;
}

static const char *value_of(const struct course *course, const char *name, size_t size)
{
    for (size_t i = 0; i < course->columns; i++) {
        if (strlen(course->names[i]) == size && memcmp(course->names[i], name, size) == 0) {
            return course->values[i];
        }
    }
    return NULL;
}

static size_t name_size(const char *text)
{
    return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
}

/* LINE with the subject's columns in place of their names; others stay. */
static const char *fill(struct course *course, const char *line)
{
    CLEANUP(bytes_done) struct bytes out = {0};
    for (const char *at = line; *at != '\0'; at++) {
        size_t size = *at == '$' ? name_size(at + 1) : 0;
        const char *value = size > 0 ? value_of(course, at + 1, size) : NULL;
        if (value != NULL) {
            bytes_add_text(&out, value);
            at += size;
        } else {
            bytes_add(&out, at, 1);
        }
    }
    return arena_text(course->scene->arena, bytes_text(&out));
}

/* "?NAME ..." is for those that have something there, "!NAME ..." for those that have not. */
static const char *after_condition(const struct course *course, const char *line)
{
    if (*line != '?' && *line != '!') {
        return line;
    }
    size_t size = name_size(line + 1);
    const char *value = value_of(course, line + 1, size);
    assert_non_null(value);
    return (strcmp(value, "-") != 0) == (*line == '?') ? line + 1 + size + 1 : NULL;
}

static void add_subject(struct course *course, const char *template)
{
    char *text = (char *) (uintptr_t) arena_text(course->scene->arena, template);
    const char *lines[STEPS_MAX];
    size_t count = split(text, '\n', lines, STEPS_MAX);
    for (size_t i = 0; i < count; i++) {
        const char *line = *lines[i] != '#' && *lines[i] != '\0'
                               ? after_condition(course, lines[i])
                               : NULL;
        const char *parts[2];
        if (line == NULL) {
            continue;
        }
        char *filled = (char *) (uintptr_t) fill(course, line);
        assert_int_equal(split(filled, '|', parts, 2), 2);
        assert_true(course->count < STEPS_MAX);
        course->steps[course->count] = (struct step){parts[0], parts[1], course->count};
        course->count++;
    }
}

static int compare_steps(const void *a, const void *b)
{
    const struct step *x = a, *y = b;
    int order = strcmp(x->at, y->at);
    return order != 0 ? order : x->order < y->order ? -1 : 1;
}

static void read_course(struct course *course, const char *subjects, const char *template)
{
    const char *lines[COLUMNS_MAX];
    size_t count = split(text_of_file(course->scene, subjects), '\n', lines, COLUMNS_MAX);
    const char *steps = text_of_file(course->scene, template);
    course->columns =
        split((char *) (uintptr_t) lines[0], '\t', course->names, COLUMNS_MAX);
    for (size_t i = 1; i < count; i++) {
        if (*lines[i] != '\0') {
            assert_int_equal(
                split((char *) (uintptr_t) lines[i], '\t', course->values, COLUMNS_MAX),
                course->columns);
            add_subject(course, steps);
        }
    }
    qsort(course->steps, course->count, sizeof(course->steps[0]), compare_steps);
}

/* ---- playing ---- */

static void must(const struct scene *scene, const char *what)
{
    const struct findings *findings = &scene->decision.findings;
    for (size_t i = 0; !scene->decision.accepted && i < findings->count; i++) {
        print_error("%.120s: %s %s %s\n", what, findings->items[i].rule,
                    findings->items[i].path, findings->items[i].message);
    }
    assert_true(scene->decision.accepted);
}

/* DATA is "SUBJECT EVENT ACT BATCH", without a batch for conditioning. */
static void clear(struct scene *scene, char *data)
{
    const char *words[4] = {NULL};
    assert_true(split(data, ' ', words, 4) >= 3);
    struct record record = scene_record(scene, INVESTIGATOR, RECORD_DOSE_CLEAR);
    record.data.dose_clear =
        (struct dose_clear_data){.subject = words[0],
                                 .event = words[1],
                                 .act = words[2],
                                 .batch = words[3],
                                 .at = product_moment(scene, scene->now)};
    play_send(scene, INVESTIGATOR, record);
}

static enum who who_of(const char *name)
{
    return strcmp(name, "INVESTIGATOR") == 0 ? INVESTIGATOR
           : strcmp(name, "RATER") == 0      ? RATER
           : strcmp(name, "PHARMACIST") == 0 ? PHARMACIST
                                             : COORDINATOR;
}

/* "BATCH KIND PARENT DONOR EXPIRY", "-" for none */
static void receive(struct scene *scene, char *data)
{
    const char *words[5];
    assert_int_equal(split(data, ' ', words, 5), 5);
    for (size_t i = 0; i < 5; i++) {
        words[i] = strcmp(words[i], "-") == 0 ? NULL : words[i];
    }
    product_receive(scene, words[0], words[1], words[2], words[3], words[4]);
}

static void play_step(struct course *course, const struct step *step)
{
    struct scene *scene = course->scene;
    const char *parts[3], *words[2];
    instant at;
    char *text = (char *) (uintptr_t) arena_text(scene->arena, step->text);
    assert_int_equal(split(text, '|', parts, 3), 3);
    assert_true(instant_parse(span_text(step->at), &at, NULL));
    char *data = (char *) (uintptr_t) parts[2];
    scene->now = at > scene->now ? at : scene->now;
    if (strcmp(parts[1], "form") == 0) {
        scene_submit(scene, who_of(parts[0]), data, "further known");
    } else if (strcmp(parts[1], "enrol") == 0) {
        if (strcmp(data, SUBJECT) == 0) {
            return; /* enrolled with the scene */
        }
        play_enrol(scene, COORDINATOR, data, "NL01");
    } else if (strcmp(parts[1], "status") == 0) {
        assert_int_equal(split(data, ' ', words, 2), 2);
        product_status(scene, words[0], words[1]);
    } else if (strcmp(parts[1], "receive") == 0) {
        receive(scene, data);
    } else if (strcmp(parts[1], "release") == 0) {
        product_release(scene, data, "criteria met");
    } else {
        clear(scene, data);
    }
    must(scene, step->text);
}

/* The number of the last clearance takes the place of $CLEARANCE. */
static void play_course(struct course *course)
{
    const char *number[] = {"-"};
    course->names[0] = "CLEARANCE";
    course->columns = 1;
    for (size_t i = 0; i < course->count; i++) {
        course->values[0] = number[0];
        course->steps[i].text = fill(course, course->steps[i].text);
        play_step(course, &course->steps[i]);
        const struct effect *go =
            outcome_effect(&course->scene->decision.outcome, EFFECT_CLEARANCE, NULL);
        if (go != NULL) {
            assert_string_equal(go->state, "go");
            number[0] = arena_text(course->scene->arena, go->value);
        }
    }
}

static void qualify(struct scene *scene)
{
    struct record record = scene_record(scene, FOUNDER, RECORD_ROLE_GRANT);
    record.data.role = (struct role_data){.person = scene->people[PHARMACIST].person,
                                          .role = "pharmacist",
                                          .site = "NL01",
                                          .qualification = "QP"};
    play_send(scene, FOUNDER, record);
    must(scene, "qualified person");
}

static struct packed packed;

/* Play XML's subjects from FOLDER, sign all, lock, and pack the locked dataset. */
static void replay(const char *xml, const char *folder)
{
    struct course *course = mem_alloc(sizeof(*course));
    struct err err = {0};
    *course = (struct course){.scene = scene_ready_with(xml)};
    struct arena *arena = course->scene->arena;
    qualify(course->scene);
    read_course(course, arena_printf(arena, "%s/subjects.tsv", folder),
                arena_printf(arena, "%s/course.txt", folder));
    play_course(course);
    whole_sign_all(course->scene);
    whole_lock(course->scene);
    packed = box_prepare(course->scene, xml);
    assert_status(box_pack(&packed, &err), OK, &err);
    free(course);
}

/* ---- counting ---- */

/* The next cell of RFC 4180, its quotes undone in place; *text moves to the next one. */
static const char *next_cell(char **text, bool *ret_last)
{
    char *from = *text, *to = *text, *cell = *text;
    bool quoted = *from == '"';
    from += quoted;
    while (*from != '\0' && (quoted || (*from != ',' && *from != '\r'))) {
        if (quoted && *from == '"') {
            if (from[1] != '"') {
                quoted = false;
                from++;
                continue;
            }
            from++;
        }
        *to++ = *from++;
    }
    *ret_last = *from != ',';
    *text = *from == ',' ? from + 1 : *from == '\r' ? from + 2 : from;
    *to = '\0';
    return cell;
}

struct wish {
    const char *column, *value;
};

/* How many rows of data/TABLE.csv say all of WISHES? */
static size_t count_rows(const char *table, const struct wish *wishes, size_t count)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct file *file =
        box_find(packed.box, arena_printf(arena, "data/%s.csv", table));
    char *text = (char *) (uintptr_t) arena_text(arena, bytes_text(&file->data));
    size_t columns[4] = {0}, rows = 0;
    bool last = false;
    assert_true(count <= ARRAY_LEN(columns));
    for (size_t i = 0; i < count; i++) {
        columns[i] = SIZE_MAX;
    }
    for (size_t at = 0; !last; at++) {
        const char *head = next_cell(&text, &last);
        for (size_t i = 0; i < count; i++) {
            columns[i] = strcmp(head, wishes[i].column) == 0 ? at : columns[i];
        }
    }
    while (*text != '\0') {
        size_t met = 0;
        last = false;
        for (size_t at = 0; !last; at++) {
            const char *cell = next_cell(&text, &last);
            for (size_t i = 0; i < count; i++) {
                met += columns[i] == at && strcmp(cell, wishes[i].value) == 0;
            }
        }
        rows += met == count;
    }
    for (size_t i = 0; i < count; i++) {
        assert_int_not_equal(columns[i], SIZE_MAX);
    }
    return rows;
}

struct figure {
    const char *name, *table;
    size_t wanted;
    struct wish wishes[4];
};

static void check_figure(void **state)
{
    const struct figure *figure = *state;
    size_t count = 0;
    while (count < ARRAY_LEN(figure->wishes) && figure->wishes[count].column != NULL) {
        count++;
    }
    assert_int_equal(count_rows(figure->table, figure->wishes, count), figure->wanted);
}

static const struct figure passion_figures[] = {
    {"ten newborns were given their dose", "F.DOSE.IG.DOSE", 10, {{"DOLOSS", "FULL"}}},
    {"all ten had pre-Wallerian change", "F.MRI1.IG.MRI1", 10, {{"MRPWD", "Y"}}},
    {"four had an asymmetric tract at three months",
     "F.MRI2.IG.MRI2",
     4,
     {{"MRASYM", "Y"}}},
    {"no unexpected abnormality of the brain", "F.MRI2.IG.MRI2", 0, {{"MRUNEXP", "Y"}}},
    {"nobody had dose-limiting toxicity", "F.ACUTE.IG.ACEND", 10, {{"DLT", "N"}}},
    {"one mild fever, not serious and flagged",
     "F.AE.IG.AE",
     1,
     {{"AESI", "FEVER"}, {"AESER", "N"}, {"AEREL", "N"}}},
    {"no event on the log was serious", "F.AE.IG.AE", 0, {{"AESER", "Y"}}},
    {"two admissions, not related", "F.SAE.IG.SAE", 2, {{"AESHOSP", "Y"}, {"AEREL", "N"}}},
    {"no serious event was related", "F.SAE.IG.SAE", 0, {{"AEREL", "Y"}}},
    {"two mild cerebral palsies", "F.OUTCOME.IG.OUTCOME", 2, {{"CP", "Y"}, {"GMFCS", "1"}}},
    {"eight without", "F.OUTCOME.IG.OUTCOME", 8, {{"CP", "N"}}},
    {"no epilepsy", "F.OUTCOME.IG.OUTCOME", 0, {{"EPILEPSY", "Y"}}},
    {"no visual defect", "F.OUTCOME.IG.OUTCOME", 0, {{"VISION", "Y"}}},
    {"no medication after discharge", "F.DISCH.IG.DISCH", 10, {{"DISMED", "N"}}},
    {"no medication at two years", "F.OUTCOME.IG.OUTCOME", 10, {{"FUMED", "N"}}},
    {"no motor delay", "F.OUTCOME.IG.BAYLEY", 10, {{"DELMOT", "N"}}},
};

static void admissions_come_after_the_first_follow_up(void **state)
{
    (void) state;
    /* one each, at 11 and 14 months: no earlier one */
    static const struct wish wishes[] = {{"AESTDAT", "2027-10-15"},
                                         {"AESTDAT", "2028-02-27"}};
    for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
        assert_int_equal(count_rows("F.SAE.IG.SAE", &wishes[i], 1), 1);
    }
}

static const struct figure ahsct_figures[] = {
    {"seven events in all", "F.AE.IG.AE", 7, {{"AESER", "N"}}},
    {"fever", "F.AE.IG.AE", 1, {{"AETERM", "Fever"}}},
    {"fatigue", "F.AE.IG.AE", 1, {{"AETERM", "Fatigue"}}},
    {"sleep trouble", "F.AE.IG.AE", 1, {{"AETERM", "Insomnia"}}},
    {"hair loss", "F.AE.IG.AE", 1, {{"AETERM", "Alopecia"}, {"AETOXGR", "2"}}},
    {"two infections: bacterial", "F.INFECT.IG.INFECT", 1, {{"INFKIND", "BACTERIAL"}}},
    {"and viral", "F.INFECT.IG.INFECT", 1, {{"INFKIND", "VIRAL"}}},
    {"the graft that was given is summed", "F.REINF.IG.RISUM", 1, {{"CD34TOT", "5.4"}}},
    {"neutrophils recovered on day 10", "F.COUNTS.IG.ENGR", 1, {{"ENGRDAT", "2027-02-22"}}},
    {"platelets recovered a week after the transfusion",
     "F.COUNTS.IG.ENGR",
     1,
     {{"PLTENGD", "2027-02-23"}}},
    {"nothing of the disease a year later",
     "F.EDSS.IG.COURSE",
     1,
     {{"event", "SE.M12"}, {"NEDA", "Y"}}},
    {"no progression at any visit", "F.EDSS.IG.COURSE", 0, {{"NEDA", "N"}}},
};

int main(void)
{
    replay("protocol/trials/passion.xml", "tests/support/passion");
    add_rows(passion_figures, ARRAY_LEN(passion_figures), sizeof(passion_figures[0]),
             check_figure);
    add_test("the two admissions come after the first follow-up",
             admissions_come_after_the_first_follow_up);
    int failed = run_added("PASSIoN, ten newborns");
    box_done(&packed);
    replay("protocol/trials/example-ahsct-ms.xml", "tests/support/ahsct");
    add_rows(ahsct_figures, ARRAY_LEN(ahsct_figures), sizeof(ahsct_figures[0]),
             check_figure);
    failed += run_added("a transplantation");
    box_done(&packed);
    return failed;
}
