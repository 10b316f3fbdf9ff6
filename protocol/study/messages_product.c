/* SPDX-License-Identifier: Apache-2.0 */
/*
** The product: clearance before an act, release of a batch, and what was given.
*/
#include "protocol/study/messages.h"

static const struct message ROWS[] = {
    {"40.other",
     "STOP: {1} was not made from subject {2}. Do not give it to this person. [40]",
     "STOP: {1} is niet van deelnemer {2} gemaakt. Dien het deze persoon niet toe. [40]",
     "STOP : {1} n'a pas été fabriqué à partir du participant {2}. Ne le donnez pas à "
     "cette "
     "personne. [40]",
     "STOPP: {1} wurde nicht aus Proband {2} hergestellt. Geben Sie es dieser Person "
     "nicht. "
     "[40]"},
    {"40.label",
     "The bag label names {1}; the form is about subject {2}. If it is right, this becomes "
     "a deviation and the safety contact is told. [40]",
     "Het etiket noemt {1}; het formulier gaat over deelnemer {2}. Klopt het, dan wordt "
     "dit "
     "een afwijking en krijgt de veiligheidscontactpersoon bericht. [40]",
     "L'étiquette de la poche indique {1} ; le formulaire concerne le participant {2}. Si "
     "c'est juste, cela devient une déviation et le contact de sécurité est informé. [40]",
     "Das Etikett nennt {1}; das Formular gehört zu Proband {2}. Stimmt es, wird daraus "
     "eine Abweichung und der Sicherheitskontakt wird benachrichtigt. [40]"},
    {"40.given",
     "What was given, {1}, was not made from subject {2}. It is recorded; it becomes a "
     "deviation and the safety contact is told. [40]",
     "Wat is toegediend, {1}, is niet van deelnemer {2} gemaakt. Het is vastgelegd; het "
     "wordt een afwijking en de veiligheidscontactpersoon krijgt bericht. [40]",
     "Ce qui a été donné, {1}, n'a pas été fabriqué à partir du participant {2}. C'est "
     "enregistré ; cela devient une déviation et le contact de sécurité est informé. [40]",
     "Was gegeben wurde, {1}, wurde nicht aus Proband {2} hergestellt. Es ist "
     "festgehalten; "
     "es wird eine Abweichung und der Sicherheitskontakt wird benachrichtigt. [40]"},
    {"40.origin",
     "The ledger does not tell from whose donation {1} was made. Phone the pharmacy. [40]",
     "Het productregister zegt niet van wiens donatie {1} is gemaakt. Bel de apotheek. "
     "[40]",
     "Le registre ne dit pas de quel don {1} a été fabriqué. Téléphonez à la pharmacie. "
     "[40]",
     "Das Produktregister sagt nicht, aus wessen Spende {1} hergestellt wurde. Rufen Sie "
     "die Apotheke an. [40]"},
    {"40.unknown", "No batch {1} is in the product ledger. Check the label. [40]",
     "Het productregister kent geen batch {1}. Controleer het etiket. [40]",
     "Le registre ne connaît pas le lot {1}. Vérifiez l'étiquette. [40]",
     "Das Produktregister kennt keine Charge {1}. Prüfen Sie das Etikett. [40]"},
    {"41.same", "The donor of {1} is the subject; this product comes from another. [41]",
     "De donor van {1} is de deelnemer zelf; dit product komt van een ander. [41]",
     "Le donneur de {1} est le participant ; ce produit vient d'une autre personne. [41]",
     "Der Spender von {1} ist der Proband; dieses Produkt stammt von jemand anderem. [41]"},
    {"41.origin", "The ledger does not tell who the donor of {1} was. [41]",
     "Het productregister zegt niet wie de donor van {1} was. [41]",
     "Le registre ne dit pas qui était le donneur de {1}. [41]",
     "Das Produktregister sagt nicht, wer der Spender von {1} war. [41]"},
    {"41.unknown", "Lot {1} is not on the study's list. Check the label. [41]",
     "Lot {1} staat niet op de lijst van het onderzoek. Controleer het etiket. [41]",
     "Le lot {1} n'est pas sur la liste de l'étude. Vérifiez l'étiquette. [41]",
     "Charge {1} steht nicht auf der Liste der Studie. Prüfen Sie das Etikett. [41]"},
    {"42.state", "{1} may not be given: {2} is {3}. [42]",
     "{1} mag niet worden toegediend: {2} is {3}. [42]",
     "{1} ne peut pas être donné : {2} est {3}. [42]",
     "{1} darf nicht gegeben werden: {2} ist {3}. [42]"},
    {"42.given", "When {1} was given, {2} was {3}. [42]",
     "Toen {1} werd toegediend, was {2} {3}. [42]",
     "Quand {1} a été donné, {2} était {3}. [42]",
     "Als {1} gegeben wurde, war {2} {3}. [42]"},
    {"43.expired", "{1} expires at {2}; that is before {3}. [43]",
     "{1} is houdbaar tot {2}; dat is voor {3}. [43]",
     "{1} expire le {2} ; c'est avant le {3}. [43]",
     "{1} ist haltbar bis {2}; das ist vor {3}. [43]"},
    {"43.unknown", "The ledger has no expiry of {1}. Phone the pharmacy. [43]",
     "Het productregister heeft geen houdbaarheid van {1}. Bel de apotheek. [43]",
     "Le registre n'a pas de date d'expiration de {1}. Téléphonez à la pharmacie. [43]",
     "Das Produktregister kennt keine Haltbarkeit von {1}. Rufen Sie die Apotheke an. "
     "[43]"},
    {"44.bedside",
     "Viability at the bedside is {1} %, below the study's {2} %. Is it right? [44]",
     "De viabiliteit aan het bed is {1} %, onder de {2} % van het onderzoek. Klopt dat? "
     "[44]",
     "La viabilité au lit est de {1} %, sous les {2} % de l'étude. Est-ce juste ? [44]",
     "Die Viabilität am Bett ist {1} %, unter den {2} % der Studie. Stimmt das? [44]"},
    {"49.exposed",
     "Subject {1} was given what was made from {2}, which is now known to be faulty (rule "
     "{3}). Record an event of special interest, and say what was found. [49]",
     "Deelnemer {1} kreeg wat van {2} is gemaakt, en dat blijkt nu niet in orde (regel "
     "{3}). "
     "Leg een voorval van bijzonder belang vast en zeg wat er is gevonden. [49]",
     "Le participant {1} a reçu ce qui a été fabriqué à partir de {2}, maintenant connu "
     "comme défectueux (règle {3}). Saisissez un événement d'intérêt particulier et dites "
     "ce qui a été trouvé. [49]",
     "Proband {1} erhielt, was aus {2} hergestellt wurde und nun als fehlerhaft bekannt "
     "ist "
     "(Regel {3}). Erfassen Sie ein Ereignis von besonderem Interesse und sagen Sie, was "
     "gefunden wurde. [49]"},
    {"50.balance",
     "Given, remaining, destroyed and retained make {1}; released were {2}. [50]",
     "Toegediend, over, vernietigd en bewaard is samen {1}; vrijgegeven was {2}. [50]",
     "Donné, restant, détruit et conservé font {1} ; {2} ont été libérés. [50]",
     "Gegeben, übrig, vernichtet und aufbewahrt ergeben {1}; freigegeben waren {2}. [50]"},
    {"51.same",
     "Both checks bear the same name. Two people check at the bedside. If only one did, "
     "this becomes a deviation and the safety contact is told. [51]",
     "Beide controles hebben dezelfde naam. Aan het bed controleren twee mensen. Deed er "
     "maar een het, dan wordt dit een afwijking en krijgt de veiligheidscontactpersoon "
     "bericht. [51]",
     "Les deux contrôles portent le même nom. Deux personnes contrôlent au lit. Si une "
     "seule l'a fait, cela devient une déviation et le contact de sécurité est informé. "
     "[51]",
     "Beide Prüfungen tragen denselben Namen. Am Bett prüfen zwei Personen. War es nur "
     "eine, wird daraus eine Abweichung und der Sicherheitskontakt wird benachrichtigt. "
     "[51]"},
    {"51.late", "The bedside check of {1} is after the start at {2}. [51]",
     "De controle aan het bed van {1} ligt na het begin om {2}. [51]",
     "Le contrôle au lit du {1} est après le début du {2}. [51]",
     "Die Prüfung am Bett vom {1} liegt nach dem Beginn vom {2}. [51]"},
    {"58.used", "{1} was given already. [58]", "{1} is al toegediend. [58]",
     "{1} a déjà été donné. [58]", "{1} wurde schon gegeben. [58]"},
    {"59.late", "{1} is more than {2} hours after the first sign ({3}). [59]",
     "{1} is meer dan {2} uur na het eerste teken ({3}). [59]",
     "{1} est plus de {2} heures après le premier signe ({3}). [59]",
     "{1} ist mehr als {2} Stunden nach dem ersten Zeichen ({3}). [59]"},
    {"59.unsure",
     "The first sign is known as {3}. Whether {1} is within {2} hours of it cannot be "
     "told: "
     "find the hour. [59]",
     "Het eerste teken is bekend als {3}. Of {1} binnen {2} uur ligt, is niet te zeggen: "
     "zoek het uur op. [59]",
     "Le premier signe est connu comme {3}. On ne peut pas dire si {1} est dans les {2} "
     "heures : cherchez l'heure. [59]",
     "Das erste Zeichen ist als {3} bekannt. Ob {1} innerhalb von {2} Stunden liegt, ist "
     "nicht zu sagen: suchen Sie die Uhrzeit. [59]"},
    {"59.first", "The time of the first sign is missing. [59]",
     "Het tijdstip van het eerste teken ontbreekt. [59]",
     "L'heure du premier signe manque. [59]",
     "Der Zeitpunkt des ersten Zeichens fehlt. [59]"},
    {"59.old", "At {1} the child, born {3}, is older than {2} days. [59]",
     "Op {1} is het kind, geboren {3}, ouder dan {2} dagen. [59]",
     "Le {1}, l'enfant, né le {3}, a plus de {2} jours. [59]",
     "Am {1} ist das Kind, geboren {3}, älter als {2} Tage. [59]"},
    {"59.age",
     "Born {3}: whether {1} is within {2} days cannot be told. Add the time of birth. [59]",
     "Geboren {3}: of {1} binnen {2} dagen ligt, is niet te zeggen. Vul het geboorteuur "
     "in. "
     "[59]",
     "Né le {3} : on ne peut pas dire si {1} est dans les {2} jours. Ajoutez l'heure de "
     "naissance. [59]",
     "Geboren {3}: ob {1} innerhalb von {2} Tagen liegt, ist nicht zu sagen. Ergänzen Sie "
     "die Uhrzeit der Geburt. [59]"},
    {"59.birth", "The date of birth is missing. [59]", "De geboortedatum ontbreekt. [59]",
     "La date de naissance manque. [59]", "Das Geburtsdatum fehlt. [59]"},
    {"80.stop",
     "STOP: do not give it. Dosing is on hold here since {3}. Ask {1}, {2}. If the product "
     "was already given, record it now: that is always accepted. [80]",
     "STOP: niet toedienen. Toediening ligt hier stil sinds {3}. Vraag {1}, {2}. Is het "
     "product al toegediend, leg het dan nu vast: dat wordt altijd aanvaard. [80]",
     "STOP : ne le donnez pas. L'administration est suspendue ici depuis {3}. Demandez à "
     "{1}, {2}. Si le produit a déjà été donné, saisissez-le maintenant : c'est toujours "
     "accepté. [80]",
     "STOPP: nicht geben. Die Gabe ist hier angehalten seit {3}. Fragen Sie {1}, {2}. "
     "Wurde das Produkt schon gegeben, erfassen Sie es jetzt: das wird immer angenommen. "
     "[80]"},
    {"80.event",
     "STOP: do not give it. Dosing is on hold here since {3} because of an event that may "
     "be related ({4}). Ask {1}, {2}. If the product was already given, record it now: "
     "that is always accepted. [80]",
     "STOP: niet toedienen. Toediening ligt hier stil sinds {3} vanwege een gebeurtenis "
     "die "
     "verband kan houden ({4}). Vraag {1}, {2}. Is het product al toegediend, leg het dan "
     "nu vast: dat wordt altijd aanvaard. [80]",
     "STOP : ne le donnez pas. L'administration est suspendue ici depuis {3} à cause d'un "
     "événement qui peut être lié ({4}). Demandez à {1}, {2}. Si le produit a déjà été "
     "donné, saisissez-le maintenant : c'est toujours accepté. [80]",
     "STOPP: nicht geben. Die Gabe ist hier seit {3} angehalten, wegen eines Ereignisses, "
     "das damit zusammenhängen kann ({4}). Fragen Sie {1}, {2}. Wurde das Produkt schon "
     "gegeben, erfassen Sie es jetzt: das wird immer angenommen. [80]"},
    {"80.given",
     "It was given while dosing was on hold. It is recorded; it becomes a deviation and "
     "the "
     "safety contact is told. [80]",
     "Het is toegediend terwijl de toediening stillag. Het is vastgelegd; het wordt een "
     "afwijking en de veiligheidscontactpersoon krijgt bericht. [80]",
     "Il a été donné pendant la suspension. C'est enregistré ; cela devient une déviation "
     "et le contact de sécurité est informé. [80]",
     "Es wurde gegeben, während die Gabe angehalten war. Es ist festgehalten; es wird eine "
     "Abweichung und der Sicherheitskontakt wird benachrichtigt. [80]"},
    {"CLEAR-01",
     "No clearance was in force for this subject, visit and batch when it was given. It is "
     "recorded; it becomes a deviation and the safety contact is told. [CLEAR-01]",
     "Bij toediening gold geen vrijgave voor deze deelnemer, dit bezoek en deze batch. Het "
     "is vastgelegd; het wordt een afwijking en de veiligheidscontactpersoon krijgt "
     "bericht. [CLEAR-01]",
     "Aucune autorisation n'était valable pour ce participant, cette visite et ce lot. "
     "C'est enregistré ; cela devient une déviation et le contact de sécurité est informé. "
     "[CLEAR-01]",
     "Bei der Gabe galt keine Freigabe für diesen Probanden, diese Visite und diese "
     "Charge. "
     "Es ist festgehalten; es wird eine Abweichung und der Sicherheitskontakt wird "
     "benachrichtigt. [CLEAR-01]"},
    {"CLEAR-02", "The number that was phoned is not one of the study's: {1}. [CLEAR-02]",
     "Het gebelde nummer is geen nummer van het onderzoek: {1}. [CLEAR-02]",
     "Le numéro appelé n'est pas un numéro de l'étude : {1}. [CLEAR-02]",
     "Die angerufene Nummer ist keine der Studie: {1}. [CLEAR-02]"},
    {"CLEAR-03",
     "Ask for clearance shortly before the act: at most {1} minutes ahead, and not for "
     "what "
     "is past. What was given already, record now: that is always accepted. [CLEAR-03]",
     "Vraag de vrijgave kort voor de handeling: hoogstens {1} minuten vooraf, en niet voor "
     "wat voorbij is. Wat al is toegediend, legt u nu vast: dat wordt altijd aanvaard. "
     "[CLEAR-03]",
     "Demandez l'autorisation peu avant l'acte : au plus {1} minutes avant, et pas pour ce "
     "qui est passé. Ce qui a déjà été donné, saisissez-le maintenant : c'est toujours "
     "accepté. [CLEAR-03]",
     "Erbitten Sie die Freigabe kurz vor der Handlung: höchstens {1} Minuten vorher und "
     "nicht für Vergangenes. Was schon gegeben wurde, erfassen Sie jetzt: das wird immer "
     "angenommen. [CLEAR-03]"},
    {"CLEAR-04", "An investigator may override this with a reason, not you. [CLEAR-04]",
     "Een onderzoeker mag hiervan met een reden afwijken, u niet. [CLEAR-04]",
     "Un investigateur peut passer outre avec un motif, pas vous. [CLEAR-04]",
     "Ein Prüfarzt darf davon mit Grund abweichen, Sie nicht. [CLEAR-04]"},
    {"3.status",
     "Subject {1} is not enrolled for treatment (crf-site subject {1} eligible). [3]",
     "Deelnemer {1} is niet voor behandeling ingesloten (crf-site subject {1} eligible). "
     "[3]",
     "Le participant {1} n'est pas inclus pour le traitement (crf-site subject {1} "
     "eligible). [3]",
     "Proband {1} ist nicht zur Behandlung eingeschlossen (crf-site subject {1} eligible). "
     "[3]"},
    {"GATE.false", "A condition of the protocol does not hold. [{1}]",
     "Aan een voorwaarde van het protocol is niet voldaan. [{1}]",
     "Une condition du protocole n'est pas remplie. [{1}]",
     "Eine Bedingung des Protokolls ist nicht erfüllt. [{1}]"},
    {"GATE.missing", "{2} It cannot be told yet; missing: {3}. [{1}]",
     "{2} Het is nog niet te zeggen; er ontbreekt: {3}. [{1}]",
     "{2} On ne peut pas encore le dire ; il manque : {3}. [{1}]",
     "{2} Es ist noch nicht zu sagen; es fehlt: {3}. [{1}]"},
    {"GATE.form", "{2} must be complete first. [{1}]",
     "{2} moet eerst volledig zijn. [{1}]", "{2} doit d'abord être complet. [{1}]",
     "{2} muss zuerst vollständig sein. [{1}]"},
    {"GATE.parent", "{2}, from which it was made, failed rule {1}. [{1}]",
     "{2}, waarvan het is gemaakt, voldeed niet aan regel {1}. [{1}]",
     "{2}, dont il a été fabriqué, n'a pas satisfait à la règle {1}. [{1}]",
     "{2}, woraus es hergestellt wurde, erfüllte die Regel {1} nicht. [{1}]"},
    {"batch.received", "not released", "niet vrijgegeven", "non libéré",
     "nicht freigegeben"},
    {"batch.rejected", "rejected", "afgekeurd", "refusé", "abgelehnt"},
    {"batch.suspended", "held back after a late result", "aangehouden na een late uitslag",
     "retenu après un résultat tardif", "nach einem späten Ergebnis zurückgehalten"},
    {"batch.recalled", "recalled", "teruggeroepen", "rappelé", "zurückgerufen"},
};

const struct message_topic MESSAGES_PRODUCT = {ROWS, ARRAY_LEN(ROWS)};
