/* SPDX-License-Identifier: Apache-2.0 */
/*
** The course of a subject: rules 11, 24b, 35, 36, 38, 63 and 77.
*/
#include "protocol/study/messages.h"

static const struct message ROWS[] = {
    {"11.form", "The end of study says death: the death form is still to come. [11]",
     "Het einde van de studie noemt overlijden: het overlijdensformulier volgt nog. [11]",
     "La fin d'étude dit décès : le formulaire de décès est encore à venir. [11]",
     "Das Studienende nennt Tod: das Formular zum Tod steht noch aus. [11]"},
    {"11.reason",
     "A death is recorded, and the end of study gives another reason. Which one is right? "
     "[11]",
     "Er is een overlijden vastgelegd, en het einde van de studie noemt een andere reden. "
     "Welke klopt? [11]",
     "Un décès est noté, et la fin d'étude donne une autre raison. Laquelle est juste ? "
     "[11]",
     "Ein Tod ist erfasst, und das Studienende nennt einen anderen Grund. Welcher stimmt? "
     "[11]"},
    {"11.after", "{1} is after the death on {2}. Which date is right? [11]",
     "{1} ligt na het overlijden op {2}. Welke datum klopt? [11]",
     "{1} est après le décès du {2}. Quelle date est juste ? [11]",
     "{1} liegt nach dem Tod am {2}. Welches Datum stimmt? [11]"},
    {"24b",
     "This names a procedure. Is there a condition behind it? Then name that; if not, "
     "confirm it. [24b]",
     "Dit noemt een handeling. Zit er een aandoening achter? Noem dan die; zo niet, "
     "bevestig het. [24b]",
     "Ceci nomme une procédure. Y a-t-il une affection derrière ? Alors nommez-la ; sinon, "
     "confirmez. [24b]",
     "Dies nennt eine Maßnahme. Steht eine Erkrankung dahinter? Dann nennen Sie diese; "
     "wenn nicht, bestätigen Sie es. [24b]"},
    {"35",
     "The one dose was already given: it cannot be withdrawn or changed any more. Answer "
     "not changed, or not applicable. [35]",
     "De ene dosis is al gegeven: die kan niet meer gestopt of veranderd worden. Antwoord "
     "niet veranderd, of niet van toepassing. [35]",
     "La dose unique a déjà été donnée : elle ne peut plus être arrêtée ni changée. "
     "Répondez inchangé, ou sans objet. [35]",
     "Die eine Dosis wurde schon gegeben: sie kann nicht mehr abgesetzt oder geändert "
     "werden. Antworten Sie unverändert oder entfällt. [35]"},
    {"36",
     "The same event was recorded on {1}, and a dose came between: did it come back "
     "because of it (rechallenge)? [36]",
     "Dezelfde gebeurtenis is vastgelegd op {1}, en er zat een dosis tussen: kwam zij "
     "daardoor terug (rechallenge)? [36]",
     "Le même événement a été noté le {1}, et une dose s'est intercalée : est-il revenu à "
     "cause d'elle (réadministration) ? [36]",
     "Dasselbe Ereignis wurde am {1} erfasst, und eine Dosis lag dazwischen: kam es "
     "deshalb wieder (Reexposition)? [36]"},
    {"38.none", "Nothing with the number {1} is recorded yet. [38]",
     "Er is nog niets met het nummer {1} vastgelegd. [38]",
     "Rien n'est encore noté sous le numéro {1}. [38]",
     "Unter der Nummer {1} ist noch nichts erfasst. [38]"},
    {"38.apart",
     "{1} lies at another time than this event: check the link and the dates. "
     "[38]",
     "{1} ligt in een andere tijd dan deze gebeurtenis: controleer de koppeling en de "
     "datums. [38]",
     "{1} se situe à un autre moment que cet événement : vérifiez le lien et les dates. "
     "[38]",
     "{1} liegt zu einer anderen Zeit als dieses Ereignis: Prüfen Sie Verknüpfung und "
     "Daten. [38]"},
    {"63.gap",
     "Between the observations of {1} and {2} lie more than {3} minutes: is one missing? "
     "[63]",
     "Tussen de observaties van {1} en {2} ligt meer dan {3} minuten: ontbreekt er een? "
     "[63]",
     "Entre les observations du {1} et du {2}, il y a plus de {3} minutes : en manque-t-il "
     "une ? [63]",
     "Zwischen den Beobachtungen vom {1} und {2} liegen mehr als {3} Minuten: fehlt eine? "
     "[63]"},
    {"77",
     "By day {1} the neutrophils have not recovered: this may be graft failure, an event "
     "of special interest. Is it recorded? The safety contact is told. [77]",
     "Op dag {1} zijn de neutrofielen niet hersteld: dit kan transplantaatfalen zijn, een "
     "gebeurtenis van bijzonder belang. Is het vastgelegd? Het veiligheidscontact krijgt "
     "bericht. [77]",
     "Au jour {1}, les neutrophiles n'ont pas récupéré : cela peut être un échec de "
     "greffe, événement d'intérêt particulier. Est-ce noté ? Le contact de sécurité est "
     "prévenu. [77]",
     "Bis Tag {1} haben sich die Neutrophilen nicht erholt: dies kann Transplantatversagen "
     "sein, ein Ereignis von besonderem Interesse. Ist es erfasst? Der Sicherheitskontakt "
     "wird informiert. [77]"},
};

const struct message_topic MESSAGES_COURSE = {ROWS, ARRAY_LEN(ROWS)};
