/* SPDX-License-Identifier: Apache-2.0 */
/*
** What crf-sponsor says.
** English, French, German; the Dutch stands in the code.
*/
#include "clients/lib/says.h"

static const struct saying ROWS[] = {
    {"%s, log of %llu entries, verified.\n", "%s, journal de %llu entrées, vérifié.\n",
     "%s, Protokollbuch mit %llu Einträgen, geprüft.\n"},
    /* export */
    {"export of %llu entries", "export de %llu entrées", "Export von %llu Einträgen"},
    {"I exported this dataset from the verified log.",
     "J'ai exporté ce jeu de données à partir du journal vérifié.",
     "Ich habe diesen Datensatz aus dem geprüften Protokollbuch exportiert."},
    {"%s: %llu entries, %s.\nSHA256SUMS has SHA-256 %s, signed as entry %llu.\nAnyone can "
     "check it: crf-monitor verify-bundle %s\n",
     "%s : %llu entrées, %s.\nSHA256SUMS a le SHA-256 %s, signé sous l'entrée "
     "%llu.\nChacun peut le vérifier : crf-monitor verify-bundle %s\n",
     "%s: %llu Einträge, %s.\nSHA256SUMS hat SHA-256 %s, unterschrieben als Eintrag "
     "%llu.\nJeder kann es prüfen: crf-monitor verify-bundle %s\n"},
    {"the study is locked", "l'étude est verrouillée", "die Studie ist abgeschlossen"},
    {"NOT LOCKED: an interim cut", "NON VERROUILLÉE : un état intermédiaire",
     "NICHT ABGESCHLOSSEN: ein Zwischenstand"},
    /* lock */
    {"a report waits in the safety inbox to be settled",
     "une déclaration attend d'être réglée dans la boîte de sécurité",
     "eine Meldung im Sicherheitspostfach ist noch nicht erledigt"},
    {"the form is partial: it is not complete yet",
     "le formulaire est partiel : il n'est pas encore complet",
     "das Formular ist ein Teilstand: es ist noch nicht vollständig"},
    {"the form is not signed by an investigator",
     "le formulaire n'est pas signé par un investigateur",
     "das Formular ist nicht von einem Prüfarzt unterschrieben"},
    {"a query is open", "une question est ouverte", "eine Rückfrage ist offen"},
    {"a query is answered and not closed",
     "une question a reçu une réponse et n'est pas close",
     "eine Rückfrage ist beantwortet und nicht geschlossen"},
    {"a form was refused and has not come again: it waits in drafts",
     "un formulaire a été refusé et n'est pas revenu : il attend dans les brouillons",
     "ein Formular wurde abgelehnt und kam nicht wieder: es wartet als Entwurf"},
    {"%s is %s.\n", "%s : %s.\n", "%s: %s.\n"},
    {"%zu things stop the lock. Settle them, or accept them with a reason: --confirm.\n",
     "%zu points empêchent le verrouillage. Réglez-les, ou acceptez-les avec une raison : "
     "--confirm.\n",
     "%zu Punkte hindern den Abschluss. Klären Sie sie, oder nehmen Sie sie mit einem "
     "Grund hin: --confirm.\n"},
    {"%zu blockers: nothing in the tables stops the lock.\n",
     "%zu obstacles : rien dans les tables n'empêche le verrouillage.\n",
     "%zu Hindernisse: nichts in den Tabellen hindert den Abschluss.\n"},
    {"Lock %s, accepting %zu open things? [y/N] ",
     "Verrouiller %s, en acceptant %zu points ouverts ? [o/N] ",
     "Abschließen: %s, mit %zu hingenommenen offenen Punkten? [j/N] "},
    {"Open %s? [y/N] ", "Déverrouiller %s ? [o/N] ", "Wieder öffnen: %s? [j/N] "},
    {"These data are final as far as I can tell.",
     "Ces données sont définitives, autant que je puisse en juger.",
     "Diese Daten sind nach meinem Wissen endgültig."},
    {"These data must be changed again.", "Ces données doivent être modifiées à nouveau.",
     "Diese Daten müssen noch einmal geändert werden."},
    {"%s: the lock is asked for. A second person does it with the same command.\n",
     "%s : le verrouillage est demandé. Une seconde personne l'exécute avec la même "
     "commande.\n",
     "%s: der Abschluss ist beantragt. Eine zweite Person vollzieht ihn mit demselben "
     "Befehl.\n"},
    {"%s: opening is asked for. A second person does it with the same command.\n",
     "%s : l'ouverture est demandée. Une seconde personne l'exécute avec la même "
     "commande.\n",
     "%s: das Öffnen ist beantragt. Eine zweite Person vollzieht es mit demselben "
     "Befehl.\n"},
    /* recheck */
    {"no longer", "plus maintenant", "nicht mehr"},
    {"new", "nouveau", "neu"},
    {"Judged by %s: %zu findings are new, %zu are gone. No data were changed.\n",
     "Jugé selon %s : %zu constatations sont nouvelles, %zu ont disparu. Aucune donnée n'a "
     "été modifiée.\n",
     "Beurteilt nach %s: %zu Befunde sind neu, %zu entfallen. Keine Daten wurden "
     "geändert.\n"},
    {"I ask this of the site.", "Je pose cette question au centre.",
     "Ich stelle dem Zentrum diese Rückfrage."},
    {"Version %s asks about this, rule %s.",
     "La version %s pose une question à ce sujet, règle %s.",
     "Die Fassung %s fragt hierzu nach, Regel %s."},
    {"Open %zu queries? [y/N] ", "Ouvrir %zu questions ? [o/N] ",
     "%zu Rückfragen stellen? [j/N] "},
    {"%zu queries opened.\n", "%zu questions ouvertes.\n", "%zu Rückfragen gestellt.\n"},
    /* safety */
    {"%lld d %lld h %lld min", "%lld j %lld h %lld min", "%lld T %lld h %lld min"},
    {"  %s %s (%s): due %.16sZ, %s %s\n", "  %s %s (%s) : échéance %.16sZ, %s %s\n",
     "  %s %s (%s): fällig %.16sZ, %s %s\n"},
    {"OVERDUE", "EN RETARD de", "ÜBERFÄLLIG seit"},
    {"left", "il reste", "noch"},
    {"Running clocks: %zu\n", "Délais en cours : %zu\n", "Laufende Fristen: %zu\n"},
    {"  %s %s: SUSAR %s, investigator %s, sponsor %s%s, acknowledged by %s\n",
     "  %s %s : SUSAR %s, investigateur %s, promoteur %s%s, pris en charge par %s\n",
     "  %s %s: SUSAR %s, Prüfarzt %s, Sponsor %s%s, bestätigt von %s\n"},
    {" (they differ)", " (ils diffèrent)", " (sie weichen ab)"},
    {"nobody", "personne", "niemandem"},
    {"Safety cases: %zu\n", "Cas de sécurité : %zu\n", "Sicherheitsfälle: %zu\n"},
    {"This is my considered judgement.", "Ceci est mon jugement réfléchi.",
     "Das ist mein wohlerwogenes Urteil."},
    {"I have this report in hand.", "J'ai pris cette déclaration en charge.",
     "Ich habe diese Meldung in Bearbeitung."},
    {"opinion on %s", "avis sur %s", "Urteil über %s"},
    {"acknowledgement of %s", "prise en charge de %s", "Bestätigung von %s"},
    {"milestone %s", "jalon %s", "Meilenstein %s"},
    {"In force at once. A second person confirms it with the same command.\n",
     "En vigueur immédiatement. Une seconde personne le confirme avec la même commande.\n",
     "Gilt sofort. Eine zweite Person bestätigt es mit demselben Befehl.\n"},
    {"Two persons lift a hold: the first record asks, the same command with the same "
     "document by somebody else lifts it.\n",
     "Deux personnes lèvent une suspension : le premier enregistrement la demande, la même "
     "commande avec le même document par quelqu'un d'autre la lève.\n",
     "Zwei Personen heben auf: die erste Aufzeichnung beantragt es, derselbe Befehl mit "
     "demselben Dokument von jemand anderem hebt auf.\n"},
    {"    The authority was told of it: send the nullification, then crf-sponsor safety "
     "milestone authority-report --about %s\n",
     "    L'autorité en a été informée : envoyez l'annulation, puis crf-sponsor safety "
     "milestone authority-report --about %s\n",
     "    Die Behörde wurde darüber informiert: senden Sie die Annullierung, dann "
     "crf-sponsor "
     "safety milestone authority-report --about %s\n"},
    {"    %s: ended %.16sZ, %s\n", "    %s : terminé %.16sZ, %s\n",
     "    %s: beendet %.16sZ, %s\n"},
    {"test alarm", "alarme d'essai", "Probealarm"},
    {"I test how safety can be reached.", "J'essaie comment la sécurité peut être jointe.",
     "Ich prüfe, wie die Sicherheit erreichbar ist."},
    {"Now phone %s and read out %s. Who answers types:\n  crf-sponsor safety ack %s --code "
     "%s\n",
     "Téléphonez maintenant au %s et lisez %s à haute voix. La personne qui répond tape "
     ":\n  crf-sponsor safety ack %s --code %s\n",
     "Rufen Sie jetzt %s an und lesen Sie %s vor. Wer abnimmt, tippt:\n  crf-sponsor "
     "safety ack %s --code %s\n"},
    /* trace */
    {", expires %.10s %.5s UTC", ", expire le %.10s à %.5s UTC",
     ", haltbar bis %.10s %.5s UTC"},
    {", donor ", ", donneur ", ", Spender "},
    {"  %s  %s, %s%s%s, kept at %s%s\n", "  %s  %s, %s%s%s, conservé à %s%s\n",
     "  %s  %s, %s%s%s, aufbewahrt in %s%s\n"},
    {"  nothing in the ledger\n", "  rien dans le registre du produit\n",
     "  nichts im Produktregister\n"},
    {"  %s was given %s (%s): %s, entry %lld\n", "  %s a reçu %s (%s) : %s, entrée %lld\n",
     "  %s erhielt %s (%s): %s, Eintrag %lld\n"},
    {"%s and what it was made from:\n", "%s et ce dont il est fait :\n",
     "%s und woraus es gemacht ist:\n"},
    {"What was made of it:\n", "Ce qui en a été fait :\n", "Was daraus gemacht wurde:\n"},
    {"Who had it:\n", "Qui l'a reçu :\n", "Wer es erhielt:\n"},
    {"What %s was given:\n", "Ce que %s a reçu :\n", "Was %s erhielt:\n"},
    {"What that was made from:\n", "De quoi cela est fait :\n",
     "Woraus das gemacht ist:\n"},
    {"What was donated by %s:\n", "Ce que %s a donné :\n", "Was %s gespendet hat:\n"},
};

const struct saying_topic SAYINGS_SPONSOR = {ROWS, ARRAY_LEN(ROWS)};
