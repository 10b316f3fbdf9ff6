/* SPDX-License-Identifier: Apache-2.0 */
/*
** Checks, conditions and windows that the definition of a study brings.
*/
#include "protocol/study/messages.h"

static const struct message ROWS[] = {
    {"check.text", "{1} [{2}]", "{1} [{2}]", "{1} [{2}]", "{1} [{2}]"},
    {"check.false",
     "{1} does not agree with other answers that the study compares it with. Which one is "
     "right? [{2}]",
     "{1} past niet bij andere antwoorden waarmee de studie het vergelijkt. Welk antwoord "
     "klopt? [{2}]",
     "{1} ne concorde pas avec d'autres réponses auxquelles l'étude le compare. Laquelle "
     "est juste ? [{2}]",
     "{1} passt nicht zu anderen Antworten, mit denen die Studie es vergleicht. Welche "
     "stimmt? [{2}]"},
    {"check.due", "{1} cannot be checked yet: still missing is {2}. [{3}]",
     "{1} kan nog niet worden gecontroleerd: nog nodig is {2}. [{3}]",
     "{1} ne peut pas encore être vérifié : il manque {2}. [{3}]",
     "{1} kann noch nicht geprüft werden: es fehlt {2}. [{3}]"},
    {"check.data", "an answer", "een antwoord", "une réponse", "eine Antwort"},
    {"FORM-03.maybe",
     "{1}: no answer yet, and it cannot be told yet whether one is needed. [FORM-03]",
     "{1}: nog geen antwoord, en nog niet te zeggen of het nodig is. [FORM-03]",
     "{1} : pas encore de réponse, et on ne peut pas encore dire s'il en faut une. "
     "[FORM-03]",
     "{1}: noch keine Antwort, und noch nicht zu sagen, ob eine nötig ist. [FORM-03]"},
    {"FORM-09",
     "{1} is answered, but the study does not ask for it here ({2}). Is this subject and "
     "answer right? [FORM-09]",
     "{1} is ingevuld, maar de studie vraagt er hier niet om ({2}). Kloppen deelnemer en "
     "antwoord? [FORM-09]",
     "{1} est rempli, mais l'étude ne le demande pas ici ({2}). Participant et réponse "
     "sont-ils justes ? [FORM-09]",
     "{1} ist beantwortet, aber die Studie fragt hier nicht danach ({2}). Stimmen "
     "Teilnehmer und Antwort? [FORM-09]"},
    {"6",
     "This visit, {1}, lies outside its window: {2} to {3} days after {4}. If the date is "
     "right, this becomes a deviation; the data are kept. [6]",
     "Dit bezoek, {1}, ligt buiten de periode: {2} tot {3} dagen na {4}. Klopt de datum, "
     "dan wordt dit een afwijking; de gegevens blijven bewaard. [6]",
     "Cette visite, {1}, est hors de sa fenêtre : {2} à {3} jours après {4}. Si la date "
     "est "
     "juste, cela devient une déviation ; les données sont conservées. [6]",
     "Diese Visite, {1}, liegt außerhalb ihres Zeitfensters: {2} bis {3} Tage nach {4}. "
     "Stimmt das Datum, wird daraus eine Abweichung; die Daten bleiben erhalten. [6]"},
    {"6.hours",
     "This visit, {1}, lies outside its window: {2} to {3} hours after {4}. If the time is "
     "right, this becomes a deviation; the data are kept. [6]",
     "Dit bezoek, {1}, ligt buiten de periode: {2} tot {3} uur na {4}. Klopt de tijd, dan "
     "wordt dit een afwijking; de gegevens blijven bewaard. [6]",
     "Cette visite, {1}, est hors de sa fenêtre : {2} à {3} heures après {4}. Si l'heure "
     "est juste, cela devient une déviation ; les données sont conservées. [6]",
     "Diese Visite, {1}, liegt außerhalb ihres Zeitfensters: {2} bis {3} Stunden nach {4}. "
     "Stimmt die Zeit, wird daraus eine Abweichung; die Daten bleiben erhalten. [6]"},
    {"51",
     "{1} names the same person as {2}. This check needs a second person. If one person "
     "did "
     "both, this becomes a deviation and the sponsor is told now; the data are kept. [51]",
     "{1} noemt dezelfde persoon als {2}. Deze controle vraagt een tweede persoon. Deed "
     "één "
     "persoon beide, dan wordt dit een afwijking en hoort de opdrachtgever het nu; de "
     "gegevens blijven bewaard. [51]",
     "{1} nomme la même personne que {2}. Ce contrôle demande une deuxième personne. Si "
     "une "
     "seule personne a fait les deux, cela devient une déviation et le promoteur en est "
     "informé maintenant ; les données sont conservées. [51]",
     "{1} nennt dieselbe Person wie {2}. Diese Kontrolle braucht eine zweite Person. Hat "
     "eine Person beides getan, wird daraus eine Abweichung und der Sponsor erfährt es "
     "jetzt; die Daten bleiben erhalten. [51]"},
};

const struct message_topic MESSAGES_CHECK = {ROWS, ARRAY_LEN(ROWS)};
