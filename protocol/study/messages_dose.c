/* SPDX-License-Identifier: Apache-2.0 */
/*
** Infusion, imaging and observation: rules 66 to 69 and 80.
*/
#include "protocol/study/messages.h"

static const struct message ROWS[] = {
    {"66.interval",
     "This infusion is {1} days from the one before or after it; the protocol says {2} to "
     "{3}. [66]",
     "Deze infusie is {1} dagen van de vorige of volgende; het protocol zegt {2} tot en "
     "met {3}. [66]",
     "Cette perfusion est à {1} jours de la précédente ou de la suivante ; le protocole "
     "dit {2} à {3}. [66]",
     "Diese Infusion liegt {1} Tage von der vorigen oder nächsten; das Protokoll sagt {2} "
     "bis {3}. [66]"},
    {"66.previous", "Infusion {1} is not recorded yet. [66]",
     "Infusie {1} is nog niet ingevoerd. [66]",
     "La perfusion {1} n'est pas encore saisie. [66]",
     "Die Infusion {1} ist noch nicht eingegeben. [66]"},
    {"66.exercise", "The exercise before this infusion, at {1}, is not recorded yet. [66]",
     "De inspanning voor deze infusie, bij {1}, is nog niet ingevoerd. [66]",
     "L'effort avant cette perfusion, à {1}, n'est pas encore saisi. [66]",
     "Die Belastung vor dieser Infusion, bei {1}, ist noch nicht eingegeben. [66]"},
    {"66.after", "The exercise of {1} is after the start of the infusion. [66]",
     "De inspanning van {1} ligt na het begin van de infusie. [66]",
     "L'effort du {1} est après le début de la perfusion. [66]",
     "Die Belastung vom {1} liegt nach dem Beginn der Infusion. [66]"},
    {"67.side",
     "The arm infused is {1}; the protocol says {2}. If it is right, this becomes a "
     "deviation and the safety contact is told. [67]",
     "De behandelde arm is {1}; het protocol zegt {2}. Klopt het, dan wordt dit een "
     "afwijking en krijgt de veiligheidscontactpersoon bericht. [67]",
     "Le bras perfusé est {1} ; le protocole dit {2}. Si c'est juste, cela devient une "
     "déviation et le contact de sécurité est informé. [67]",
     "Der behandelte Arm ist {1}; das Protokoll sagt {2}. Stimmt es, wird daraus eine "
     "Abweichung und der Sicherheitskontakt wird benachrichtigt. [67]"},
    {"67.both", "Both sides are measured at this visit; side {1} is missing. [67]",
     "Bij dit bezoek worden beide zijden gemeten; zijde {1} ontbreekt. [67]",
     "Les deux côtés sont mesurés à cette visite ; le côté {1} manque. [67]",
     "Bei dieser Visite werden beide Seiten gemessen; die Seite {1} fehlt. [67]"},
    {"68.pre", "The angiography before this infusion is not recorded yet. [68]",
     "De angiografie voor deze infusie is nog niet ingevoerd. [68]",
     "L'angiographie avant cette perfusion n'est pas encore saisie. [68]",
     "Die Angiographie vor dieser Infusion ist noch nicht eingegeben. [68]"},
    {"68.post", "The angiography after this infusion is not recorded yet. [68]",
     "De angiografie na deze infusie is nog niet ingevoerd. [68]",
     "L'angiographie après cette perfusion n'est pas encore saisie. [68]",
     "Die Angiographie nach dieser Infusion ist noch nicht eingegeben. [68]"},
    {"68.closed",
     "The vessel was not patent before the infusion. If it is right, this becomes a "
     "deviation. [68]",
     "Het vat was voor de infusie niet doorgankelijk. Klopt het, dan wordt dit een "
     "afwijking. [68]",
     "Le vaisseau n'était pas perméable avant la perfusion. Si c'est juste, cela devient "
     "une déviation. [68]",
     "Das Gefäß war vor der Infusion nicht durchgängig. Stimmt es, wird daraus eine "
     "Abweichung. [68]"},
    {"68.late", "The angiography before the infusion, {1}, is after its start, {2}. [68]",
     "De angiografie voor de infusie, {1}, ligt na het begin, {2}. [68]",
     "L'angiographie avant la perfusion, {1}, est après son début, {2}. [68]",
     "Die Angiographie vor der Infusion, {1}, liegt nach deren Beginn, {2}. [68]"},
    {"68.new",
     "The vessel was open before and is not patent after: an event of special interest. "
     "Please report it: crf-site sae {1}. [68]",
     "Het vat was voor de infusie open en daarna niet doorgankelijk: een gebeurtenis van "
     "bijzonder belang. Meld het: crf-site sae {1}. [68]",
     "Le vaisseau était ouvert avant et n'est plus perméable après : un événement "
     "d'intérêt particulier. Veuillez le déclarer : crf-site sae {1}. [68]",
     "Das Gefäß war vorher offen und ist danach nicht durchgängig: ein Ereignis von "
     "besonderem Interesse. Bitte melden Sie es: crf-site sae {1}. [68]"},
    {"69.early",
     "Discharge {1} is less than {2} hours after the end of the infusion, {3}. Leaving "
     "early is allowed; please say why. [69]",
     "Ontslag {1} is minder dan {2} uur na het einde van de infusie, {3}. Eerder vertrek "
     "mag; wilt u zeggen waarom? [69]",
     "La sortie, {1}, est moins de {2} heures après la fin de la perfusion, {3}. Partir "
     "plus tôt est permis ; veuillez dire pourquoi. [69]",
     "Die Entlassung, {1}, ist weniger als {2} Stunden nach dem Ende der Infusion, {3}. "
     "Früher zu gehen ist erlaubt; bitte sagen Sie, warum. [69]"},
    {"69.cover",
     "The last observation, {1}, is less than {2} hours after the infusion. [69]",
     "De laatste observatie, {1}, is minder dan {2} uur na de infusie. [69]",
     "La dernière observation, {1}, est moins de {2} heures après la perfusion. [69]",
     "Die letzte Beobachtung, {1}, ist weniger als {2} Stunden nach der Infusion. [69]"},
    {"66.stagger",
     "{1} is less than {2} days from the first dose of another subject ({3}). [66]",
     "{1} is minder dan {2} dagen van de eerste dosis van een andere deelnemer ({3}). [66]",
     "{1} est à moins de {2} jours de la première dose d'un autre participant ({3}). [66]",
     "{1} ist weniger als {2} Tage von der ersten Dosis eines anderen Teilnehmers "
     "entfernt ({3}). [66]"},
    {"66.unsure",
     "Whether {1} is at least {2} days from the first dose of another subject ({3}) cannot "
     "be told: ask the sponsor for the day. [66]",
     "Of {1} ten minste {2} dagen van de eerste dosis van een andere deelnemer ({3}) ligt, "
     "is niet te zeggen: vraag de sponsor naar de dag. [66]",
     "On ne peut pas dire si {1} est à au moins {2} jours de la première dose d'un autre "
     "participant ({3}) : demandez le jour au promoteur. [66]",
     "Ob {1} mindestens {2} Tage von der ersten Dosis eines anderen Teilnehmers ({3}) "
     "entfernt ist, ist nicht zu sagen: Fragen Sie den Sponsor nach dem Tag. [66]"},
    {"66.cleared",
     "Another subject was cleared for a first dose on {3}, less than {2} days from {1}, "
     "and "
     "whether it was given is not recorded yet: ask the sponsor. [66]",
     "Een andere deelnemer kreeg vrijgave voor een eerste dosis op {3}, minder dan {2} "
     "dagen "
     "van {1}, en of die is toegediend, staat er nog niet: vraag de sponsor. [66]",
     "Un autre participant a eu l'accord pour une première dose le {3}, à moins de {2} "
     "jours "
     "de {1}, et rien ne dit encore si elle a été donnée : demandez au promoteur. [66]",
     "Ein anderer Teilnehmer erhielt am {3} die Freigabe für eine erste Dosis, weniger als "
     "{2} Tage von {1}, und ob sie gegeben wurde, steht noch nicht fest: Fragen Sie den "
     "Sponsor. [66]"},
    {"69.due", "The end of the infusion is not recorded yet. [69]",
     "Het einde van de infusie is nog niet ingevoerd. [69]",
     "La fin de la perfusion n'est pas encore saisie. [69]",
     "Das Ende der Infusion ist noch nicht eingegeben. [69]"},
};

const struct message_topic MESSAGES_DOSE = {ROWS, ARRAY_LEN(ROWS)};
