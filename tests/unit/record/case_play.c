/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/record/case_play.h"

#include "tests/support/rows.h"

void must(const struct scene *s)
{
    if (!s->decision.accepted) {
        print_error("refused: %s %s\n", s->decision.code,
                    s->decision.findings.count > 0 ? s->decision.findings.items[0].rule
                                                   : "");
        fail();
    }
}

void report(struct scene *s, const char *data)
{
    scene_submit(s, INVESTIGATOR, data, NULL);
    must(s);
}

void assess_all(struct scene *s, enum who who, struct safety_assess_data data)
{
    struct record record = scene_record(s, who, RECORD_SAFETY_ASSESS);
    data.object = data.object != NULL ? data.object : R1;
    data.leaf = data.leaf != NULL ? data.leaf : scene_leaf(s, data.object);
    record.data.safety_assess = data;
    scene_send(s, who, &record);
}

void assess(struct scene *s, enum who who, const char *causality)
{
    assess_all(s, who, (struct safety_assess_data){.causality = causality});
}

void ack(struct scene *s, enum who who, const char *object)
{
    struct record record = scene_record(s, who, RECORD_SAFETY_ACK);
    record.data.safety_ack = (struct safety_ack_data){object, scene_leaf(s, object), NULL};
    scene_send(s, who, &record);
}

void milestone(struct scene *s, enum who who, const char *kind, const char *object)
{
    struct record record = scene_record(s, who, RECORD_MILESTONE);
    record.data.milestone = (struct milestone_data){
        .kind = kind, .object = object, .at = record.signature.signed_at};
    scene_send(s, who, &record);
}
