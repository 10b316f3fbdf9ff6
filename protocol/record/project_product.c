/* SPDX-License-Identifier: Apache-2.0 */
/*
** The product chain's tables. What a batch is stands in its record; what became of it, who was
** cleared and who was given it stands in outcomes, because it was decided.
*/
#include "protocol/record/project_impl.h"

static void set_batch(struct projecting *p, const struct effect *effect)
{
    bool state = effect->kind == EFFECT_BATCH;
    struct row_change *row = project_add(p, TABLE_BATCH);
    project_set(row, BATCH_BATCH,
                effect->scope != NULL ? effect->scope : p->record->subject);
    project_set(row, state ? BATCH_STATE : BATCH_CRITERIA, effect->value);
    if (state) {
        project_set(row, BATCH_SINCE, project_time(p, NULL, p->entry->time));
    }
}

/* What was decided before outcomes said when: it was given when that was written down, at the
 * latest. So who was dosed before an upgrade counts for the distance and the order of doses. */
static void add_exposure(struct projecting *p, const struct effect *effect)
{
    const char *written = project_time(p, NULL, p->entry->time);
    struct row_change *row = project_add(p, TABLE_EXPOSURE);
    project_set(row, EXPOSURE_OBJECT, effect->scope);
    project_set(row, EXPOSURE_SUBJECT, p->record->subject);
    project_set(row, EXPOSURE_BATCH, effect->value);
    project_set(row, EXPOSURE_STATE, effect->state);
    project_set(row, EXPOSURE_GIVEN_FROM, effect->from != NULL ? effect->from : written);
    project_set(row, EXPOSURE_GIVEN_TO, effect->at != NULL ? effect->at : written);
}

static void set_exposed(struct projecting *p, const struct effect *effect)
{
    struct row_change *row = project_add(p, TABLE_EXPOSURE);
    project_set(row, EXPOSURE_OBJECT, effect->value);
    project_set(row, EXPOSURE_STATE, "exposed");
}

static void set_cohort(struct projecting *p, const struct effect *effect)
{
    struct row_change *row = project_add(p, TABLE_SUBJECT);
    project_set(row, SUBJECT_SUBJECT, p->record->subject);
    project_set(row, SUBJECT_COHORT, *effect->value != 0 ? effect->value : NULL);
}

void project_product(struct projecting *p)
{
    for (size_t i = 0; i < p->outcome->effect_count; i++) {
        const struct effect *effect = &p->outcome->effects[i];
        if (effect->kind == EFFECT_BATCH || effect->kind == EFFECT_CRITERIA) {
            set_batch(p, effect);
        } else if (effect->kind == EFFECT_EXPOSURE) {
            add_exposure(p, effect);
        } else if (effect->kind == EFFECT_EXPOSED) {
            set_exposed(p, effect);
        } else if (effect->kind == EFFECT_COHORT) {
            set_cohort(p, effect);
        }
    }
}

void project_recall(struct projecting *p)
{
    project_queries(p);
    project_product(p);
}

/* A form that was made in error gives nobody anything. */
void project_retracted(struct projecting *p)
{
    struct row_change *row = project_add(p, TABLE_EXPOSURE);
    row->op = ROW_DELETE;
    project_set(row, EXPOSURE_OBJECT, p->record->object);
    project_product(p);
}

/* The flag belongs to one grant of the role: the next one says anew, and a withdrawal ends it;
 * at once, or on its day, with the grant. */
void project_qualified(struct projecting *p)
{
    const struct role_data *data = &p->record->data.role;
    bool grants = p->record->type == RECORD_ROLE_GRANT;
    const char *now = project_time(p, NULL, p->entry->time);
    bool later = !grants && strcmp(project_time(p, data->to, p->entry->time), now) > 0;
    if (strcmp(data->role, "pharmacist") != 0 || later) {
        return;
    }
    struct row_change *row = project_add(p, TABLE_QUALIFIED);
    project_set(row, QUALIFIED_PERSON, data->person);
    project_set(row, QUALIFIED_SITE, data->site != NULL ? data->site : ALL_SITES);
    if (!grants || data->qualification == NULL) {
        row->op = ROW_DELETE;
        return;
    }
    project_set(row, QUALIFIED_VALID_FROM, project_time(p, data->from, p->entry->time));
    project_set(row, QUALIFIED_VALID_TO,
                data->to != NULL ? project_time(p, data->to, 0) : NULL);
}

void project_batch_receive(struct projecting *p)
{
    const struct batch_receive_data *data = &p->record->data.batch_receive;
    struct row_change *row = project_add(p, TABLE_BATCH);
    project_set(row, BATCH_BATCH, data->batch);
    project_set(row, BATCH_KIND, data->kind);
    project_set(row, BATCH_DONOR, data->donor);
    project_set(row, BATCH_SITE, data->site);
    project_set(row, BATCH_EXPIRY,
                data->expiry != NULL ? project_time(p, data->expiry, 0) : NULL);
    project_set(row, BATCH_STATE, "received");
    project_set(row, BATCH_SINCE, project_time(p, NULL, p->entry->time));
    for (size_t i = 0; i < data->parents.count; i++) {
        row = project_add(p, TABLE_BATCH_LINK);
        project_set(row, BATCH_LINK_BATCH, data->batch);
        project_set(row, BATCH_LINK_PARENT, data->parents.items[i]);
    }
}

void project_clearance(struct projecting *p)
{
    const struct dose_clear_data *data = &p->record->data.dose_clear;
    const struct effect *go = outcome_effect(p->outcome, EFFECT_CLEARANCE, NULL);
    if (go == NULL) {
        return;
    }
    struct row_change *row = project_add(p, TABLE_CLEARANCE);
    project_set(row, CLEARANCE_NUMBER, go->value);
    project_set(row, CLEARANCE_SUBJECT, data->subject);
    project_set(row, CLEARANCE_EVENT, data->event);
    project_set(row, CLEARANCE_ACT, data->act);
    project_set(row, CLEARANCE_BATCH, data->batch);
    project_set(row, CLEARANCE_VALID_FROM, go->from);
    project_set(row, CLEARANCE_VALID_TO, go->due);
    project_set(row, CLEARANCE_STATE, go->state);
}

void project_subject_status(struct projecting *p)
{
    struct row_change *row = project_add(p, TABLE_SUBJECT);
    project_set(row, SUBJECT_SUBJECT, p->record->data.subject_status.subject);
    project_set(row, SUBJECT_STATE, p->record->data.subject_status.status);
}
