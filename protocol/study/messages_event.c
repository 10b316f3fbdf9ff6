/* SPDX-License-Identifier: Apache-2.0 */
/*
** Consent, pregnancy test, grades, planned stays and reports: rules 2, 9, 20, 21, 24 (a stay
** that took longer) and 37.
*/
#include "protocol/study/messages.h"

static const struct message ROWS[] = {
    {"2.none",
     "A trial procedure is recorded and no consent is. If there is a signed consent, enter "
     "it; if not, confirm and say why. [2]",
     "Er is een onderzoekshandeling ingevoerd en geen toestemming. Is er een getekende "
     "toestemming, voer die dan in; zo niet, bevestig dit en zeg waarom. [2]",
     "Un acte de l'étude est saisi et aucun consentement ne l'est. S'il y a un "
     "consentement "
     "signé, saisissez-le ; sinon, confirmez et dites pourquoi. [2]",
     "Eine Studienmaßnahme ist eingegeben und keine Einwilligung. Gibt es eine "
     "unterschriebene Einwilligung, geben Sie sie ein; sonst bestätigen Sie und sagen "
     "Sie, warum. [2]"},
    {"2.unknown", "{1} is no version of the consent of this study. Is it right? [2]",
     "{1} is geen versie van de toestemming van deze studie. Klopt het? [2]",
     "{1} n'est pas une version du consentement de cette étude. Est-ce juste ? [2]",
     "{1} ist keine Fassung der Einwilligung dieser Studie. Stimmt das? [2]"},
    {"2.version",
     "Version {1} of the consent was not the one in use on {2}. Was the right one signed? "
     "[2]",
     "Versie {1} van de toestemming was op {2} niet in gebruik. Is de juiste getekend? [2]",
     "La version {1} du consentement n'était pas celle en vigueur le {2}. La bonne "
     "a-t-elle "
     "été signée ? [2]",
     "Fassung {1} der Einwilligung galt am {2} nicht. Wurde die richtige unterschrieben? "
     "[2]"},
    {"9.none",
     "She can become pregnant, and no negative test of the {1} days before this dose is "
     "recorded. If it was done: crf-site fill PT. [9]",
     "Zij kan zwanger worden en er is geen negatieve test van de {1} dagen voor deze dosis "
     "ingevoerd. Is hij gedaan: crf-site fill PT. [9]",
     "Elle peut être enceinte et aucun test négatif des {1} jours avant cette dose n'est "
     "saisi. S'il a été fait : crf-site fill PT. [9]",
     "Sie kann schwanger werden, und kein negativer Test aus den {1} Tagen vor dieser "
     "Dosis "
     "ist eingegeben. Wurde er gemacht: crf-site fill PT. [9]"},
    {"9.positive",
     "The pregnancy test of {1} is positive. Is it right? The safety contact is told. [9]",
     "De zwangerschapstest van {1} is positief. Klopt dat? Het veiligheidscontact krijgt "
     "bericht. [9]",
     "Le test de grossesse du {1} est positif. Est-ce juste ? Le contact de sécurité est "
     "prévenu. [9]",
     "Der Schwangerschaftstest vom {1} ist positiv. Stimmt das? Die Sicherheitsstelle wird "
     "benachrichtigt. [9]"},
    {"20",
     "There is no grade {1} for {2} in the scale that this study uses. Which grade, or "
     "which term, is right? [20]",
     "Graad {1} bestaat niet voor {2} in de schaal van deze studie. Welke graad of welke "
     "term klopt? [20]",
     "Le grade {1} n'existe pas pour {2} dans l'échelle de cette étude. Quel grade, ou "
     "quel "
     "terme, est juste ? [20]",
     "Grad {1} gibt es für {2} in der Skala dieser Studie nicht. Welcher Grad oder welcher "
     "Begriff stimmt? [20]"},
    {"10.outcome", "{1}: the outcome of the pregnancy is awaited, until {2}. [10]",
     "{1}: op de afloop van de zwangerschap wordt gewacht, tot {2}. [10]",
     "{1} : l'issue de la grossesse est attendue, jusqu'au {2}. [10]",
     "{1}: Der Ausgang der Schwangerschaft wird erwartet, bis {2}. [10]"},
    {"22",
     "At the age of this subject the event is graded by {1} too: fill it in, or confirm. "
     "Nothing that is entered is lost. [22]",
     "Op de leeftijd van deze deelnemer wordt de gebeurtenis ook volgens {1} gegradeerd: "
     "vul dat in, of bevestig. Niets gaat verloren. [22]",
     "À l'âge de ce participant, l'événement est aussi coté selon {1} : remplissez-le, ou "
     "confirmez. Rien n'est perdu. [22]",
     "Im Alter dieses Teilnehmers wird das Ereignis auch nach {1} eingestuft: Füllen Sie "
     "es "
     "aus, oder bestätigen Sie. Nichts geht verloren. [22]"},
    {"22.other",
     "{1} is not the scale for the age of this subject when the event began: check age and "
     "grades, or confirm. Nothing that is entered is lost. [22]",
     "{1} is niet de schaal voor de leeftijd van deze deelnemer toen de gebeurtenis begon: "
     "controleer leeftijd en graden, of bevestig. Niets gaat verloren. [22]",
     "{1} n'est pas l'échelle pour l'âge de ce participant au début de l'événement : "
     "vérifiez âge et grades, ou confirmez. Rien n'est perdu. [22]",
     "{1} ist nicht die Skala für das Alter dieses Teilnehmers bei Beginn des Ereignisses: "
     "Prüfen Sie Alter und Grade, oder bestätigen Sie. Nichts geht verloren. [22]"},
    {"21",
     "The worst laboratory value in the time of this event is {1}: grade {2}. Here stands "
     "grade {3}. Which one is right? [21]",
     "De slechtste laboratoriumwaarde in de tijd van deze gebeurtenis is {1}: graad {2}. "
     "Hier staat graad {3}. Welke klopt? [21]",
     "La pire valeur de laboratoire pendant cet événement est {1} : grade {2}. Ici figure "
     "le grade {3}. Lequel est juste ? [21]",
     "Der schlechteste Laborwert in der Zeit dieses Ereignisses ist {1}: Grad {2}. Hier "
     "steht Grad {3}. Was stimmt? [21]"},
    {"24.why",
     "This stay was planned for {1} hours and lasted until {2}, with a night. Why? If an "
     "untoward event was the cause, that event is serious (it prolonged a stay): name it "
     "here and report it with crf-site sae {3}. If nothing untoward was the cause, for "
     "example no transport home, it is not serious: confirm and say so. [24]",
     "Deze opname was voor {1} uur gepland en duurde tot {2}, met een nacht. Waarom? Was "
     "een ongewenste gebeurtenis de oorzaak, dan is die ernstig (zij verlengde een "
     "opname): "
     "noem haar hier en meld haar met crf-site sae {3}. Was niets ongewensts de oorzaak, "
     "bijvoorbeeld geen vervoer naar huis, dan is het niet ernstig: bevestig dit en zeg "
     "het "
     "erbij. [24]",
     "Ce séjour était prévu pour {1} heures et a duré jusqu'au {2}, avec une nuit. "
     "Pourquoi ? Si un événement indésirable en est la cause, il est grave (il a prolongé "
     "un "
     "séjour) : nommez-le ici et déclarez-le avec crf-site sae {3}. Si rien d'indésirable "
     "n'en est la cause, par exemple pas de transport, ce n'est pas grave : confirmez et "
     "dites-le. [24]",
     "Dieser Aufenthalt war für {1} Stunden geplant und dauerte bis {2}, mit einer Nacht. "
     "Warum? War ein unerwünschtes Ereignis die Ursache, so ist es schwerwiegend (es "
     "verlängerte einen Aufenthalt): nennen Sie es hier und melden Sie es mit crf-site sae "
     "{3}. War nichts Unerwünschtes die Ursache, etwa kein Heimtransport, so ist es nicht "
     "schwerwiegend: bestätigen Sie und sagen Sie es. [24]"},
    {"24.link",
     "{1} is named as the cause of the longer stay and is not entered yet. With it the "
     "stay "
     "makes that event serious. [24]",
     "{1} is genoemd als oorzaak van de langere opname en is nog niet ingevoerd. Daarmee "
     "maakt de opname die gebeurtenis ernstig. [24]",
     "{1} est nommé comme cause du séjour plus long et n'est pas encore saisi. Le séjour "
     "rend alors cet événement grave. [24]",
     "{1} ist als Ursache des längeren Aufenthalts genannt und noch nicht eingegeben. Der "
     "Aufenthalt macht dieses Ereignis dann schwerwiegend. [24]"},
    {"24.caused",
     "{1} is named as the cause why a stay planned for {2} hours took longer: that makes "
     "it "
     "serious, and it counts as serious. Report it: crf-site sae {3}. If it was not the "
     "cause, take it out here; then it is not serious by this stay. [24]",
     "{1} is genoemd als oorzaak dat een voor {2} uur geplande opname langer duurde: dat "
     "maakt het ernstig, en het telt als ernstig. Meld het: crf-site sae {3}. Was het niet "
     "de oorzaak, haal het hier weg; dan is het door deze opname niet ernstig. [24]",
     "{1} est nommé comme cause d'un séjour plus long que les {2} heures prévues : cela le "
     "rend grave, et il compte comme grave. Déclarez-le : crf-site sae {3}. S'il n'en "
     "était "
     "pas la cause, retirez-le ici ; ce séjour ne le rend alors pas grave. [24]",
     "{1} ist als Ursache genannt, dass ein für {2} Stunden geplanter Aufenthalt länger "
     "dauerte: das macht es schwerwiegend, und es gilt als schwerwiegend. Melden Sie es: "
     "crf-site sae {3}. War es nicht die Ursache, nehmen Sie es hier heraus; dann ist es "
     "durch diesen Aufenthalt nicht schwerwiegend. [24]"},
    {"37",
     "Before the case goes to the authority it needs: {1}. Add it, or confirm and say why "
     "it is not known. [37]",
     "Voordat de melding naar de autoriteit gaat is nodig: {1}. Vul het aan, of bevestig "
     "en "
     "zeg waarom het niet bekend is. [37]",
     "Avant que le cas parte à l'autorité, il faut : {1}. Ajoutez-le, ou confirmez et "
     "dites "
     "pourquoi ce n'est pas connu. [37]",
     "Bevor der Fall an die Behörde geht, fehlt: {1}. Ergänzen Sie es, oder bestätigen Sie "
     "und sagen Sie, warum es nicht bekannt ist. [37]"},
    {"37.subject",
     "No subject of the study has the number in this report: correct it before the case "
     "goes "
     "to the authority, or say why it goes without. [37]",
     "Geen deelnemer van de studie heeft het nummer in deze melding: verbeter het voordat "
     "het "
     "geval naar de autoriteit gaat, of zeg waarom het zonder gaat. [37]",
     "Aucun participant de l'étude n'a le numéro de cette déclaration : corrigez-le avant "
     "que "
     "le cas parte à l'autorité, ou dites pourquoi il part sans. [37]",
     "Kein Teilnehmer der Studie hat die Nummer in dieser Meldung: berichtigen Sie sie, "
     "bevor "
     "der Fall an die Behörde geht, oder sagen Sie, warum er ohne sie geht. [37]"},
    {"37.reporter",
     "Nobody confirmed who reported this: call back and confirm the report before the case "
     "goes to the authority, or say why it goes without. [37]",
     "Niemand heeft bevestigd wie dit meldde: bel terug en bevestig de melding voordat het "
     "geval naar de autoriteit gaat, of zeg waarom het zonder gaat. [37]",
     "Personne n'a confirmé qui a déclaré ceci : rappelez et confirmez la déclaration "
     "avant "
     "que le cas parte à l'autorité, ou dites pourquoi il part sans. [37]",
     "Niemand hat bestätigt, wer dies meldete: rufen Sie zurück und bestätigen Sie die "
     "Meldung, bevor der Fall an die Behörde geht, oder sagen Sie, warum er ohne sie geht. "
     "[37]"},
    {"37.event",
     "The report does not say what happened: add it before the case goes to the authority, "
     "or "
     "say why it goes without. [37]",
     "De melding zegt niet wat er gebeurde: vul het aan voordat het geval naar de "
     "autoriteit "
     "gaat, of zeg waarom het zonder gaat. [37]",
     "La déclaration ne dit pas ce qui s'est passé : ajoutez-le avant que le cas parte à "
     "l'autorité, ou dites pourquoi il part sans. [37]",
     "Die Meldung sagt nicht, was geschah: ergänzen Sie es, bevor der Fall an die Behörde "
     "geht, oder sagen Sie, warum er ohne es geht. [37]"},
    {"37.cause", "To follow: the investigator's opinion on whether it is related. [37]",
     "Volgt nog: het oordeel van de onderzoeker of er verband is. [37]",
     "À suivre : l'avis de l'investigateur sur le lien. [37]",
     "Folgt noch: das Urteil des Prüfarztes, ob ein Zusammenhang besteht. [37]"},
    {"37.expected", "To follow: the sponsor's opinion on whether it was expected. [37]",
     "Volgt nog: het oordeel van de sponsor of het verwacht was. [37]",
     "À suivre : l'avis du promoteur sur le caractère attendu. [37]",
     "Folgt noch: das Urteil des Sponsors, ob es erwartet war. [37]"},
};

const struct message_topic MESSAGES_EVENT = {ROWS, ARRAY_LEN(ROWS)};
