/* SPDX-License-Identifier: Apache-2.0 */
/*
** What crf-monitor says.
** English, French, German; the Dutch stands in the code.
*/
#include "clients/lib/says.h"

static const struct saying ROWS[] = {
    {"The bundle holds. Log %s, its first %llu entries, the last of %.19s UTC.\nRoot "
     "%s\n%llu files were made again from the log and are the same, byte for "
     "byte.\nExported by %s (%s), entry %llu, %.19s UTC.\n",
     "Le paquet est intact. Journal %s, ses %llu premières entrées, la dernière du %.19s "
     "UTC.\nRacine %s\n%llu fichiers ont été refaits à partir du journal et sont "
     "identiques, octet par octet.\nExporté par %s (%s), entrée %llu, %.19s UTC.\n",
     "Das Bündel stimmt. Protokollbuch %s, die ersten %llu Einträge, der letzte von %.19s "
     "UTC.\nWurzel %s\n%llu Dateien wurden aus dem Protokollbuch neu erstellt und sind "
     "gleich, Byte für Byte.\nExportiert von %s (%s), Eintrag %llu, %.19s UTC.\n"},
    {"Nobody vouched for the founder: compare the first entry's key with what you know, or "
     "use --passport.\n",
     "Personne ne s'est porté garant du fondateur : comparez la clé de la première entrée "
     "avec ce que vous savez, ou utilisez --passport.\n",
     "Niemand hat für den Gründer gebürgt: vergleichen Sie den Schlüssel des ersten "
     "Eintrags mit dem, was Sie wissen, oder nehmen Sie --passport.\n"},
    {"The study was locked.", "L'étude était verrouillée.",
     "Die Studie war abgeschlossen."},
    {"NOT LOCKED: an interim cut.", "NON VERROUILLÉE : un état intermédiaire.",
     "NICHT ABGESCHLOSSEN: ein Zwischenstand."},
    {"The de-identified extract holds: %llu files, none altered, added or left out.\nIt "
     "names log %s, %llu entries, root %s, which the log's key has signed.\nExported by %s "
     "(%s), entry %llu of the log, with the key inside.\nIt cannot be replayed: that its "
     "values are those of the log, only a full bundle of the same size shows.\n",
     "L'extrait dé-identifié est intact : %llu fichiers, aucun modifié, ajouté ou "
     "omis.\nIl nomme le journal %s, %llu entrées, racine %s, signée par la clé du "
     "journal.\nExporté par %s (%s), entrée %llu du journal, avec la clé qu'il "
     "contient.\nIl ne peut pas être rejoué : que ses valeurs sont celles du journal, seul "
     "un paquet complet de la même taille le montre.\n",
     "Der de-identifizierte Auszug stimmt: %llu Dateien, keine geändert, hinzugefügt oder "
     "weggelassen.\nEr nennt Protokollbuch %s, %llu Einträge, Wurzel %s, die der Schlüssel "
     "des Protokollbuchs unterschrieben hat.\nExportiert von %s (%s), Eintrag %llu des "
     "Protokollbuchs, mit dem enthaltenen Schlüssel.\nEr lässt sich nicht nachspielen: "
     "dass seine Werte die des Protokollbuchs sind, zeigt nur ein volles Bündel derselben "
     "Größe.\n"},
    {"The receipt holds. Entry %llu of %s, %s, by %s: the record is in the log and was %s "
     "at %.19s UTC (it says it was signed at %.19s UTC). A head of %llu entries, signed by "
     "the log's key, contains it.\nOutcome: %s\n",
     "Le reçu est valable. Entrée %llu de %s, %s, par %s : l'enregistrement est dans le "
     "journal et a été %s le %.19s UTC (il dit avoir été signé le %.19s UTC). Une tête de "
     "%llu entrées, signée par la clé du journal, le contient.\nRésultat : %s\n",
     "Die Quittung ist gültig. Eintrag %llu von %s, %s, von %s: die Aufzeichnung steht im "
     "Protokollbuch: %s, %.19s UTC (unterschrieben nach eigener Angabe %.19s UTC). Ein "
     "Kopf von %llu Einträgen, unterschrieben vom Schlüssel des Protokollbuchs, enthält "
     "sie.\nErgebnis: %s\n"},
    {"Monitoring report, %s (%s)\nWritten %.16s UTC by %s, %s.\n\nWhat was verified: the "
     "head of the log is signed by the log's key; each of the %llu entries\nfollows the "
     "one before; each body is the one its entry commits to; each record is signed with\na "
     "key that was valid at that place; each signer saw this history and no other.\nLog "
     "%s\nSize %llu\nRoot %s\nLast entry %s\n\n",
     "Rapport de monitorage, %s (%s)\nÉcrit le %.16s UTC par %s, %s.\n\nCe qui a été "
     "vérifié : la tête du journal est signée par la clé du journal ; chacune des\n%llu "
     "entrées suit la précédente ; chaque contenu est celui pour lequel son entrée répond "
     ";\nchaque enregistrement est signé avec une clé valable à cet endroit ; chaque "
     "signataire a vu\ncette histoire et aucune autre.\nJournal %s\nTaille %llu\nRacine "
     "%s\nDernière entrée %s\n\n",
     "Monitoringbericht, %s (%s)\nGeschrieben %.16s UTC von %s, %s.\n\nGeprüft wurde: der "
     "Kopf des Protokollbuchs ist vom Schlüssel des Protokollbuchs\nunterschrieben; jeder "
     "der %llu Einträge folgt auf den vorigen; jeder Inhalt ist der, für den\nsein Eintrag "
     "steht; jede Aufzeichnung ist mit einem Schlüssel unterschrieben, der an "
     "dieser\nStelle gültig war; jeder Unterzeichner sah diese Geschichte und keine "
     "andere.\nProtokollbuch %s\nGröße %llu\nWurzel %s\nLetzter Eintrag %s\n\n"},
    {"The contents of %llu entries are not for you to see.\n\n",
     "Le contenu de %llu entrées ne vous est pas destiné.\n\n",
     "Der Inhalt von %llu Einträgen ist nicht für Sie bestimmt.\n\n"},
    {"%lld  %.19s  %s by %s (%s)%s%s%s\n", "%lld  %.19s  %s par %s (%s)%s%s%s\n",
     "%lld  %.19s  %s von %s (%s)%s%s%s\n"},
    {"withheld", "pas pour vous", "nicht für Sie"},
    {", complete", ", complet", ", vollständig"},
    {", partial", ", partiel", ", Teilstand"},
    {"%zu entries; the whole log was verified.\n",
     "%zu entrées ; tout le journal a été vérifié.\n",
     "%zu Einträge; das ganze Protokollbuch wurde geprüft.\n"},
    {"Entries before %llu were verified earlier and were not read again.\n",
     "Les entrées avant %llu avaient déjà été vérifiées et n'ont pas été relues.\n",
     "Die Einträge vor %llu waren schon geprüft und wurden nicht noch einmal gelesen.\n"},
    {"Verified: %llu entries, whole and unchanged, as signed by the log's key.\nRoot %s\n",
     "Vérifié : %llu entrées, complètes et inchangées, telles que la clé du journal les a "
     "signées.\nRacine %s\n",
     "Geprüft: %llu Einträge, vollständig und unverändert, wie der Schlüssel des "
     "Protokollbuchs sie unterschrieben hat.\nWurzel %s\n"},
    {"The contents of %llu entries are not for you to see; their place in the chain was "
     "verified, their signatures were not.\n",
     "Le contenu de %llu entrées ne vous est pas destiné ; leur place dans la chaîne a été "
     "vérifiée, leurs signatures ne l'ont pas été.\n",
     "Der Inhalt von %llu Einträgen ist nicht für Sie bestimmt; ihr Platz in der Kette "
     "wurde geprüft, ihre Unterschriften nicht.\n"},
    {"  entry %lld: %s\n", "  entrée %lld : %s\n", "  Eintrag %lld: %s\n"},
    {"Decided again by this version: %zu differences. They are no tampering.\n",
     "Décidé de nouveau par cette version : %zu différences. Ce ne sont pas des "
     "falsifications.\n",
     "Von dieser Fassung neu entschieden: %zu Unterschiede. Das sind keine Fälschungen.\n"},
    {"%s, %s. Log %s.\n", "%s, %s. Journal %s.\n", "%s, %s. Protokollbuch %s.\n"},
    {"Nothing was verified on this computer yet: crf-monitor verify\n",
     "Rien n'a encore été vérifié sur cet ordinateur : crf-monitor verify\n",
     "Auf diesem Computer wurde noch nichts geprüft: crf-monitor verify\n"},
    {"Verified here: %llu entries, the last of %.16s UTC.\n",
     "Vérifié ici : %llu entrées, la dernière du %.16s UTC.\n",
     "Hier geprüft: %llu Einträge, der letzte von %.16s UTC.\n"},
    {"The service shows %llu entries.\n", "Le serveur montre %llu entrées.\n",
     "Der Server zeigt %llu Einträge.\n"},
    {"The service is away now; it last showed %llu entries.\n",
     "Le serveur n'est pas joignable ; il a montré en dernier %llu entrées.\n",
     "Der Server ist jetzt nicht da; zuletzt zeigte er %llu Einträge.\n"},
};

const struct saying_topic SAYINGS_MONITOR = {ROWS, ARRAY_LEN(ROWS)};
