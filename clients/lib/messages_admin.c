/* SPDX-License-Identifier: Apache-2.0 */
/*
** What crf-admin says.
** English, French, German; the Dutch stands in the code.
*/
#include "clients/lib/says.h"

static const struct saying ROWS[] = {
    {"Differences between %s and %s: %zu.\n", "Différences entre %s et %s : %zu.\n",
     "Unterschiede zwischen %s und %s: %zu.\n"},
    {"  %5zu  no longer: %s %s [%s]\n", "  %5zu  plus maintenant : %s %s [%s]\n",
     "  %5zu  nicht mehr: %s %s [%s]\n"},
    {"  %5zu  now: %s %s [%s]\n", "  %5zu  désormais : %s %s [%s]\n",
     "  %5zu  künftig: %s %s [%s]\n"},
    {"Of %llu forms of %llu subjects that you may read, %zu questions would be new.\n",
     "Sur %llu formulaires de %llu participants que vous pouvez lire, %zu questions "
     "seraient nouvelles.\n",
     "Bei %llu Formularen von %llu Teilnehmern, die Sie lesen dürfen, wären %zu Rückfragen "
     "neu.\n"},
    {"Publish %s? [y/N] ", "Publier %s ? [o/N] ", "%s veröffentlichen? [j/N] "},
    {"I publish this version of the definition.",
     "Je publie cette version de la définition.",
     "Ich veröffentliche diese Fassung der Definition."},
    {"line %d, %s:\n", "ligne %d, %s :\n", "Zeile %d, %s:\n"},
    {"Not read: %s\n", "Pas lu : %s\n", "Nicht gelesen: %s\n"},
    {"%zu cases, %zu differ.\n", "%zu cas, dont %zu différents.\n",
     "%zu Fälle, davon weichen %zu ab.\n"},
    {"REFUSED", "REFUSÉ", "ABGELEHNT"},
    {"DEVIATION", "ÉCART", "ABWEICHUNG"},
    {"note", "remarque", "Hinweis"},
    {" Known habit of %s.", " Habitude connue de %s.", " Bekannte Gewohnheit von %s."},
    {" Habit of %s, which wrote the file.", " Habitude de %s, qui a écrit le fichier.",
     " Gewohnheit von %s, das die Datei geschrieben hat."},
    {"  and %zu more of these (--json lists all)\n",
     "  et %zu autres de ce genre (--json les liste tous)\n",
     "  und %zu weitere davon (--json nennt alle)\n"},
    {"and %zu more findings\n", "et %zu autres constatations\n",
     "und %zu weitere Befunde\n"},
    {"%s loads: study %s, %zu version(s); in the last, %s: %zu visits, %zu forms, %zu "
     "items, %zu deviation(s) accepted.\n",
     "%s se charge : étude %s, %zu version(s) ; dans la dernière, %s : %zu visites, %zu "
     "formulaires, %zu questions, %zu écart(s) accepté(s).\n",
     "%s lässt sich laden: Studie %s, %zu Fassung(en); in der letzten, %s: %zu Visiten, "
     "%zu Formulare, %zu Fragen, %zu Abweichung(en) angenommen.\n"},
    {"%s does not load strictly: it deviates from the standard, but can be read in one way "
     "only. If the above is right, add --accept-deviations.\n",
     "%s ne se charge pas au sens strict : il s'écarte de la norme, mais ne se lit que "
     "d'une façon. Si ce qui précède est juste, ajoutez --accept-deviations.\n",
     "%s lässt sich streng genommen nicht laden: es weicht vom Standard ab, ist aber nur "
     "auf eine Art lesbar. Stimmt das Obige, fügen Sie --accept-deviations hinzu.\n"},
    {"%s does not load: %zu reason(s), above.\n",
     "%s ne se charge pas : %zu raison(s), ci-dessus.\n",
     "%s lässt sich nicht laden: %zu Grund/Gründe, siehe oben.\n"},
    {"%s was not read: %s\n", "%s n'a pas été lu : %s\n", "%s wurde nicht gelesen: %s\n"},
    {"line %d: %s", "ligne %d : %s", "Zeile %d: %s"},
    {"note, ", "remarque, ", "Hinweis, "},
    {"This dictionary is in use in this study.",
     "Ce dictionnaire est utilisé dans cette étude.",
     "Dieses Wörterbuch wird in dieser Studie verwendet."},
    {"The definition %s does not use %s %s: its checks will not look into it.\n",
     "La définition %s n'utilise pas %s %s : ses contrôles ne le consulteront pas.\n",
     "Die Definition %s verwendet %s %s nicht: ihre Prüfungen sehen dort nicht nach.\n"},
    {"%s %s: %zu terms, grades of %zu terms, %zu ranges, %zu limits.\n",
     "%s %s : %zu termes, grades de %zu termes, %zu intervalles, %zu limites.\n",
     "%s %s: %zu Begriffe, Grade von %zu Begriffen, %zu Bereiche, %zu Grenzwerte.\n"},
    {"invitation of %s (%s)", "invitation de %s (%s)", "Einladung von %s (%s)"},
    {"I invite this person.", "J'invite cette personne.", "Ich lade diese Person ein."},
    {"Give %s to %s by hand or sealed; the code in it works once, until %.10s. Afterwards: "
     "crf-admin confirm %s\n",
     "Remettez %s à %s en main propre ou sous pli scellé ; le code qu'il contient sert une "
     "fois, jusqu'au %.10s. Ensuite : crf-admin confirm %s\n",
     "Geben Sie %s persönlich oder versiegelt an %s; der Code darin gilt einmal, bis "
     "%.10s. Danach: crf-admin confirm %s\n"},
    {"Key of %s:\n  %s\n", "Clé de %s :\n  %s\n", "Schlüssel von %s:\n  %s\n"},
    {"Did this person read you the same from their own screen? [y/N] ",
     "Cette personne vous a-t-elle lu la même chose sur son propre écran ? [o/N] ",
     "Hat Ihnen diese Person dasselbe von ihrem eigenen Bildschirm vorgelesen? [j/N] "},
    {"I compared this key with the person.", "J'ai comparé cette clé avec la personne.",
     "Ich habe diesen Schlüssel mit der Person verglichen."},
    {"This key is not to be trusted for now.", "Cette clé n'est pas fiable pour le moment.",
     "Diesem Schlüssel ist vorerst nicht zu trauen."},
    {"This key has ended.", "Cette clé a pris fin.", "Dieser Schlüssel ist beendet."},
    {"I delegate these tasks to this person.", "Je délègue ces tâches à cette personne.",
     "Ich delegiere diese Aufgaben an diese Person."},
    {"I end this delegation.", "Je mets fin à cette délégation.",
     "Ich beende diese Delegation."},
    {"Your key is made. Put this founder's thumbprint into the service's configuration, "
     "then: crf-admin study open DEFINITION\n%s\n",
     "Votre clé est créée. Mettez cette empreinte du fondateur dans la configuration du "
     "serveur, puis : crf-admin study open DÉFINITION\n%s\n",
     "Ihr Schlüssel ist angelegt. Tragen Sie diesen Fingerabdruck des Gründers in die "
     "Konfiguration des Servers ein, dann: crf-admin study open DEFINITION\n%s\n"},
    {"I open this study with this definition.",
     "J'ouvre cette étude avec cette définition.",
     "Ich eröffne diese Studie mit dieser Definition."},
    {"site %s", "centre %s", "Zentrum %s"},
    {"I open this site.", "J'ouvre ce centre.", "Ich eröffne dieses Zentrum."},
    {"This version is in force at this site.",
     "Cette version est en vigueur dans ce centre.",
     "Diese Fassung gilt in diesem Zentrum."},
    {"It is in force nowhere yet. For each site, when its committee approved: crf-admin "
     "site "
     "version SITE --version %s --sha256 %s --approval TEXT\n",
     "Elle n'est encore en vigueur nulle part. Pour chaque centre, après l'avis de son "
     "comité : crf-admin site version SITE --version %s --sha256 %s --approval TEXT\n",
     "Sie gilt noch nirgends. Für jedes Zentrum, nach der Zustimmung seiner Kommission: "
     "crf-admin site version SITE --version %s --sha256 %s --approval TEXT\n"},
    {"crf-admin: %s cannot be started: %s\n", "crf-admin : impossible de lancer %s : %s\n",
     "crf-admin: %s lässt sich nicht starten: %s\n"},
};

const struct saying_topic SAYINGS_ADMIN = {ROWS, ARRAY_LEN(ROWS)};
