/* SPDX-License-Identifier: Apache-2.0 */
/*
** Errors of crf-admin, crf-monitor and crf-sponsor themselves, by their English pattern (see
** says.h). The narrower pattern stands first.
*/
#include "clients/lib/says.h"

static const struct message ROWS[] = {
    {"error", "nothing was signed", "er is niets getekend", "rien n'a été signé",
     "nichts wurde unterschrieben"},
    /* crf-admin */
    {"error", "the definition is not the one the log names",
     "de definitie is niet die welke het logboek noemt",
     "la définition n'est pas celle que le journal nomme",
     "die Definition ist nicht die, die das Protokollbuch nennt"},
    {"error",
     "the key of the log is not known yet: open the study first (crf-admin study open)",
     "de sleutel van het logboek is nog niet bekend: open eerst de studie (crf-admin study "
     "open)",
     "la clé du journal n'est pas encore connue : ouvrez d'abord l'étude (crf-admin study "
     "open)",
     "der Schlüssel des Protokollbuchs ist noch nicht bekannt: eröffnen Sie zuerst die "
     "Studie (crf-admin study open)"},
    {"error",
     "a published definition stands alone: put the included MetaDataVersion into the file "
     "and leave --include away",
     "een gepubliceerde definitie staat op zichzelf: zet de ingesloten MetaDataVersion in "
     "het "
     "bestand en laat --include weg",
     "une définition publiée se suffit : mettez la MetaDataVersion incluse dans le fichier "
     "et "
     "omettez --include",
     "eine veröffentlichte Definition steht für sich: setzen Sie die eingeschlossene "
     "MetaDataVersion in die Datei und lassen Sie --include weg"},
    {"error",
     "of a published file its first study is read, {1}: put {2} first, or keep it alone in "
     "the file",
     "van een gepubliceerd bestand wordt de eerste studie gelezen, {1}: zet {2} vooraan, "
     "of "
     "laat haar alleen in het bestand",
     "d'un fichier publié on lit la première étude, {1} : mettez {2} en premier, ou "
     "gardez-la "
     "seule dans le fichier",
     "von einer veröffentlichten Datei wird die erste Studie gelesen, {1}: setzen Sie {2} "
     "an "
     "den Anfang, oder lassen Sie sie allein in der Datei"},
    {"error", "the file has no such version", "het bestand heeft die versie niet",
     "le fichier n'a pas cette version", "die Datei hat keine solche Fassung"},
    {"error", "a role is one of: {1}", "een rol is een van: {1}",
     "un rôle est l'un de : {1}", "eine Rolle ist eine von: {1}"},
    {"error", "the service's list of people cannot be read",
     "de lijst van personen van de server is niet leesbaar",
     "la liste des personnes du serveur est illisible",
     "die Personenliste des Servers ist nicht lesbar"},
    {"error", "the service's list of sites cannot be read",
     "de lijst van centra van de server is niet leesbaar",
     "la liste des centres du serveur est illisible",
     "die Zentrenliste des Servers ist nicht lesbar"},
    {"error", "--days takes 1 to 365", "--days kent 1 tot 365", "--days accepte de 1 à 365",
     "--days nimmt 1 bis 365"},
    {"error", "the study has no site {1}", "de studie heeft geen centrum {1}",
     "l'étude n'a pas de centre {1}", "die Studie hat kein Zentrum {1}"},
    {"error", "{1} has no such key; see crf-admin people",
     "{1} heeft zo'n sleutel niet; zie crf-admin people",
     "{1} n'a pas une telle clé ; voyez crf-admin people",
     "{1} hat keinen solchen Schlüssel; siehe crf-admin people"},
    {"error", "{1} has {2} such keys: name one with --kid",
     "{1} heeft {2} van zulke sleutels: noem er een met --kid",
     "{1} a {2} clés de ce genre : nommez-en une avec --kid",
     "{1} hat {2} solche Schlüssel: nennen Sie einen mit --kid"},
    {"error", "not compared, not confirmed", "niet vergeleken, niet bevestigd",
     "pas comparé, pas confirmé", "nicht verglichen, nicht bestätigt"},
    {"error", "--{1} is needed", "--{1} is nodig", "--{1} est nécessaire",
     "--{1} ist nötig"},
    {"error", "--version and --sha256 go together",
     "--version en --sha256 horen bij elkaar", "--version et --sha256 vont ensemble",
     "--version und --sha256 gehören zusammen"},
    /* crf-monitor */
    {"error", "the study was not locked at that size; --interim accepts that",
     "de studie was bij die omvang niet op slot; --interim aanvaardt dat",
     "l'étude n'était pas verrouillée à cette taille ; --interim l'accepte",
     "die Studie war bei dieser Größe nicht abgeschlossen; --interim nimmt das hin"},
    {"error", "--{1} takes a number of entries", "--{1} kent een aantal boekingen",
     "--{1} accepte un nombre d'entrées", "--{1} nimmt eine Anzahl Einträge"},
    {"error", "nothing in the log is about that object; objects look like {1}",
     "niets in het logboek gaat over dat object; objecten zien eruit als {1}",
     "rien dans le journal ne concerne cet objet ; les objets ressemblent à {1}",
     "nichts im Protokollbuch betrifft dieses Objekt; Objekte sehen aus wie {1}"},
    {"error", "--recheck reads the whole log: leave --incremental out",
     "--recheck leest het hele logboek: laat --incremental weg",
     "--recheck lit tout le journal : omettez --incremental",
     "--recheck liest das ganze Protokollbuch: lassen Sie --incremental weg"},
    /* crf-sponsor: export */
    {"error",
     "this computer has no signed head of exactly {1} entries: give one with --checkpoint, "
     "or leave --size out",
     "deze computer heeft geen getekende kop van precies {1} boekingen: geef er een met "
     "--checkpoint, of laat --size weg",
     "cet ordinateur n'a pas de tête signée d'exactement {1} entrées : donnez-en une avec "
     "--checkpoint, ou omettez --size",
     "dieser Computer hat keinen unterschriebenen Kopf von genau {1} Einträgen: geben Sie "
     "einen mit --checkpoint an, oder lassen Sie --size weg"},
    {"error", "{1} is no signed head of {2} entries of this log",
     "{1} is geen getekende kop van {2} boekingen van dit logboek",
     "{1} n'est pas une tête signée de {2} entrées de ce journal",
     "{1} ist kein unterschriebener Kopf von {2} Einträgen dieses Protokollbuchs"},
    {"error", "the first {1} entries are not those that the head of that size signs",
     "de eerste {1} boekingen zijn niet die welke de kop van die omvang tekent",
     "les {1} premières entrées ne sont pas celles que signe la tête de cette taille",
     "die ersten {1} Einträge sind nicht die, die der Kopf dieser Größe unterschreibt"},
    {"error",
     "the export record could not be sent now; no file was written; run the same command "
     "again",
     "de exportvastlegging kon nu niet worden verstuurd; er is geen bestand geschreven; "
     "geef dezelfde opdracht opnieuw",
     "l'enregistrement d'export n'a pas pu être envoyé maintenant ; aucun fichier n'a été "
     "écrit ; donnez de nouveau la même commande",
     "die Export-Aufzeichnung konnte jetzt nicht gesendet werden; keine Datei wurde "
     "geschrieben; geben Sie denselben Befehl noch einmal"},
    {"error", "name the file: --output FILE", "noem het bestand: --output BESTAND",
     "nommez le fichier : --output FICHIER", "nennen Sie die Datei: --output DATEI"},
    {"error", "--pseudonyms belongs to --deidentified",
     "--pseudonyms hoort bij --deidentified", "--pseudonyms va avec --deidentified",
     "--pseudonyms gehört zu --deidentified"},
    /* crf-sponsor: lock, recheck, safety, trace */
    {"error", "the scope is study, site/SITE, subject/SUBJECT or a form's path",
     "het bereik is study, site/CENTRUM, subject/DEELNEMER of het pad van een formulier",
     "la portée est study, site/CENTRE, subject/PARTICIPANT ou le chemin d'un formulaire",
     "der Bereich ist study, site/ZENTRUM, subject/TEILNEHMER oder der Pfad eines "
     "Formulars"},
    {"error", "say why: --reason 'all data are clean'",
     "zeg waarom: --reason 'alle gegevens zijn schoon'",
     "dites pourquoi : --reason 'toutes les données sont propres'",
     "sagen Sie, warum: --reason 'alle Daten sind bereinigt'"},
    {"error", "not ready to lock: {1} blockers", "niet klaar voor het slot: {1} beletselen",
     "pas prêt à verrouiller : {1} obstacles",
     "nicht bereit zum Abschluss: {1} Hindernisse"},
    {"error", "no such version of the definition is published",
     "zo'n versie van de definitie is niet gepubliceerd",
     "aucune version de ce nom de la définition n'est publiée",
     "keine solche Fassung der Definition ist veröffentlicht"},
    {"error", "{1} is no report in this log", "{1} is geen melding in dit logboek",
     "{1} n'est pas une déclaration de ce journal",
     "{1} ist keine Meldung in diesem Protokollbuch"},
    {"error", "name the report: {1}", "noem de melding: {1}", "nommez la déclaration : {1}",
     "nennen Sie die Meldung: {1}"},
    {"error", "name it: {1}", "noem het: {1}", "nommez-le : {1}", "nennen Sie es: {1}"},
    {"error", "{1} is not in this log", "{1} staat niet in dit logboek",
     "{1} n'est pas dans ce journal", "{1} steht nicht in diesem Protokollbuch"},
    {"error", "say what, where and why: crf-sponsor safety {1} dosing study --reason '...'",
     "zeg wat, waar en waarom: crf-sponsor safety {1} dosing study --reason '...'",
     "dites quoi, où et pourquoi : crf-sponsor safety {1} dosing study --reason '...'",
     "sagen Sie, was, wo und warum: crf-sponsor safety {1} dosing study --reason '...'"},
    {"error", "cite the decision and its document: {1}",
     "noem het besluit en het stuk ervan: {1}", "citez la décision et son document : {1}",
     "nennen Sie den Beschluss und sein Dokument: {1}"},
    {"error", "safety knows due, list, assess, ack, hold, lift, milestone and alarm",
     "safety kent due, list, assess, ack, hold, lift, milestone en alarm",
     "safety connaît due, list, assess, ack, hold, lift, milestone et alarm",
     "safety kennt due, list, assess, ack, hold, lift, milestone und alarm"},
    {"error", "no batch and no subject is called {1}",
     "geen partij en geen deelnemer heet {1}",
     "aucun lot et aucun participant ne s'appelle {1}",
     "keine Charge und kein Teilnehmer heißt {1}"},
};

const struct message_topic MESSAGES_ERRORS_STUDY = {ROWS, ARRAY_LEN(ROWS)};
