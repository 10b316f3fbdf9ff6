/* SPDX-License-Identifier: Apache-2.0 */
/*
** What the way in answers: a form changed meanwhile, a key that no longer counts.
*/
#include "protocol/study/messages.h"

static const struct message ROWS[] = {
    {"CONFLICT",
     "{1} changed this form at {2} while you were typing: {3} {4} became {5}. Your text is "
     "kept in draft {6}. See both and choose: crf-site merge {6}. [CONFLICT]",
     "{1} heeft dit formulier om {2} gewijzigd terwijl u typte: {3} {4} werd {5}. Uw tekst "
     "is bewaard als concept {6}. Bekijk beide en kies: crf-site merge {6}. [CONFLICT]",
     "{1} a modifié ce formulaire à {2} pendant que vous saisissiez : {3} {4} est devenu "
     "{5}. Votre texte est conservé dans le brouillon {6}. Voyez les deux et choisissez : "
     "crf-site merge {6}. [CONFLICT]",
     "{1} hat dieses Formular um {2} geändert, während Sie schrieben: {3} {4} wurde {5}. "
     "Ihr Text ist als Entwurf {6} gespeichert. Sehen Sie sich beide an und wählen Sie: "
     "crf-site merge {6}. [CONFLICT]"},
    {"CONFLICT.plain",
     "{1} changed this form at {2} while you were typing: {3}. Your text is kept in draft "
     "{6}. See both and choose: crf-site merge {6}. [CONFLICT]",
     "{1} heeft dit formulier om {2} gewijzigd terwijl u typte: {3}. Uw tekst is bewaard "
     "als concept {6}. Bekijk beide en kies: crf-site merge {6}. [CONFLICT]",
     "{1} a modifié ce formulaire à {2} pendant que vous saisissiez : {3}. Votre texte est "
     "conservé dans le brouillon {6}. Voyez les deux et choisissez : crf-site merge {6}. "
     "[CONFLICT]",
     "{1} hat dieses Formular um {2} geändert, während Sie schrieben: {3}. Ihr Text ist "
     "als Entwurf {6} gespeichert. Sehen Sie sich beide an und wählen Sie: crf-site merge "
     "{6}. [CONFLICT]"},
    {"KEY-04",
     "This computer's key for you was suspended on {1} by {2}. Your draft is kept. For a "
     "serious event do not wait: phone {3} or use the paper form. For a new key: "
     "registrar, {4}. [KEY-04]",
     "De sleutel van deze computer voor u is op {1} geschorst door {2}. Uw concept is "
     "bewaard. Wacht bij een ernstige gebeurtenis niet: bel {3} of gebruik het papieren "
     "formulier. Voor een nieuwe sleutel: registratie, {4}. [KEY-04]",
     "La clé de cet ordinateur pour vous a été suspendue le {1} par {2}. Votre brouillon "
     "est conservé. Pour un événement grave, n'attendez pas : téléphonez au {3} ou "
     "utilisez le formulaire papier. Pour une nouvelle clé : bureau d'enregistrement, {4}. "
     "[KEY-04]",
     "Der Schlüssel dieses Computers für Sie wurde am {1} von {2} gesperrt. Ihr Entwurf "
     "ist gespeichert. Warten Sie bei einem schwerwiegenden Ereignis nicht: rufen Sie {3} "
     "an oder nehmen Sie das Papierformular. Für einen neuen Schlüssel: "
     "Registrierungsstelle, {4}. [KEY-04]"},
    /* who suspended it, within KEY-04 */
    {"keyby.registrar", "the registrar", "de registratie", "le bureau d'enregistrement",
     "der Registrierungsstelle"},
    {"keyby.sponsor", "the sponsor", "de opdrachtgever", "le promoteur", "dem Sponsor"},
    {"keyby.investigator", "the investigator", "de onderzoeker", "l'investigateur",
     "der Prüfperson"},
    {"keyby.self", "yourself", "uzelf", "vous-même", "Ihnen selbst"},
    /* why a role may not, RIGHT-01; {1} the role, {2} the type of the record */
    {"right.unknown", "This study knows no role {1}. Sign in a role that you hold.",
     "Dit onderzoek kent geen rol {1}. Onderteken in een rol die u hebt.",
     "Cette étude ne connaît pas de rôle {1}. Signez dans un rôle que vous avez.",
     "Diese Studie kennt keine Rolle {1}. Unterschreiben Sie in einer Rolle, die Sie "
     "haben."},
    {"right.not_held",
     "You do not hold the role {1} now. Sign in a role that you hold, or ask the registrar "
     "or the sponsor for it.",
     "U hebt de rol {1} nu niet. Onderteken in een rol die u hebt, of vraag haar aan de "
     "registratie of de opdrachtgever.",
     "Vous n'avez pas le rôle {1} en ce moment. Signez dans un rôle que vous avez, ou "
     "demandez-le au bureau d'enregistrement ou au promoteur.",
     "Sie haben die Rolle {1} zurzeit nicht. Unterschreiben Sie in einer Rolle, die Sie "
     "haben, oder bitten Sie die Registrierungsstelle oder den Sponsor darum."},
    {"right.record",
     "The role {1} does not make records of type {2}. Ask somebody whose task it is.",
     "De rol {1} maakt geen berichten van het type {2}. Vraag iemand wiens taak het is.",
     "Le rôle {1} ne fait pas d'enregistrements du type {2}. Demandez à qui en est chargé.",
     "Die Rolle {1} macht keine Einträge der Art {2}. Bitten Sie jemanden, dessen Aufgabe "
     "es ist."},
    {"right.form", "This form is not for the role {1}. Ask the investigator.",
     "Dit formulier is niet voor de rol {1}. Vraag de onderzoeker.",
     "Ce formulaire n'est pas pour le rôle {1}. Demandez à l'investigateur.",
     "Dieses Formular ist nicht für die Rolle {1}. Fragen Sie den Prüfer."},
    {"right.scope",
     "Your role {1} does not reach as far as this ({2}). Ask somebody of the site or the "
     "study whose task it is.",
     "Uw rol {1} reikt niet zo ver ({2}). Vraag iemand van het centrum of het onderzoek "
     "wiens taak het is.",
     "Votre rôle {1} ne va pas jusque-là ({2}). Demandez à qui en est chargé dans le "
     "centre "
     "ou dans l'étude.",
     "Ihre Rolle {1} reicht nicht so weit ({2}). Bitten Sie jemanden des Zentrums oder der "
     "Studie, dessen Aufgabe es ist."},
    {"right.qualified",
     "A batch is released by the qualified person (QP), whom the sponsor or the registrar "
     "names.",
     "Een batch wordt vrijgegeven door de gekwalificeerde persoon (QP), die de "
     "opdrachtgever of de registratie aanwijst.",
     "Un lot est libéré par la personne qualifiée (QP), que désigne le promoteur ou le "
     "bureau d'enregistrement.",
     "Eine Charge gibt die sachkundige Person (QP) frei, die der Sponsor oder die "
     "Registrierungsstelle benennt."},
    {"MASKED",
     "This does not agree with data that are kept from your role. Nothing is lost: ask the "
     "investigator or data management, and name the rule: {1}.",
     "Dit klopt niet met gegevens die voor uw rol zijn afgeschermd. Er is niets verloren: "
     "vraag de onderzoeker of datamanagement, en noem de regel: {1}.",
     "Ceci ne concorde pas avec des données qui sont masquées pour votre rôle. Rien n'est "
     "perdu : demandez à l'investigateur ou au data management, en citant la règle : {1}.",
     "Dies stimmt nicht mit Daten überein, die für Ihre Rolle verblindet sind. Nichts ist "
     "verloren: fragen Sie den Prüfer oder das Datenmanagement und nennen Sie die Regel: "
     "{1}."},
};

const struct message_topic MESSAGES_RECORD = {ROWS, ARRAY_LEN(ROWS)};
