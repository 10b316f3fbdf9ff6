/* SPDX-License-Identifier: Apache-2.0 */
/*
** Adverse events, serious ones and death: rules 13 to 19 and 27.
*/
#include "protocol/study/messages.h"

static const struct message ROWS[] = {
    {"13.order", "The end, {2}, is before the start, {1}. Which one is right? [13]",
     "Het einde, {2}, ligt voor het begin, {1}. Welke klopt? [13]",
     "La fin, {2}, précède le début, {1}. Laquelle des deux dates est juste ? [13]",
     "Das Ende, {2}, liegt vor dem Beginn, {1}. Welches Datum stimmt? [13]"},
    {"13.needs", "The outcome is recovered: please add the date of the end. [13]",
     "De afloop is hersteld: vul de einddatum aan. [13]",
     "L'issue est « guéri » : veuillez ajouter la date de fin. [13]",
     "Der Ausgang ist wiederhergestellt: bitte ergänzen Sie das Enddatum. [13]"},
    {"13.forbids",
     "There is an end, {1}, but the outcome says it goes on or is unknown. Which one is "
     "right? [13]",
     "Er is een einde, {1}, maar de afloop zegt dat het doorgaat of onbekend is. Wat "
     "klopt? [13]",
     "Il y a une fin, {1}, mais l'issue dit que l'événement continue ou est inconnue. "
     "Qu'est-ce qui est juste ? [13]",
     "Es gibt ein Ende, {1}, aber laut Ausgang dauert es an oder ist unbekannt. Was "
     "stimmt? [13]"},
    {"14",
     "Grade 5, outcome fatal and the criterion death belong together; here they differ. "
     "The report counts as fatal until this is cleared. [14]",
     "Graad 5, afloop fataal en het criterium overlijden horen bij elkaar; hier "
     "verschillen ze. De melding telt als fataal tot dit is opgehelderd. [14]",
     "Grade 5, issue fatale et critère décès vont ensemble ; ici ils diffèrent. La "
     "déclaration compte comme fatale jusqu'à ce que ce soit éclairci. [14]",
     "Grad 5, Ausgang tödlich und das Kriterium Tod gehören zusammen; hier weichen sie "
     "voneinander ab. Die Meldung gilt als tödlich, bis das geklärt ist. [14]"},
    {"14.form", "The event is fatal. When you can: crf-site fill DE (death). [14]",
     "De gebeurtenis is fataal. Zodra u kunt: crf-site fill DE (overlijden). [14]",
     "L'événement est fatal. Dès que vous le pouvez : crf-site fill DE (décès). [14]",
     "Das Ereignis ist tödlich. Sobald Sie können: crf-site fill DE (Tod). [14]"},
    {"14.date", "The two death dates, {1} and {2}, differ. Which one is right? [14]",
     "De twee overlijdensdatums, {1} en {2}, verschillen. Welke klopt? [14]",
     "Les deux dates de décès, {1} et {2}, diffèrent. Laquelle est juste ? [14]",
     "Die beiden Todesdaten, {1} und {2}, sind verschieden. Welches stimmt? [14]"},
    {"15",
     "This event ended fatally but the death form names other causes. Is it a cause? [15]",
     "Deze gebeurtenis liep fataal af, maar het overlijdensformulier noemt andere "
     "oorzaken. Is het een oorzaak? [15]",
     "Cet événement a été fatal, mais le formulaire de décès nomme d'autres causes. Est-ce "
     "une cause ? [15]",
     "Dieses Ereignis endete tödlich, aber das Todesformular nennt andere Ursachen. Ist es "
     "eine Ursache? [15]"},
    {"15.cause",
     "{1} is named as a cause of death, but its outcome is not fatal. Which one is right? "
     "[15]",
     "{1} is genoemd als doodsoorzaak, maar de afloop daarvan is niet fataal. Wat klopt? "
     "[15]",
     "{1} est nommé comme cause du décès, mais son issue n'est pas fatale. Qu'est-ce qui "
     "est juste ? [15]",
     "{1} ist als Todesursache genannt, aber der Ausgang davon ist nicht tödlich. Was "
     "stimmt? [15]"},
    {"15.link", "{1} is named as a cause of death and is not entered yet. [15]",
     "{1} is genoemd als doodsoorzaak en is nog niet ingevoerd. [15]",
     "{1} est nommé comme cause du décès et n'est pas encore saisi. [15]",
     "{1} ist als Todesursache genannt und noch nicht eingegeben. [15]"},
    {"15.open",
     "The subject has died and this event was still open: its outcome is then not "
     "recovered (3). [15]",
     "De deelnemer is overleden en deze gebeurtenis was nog open: de afloop is dan niet "
     "hersteld (3). [15]",
     "Le participant est décédé et cet événement était encore ouvert : son issue est alors "
     "« non guéri » (3). [15]",
     "Der Teilnehmer ist verstorben und dieses Ereignis war noch offen: der Ausgang ist "
     "dann nicht wiederhergestellt (3). [15]"},
    {"16.date", "Please add the date of death, as far as known. [16]",
     "Vul de datum van overlijden aan, voor zover bekend. [16]",
     "Veuillez ajouter la date du décès, autant que connue. [16]",
     "Bitte ergänzen Sie das Todesdatum, soweit bekannt. [16]"},
    {"16.autopsy", "Was there an autopsy? Unknown is an answer. [16]",
     "Is er obductie gedaan? Onbekend is ook een antwoord. [16]",
     "Y a-t-il eu une autopsie ? Inconnu est aussi une réponse. [16]",
     "Gab es eine Obduktion? Unbekannt ist auch eine Antwort. [16]"},
    {"17.start", "The fatal event starts {1}, after the death, {2}. [17]",
     "De fatale gebeurtenis begint {1}, na het overlijden, {2}. [17]",
     "L'événement fatal commence le {1}, après le décès, {2}. [17]",
     "Das tödliche Ereignis beginnt {1}, nach dem Tod, {2}. [17]"},
    {"17.end", "The fatal event ends {1}, but the death is {2}. [17]",
     "De fatale gebeurtenis eindigt {1}, maar het overlijden is {2}. [17]",
     "L'événement fatal finit le {1}, mais le décès est du {2}. [17]",
     "Das tödliche Ereignis endet {1}, der Tod ist aber {2}. [17]"},
    {"18.none",
     "Which criterion makes it serious? It counts as serious, also while this is not "
     "known. [18]",
     "Welk criterium maakt het ernstig? Het telt als ernstig, ook zolang dit niet bekend "
     "is. [18]",
     "Quel critère le rend grave ? Il compte comme grave, aussi tant que ce n'est pas "
     "connu. [18]",
     "Welches Kriterium macht es schwerwiegend? Es gilt als schwerwiegend, auch solange "
     "das nicht bekannt ist. [18]"},
    {"18.not",
     "A criterion is ticked, and serious is answered with no. It counts as serious. [18]",
     "Er is een criterium aangekruist en ernstig is met nee beantwoord. Het telt als "
     "ernstig. [18]",
     "Un critère est coché et la gravité est répondue par non. L'événement compte comme "
     "grave. [18]",
     "Ein Kriterium ist angekreuzt und schwerwiegend ist mit nein beantwortet. Es gilt als "
     "schwerwiegend. [18]"},
    {"18.report", "A serious event needs a report within a day: crf-site sae {1}. [18]",
     "Een ernstige gebeurtenis moet binnen een dag gemeld worden: crf-site sae {1}. [18]",
     "Un événement grave doit être déclaré en un jour : crf-site sae {1}. [18]",
     "Ein schwerwiegendes Ereignis muss innerhalb eines Tages gemeldet werden: crf-site "
     "sae {1}. [18]"},
    {"19", "Grade 4 and life not in danger: is the grade right? [19]",
     "Graad 4 en geen levensgevaar: klopt de graad? [19]",
     "Grade 4 et vie pas en danger : le grade est-il juste ? [19]",
     "Grad 4 und keine Lebensgefahr: stimmt der Grad? [19]"},
    {"STAGE-01",
     "The stage says nullified, but the report still counts. To nullify it, with the "
     "reason: "
     "crf-site sae {1} --nullify. [STAGE-01]",
     "Het stadium zegt ingetrokken, maar de melding telt nog. Intrekken, met de reden: "
     "crf-site sae {1} --nullify. [STAGE-01]",
     "Le stade dit annulé, mais la déclaration compte encore. Pour l'annuler, avec la "
     "raison "
     ": crf-site sae {1} --nullify. [STAGE-01]",
     "Der Stand sagt aufgehoben, aber die Meldung zählt noch. Aufheben, mit dem Grund: "
     "crf-site sae {1} --nullify. [STAGE-01]"},
    {"27",
     "This report came more than {1} hours after somebody first knew. Please say why. [27]",
     "Deze melding kwam meer dan {1} uur nadat iemand het voor het eerst wist. Wilt u "
     "zeggen waarom? [27]",
     "Cette déclaration est arrivée plus de {1} heures après que quelqu'un l'a su. "
     "Pourriez-vous dire pourquoi ? [27]",
     "Diese Meldung kam mehr als {1} Stunden, nachdem jemand zuerst davon wusste. Bitte "
     "sagen Sie, warum. [27]"},
};

const struct message_topic MESSAGES_AE = {ROWS, ARRAY_LEN(ROWS)};
