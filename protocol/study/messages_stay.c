/* SPDX-License-Identifier: Apache-2.0 */
/*
** Hospital stays: rules 23 to 24a and HO-02.
*/
#include "protocol/study/messages.h"

static const struct message ROWS[] = {
    {"23.due",
     "Your report was accepted. You ticked hospital admission; no stay is recorded yet. "
     "When you know the dates: crf-site fill HO. Nothing else to do now. [23]",
     "Uw melding is ontvangen. U kruiste ziekenhuisopname aan; er is nog geen opname "
     "ingevoerd. Zodra u de datums kent: crf-site fill HO. Verder nu niets te doen. [23]",
     "Votre déclaration est acceptée. Vous avez coché une hospitalisation ; aucun séjour "
     "n'est encore saisi. Quand vous connaîtrez les dates : crf-site fill HO. Rien d'autre "
     "à faire maintenant. [23]",
     "Ihre Meldung ist angenommen. Sie haben eine Krankenhausaufnahme angekreuzt; ein "
     "Aufenthalt ist noch nicht eingegeben. Sobald Sie die Daten kennen: crf-site fill HO. "
     "Sonst ist jetzt nichts zu tun. [23]"},
    {"23.due.known",
     "Your report was accepted as {1} at {2}. You ticked hospital admission; no stay is "
     "recorded yet. When you know the dates: crf-site fill HO. Nothing else to do now. "
     "[23]",
     "Uw melding is ontvangen als {1} om {2}. U kruiste ziekenhuisopname aan; er is nog "
     "geen opname ingevoerd. Zodra u de datums kent: crf-site fill HO. Verder nu niets te "
     "doen. [23]",
     "Votre déclaration est acceptée sous le numéro {1} à {2}. Vous avez coché une "
     "hospitalisation ; aucun séjour n'est encore saisi. Quand vous connaîtrez les dates : "
     "crf-site fill HO. Rien d'autre à faire maintenant. [23]",
     "Ihre Meldung ist als {1} um {2} angenommen. Sie haben eine Krankenhausaufnahme "
     "angekreuzt; ein Aufenthalt ist noch nicht eingegeben. Sobald Sie die Daten kennen: "
     "crf-site fill HO. Sonst ist jetzt nichts zu tun. [23]"},
    {"23.apart", "No recorded hospital stay falls in the time of this event. [23]",
     "Geen van de ingevoerde opnames valt in de tijd van deze gebeurtenis. [23]",
     "Aucun séjour à l'hôpital saisi ne tombe dans le temps de cet événement. [23]",
     "Kein eingegebener Krankenhausaufenthalt fällt in die Zeit dieses Ereignisses. [23]"},
    {"24",
     "The only stay recorded was planned. Did something untoward lengthen it or cause it? "
     "In doubt it stays serious. [24]",
     "De enige ingevoerde opname was gepland. Heeft iets ongewensts haar verlengd of "
     "veroorzaakt? Bij twijfel blijft het ernstig. [24]",
     "Le seul séjour saisi était prévu. Quelque chose de fâcheux l'a-t-il prolongé ou "
     "causé ? Dans le doute, l'événement reste grave. [24]",
     "Der einzige eingegebene Aufenthalt war geplant. Hat ein unerwünschtes Ereignis ihn "
     "verlängert oder verursacht? Im Zweifel bleibt es schwerwiegend. [24]"},
    {"24a",
     "The stay of {1} had no night. Was it an admission? In doubt it stays serious. [24a]",
     "De opname van {1} had geen nacht. Was het een opname? Bij twijfel blijft het "
     "ernstig. [24a]",
     "Le séjour du {1} était sans nuit. Était-ce une hospitalisation ? Dans le doute, "
     "l'événement reste grave. [24a]",
     "Der Aufenthalt vom {1} war ohne Übernachtung. War es eine Aufnahme? Im Zweifel "
     "bleibt es schwerwiegend. [24a]"},
    {"HO-02",
     "Not accepted yet: discharge {1} is before admission {2} ({3}). Which one is right? "
     "If you do not know, leave one empty and send it as partial. [HO-02]",
     "Nog niet aangenomen: ontslag {1} ligt voor opname {2} ({3}). Welke klopt? Weet u het "
     "niet, laat er dan een leeg en stuur het als gedeeltelijk. [HO-02]",
     "Pas encore accepté : la sortie, {1}, précède l'admission, {2} ({3}). Laquelle est "
     "juste ? Si vous ne le savez pas, laissez l'une vide et envoyez le formulaire comme "
     "partiel. [HO-02]",
     "Noch nicht angenommen: die Entlassung, {1}, liegt vor der Aufnahme, {2} ({3}). Was "
     "stimmt? Wenn Sie es nicht wissen, lassen Sie eines leer und senden Sie es als "
     "Teilstand. [HO-02]"},
    {"HO-02.ask",
     "Discharge {1} is before admission {2} ({3}). Which one is right? [HO-02]",
     "Ontslag {1} ligt voor opname {2} ({3}). Welke klopt? [HO-02]",
     "La sortie, {1}, précède l'admission, {2} ({3}). Laquelle est juste ? [HO-02]",
     "Die Entlassung, {1}, liegt vor der Aufnahme, {2} ({3}). Was stimmt? [HO-02]"},
    {"stay", "stay {1}", "opname {1}", "séjour {1}", "Aufenthalt {1}"},
    {"stay.of", "stay {1} of {2}", "opname {1} van {2}", "séjour {1} de {2}",
     "Aufenthalt {1} von {2}"},
};

const struct message_topic MESSAGES_STAY = {ROWS, ARRAY_LEN(ROWS)};
