/* SPDX-License-Identifier: Apache-2.0 */
/*
** outcome: what the service decided about a record; the second line of the body.
**
** Compact JSON, byte for byte the same for the same decision (RECORDS.md chapter 3):
**
** {"v":1,"engine":"1","late":0,
**  "findings":[{"rule":"66","act":"ask","path":"IG.INFUSION/-/IT.INFSTDTC","query":"q-413-1"}],
**  "derived":{"IG.DM/-/IT.AGE":"43"},"effects":[{"hold":"dosing","scope":"study","rule":"80"}]}
**
** `late` is 1 when the record was signed more than 15 minutes before it came. A finding about
** another form names it in `object` (before `path`); one that is only due says `"due":1`, one
** that proposes a deviation `"deviation":1`, one that alarms `"alarm":1`, and one that the
** signer accepted `"confirmed":1`. `path` "" is the form as a whole. No value, no sentence.
**
** An effect is an object whose first member is its kind:
**
**   hold    activity  scope, rule, state (provisional, held)
**   clock   sponsor or site   from, due (instants), rule
**   number  the human number of this form: "SAE-0003"
**   open    id of a query that a person opened     (object, path stand in the record)
**   answer, close   id of a query; rule "gone" when its cause is gone, "confirmed" when the
**                   signer confirmed it, else closed by a person
**   grant   role              scope: site or "-"   (person.confirm, study.open)
**   person  the person's new state
**   lock    asked, locked, lifting, unlocked       scope
**   flag    what the safety door let through: rule of the refusal it replaced
**   inbox   concurrent, unconfirmed: stored beside, as <object>~<seq>
**   merged  seq of an inbox row of this form that this revision settles
**   batch     the batch's new state     scope: the batch, when the record is a ledger form
**   criteria  met, "open 44", "failed 49"    scope: the batch
**   clearance the GO's number           state (go, override, phoned), from, due: its validity
**   exposure  the batch given, or "-" when what was written is no code
**                                       scope: path of the form that says so; from, at: the
**                                       earliest and the latest that it can have been
**   cohort    of the subject, as the form says; "" when no form says so any more
**   exposed   path of a form by which a subject had what is now known to be faulty
**                                       scope: subject/..., rule
**
** Safety. The case is that of the record's object unless `scope` names another:
**   hold    also state ended, lifting, lifted; cause: seq of the case or of the hold record
**   clock   started (from, due), stopped (state, from, at, cause: why), or both; scope: whose,
**           unless own
**   case    opened, nullified, reopened, duplicate (scope: of which)
**   susar   possible, yes, no
**   opinion investigator, as the form says: state related, unrelated
**   stopping  OID of a rule   scope, state maybe, met, gone; cause: subject/..., where it is
**                             the subject that meets it and not an event
**   ack     a person has it: the person's id
**   milestone  kind   state open, acknowledged, reported; scope: of which; cause: the contact
*/
#ifndef CRFD_RECORD_OUTCOME_H
#define CRFD_RECORD_OUTCOME_H

#include "base/json_out.h"
#include "protocol/study/finding.h"

#define OUTCOME_VERSION 1
#define OUTCOME_ENGINE  "1"

struct outcome_finding {
    const char *rule;
    enum act act;
    const char *object; /* NULL: the record's own form */
    const char *path;   /* "" : the form as a whole */
    const char *query;  /* id, or NULL */
    bool due, deviation, alarm, confirmed;
};

struct outcome_derived {
    const char *path, *value;
};

enum effect_kind {
    EFFECT_HOLD,
    EFFECT_CLOCK,
    EFFECT_NUMBER,
    EFFECT_OPEN,
    EFFECT_ANSWER,
    EFFECT_CLOSE,
    EFFECT_GRANT,
    EFFECT_PERSON,
    EFFECT_LOCK,
    EFFECT_FLAG,
    EFFECT_INBOX,
    EFFECT_MERGED,
    EFFECT_BATCH,
    EFFECT_CRITERIA,
    EFFECT_CLEARANCE,
    EFFECT_EXPOSURE,
    EFFECT_EXPOSED,
    EFFECT_COHORT,
    EFFECT_CASE,
    EFFECT_SUSAR,
    EFFECT_OPINION,
    EFFECT_STOPPING,
    EFFECT_ACK,
    EFFECT_MILESTONE,
    EFFECT_COUNT,
};

struct effect {
    enum effect_kind kind;
    const char *value;
    const char *scope, *rule, *state, *from, *due, *at, *cause; /* NULL: not written */
};

struct outcome {
    int64_t version;
    const char *engine;
    int64_t late;
    struct outcome_finding *findings;
    size_t finding_count, finding_capacity;
    struct outcome_derived *derived;
    size_t derived_count, derived_capacity;
    struct effect *effects;
    size_t effect_count, effect_capacity;
};

const char *effect_name(enum effect_kind kind);

/* The first effect of KIND (and VALUE unless NULL); NULL when none. */
const struct effect *outcome_effect(const struct outcome *outcome, enum effect_kind kind,
                                    const char *value);

void outcome_add_finding(struct outcome *outcome, struct arena *arena,
                         const struct outcome_finding *finding);
void outcome_add_effect(struct outcome *outcome, struct arena *arena,
                        const struct effect *effect);

/* Append the line, without LF. */
void outcome_write(const struct outcome *outcome, struct bytes *out);

/* Read it back; strict: outcome_write() of the result gives the same bytes. ERR_BAD_INPUT
 * otherwise. */
MUST_USE status outcome_parse(struct span line, struct arena *arena,
                              struct outcome *ret_outcome, struct err *err);

#endif
