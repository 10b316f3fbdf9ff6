/* SPDX-License-Identifier: Apache-2.0 */
/*
** What the effects on safety change in the tables. Only effects are looked at, and for an
** opinion the record that gives it: so a form, an assessment and a milestone share one mapping.
*/
#include "protocol/record/project_impl.h"

static const char *seq_text(struct projecting *p)
{
    return arena_printf(p->arena, "%lld", (long long) p->entry->seq);
}

static const char *now_text(struct projecting *p)
{
    char text[INSTANT_SIZE];
    instant_format(p->entry->time, text);
    return arena_text(p->arena, text);
}

static const char *object_of(struct projecting *p, const struct effect *effect)
{
    return effect->scope != NULL ? effect->scope : p->record->object;
}

static void project_hold(struct projecting *p, const struct effect *effect)
{
    bool gone = effect->state != NULL && (strcmp(effect->state, "ended") == 0 ||
                                          strcmp(effect->state, "lifted") == 0);
    struct row_change *row = project_add(p, TABLE_HOLD);
    row->op = gone ? ROW_DELETE : ROW_SET;
    project_set(row, HOLD_ACTIVITY, effect->value);
    project_set(row, HOLD_SCOPE, effect->scope);
    project_set(row, HOLD_CAUSE, effect->cause != NULL ? effect->cause : seq_text(p));
    project_set(row, HOLD_RULE, effect->rule);
    project_set(row, HOLD_STATE, effect->state);
    struct row_change *change = project_add(p, TABLE_HOLD_CHANGE);
    project_set(change, HOLD_CHANGE_ACTIVITY, effect->value);
    project_set(change, HOLD_CHANGE_SCOPE, effect->scope);
    project_set(change, HOLD_CHANGE_CAUSE,
                effect->cause != NULL ? effect->cause : seq_text(p));
    project_set(change, HOLD_CHANGE_AT, now_text(p));
    project_set(change, HOLD_CHANGE_STATE, gone ? "gone" : "held");
}

static void project_clock(struct projecting *p, const struct effect *effect)
{
    struct row_change *row = project_add(p, TABLE_CLOCK);
    project_set(row, CLOCK_OBJECT, object_of(p, effect));
    project_set(row, CLOCK_CLOCK, effect->value);
    project_set(row, CLOCK_SINCE, effect->from);
    if (effect->due != NULL) {
        project_set(row, CLOCK_DUE, effect->due);
        project_set(row, CLOCK_RULE, effect->rule);
    }
    if (effect->at != NULL) {
        project_set(row, CLOCK_STOPPED, effect->at);
        project_set(row, CLOCK_ENDED, effect->cause);
    }
}

static void project_case(struct projecting *p, const struct effect *effect)
{
    bool opened = strcmp(effect->value, "opened") == 0;
    bool open = opened || strcmp(effect->value, "reopened") == 0;
    struct row_change *row = project_add(p, TABLE_SAFETY_CASE);
    project_set(row, SAFETY_CASE_OBJECT, p->record->object);
    project_set(row, SAFETY_CASE_STATE, open ? "open" : effect->value);
    if (opened) {
        project_set(row, SAFETY_CASE_SUBJECT, p->record->subject);
        project_set(row, SAFETY_CASE_SEQ, seq_text(p));
    }
    if (strcmp(effect->value, "duplicate") == 0) {
        project_set(row, SAFETY_CASE_DUPLICATE_OF, effect->scope);
    }
}

static void project_susar(struct projecting *p, const struct effect *effect)
{
    struct row_change *row = project_add(p, TABLE_SAFETY_CASE);
    project_set(row, SAFETY_CASE_OBJECT, p->record->object);
    project_set(row, SAFETY_CASE_SUSAR, effect->value);
}

static void project_form_opinion(struct projecting *p, const struct effect *effect)
{
    struct row_change *row = project_add(p, TABLE_OPINION);
    project_set(row, OPINION_OBJECT, p->record->object);
    project_set(row, OPINION_PARTY, effect->value);
    project_set(row, OPINION_CAUSALITY, effect->state);
    project_set(row, OPINION_PERSON, p->entry->actor);
}

static void project_stopping(struct projecting *p, const struct effect *effect)
{
    struct row_change *row = project_add(p, TABLE_STOPPING);
    row->op = strcmp(effect->state, "gone") == 0 ? ROW_DELETE : ROW_SET;
    project_set(row, STOPPING_RULE, effect->value);
    project_set(row, STOPPING_OBJECT,
                effect->cause != NULL ? effect->cause : p->record->object);
    project_set(row, STOPPING_SCOPE, effect->scope);
    project_set(row, STOPPING_STATE, effect->state);
}

static void project_ack(struct projecting *p, const struct effect *effect)
{
    if (strncmp(p->record->object, "milestone/", 10) != 0) {
        struct row_change *row = project_add(p, TABLE_SAFETY_CASE);
        project_set(row, SAFETY_CASE_OBJECT, p->record->object);
        project_set(row, SAFETY_CASE_ACKED_AT, now_text(p));
        project_set(row, SAFETY_CASE_ACKED_BY, effect->value);
    }
}

static void new_milestone(struct projecting *p, struct row_change *row,
                          const struct effect *effect)
{
    const struct milestone_data *data = &p->record->data.milestone;
    char leaf[DIGEST_BASE64_SIZE];
    bool alarm = strcmp(effect->value, "alarm-test") == 0;
    digest_to_base64(&p->entry->leaf, leaf);
    project_set(row, MILESTONE_KIND, effect->value);
    project_set(row, MILESTONE_ABOUT, alarm ? p->entry->actor : data->object);
    project_set(row, MILESTONE_AT, data->at);
    project_set(row, MILESTONE_LEAF, arena_text(p->arena, leaf));
    project_set(row, MILESTONE_CODE_SHA256, data->code_sha256);
    project_set(row, MILESTONE_CONTACT, effect->cause);
}

static void project_milestone(struct projecting *p, const struct effect *effect)
{
    const char *seq = effect->scope + strlen("milestone/");
    struct row_change *row = project_add(p, TABLE_MILESTONE);
    project_set(row, MILESTONE_MILESTONE, seq);
    project_set(row, MILESTONE_STATE, effect->state);
    if (p->record->type == RECORD_MILESTONE && strcmp(seq, seq_text(p)) == 0) {
        new_milestone(p, row, effect);
    }
}

static void project_opinion(struct projecting *p)
{
    const struct safety_assess_data *data = &p->record->data.safety_assess;
    bool own = strcmp(p->record->signature.role, "investigator") == 0;
    struct row_change *row = project_add(p, TABLE_OPINION);
    project_set(row, OPINION_OBJECT, data->object);
    project_set(row, OPINION_PARTY, own ? "investigator" : "sponsor");
    project_set(row, OPINION_PERSON, p->entry->actor);
    if (data->causality != NULL) {
        project_set(row, OPINION_CAUSALITY, data->causality);
    }
    if (data->seriousness != NULL) {
        project_set(row, OPINION_SERIOUSNESS, data->seriousness);
    }
    if (data->expectedness != NULL) {
        project_set(row, OPINION_EXPECTEDNESS, data->expectedness);
        project_set(row, OPINION_RSI, data->rsi);
    }
}

static void (*const EFFECTS[EFFECT_COUNT])(struct projecting *p,
                                           const struct effect *effect) = {
    [EFFECT_HOLD] = project_hold,
    [EFFECT_CLOCK] = project_clock,
    [EFFECT_CASE] = project_case,
    [EFFECT_SUSAR] = project_susar,
    [EFFECT_OPINION] = project_form_opinion,
    [EFFECT_STOPPING] = project_stopping,
    [EFFECT_ACK] = project_ack,
    [EFFECT_MILESTONE] = project_milestone,
};

void project_safety(struct projecting *p)
{
    if (p->record->type == RECORD_SAFETY_ASSESS) {
        project_opinion(p);
    }
    for (size_t i = 0; i < p->outcome->effect_count; i++) {
        const struct effect *effect = &p->outcome->effects[i];
        if (EFFECTS[effect->kind] != NULL) {
            EFFECTS[effect->kind](p, effect);
        }
    }
}
