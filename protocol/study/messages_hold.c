/* SPDX-License-Identifier: Apache-2.0 */
/*
** What may be on hold, and for whom: the words of a record in a sentence.
*/
#include "protocol/study/messages.h"

static const struct message ROWS[] = {
    {"activity.dosing", "dosing", "toediening", "l'administration", "die Gabe"},
    {"activity.enrolment", "enrolment", "inschrijving", "l'inclusion", "die Einschreibung"},
    {"activity.randomisation", "randomisation", "randomisatie", "la randomisation",
     "die Randomisierung"},
    {"activity.conditioning", "conditioning", "conditionering", "le conditionnement",
     "die Konditionierung"},
    {"activity.release", "release", "vrijgifte", "la libération", "die Freigabe"},
    {"activity.escalation", "escalation", "dosisverhoging", "l'escalade de dose",
     "die Dosissteigerung"},
    {"scope.study", "the whole study", "de hele studie", "toute l'étude",
     "die ganze Studie"},
    {"scope.site", "site {1}", "centrum {1}", "centre {1}", "Zentrum {1}"},
    {"scope.subject", "subject {1}", "deelnemer {1}", "participant {1}", "Teilnehmer {1}"},
    {"scope.cohort", "cohort {1}", "cohort {1}", "cohorte {1}", "Kohorte {1}"},
};

const struct message_topic MESSAGES_HOLD = {ROWS, ARRAY_LEN(ROWS)};
