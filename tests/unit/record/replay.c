/* SPDX-License-Identifier: Apache-2.0 */
/*
** Replay: a good log gives the tables it was made with; each way of forging one is found at
** its entry. A row changes one thing in a good log of a small trial; where the forger can
** (whoever owns the database), the commitments and the chain behind it are made right again,
** so that only the rule of the row can find it.
*/
#include "tests/unit/record/play.h"

#include "tests/support/rows.h"

struct story {
    struct scene *scene;
    size_t at;          /* the entry that is forged */
    struct entry entry; /* parsed from it; the row changes this */
    struct bytes body;  /* what the row may change */
    bool rechain;       /* make it and all behind right again */
    uint8_t salt[SALT_SIZE];
};

static void tell(struct scene *s)
{
    play_submit(s, GOOD);
    scene_submit(s, COORDINATOR, HEAVY, "scale");
    play_sign(s, COORDINATOR, VS); /* refused: leaves a reject entry */
    play_query(s, MONITOR, VS);
    play_lock(s, DATA_MANAGER, "site/BE01");
}

/* Replace the first FROM in the body; lengths may differ. */
static void in_body(struct story *story, const char *from, const char *to)
{
    CLEANUP(bytes_done) struct bytes old = story->body;
    const char *at = strstr(bytes_text(&old), from);
    assert_non_null(at);
    story->body = (struct bytes){0};
    bytes_add(&story->body, old.data, (size_t) (at - bytes_text(&old)));
    bytes_add_text(&story->body, to);
    bytes_add_text(&story->body, at + strlen(from));
}

static void nothing(struct story *s)
{
    (void) s;
}
static void other_log(struct story *s)
{
    s->entry.log = SPAN_LITERAL("elsewhere/s/1");
}
static void other_number(struct story *s)
{
    s->entry.seq++;
}
static void other_prev(struct story *s)
{
    s->entry.prev.bytes[0] ^= 1;
}
static void earlier(struct story *s)
{
    s->entry.time -= HOUR;
}
static void other_type(struct story *s)
{
    s->entry.type = SPAN_LITERAL("form.sign");
}
static void unknown_type(struct story *s)
{
    s->entry.type = SPAN_LITERAL("crf.submit");
}
static void later_type(struct story *s)
{
    s->entry.type = SPAN_LITERAL("sdv.mark");
}
static void other_actor(struct story *s)
{
    s->entry.actor = SPAN_LITERAL("p-0002");
}
static void other_key(struct story *s)
{
    s->entry.key = span_text(s->scene->people[INVESTIGATOR].kid);
}
static void other_object(struct story *s)
{
    s->entry.object = SPAN_LITERAL(RATE);
}
static void other_prior(struct story *s)
{
    s->entry.prior = 3;
}
static void no_prior(struct story *s)
{
    s->entry.prior = ENTRY_NONE;
}
static void a_directory(struct story *s)
{
    s->entry.keydir = 9;
}
static void other_media(struct story *s)
{
    s->entry.media = SPAN_LITERAL("application/json");
}
static void body_exchanged(struct story *s)
{
    s->rechain = false;
    in_body(s, "\"late\":0", "\"late\":1");
}
static void salt_exchanged(struct story *s)
{
    s->rechain = false;
    s->salt[0] ^= 1;
}
static void body_cut(struct story *s)
{
    s->rechain = false;
    s->body.size -= 1;
}
static void signature_broken(struct story *s)
{
    const char *at = strstr(bytes_text(&s->body), "\"signature\":\"") + 20;
    char from[12] = {0}, to[12] = {0};
    memcpy(from, at, 8);
    memcpy(to, at, 8);
    to[0] = to[0] == 'A' ? 'B' : 'A';
    in_body(s, from, to);
}
static void outcome_gone(struct story *s)
{
    char *line = strchr((char *) s->body.data, '\n') + 1;
    s->body.size = (size_t) (line - (char *) s->body.data);
    *line = 0;
}
static void outcome_spaced(struct story *s)
{
    in_body(s, "\"v\":1,", "\"v\":1, ");
}
static void a_third_line(struct story *s)
{
    bytes_add_text(&s->body, "{}\n");
}
static void another_record(struct story *s)
{
    /* a good record of the same person, taken from elsewhere in the log */
    const struct logged *from = &s->scene->log[s->at - 1];
    bytes_clear(&s->body);
    bytes_add(&s->body, from->body.data, from->body.size);
}
static void reject_with_values(struct story *s)
{
    in_body(s, "\"status\":", "\"value\":\"61.5\",\"status\":");
}
static void reject_of_somebody(struct story *s)
{
    s->entry.actor = SPAN_LITERAL("p-0099");
}
static void reject_of_a_form(struct story *s)
{
    s->entry.object = SPAN_LITERAL(VS);
}

#define SUBMIT 39 /* the first form.submit of the story; the second is behind it */
#define AGAIN  40
#define REJECT 41

struct replay_row {
    const char *name;
    size_t at;
    void (*forge)(struct story *story);
    const char *why; /* NULL: good */
} rows[] = {
    {"a good log replays", AGAIN, nothing, NULL},
    {"an entry of another log", AGAIN, other_log, "another log"},
    {"a gap", AGAIN, other_number, "number does not follow"},
    {"a broken chain", AGAIN, other_prev, "prev is not"},
    {"time that runs back", AGAIN, earlier, "time is before"},
    {"a type that the record does not have", AGAIN, other_type, "differ in type"},
    {"a type that is not on the list", AGAIN, unknown_type, "not one of this version"},
    {"a type of later", AGAIN, later_type, "not one of this version"},
    {"an actor who did not sign", AGAIN, other_actor, "not the person of the key"},
    {"a key that did not sign", AGAIN, other_key, "differ in key"},
    {"an object that the record does not name", AGAIN, other_object, "differ in object"},
    {"a prior that is not the current revision", AGAIN, other_prior, "prior"},
    {"a hidden revision", AGAIN, no_prior, "prior"},
    {"a directory log", AGAIN, a_directory, "directory"},
    {"another media type", AGAIN, other_media, "media type"},
    {"an exchanged body", AGAIN, body_exchanged, "not the one it commits to"},
    {"an exchanged salt", AGAIN, salt_exchanged, "not the one it commits to"},
    {"a body cut short", AGAIN, body_cut, "not as long"},
    {"a broken signature", AGAIN, signature_broken, "signature does not hold"},
    {"a body without outcome", AGAIN, outcome_gone, "not a record and an outcome"},
    {"an outcome written otherwise", AGAIN, outcome_spaced, "outcome cannot be read"},
    {"a third line", AGAIN, a_third_line, "not a record and an outcome"},
    {"an old record entered again", AGAIN, another_record, "prior"},
    {"a refusal with a value", REJECT, reject_with_values, "not that of a refusal"},
    {"a refusal by nobody", REJECT, reject_of_somebody, "not known"},
    {"a refusal that names a form", REJECT, reject_of_a_form, "names object reject"},
};

/* Feed the log with the forged entry in its place. A forger who can writes all behind it
 * again, as far as hashes go. */
static status feed(struct story *story, struct replay *replay, struct err *err)
{
    const struct scene *scene = story->scene;
    for (size_t i = 0; i < scene->log_count; i++) {
        CLEANUP(bytes_done) struct bytes entry = {0};
        struct span salt = span_of(scene->log[i].salt, SALT_SIZE);
        struct span body = span_bytes(&scene->log[i].body);
        bytes_add_span(&entry, span_bytes(&scene->log[i].entry));
        if (i == story->at) {
            salt = span_of(story->salt, SALT_SIZE);
            body = span_bytes(&story->body);
        }
        if (i == story->at && story->rechain) {
            bytes_clear(&entry);
            story->entry.body_size = (int64_t) body.size;
            entry_body_digest(story->salt, body, &story->entry.body);
            TRY(entry_encode(&story->entry, &entry, err));
        }
        struct replay_body what = {.salt = salt, .body = body};
        TRY(replay_feed(replay, span_bytes(&entry), &what, err));
    }
    return OK;
}

static void check(void **state)
{
    const struct replay_row *row = *state;
    struct story story = {.scene = scene_ready(), .at = row->at, .rechain = true};
    struct replay_options options = scene_replay_options(story.scene);
    CLEANUP(replay_freep) struct replay *replay = replay_new(&options);
    struct err err = {0};
    tell(story.scene);
    const struct logged *logged = &story.scene->log[row->at];
    bytes_add_span(&story.body, span_bytes(&logged->body));
    memcpy(story.salt, logged->salt, SALT_SIZE);
    assert_status(entry_parse(span_bytes(&logged->entry), &story.entry, &err), OK, &err);
    row->forge(&story);
    status got = feed(&story, replay, &err);
    assert_status(got, row->why == NULL ? OK : ERR_TAMPERED, &err);
    if (row->why != NULL) {
        if (strstr(err.what, row->why) == NULL) {
            print_error("%s\n", err.what);
        }
        assert_non_null(strstr(err.what, row->why));
        assert_int_equal(replay_fault(replay)->seq, row->at);
    }
    bytes_done(&story.body);
    scene_free(story.scene);
}

/* ---- properties ---- */

static void roots_are_those_of_the_tree(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    struct replay_options options = scene_replay_options(scene);
    CLEANUP(replay_freep) struct replay *replay = replay_new(&options);
    struct frontier frontier = {0};
    struct digest mine, wanted;
    assert_int_equal(scene_replay(scene, replay, NULL), OK);
    for (size_t i = 0; i < scene->log_count; i++) {
        assert_true(replay_root(replay, i, &mine));
        frontier_root(&frontier, &wanted);
        assert_true(digest_equal(&mine, &wanted));
        merkle_leaf(span_bytes(&scene->log[i].entry), &wanted);
        frontier_append(&frontier, &wanted);
    }
    assert_false(replay_root(replay, scene->log_count + 1, &mine));
    assert_int_equal(replay_frontier(replay)->size, scene->log_count);
    scene_free(scene);
}

/* A site gets no bodies of other sites: the chain is still checked to its end. */
static void withheld_bodies_leave_the_chain(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    tell(scene);
    struct replay_options options = scene_replay_options(scene);
    options.definitions = NULL;
    CLEANUP(replay_freep) struct replay *replay = replay_new(&options);
    struct err err = {0};
    for (size_t i = 0; i < scene->log_count; i++) {
        struct replay_body body = {.withheld = i % 2 == 1,
                                   .salt = span_of(scene->log[i].salt, SALT_SIZE),
                                   .body = span_bytes(&scene->log[i].body)};
        assert_status(replay_feed(replay, span_bytes(&scene->log[i].entry), &body, &err),
                      OK, &err);
    }
    assert_int_equal(replay_withheld(replay), scene->log_count / 2);
    scene_free(scene);
}

static void after_a_fault_nothing_is_taken(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    struct replay_options options = scene_replay_options(scene);
    CLEANUP(replay_freep) struct replay *replay = replay_new(&options);
    struct replay_body body = {.salt = span_of(scene->log[1].salt, SALT_SIZE),
                               .body = span_bytes(&scene->log[1].body)};
    assert_int_equal(replay_feed(replay, span_bytes(&scene->log[1].entry), &body, NULL),
                     ERR_TAMPERED);
    body = (struct replay_body){.salt = span_of(scene->log[0].salt, SALT_SIZE),
                                .body = span_bytes(&scene->log[0].body)};
    assert_int_equal(replay_feed(replay, span_bytes(&scene->log[0].entry), &body, NULL),
                     ERR_TAMPERED);
    assert_int_equal(replay_fault(replay)->seq, 0);
    scene_free(scene);
}

struct differences {
    int64_t seq;
    char what[128];
};

static void note(void *arg, int64_t seq, const char *what)
{
    struct differences *differences = arg;
    differences->seq = seq;
    snprintf(differences->what, sizeof(differences->what), "%s", what);
}

/* Who owns the writer can decide otherwise; the recheck tells where. */
static void a_recheck_tells_what_was_waved_through(void **unused)
{
    (void) unused;
    struct story story = {.scene = scene_ready(), .at = SUBMIT, .rechain = true};
    struct scene *scene = story.scene;
    struct differences differences = {-1, ""};
    struct err err = {0};
    play_submit(scene, HEAVY);
    const struct logged *logged = &scene->log[SUBMIT];
    bytes_add_span(&story.body, span_bytes(&logged->body));
    memcpy(story.salt, logged->salt, SALT_SIZE);
    assert_status(entry_parse(span_bytes(&logged->entry), &story.entry, &err), OK, &err);
    char *findings = strstr((char *) story.body.data, "\"findings\":[") + 12;
    char old[512] = {0};
    memcpy(old, findings, (size_t) (strchr(findings, ']') - findings));
    in_body(&story, old, ""); /* nobody was asked */
    struct replay_options options = scene_replay_options(scene);
    options.differs = note;
    options.arg = &differences;
    CLEANUP(replay_freep) struct replay *replay = replay_new(&options);
    assert_status(feed(&story, replay, &err), OK, &err);
    assert_int_equal(replay_differences(replay), 1);
    assert_int_equal(differences.seq, SUBMIT);
    assert_string_equal(differences.what, "its outcome would be another");
    bytes_done(&story.body);
    scene_free(scene);
}

/* A batch of records that need each other is decided one on top of the other, and dropped
 * without a trace when its commit fails. */
static void a_batch_is_a_fold_and_can_be_dropped(void **unused)
{
    (void) unused;
    CLEANUP(bytes_done) struct bytes before = {0}, after = {0};
    struct scene *scene = scene_ready();
    scene_dump(scene->state, &before);
    struct state_head head = state_head(scene->state);
    uint64_t mark = state_begin(scene->state);
    play_enrol(scene, COORDINATOR, "008-L", "NL01");
    play_submit(scene, FORM("008-L", "VS", "partial", "\"IT.SEX\":\"F\""));
    assert_true(scene->decision.accepted);
    play_submit(scene,
                FORM("008-L", "VS", "complete", "\"IT.SEX\":\"F\",\"IT.WEIGHT\":\"161\""));
    assert_true(scene->decision.accepted);
    play_sign(scene, INVESTIGATOR, "subject/008-L/SE.V1/-/F.VS/-");
    state_rollback(scene->state, mark);
    scene_dump(scene->state, &after);
    assert_string_equal(bytes_text(&after), bytes_text(&before));
    assert_int_equal(state_head(scene->state).size, head.size);
    assert_true(state_head(scene->state).time == head.time);
    scene_free(scene);
}

int main(void)
{
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
    add_test("roots are those of the tree at every size", roots_are_those_of_the_tree);
    add_test("withheld bodies leave the chain", withheld_bodies_leave_the_chain);
    add_test("after a fault nothing is taken", after_a_fault_nothing_is_taken);
    add_test("a recheck tells what was waved through",
             a_recheck_tells_what_was_waved_through);
    add_test("a batch is a fold, and can be dropped", a_batch_is_a_fold_and_can_be_dropped);
    return run_added("record_replay");
}
