/* SPDX-License-Identifier: Apache-2.0 */
/*
** Every rule of the reader, how grave it is, and of a deviation who is known for it. What must
** hold and what a person does when it does not stand in messages_rules_*.c.
*/
#include "protocol/study/odm_reader.h"

#define NOTE      SEVERITY_NOTE
#define DEVIATION SEVERITY_DEVIATION
#define REFUSE    SEVERITY_REFUSE

static const struct odm_rule RULES[] = {
    {"ODM-01", REFUSE, ""},
    {"ODM-02", REFUSE, ""},
    {"ODM-03", REFUSE, ""},
    {"ODM-04", REFUSE, ""},
    {"ODM-05", REFUSE, ""},
    {"ODM-06", NOTE, ""},
    {"ODM-07", REFUSE, ""},
    {"ODM-08", REFUSE, ""},
    {"ODM-09", REFUSE, ""},
    {"ODM-10", REFUSE, ""},
    {"ODM-11", REFUSE, ""},
    {"ODM-12", REFUSE, ""},
    {"ODM-13", REFUSE, ""},
    {"ODM-14", NOTE, ""},
    {"ODM-15", NOTE, ""},
    {"ODM-16", REFUSE, ""},
    {"ODM-17", REFUSE, ""},
    {"ODM-18", NOTE, ""},
    {"ODM-19", REFUSE, ""},
    {"ODM-20", REFUSE, ""},
    {"ODM-21", REFUSE, ""},
    {"ODM-22", REFUSE, ""},
    {"ODM-23", NOTE, ""},
    {"ODM-24", NOTE, ""},
    {"ODM-25", NOTE, ""},
    {"ODM-26", NOTE, ""},
    {"ODM-27", REFUSE, ""},
    {"ODM-28", REFUSE, ""},
    {"ODM-29", NOTE, ""},
    {"ODM-30", NOTE, ""},
    {"ODM-32", REFUSE, ""},
    {"ODM-33", REFUSE, ""},
    {"ODM-35", REFUSE, ""},
    {"ODM-36", NOTE, ""},
    {"ODM-37", NOTE, ""},
    {"ODM-38", REFUSE, ""},
    {"ODM-39", NOTE, ""},
    {"ODM-40", NOTE, ""},
    {"EXPR-01", REFUSE, ""},
    {"EXPR-02", REFUSE, ""},
    {"EXPR-03", REFUSE, ""},
    {"EXPR-04", REFUSE, ""},
    {"EXPR-05", REFUSE, ""},
    {"EXPR-06", REFUSE, ""},
    {"EXPR-07", NOTE, ""},
    {"EXPR-08", NOTE, ""},
    {"DEV-01", DEVIATION, "REDCap"},
    {"DEV-02", DEVIATION, "REDCap"},
    {"DEV-03", DEVIATION, "REDCap"},
    {"DEV-04", DEVIATION, "Rave"},
    {"DEV-05", DEVIATION, "Rave"},
    {"DEV-06", DEVIATION, ""},
    {"DEV-07", DEVIATION, ""},
    {"DEV-08", DEVIATION, "Rave"},
    {"DEV-09", DEVIATION, "OpenClinica, REDCap"},
};

const struct odm_rule *odm_rules(size_t *ret_count)
{
    *ret_count = ARRAY_LEN(RULES);
    return RULES;
}
