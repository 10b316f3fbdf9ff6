/* SPDX-License-Identifier: Apache-2.0 */
/*
** What is said of an answer that was typed: the text form and fill.
** English, French, German; the Dutch stands in the code.
*/
#include "clients/lib/says.h"

static const struct saying ROWS[] = {
    {"a date: 2026-11-21", "une date : 2026-11-21", "ein Datum: 2026-11-21"},
    {"a date, as far as known: 2026-11-21, 2026-11 or 2026",
     "une date, autant qu'on la connaît : 2026-11-21, 2026-11 ou 2026",
     "ein Datum, soweit bekannt: 2026-11-21, 2026-11 oder 2026"},
    {"a time: 09:14", "une heure : 09:14", "eine Uhrzeit: 09:14"},
    {"a time, as far as known: 09:14 or 09",
     "une heure, autant qu'on la connaît : 09:14 ou 09",
     "eine Uhrzeit, soweit bekannt: 09:14 oder 09"},
    {"a date and a time: 2026-11-21 09:14", "une date et une heure : 2026-11-21 09:14",
     "ein Datum und eine Uhrzeit: 2026-11-21 09:14"},
    {"a date and a time, as far as known: 2026-11-21 09:14, 2026-11-21 or 2026-11",
     "une date et une heure, autant qu'on les connaît : 2026-11-21 09:14, 2026-11-21 ou "
     "2026-11",
     "ein Datum und eine Uhrzeit, soweit bekannt: 2026-11-21 09:14, 2026-11-21 oder "
     "2026-11"},
    {"how long: P3D is 3 days, PT8H is 8 hours",
     "une durée : P3D est 3 jours, PT8H est 8 heures",
     "wie lange: P3D sind 3 Tage, PT8H sind 8 Stunden"},
    {"one of the answers of the list", "une des réponses de la liste",
     "eine der Antworten der Liste"},
    {"a whole number", "un nombre entier", "eine ganze Zahl"},
    {"a number, with one comma or one point: 84,5",
     "un nombre, avec une virgule ou un point : 84,5",
     "eine Zahl, mit einem Komma oder einem Punkt: 84,5"},
    {"yes or no", "oui ou non", "ja oder nein"},
    {"words", "des mots", "Worte"},
    {"%s: %s It goes with the story as typed.",
     "%s : %s Cela part avec le récit tel que saisi.",
     "%s: %s Es geht so, wie geschrieben, mit dem Bericht."},
    {"%s is computed; leave it empty.", "%s est calculé ; laissez-le vide.",
     "%s wird berechnet; lassen Sie es leer."},
    {"%s stands already on line %zu.", "%s figure déjà à la ligne %zu.",
     "%s steht schon in Zeile %zu."},
    {"%.*s is not a form of this visit.", "%.*s n'est pas un formulaire de cette visite.",
     "%.*s ist kein Formular dieser Visite."},
    {"STATE is partial or complete.", "STATE est partial ou complete.",
     "STATE ist partial oder complete."},
    {"%.*s is no key of %s.", "%.*s n'est pas une clé de %s.",
     "%.*s ist kein Schlüssel von %s."},
    {"This line has no \":\" behind its key.", "Cette ligne n'a pas de « : » après sa clé.",
     "Diese Zeile hat keinen \":\" hinter ihrem Schlüssel."},
    {"%.*s is not a visit of this study.", "%.*s n'est pas une visite de cette étude.",
     "%.*s ist keine Visite dieser Studie."},
    {"Which one? Write %s 1, %s 2 and so on.",
     "Laquelle ? Écrivez %s 1, %s 2 et ainsi de suite.",
     "Welche? Schreiben Sie %s 1, %s 2 und so weiter."},
    {"%s is not known for this subject.", "%s n'est pas connu pour ce participant.",
     "%s ist bei diesem Teilnehmer nicht bekannt."},
    {"Which subject? Write the number behind SUBJECT.",
     "Quel participant ? Écrivez le numéro après SUBJECT.",
     "Welcher Teilnehmer? Schreiben Sie die Nummer hinter SUBJECT."},
    {"Column %zu has no key that this form knows.",
     "La colonne %zu n'a pas de clé que ce formulaire connaît.",
     "Spalte %zu hat keinen Schlüssel, den dieses Formular kennt."},
    {"%.*s is far before the row above. After midnight? Then write the date too: "
     "2026-03-15 %.*s.",
     "%.*s est bien avant la ligne du dessus. Après minuit ? Écrivez alors aussi la date : "
     "2026-03-15 %.*s.",
     "%.*s liegt weit vor der Zeile darüber. Nach Mitternacht? Dann schreiben Sie auch das "
     "Datum: 2026-03-15 %.*s."},
    {"This row has %zu cells, the table has %zu columns. A bar in a text is written \\|.",
     "Cette ligne a %zu cases, le tableau a %zu colonnes. Une barre dans un texte s'écrit "
     "\\|.",
     "Diese Zeile hat %zu Felder, die Tabelle hat %zu Spalten. Ein Strich in einem Text "
     "wird \\| geschrieben."},
    {"This row stands under no table head.",
     "Cette ligne ne se trouve sous aucun en-tête de tableau.",
     "Diese Zeile steht unter keinem Tabellenkopf."},
    {"# Send with only the lines marked *. Add the rest when you know it. No names, no "
     "hospital numbers.\n",
     "# Envoyez avec seulement les lignes marquées *. Ajoutez le reste plus tard. Pas de "
     "noms, pas de numéros d'hôpital.\n",
     "# Senden Sie nur mit den Zeilen mit *. Ergänzen Sie den Rest später. Keine Namen, "
     "keine Krankenhausnummern.\n"},
    {"# If sending fails: phone %s (day and night) or use the paper form in the binder.\n",
     "# Si l'envoi échoue : téléphonez au %s (jour et nuit) ou utilisez le formulaire "
     "papier du classeur.\n",
     "# Gelingt das Senden nicht: rufen Sie %s an (Tag und Nacht) oder nehmen Sie das "
     "Papierformular im Ordner.\n"},
    {"# Empty = not yet known: send now, add later. No value: !nd why | !unk | !na. "
     "Unknown day: 2026-03 or 2026.\n",
     "# Vide = pas encore connu : envoyez maintenant, ajoutez plus tard. Pas de valeur : "
     "!nd pourquoi | !unk | !na. Jour inconnu : 2026-03 ou 2026.\n",
     "# Leer = noch nicht bekannt: jetzt senden, später ergänzen. Kein Wert: !nd warum | "
     "!unk | !na. Tag unbekannt: 2026-03 oder 2026.\n"},
    {"number, or as much as you know", "numéro, ou ce que vous savez",
     "Nummer, oder was Sie wissen"},
    {"Someone else? Stop.", "Quelqu'un d'autre ? Arrêtez.", "Jemand anders? Halt."},
    {"empty = a new one", "vide = nouveau", "leer = neu"},
    {", last visit %s on %s", ", dernière visite %s le %s", ", letzte Visite %s am %s"},
    {"sex and birth not entered", "sexe et naissance pas saisis",
     "Geschlecht und Geburt nicht eingegeben"},
    {"After ! stands nd and why, unk, or na.", "Après ! vient nd et pourquoi, unk, ou na.",
     "Nach ! steht nd und warum, unk, oder na."},
    {"Say why it was not done: !nd and the reason.",
     "Dites pourquoi ce n'est pas fait : !nd et la raison.",
     "Sagen Sie, warum es nicht gemacht wurde: !nd und der Grund."},
    {"This word has more than one meaning here; write the code.",
     "Ce mot a plus d'un sens ici ; écrivez le code.",
     "Dieses Wort ist hier mehrdeutig; schreiben Sie den Code."},
    {"\"%.*s\" is not in the list: %s. Not known: !unk",
     "\"%.*s\" n'est pas dans la liste : %s. Inconnu : !unk",
     "\"%.*s\" steht nicht in der Liste: %s. Nicht bekannt: !unk"},
    {"and a quarter", "et un quart", "und ein Viertel"},
    {"and a half", "et demi", "und ein Halb"},
    {"and three quarters", "et trois quarts", "und drei Viertel"},
    {"and no fraction", "sans fraction", "ohne Bruchteil"},
    {"%.*s is read as %.*s %s. If you mean the larger number, write it without a mark: "
     "%.*s%.3s",
     "%.*s est lu comme %.*s %s. Si vous voulez dire le grand nombre, écrivez-le sans "
     "signe : %.*s%.3s",
     "%.*s wird gelesen als %.*s %s. Meinen Sie die größere Zahl, schreiben Sie sie ohne "
     "Zeichen: %.*s%.3s"},
    {"%.*s is read as %.*s and %.3s thousandths. If you mean the larger number, write it "
     "without a mark: %.*s%.3s",
     "%.*s est lu comme %.*s et %.3s millièmes. Si vous voulez dire le grand nombre, "
     "écrivez-le sans signe : %.*s%.3s",
     "%.*s wird gelesen als %.*s und %.3s Tausendstel. Meinen Sie die größere Zahl, "
     "schreiben Sie sie ohne Zeichen: %.*s%.3s"},
    {"Write numbers without marks for thousands: 1250, or 1250,5.",
     "Écrivez les nombres sans séparateur de milliers : 1250, ou 1250,5.",
     "Schreiben Sie Zahlen ohne Tausenderzeichen: 1250, oder 1250,5."},
    {"A number is needed here, in %s.", "Il faut un nombre ici, en %s.",
     "Hier gehört eine Zahl hin, in %s."},
    {"A number is needed here.", "Il faut un nombre ici.", "Hier gehört eine Zahl hin."},
    {"Write the unit behind the number: %s.", "Écrivez l'unité après le nombre : %s.",
     "Schreiben Sie die Einheit hinter die Zahl: %s."},
    {"A whole number is needed here.", "Il faut un nombre entier ici.",
     "Hier gehört eine ganze Zahl hin."},
    {"Write yes or no.", "Écrivez oui ou non.", "Schreiben Sie ja oder nein."},
    {"This is not of the kind asked for (%s).", "Ce n'est pas du type demandé (%s).",
     "Das ist nicht von der gefragten Art (%s)."},
    {"This can be read in two ways. Write year-month-day: %04d-%02d-%02d or "
     "%04d-%02d-%02d.",
     "Cela se lit de deux façons. Écrivez année-mois-jour : %04d-%02d-%02d ou "
     "%04d-%02d-%02d.",
     "Das lässt sich auf zwei Arten lesen. Schreiben Sie Jahr-Monat-Tag: %04d-%02d-%02d "
     "oder %04d-%02d-%02d."},
    {"Write this date as %04d-%02d-%02d.", "Écrivez cette date ainsi : %04d-%02d-%02d.",
     "Schreiben Sie dieses Datum als %04d-%02d-%02d."},
    {"Write dates as year-month-day (2026-03-14); day not known: 2026-03 or 2026.",
     "Écrivez les dates année-mois-jour (2026-03-14) ; jour inconnu : 2026-03 ou 2026.",
     "Schreiben Sie Daten als Jahr-Monat-Tag (2026-03-14); Tag unbekannt: 2026-03 oder "
     "2026."},
    {"Write this time as %02d:%02d.", "Écrivez cette heure ainsi : %02d:%02d.",
     "Schreiben Sie diese Uhrzeit als %02d:%02d."},
    {"Write times as hours:minutes (09:52).",
     "Écrivez les heures ainsi : heures:minutes (09:52).",
     "Schreiben Sie Uhrzeiten als Stunden:Minuten (09:52)."},
    {"This time did not exist: the clock was put forward in that hour.",
     "Cette heure n'a pas existé : l'horloge a été avancée pendant cette heure.",
     "Diese Uhrzeit gab es nicht: die Uhr wurde in dieser Stunde vorgestellt."},
    {"This hour came twice that night. Write %02d:%02d%s for the first time (summer) or "
     "%02d:%02d%s for the second (winter).",
     "Cette heure est venue deux fois cette nuit-là. Écrivez %02d:%02d%s pour la première "
     "fois (été) ou %02d:%02d%s pour la seconde (hiver).",
     "Diese Stunde kam in jener Nacht zweimal. Schreiben Sie %02d:%02d%s für das erste Mal "
     "(Sommerzeit) oder %02d:%02d%s für das zweite (Winterzeit)."},
    {"%04d is read as a year. If you mean the time, write %02d:%02d.",
     "%04d est lu comme une année. Si vous voulez dire l'heure, écrivez %02d:%02d.",
     "%04d wird als Jahr gelesen. Meinen Sie die Uhrzeit, schreiben Sie %02d:%02d."},
    {"Write the date too (2026-03-14 09:52): this form has no visit date to go with the "
     "time.",
     "Écrivez aussi la date (2026-03-14 09:52) : ce formulaire n'a pas de date de visite "
     "pour cette heure.",
     "Schreiben Sie auch das Datum (2026-03-14 09:52): dieses Formular hat kein "
     "Visitendatum zur Uhrzeit."},
    {"Write date and time: 2026-03-14 09:52.",
     "Écrivez la date et l'heure : 2026-03-14 09:52.",
     "Schreiben Sie Datum und Uhrzeit: 2026-03-14 09:52."},
    {"Write the time alone: 09:52.", "Écrivez l'heure seule : 09:52.",
     "Schreiben Sie nur die Uhrzeit: 09:52."},
    {"Write the date alone: 2026-03-14.", "Écrivez la date seule : 2026-03-14.",
     "Schreiben Sie nur das Datum: 2026-03-14."},
    {"The whole date is needed here: 2026-03-14.",
     "Il faut la date entière ici : 2026-03-14.",
     "Hier ist das ganze Datum nötig: 2026-03-14."},
    {"%sborn %.4s", "%sné(e) en %.4s", "%sgeboren %.4s"},
};

const struct saying_topic SAYINGS_TYPED = {ROWS, ARRAY_LEN(ROWS)};
