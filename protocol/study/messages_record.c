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
    {"keyby.sponsor", "the sponsor", "de verrichter", "le promoteur", "dem Sponsor"},
    {"keyby.investigator", "the investigator", "de onderzoeker", "l'investigateur",
     "der Prüfperson"},
    {"keyby.self", "yourself", "uzelf", "vous-même", "Ihnen selbst"},
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
