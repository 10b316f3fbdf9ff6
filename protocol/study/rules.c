/* SPDX-License-Identifier: Apache-2.0 */
/*
** The rules of trials.md chapter 6 that this version knows, in one table. A rule runs on forms
** that can hold its trigger, so a form without adverse events pays nothing for their rules.
** Numbers are those of trials.md; HO-02 is the second half of rule 23 and refuses, STAGE-01 is
** E2B(R3) C.1.11.
*/
#include "protocol/study/check_impl.h"

#define EVERYWHERE "submit sign lock"

static const struct rule RULES[] = {
    {"1", rule_1, MEANING_RFICDTC},
    {"1", rule_1, MEANING_BRTHDTC},
    {"2", rule_2_version, MEANING_ICVERSION},
    {"2", rule_2_procedure, MEANING_COUNT},
    {"5", rule_5, MEANING_COUNT},
    {"6", rule_6, MEANING_SVSTDTC},
    {"9", rule_9, MEANING_EXSTDTC},
    {"11", rule_11_reason, MEANING_DSDECOD},
    {"11", rule_11_after, MEANING_COUNT},
    {"13", rule_13, MEANING_AESTDTC},
    {"14", rule_14, MEANING_AEOUT},
    {"15", rule_15, MEANING_AEOUT},
    {"15", rule_15_causes, MEANING_DTHAE},
    {"16", rule_16, MEANING_DTHDTC},
    {"17", rule_17, MEANING_AESTDTC},
    {"18", rule_18, MEANING_AESHOSP},
    {"18", rule_18_report, MEANING_AESER},
    {"19", rule_19, MEANING_AETOXGR},
    {"20", rule_20, MEANING_AETOXGR},
    {"21", rule_21, MEANING_AETOXGR},
    {"22", rule_22, MEANING_AESTDTC},
    {"23", rule_23, MEANING_AESHOSP},
    {"HO-02", rule_ho_02, MEANING_HOSTDTC},
    {"24", rule_24, MEANING_AESHOSP},
    {"24", rule_24_prolonged, MEANING_HOPLAN},
    {"24a", rule_24a, MEANING_AESHOSP},
    {"24b", rule_24b, MEANING_AETERM},
    {"27", rule_27, MEANING_AWAREDTC},
    {"STAGE-01", rule_stage_01, MEANING_SAESTAGE},
    {"35", rule_35, MEANING_AEACN},
    {"36", rule_36, MEANING_AERECHAL},
    {"37", rule_37, MEANING_NARRATIVE},
    {"38", rule_38, MEANING_AELINKS},
    {"63", rule_63, MEANING_OBSDTC},
    {"40", rule_40_label, MEANING_LABELSUBJ},
    {"44", rule_44_bedside, MEANING_VIABBED},
    {"50", rule_50, MEANING_EXDOSE},
    {"51", rule_51, MEANING_CHECK1},
    {"59", rule_59, MEANING_EXSTDTC},
    {"66", rule_66, MEANING_EXSTDTC},
    {"66", rule_66_exercise, MEANING_EXSTDTC},
    {"67", rule_67_side, MEANING_EXLAT},
    {"67", rule_67_both, MEANING_COUNT},
    {"68", rule_68_infusion, MEANING_EXSTDTC},
    {"68", rule_68_new, MEANING_ANGPOINT},
    {"69", rule_69, MEANING_DISCHDTC},
    {"77", rule_77, MEANING_ANC},
};

void check_rules_run(struct checker *c)
{
    for (size_t i = 0; i < ARRAY_LEN(RULES); i++) {
        if (RULES[i].trigger == MEANING_COUNT ||
            c->def->meanings[RULES[i].trigger].item != NULL) {
            RULES[i].run(c);
        }
    }
}

/* ---- the list for people: structure first, then the rules, each id once ---- */

static const struct rule_info LIST[] = {
    {"FORM-01", ACT_REFUSE, EVERYWHERE, "Visit, form, group and item are of the study."},
    {"FORM-02", ACT_REFUSE, EVERYWHERE, "Repeat keys stand where a thing repeats."},
    {"FORM-03", ACT_REFUSE, EVERYWHERE,
     "A complete form has an answer, or a reason for none, for each mandatory item."},
    {"FORM-04", ACT_REFUSE, EVERYWHERE, "Derived items are not entered."},
    {"FORM-05", ACT_GATE, "sign lock", "A form is complete before it is signed or locked."},
    {"FORM-06", ACT_GATE, "lock", "The mandatory forms of a held visit are there."},
    {"FORM-07", ACT_GATE, "lock", "Forms are signed before they are locked."},
    {"FORM-08", ACT_GATE, "sign", "What is signed is there."},
    {"FORM-09", ACT_ASK, EVERYWHERE,
     "What the study does not ask for here is not answered."},
    {"TYPE-01", ACT_REFUSE, EVERYWHERE, "A value is of its data type."},
    {"TYPE-02", ACT_REFUSE, EVERYWHERE, "A value is not longer than its definition says."},
    {"TYPE-03", ACT_REFUSE, EVERYWHERE, "A number has no more decimals than defined."},
    {"CODE-01", ACT_REFUSE, EVERYWHERE, "A coded value is one of its list."},
    {"UNIT-01", ACT_REFUSE, EVERYWHERE, "A unit is one of the item's."},
    {"7", ACT_REFUSE, EVERYWHERE, "Not done has a reason and no value."},
    {"8", ACT_REFUSE, EVERYWHERE, "A value lies within its limits, after unit conversion."},
    {"1", ACT_REFUSE, EVERYWHERE,
     "No date lies ahead; birth, consent and trial procedures follow each other."},
    {"2", ACT_ASK, EVERYWHERE,
     "The consent is of the version in use on its day, and is there before a trial "
     "procedure is signed for."},
    {"5", ACT_GATE, EVERYWHERE,
     "Age at consent lies within the limits; gates the signature for eligibility."},
    {"6", ACT_ASK, EVERYWHERE, "A visit lies in its window after its anchor."},
    {"9", ACT_ASK, EVERYWHERE,
     "Who can become pregnant has a negative test in the study's days before a dose."},
    {"11", ACT_ASK, EVERYWHERE,
     "A death ends the study, and no visit or dose is dated after it."},
    {"13", ACT_REFUSE, EVERYWHERE,
     "An event does not end before it starts, and its outcome agrees with its end."},
    {"14", ACT_ASK, EVERYWHERE,
     "Grade 5, outcome fatal and criterion death agree, and a death is recorded."},
    {"15", ACT_ASK, EVERYWHERE,
     "Only a cause of death is fatal; other events open at death are not recovered. What "
     "is named as a cause of death ended fatally."},
    {"16", ACT_ASK, EVERYWHERE,
     "A death has a date, and a death with a date says whether there was an autopsy."},
    {"17", ACT_ASK, EVERYWHERE,
     "A fatal event starts no later than the death and ends with it."},
    {"18", ACT_ASK, EVERYWHERE,
     "Serious goes with at least one criterion, and a criterion with serious. A serious "
     "event on the event log has a report."},
    {"19", ACT_ASK, EVERYWHERE,
     "Grade 4 goes with danger to life, but for exempt laboratory values."},
    {"20", ACT_ASK, EVERYWHERE,
     "The grade exists for the term in the scale that the study names."},
    {"21", ACT_ASK, EVERYWHERE,
     "The grade of a laboratory value agrees with the values in the time of the event."},
    {"22", ACT_ASK, EVERYWHERE,
     "An event is graded by the scale for its day and the subject's age."},
    {"23", ACT_ASK, EVERYWHERE,
     "A hospital criterion has a stay in the time of the event."},
    {"HO-02", ACT_REFUSE, EVERYWHERE, "Discharge is not before admission."},
    {"24", ACT_ASK, EVERYWHERE,
     "A planned stay alone does not make an event serious, and one that took longer asks "
     "why: asked, never decided."},
    {"24a", ACT_ASK, EVERYWHERE,
     "A stay that makes an event serious had a night: asked, never decided."},
    {"24b", ACT_ASK, EVERYWHERE, "An event is a condition, not a procedure."},
    {"27", ACT_ASK, EVERYWHERE,
     "A serious event is reported within the study's hours, or says why not."},
    {"STAGE-01", ACT_ASK, EVERYWHERE,
     "A report is nullified by taking it back with a reason, not by its stage."},
    {"35", ACT_ASK, EVERYWHERE,
     "A product given once and whole can no longer be withdrawn or changed."},
    {"36", ACT_ASK, EVERYWHERE,
     "An event that comes back after a later dose says so (rechallenge)."},
    {"37", ACT_GATE, "sign lock",
     "A report that is signed as final has what the authority needs, with the story."},
    {"38", ACT_ASK, EVERYWHERE,
     "What an event is linked to is there, and its time overlaps."},
    {"63", ACT_ASK, EVERYWHERE, "Observations leave no longer gap than the study allows."},
    {"40", ACT_ASK, EVERYWHERE,
     "The label of what was given names the subject; it was made from the subject."},
    {"44", ACT_ASK, EVERYWHERE, "Viability at the bedside is what the study asks for."},
    {"50", ACT_ASK, EVERYWHERE,
     "Cells given, remaining, destroyed and retained make those released."},
    {"51", ACT_ASK, EVERYWHERE, "Two people check at the bedside, before the start."},
    {"59", ACT_ASK, EVERYWHERE,
     "The dose is given within the hours after the first sign, and not too late in life."},
    {"66", ACT_ASK, EVERYWHERE,
     "Infusions follow each other within the study's days. The exercise at the visit "
     "before an infusion is recorded."},
    {"67", ACT_ASK, EVERYWHERE,
     "The side infused is the side treated. Exercise, strength and MRI are there for both "
     "sides."},
    {"68", ACT_ASK, EVERYWHERE,
     "An open vessel before the infusion, and an angiography after it. A new obstruction "
     "is an event of special interest."},
    {"69", ACT_ASK, EVERYWHERE,
     "Observation lasts the study's hours after the end of the infusion."},
    {"77", ACT_ASK, EVERYWHERE,
     "A graft that has not taken by the study's day is an event of special interest."},
};

const struct rule_info *check_rules(size_t *ret_count)
{
    *ret_count = ARRAY_LEN(LIST);
    return LIST;
}
