/* SPDX-License-Identifier: Apache-2.0 */
/*
** What crf-site says.
** English, French, German; the Dutch stands in the code.
*/
#include "clients/lib/says.h"

static const struct saying ROWS[] = {
    {"asked", "demandé", "gefragt"},
    {"overdue", "en retard", "überfällig"},
    {"planned until", "prévu jusqu'au", "geplant bis"},
    {"not sent yet", "pas encore envoyé", "noch nicht gesendet"},
    {"draft", "brouillon", "Entwurf"},
    {"Nothing is due.\n", "Rien n'est dû.\n", "Nichts steht aus.\n"},
    {"  %s (%s)\n  Enter: leave as it is. !nd why | !unk | !na: no value. - : take the "
     "answer away. . : stop, go on later\n",
     "  %s (%s)\n  Entrée : laisser tel quel. !nd pourquoi | !unk | !na : pas de valeur. - "
     ": retirer la réponse. . : arrêter, continuer plus tard\n",
     "  %s (%s)\n  Enter: so lassen. !nd warum | !unk | !na: kein Wert. - : Antwort "
     "wegnehmen. . : aufhören, später weiter\n"},
    {"  Right? [Y/n] ", "  C'est juste ? [O/n] ", "  Stimmt das? [J/n] "},
    {"(taken up again: draft %llu)\n", "(repris : brouillon %llu)\n",
     "(weiter mit Entwurf %llu)\n"},
    {"-- %s, row %zu\n", "-- %s, ligne %zu\n", "-- %s, Zeile %zu\n"},
    {"-- %s: another row? [y/N] ", "-- %s : encore une ligne ? [o/N] ",
     "-- %s: noch eine Zeile? [j/N] "},
    {"%s%s: fill in now? %s ", "%s%s : remplir maintenant ? %s ",
     "%s%s: jetzt ausfüllen? %s "},
    {" (complete)", " (complet)", " (vollständig)"},
    {"[y/N]", "[o/N]", "[j/N]"},
    {"[Y/n]", "[O/n]", "[J/n]"},
    {"Why is it changed? ", "Pourquoi est-ce modifié ? ", "Warum wird es geändert? "},
    {"Subject: ", "Participant : ", "Teilnehmer: "},
    {"Visit (or form, such as AE): ", "Visite (ou formulaire, par exemple AE) : ",
     "Visite (oder Formular, zum Beispiel AE): "},
    {"That is no visit of this study.\n", "Ce n'est pas une visite de cette étude.\n",
     "Das ist keine Visite dieser Studie.\n"},
    {"Kept as a draft; the same command goes on.\n",
     "Gardé comme brouillon ; la même commande continue.\n",
     "Als Entwurf gespeichert; derselbe Befehl macht weiter.\n"},
    {"This person has signed the consent form.",
     "Cette personne a signé le formulaire de consentement.",
     "Diese Person hat die Einwilligung unterschrieben."},
    {"Enrol %s? Consent is signed. [Y/n] ",
     "Inscrire %s ? Le consentement est signé. [O/n] ",
     "%s einschreiben? Die Einwilligung ist unterschrieben. [J/n] "},
    {"        why: %s\n", "        pourquoi : %s\n", "        warum: %s\n"},
    {"somebody was faster", "quelqu'un a été plus rapide", "jemand war schneller"},
    {"not accepted", "pas accepté", "nicht angenommen"},
    {"half done", "à moitié rempli", "halb ausgefüllt"},
    {"No drafts.\n", "Pas de brouillons.\n", "Keine Entwürfe.\n"},
    {"not confirmed yet", "pas encore confirmée", "noch nicht bestätigt"},
    {"service: %s\nyour key: %s\nlog: %llu entries, verified to %llu\nwaiting to be sent: "
     "%zu\ndrafts: %zu\n",
     "serveur : %s\nvotre clé : %s\njournal : %llu entrées, vérifié jusqu'à %llu\nen "
     "attente d'envoi : %zu\nbrouillons : %zu\n",
     "Server: %s\nIhr Schlüssel: %s\nProtokollbuch: %llu Einträge, geprüft bis "
     "%llu\nwartet auf Versand: %zu\nEntwürfe: %zu\n"},
    {"%s was recorded by %s at %.16s while you were typing.\n",
     "%s a été enregistré par %s à %.16s pendant que vous saisissiez.\n",
     "%s wurde von %s um %.16s erfasst, während Sie schrieben.\n"},
    {"  %s: recorded %s, yours %s\n", "  %s : enregistré %s, à vous %s\n",
     "  %s: erfasst %s, Ihres %s\n"},
    {"    Take yours? [y/N] ", "    Prendre la vôtre ? [o/N] ", "    Ihres nehmen? [j/N] "},
    {"What is recorded stays; draft %llu is removed.\n",
     "Ce qui est enregistré reste ; le brouillon %llu est supprimé.\n",
     "Das Erfasste bleibt; Entwurf %llu ist gelöscht.\n"},
    {"%s is not a subject's number of this study: check it.",
     "%s n'est pas un numéro de participant de cette étude : vérifiez-le.",
     "%s ist keine Teilnehmernummer dieser Studie: prüfen Sie sie."},
    {"%s is not enrolled here: crf-site enrol %s",
     "%s n'est pas inscrit ici : crf-site enrol %s",
     "%s ist hier nicht eingeschrieben: crf-site enrol %s"},
    {"Say why: a line below it that begins with ~",
     "Dites pourquoi : une ligne en dessous qui commence par ~",
     "Sagen Sie, warum: eine Zeile darunter, die mit ~ beginnt"},
    {"%s: this looks like %s. Names and numbers of people do not belong here.\n",
     "%s : cela ressemble à %s. Les noms et numéros de personnes n'ont pas leur place "
     "ici.\n",
     "%s: das sieht aus wie %s. Namen und Nummern von Personen gehören nicht hierher.\n"},
    {"complete", "complet", "vollständig"},
    {"partial", "partiel", "Teilstand"},
    {", correction", ", correction", ", Korrektur"},
    {"  line %zu: %s\n", "  ligne %zu : %s\n", "  Zeile %zu: %s\n"},
    {" (as of the last contact)", " (selon le dernier contact)",
     " (Stand des letzten Kontakts)"},
    {"Nothing new to send.\n", "Rien de nouveau à envoyer.\n",
     "Es gibt nichts Neues zu senden.\n"},
    {"Sign and send %zu form(s)? [Y/n] ", "Signer et envoyer %zu formulaire(s) ? [O/n] ",
     "%zu Formular(e) unterschreiben und senden? [J/n] "},
    {"Subject, or as much as you know: ", "Participant, ou ce que vous savez : ",
     "Teilnehmer, oder was Sie wissen: "},
    {"What happened, in your own words: ", "Que s'est-il passé, avec vos propres mots : ",
     "Was ist geschehen, in eigenen Worten: "},
    {"Report %s received %.8s; the receipt holds and is kept. %s has not yet confirmed: "
     "%s, day and night. Open questions: %zu, none needed now.%s Add news: crf-site sae "
     "%s\n",
     "Déclaration %s reçue à %.8s ; le reçu est valable et conservé. %s n'a pas encore "
     "confirmé : %s, jour et nuit. Questions ouvertes : %zu, aucune nécessaire "
     "maintenant.%s Ajouter des nouvelles : crf-site sae %s\n",
     "Meldung %s um %.8s eingegangen; die Quittung ist gültig und aufbewahrt. %s hat noch "
     "nicht bestätigt: %s, Tag und Nacht. Offene Fragen: %zu, jetzt keine nötig.%s Neues "
     "ergänzen: crf-site sae %s\n"},
    {"    Confirm with a reason, or Enter to resolve it first: ",
     "    Confirmez avec une raison, ou Entrée pour le régler d'abord : ",
     "    Bestätigen Sie mit einem Grund, oder Enter, um es zuerst zu klären: "},
    {"open query", "question ouverte", "offene Rückfrage"},
    {"%s: not signed; what is open is to be resolved first.\n",
     "%s : pas signé ; ce qui est ouvert doit d'abord être réglé.\n",
     "%s: nicht unterschrieben; was offen ist, muss zuerst geklärt werden.\n"},
    {"Sign these %zu forms of %s? [Y/n] ", "Signer ces %zu formulaires de %s ? [O/n] ",
     "Diese %zu Formulare von %s unterschreiben? [J/n] "},
    {"form(s) signed", "formulaire(s) signé(s)", "Formular(e) unterschrieben"},
    {"Nothing waits for your signature.\n", "Rien n'attend votre signature.\n",
     "Nichts wartet auf Ihre Unterschrift.\n"},
    {"Why is it taken back? ", "Pourquoi est-ce retiré ? ",
     "Warum wird es zurückgenommen? "},
    {"Take back %s? [y/N] ", "Retirer %s ? [o/N] ", "%s zurücknehmen? [j/N] "},
    {"This form does not belong here; its history stays.",
     "Ce formulaire n'a pas sa place ici ; son histoire reste.",
     "Dieses Formular gehört nicht hierher; seine Geschichte bleibt."},
    {"Written to %s. Fill it in, then: crf-site submit %s\n",
     "Écrit dans %s. Remplissez-le, puis : crf-site submit %s\n",
     "Geschrieben nach %s. Füllen Sie es aus, dann: crf-site submit %s\n"},
    {"Phone first, day and night: %s. Second route: %s\n",
     "Téléphonez d'abord, jour et nuit : %s. Second chemin : %s\n",
     "Rufen Sie zuerst an, Tag und Nacht: %s. Zweiter Weg: %s\n"},
    {"%s, definition %s\nSubject number ______________  Visit ________  Date ____-__-__  "
     "Time __:__\nNo names, no hospital numbers.\n",
     "%s, définition %s\nNuméro de participant ______________  Visite ________  Date "
     "____-__-__  Heure __:__\nPas de noms, pas de numéros d'hôpital.\n",
     "%s, Definition %s\nTeilnehmernummer ______________  Visite ________  Datum "
     "____-__-__  Uhrzeit __:__\nKeine Namen, keine Krankenhausnummern.\n"},
    {"\nFilled in by (name, signature, date, time) ______________________________\n",
     "\nRempli par (nom, signature, date, heure) ______________________________\n",
     "\nAusgefüllt von (Name, Unterschrift, Datum, Uhrzeit) "
     "______________________________\n"},
    {"Ready to send: crf-site submit %s\n", "Prêt à envoyer : crf-site submit %s\n",
     "Bereit zum Senden: crf-site submit %s\n"},
};

const struct saying_topic SAYINGS_SITE = {ROWS, ARRAY_LEN(ROWS)};
