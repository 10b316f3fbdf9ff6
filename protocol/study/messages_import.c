/* SPDX-License-Identifier: Apache-2.0 */
/*
** Importing ODM clinical data: what the file itself has wrong.
*/
#include "protocol/study/messages.h"

static const struct message ROWS[] = {
    {"IMP-01", "The file is of study {1}; this is {2}. [IMP-01]",
     "Het bestand is van studie {1}; dit is {2}. [IMP-01]",
     "Le fichier est de l'étude {1} ; celle-ci est {2}. [IMP-01]",
     "Die Datei ist aus Studie {1}; dies ist {2}. [IMP-01]"},
    {"IMP-02", "The file is no ODM 1.3 with clinical data: {1} [IMP-02]",
     "Het bestand is geen ODM 1.3 met klinische gegevens: {1} [IMP-02]",
     "Le fichier n'est pas un ODM 1.3 avec des données cliniques : {1} [IMP-02]",
     "Die Datei ist kein ODM 1.3 mit klinischen Daten: {1} [IMP-02]"},
    {"IMP-03", "{1}, but no such form is recorded. [IMP-03]",
     "{1}, maar dit formulier is niet vastgelegd. [IMP-03]",
     "{1}, mais ce formulaire n'est pas enregistré. [IMP-03]",
     "{1}, aber dieses Formular ist nicht erfasst. [IMP-03]"},
    {"IMP-04", "{1}: Insert, but another value is recorded already. [IMP-04]",
     "{1}: Insert, maar er is al een andere waarde vastgelegd. [IMP-04]",
     "{1} : Insert, mais une autre valeur est déjà enregistrée. [IMP-04]",
     "{1}: Insert, aber ein anderer Wert ist schon erfasst. [IMP-04]"},
    {"IMP-05", "{1}: {2}, but no value is recorded. [IMP-05]",
     "{1}: {2}, maar er is geen waarde vastgelegd. [IMP-05]",
     "{1} : {2}, mais aucune valeur n'est enregistrée. [IMP-05]",
     "{1}: {2}, aber kein Wert ist erfasst. [IMP-05]"},
    {"IMP-06",
     "A recorded value changes, and the file does not say why: give --reason. [IMP-06]",
     "Een vastgelegde waarde verandert en het bestand zegt niet waarom: geef --reason. "
     "[IMP-06]",
     "Une valeur enregistrée change et le fichier ne dit pas pourquoi : donnez --reason. "
     "[IMP-06]",
     "Ein erfasster Wert ändert sich, und die Datei sagt nicht, warum: geben Sie --reason "
     "an. [IMP-06]"},
    {"IMP-07", "{1} is not enrolled here: crf-site enrol {1} [IMP-07]",
     "{1} is hier niet ingeschreven: crf-site enrol {1} [IMP-07]",
     "{1} n'est pas inscrit ici : crf-site enrol {1} [IMP-07]",
     "{1} ist hier nicht eingeschrieben: crf-site enrol {1} [IMP-07]"},
    {"IMP-08", "{1} has more than {2} items: no form can be recorded so. [IMP-08]",
     "{1} heeft meer dan {2} items: zo kan geen formulier worden vastgelegd. [IMP-08]",
     "{1} a plus de {2} données : un tel formulaire ne peut pas être enregistré. [IMP-08]",
     "{1} hat mehr als {2} Werte: so kann kein Formular erfasst werden. [IMP-08]"},
};

const struct message_topic MESSAGES_IMPORT = {ROWS, ARRAY_LEN(ROWS)};
