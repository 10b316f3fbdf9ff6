/* SPDX-License-Identifier: Apache-2.0 */
/*
** What crf-site says.
** English, French, German; the Dutch stands in the code.
*/
#include "clients/lib/says.h"

static const struct saying ROWS[] = {
    {"to follow", "à suivre", "folgt noch"},
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
    {"Edit it again? [Y/n] ", "Modifier encore ? [O/n] ", "Weiter bearbeiten? [J/n] "},
    {"Nothing is lost: draft %llu; the same command goes on.\n",
     "Rien n'est perdu : brouillon %llu ; la même commande continue.\n",
     "Nichts ist verloren: Entwurf %llu; derselbe Befehl macht weiter.\n"},
    {"It is not sealed there, and not in memory: delete it afterwards, or use --edit.\n",
     "Il n'y est pas scellé, ni en mémoire : effacez-le ensuite, ou utilisez --edit.\n",
     "Es ist dort nicht versiegelt und nicht im Speicher: löschen Sie es danach, oder "
     "nehmen "
     "Sie --edit.\n"},
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
    {"enrolment of %s", "inclusion de %s", "Einschreibung von %s"},
    {"Enrol %s? Consent is signed. [Y/n] ",
     "Inscrire %s ? Le consentement est signé. [O/n] ",
     "%s einschreiben? Die Einwilligung ist unterschrieben. [J/n] "},
    {"        %s: %s\n", "        %s : %s\n", "        %s: %s\n"},
    {"        %s: %s became %s\n", "        %s : %s est devenu %s\n",
     "        %s: %s wurde zu %s\n"},
    {"(no answer)", "(sans réponse)", "(keine Antwort)"},
    {"        why: %s\n", "        pourquoi : %s\n", "        warum: %s\n"},
    {"somebody was faster", "quelqu'un a été plus rapide", "jemand war schneller"},
    {"not accepted", "pas accepté", "nicht angenommen"},
    {"half done", "à moitié rempli", "halb ausgefüllt"},
    {"No drafts.\n", "Pas de brouillons.\n", "Keine Entwürfe.\n"},
    {"online", "connecté", "verbunden"},
    {"not confirmed yet", "pas encore confirmé", "noch nicht bestätigt"},
    {"service: %s\nyour key: %s\nlog: %llu entries, verified to %llu\nwaiting to be sent: "
     "%zu\ndrafts: %zu\n",
     "serveur : %s\nétat de votre clé : %s\njournal : %llu entrées, vérifié jusqu'à "
     "%llu\nen "
     "attente d'envoi : %zu\nbrouillons : %zu\n",
     "Server: %s\nIhr Schlüssel: %s\nProtokollbuch: %llu Einträge, geprüft bis "
     "%llu\nwartet auf Versand: %zu\nEntwürfe: %zu\n"},
    {"%s was recorded by %s at %s while you were typing.\n",
     "%s a été enregistré par %s à %s pendant que vous saisissiez.\n",
     "%s wurde von %s um %s erfasst, während Sie schrieben.\n"},
    {"  %s: recorded %s, yours %s\n", "  %s : enregistré %s, à vous %s\n",
     "  %s: erfasst %s, Ihres %s\n"},
    {"    Take yours? [y/N] ", "    Prendre la vôtre ? [o/N] ", "    Ihres nehmen? [j/N] "},
    {"What is recorded stays; draft %llu is removed.\n",
     "Ce qui est enregistré reste ; le brouillon %llu est supprimé.\n",
     "Das Erfasste bleibt; Entwurf %llu ist gelöscht.\n"},
    {"%s is not in the product ledger: crf-site product receive %s",
     "%s n'est pas dans le registre du produit : crf-site product receive %s",
     "%s steht nicht im Produktregister: crf-site product receive %s"},
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
    {"Add news: crf-site sae %s\n", "Ajouter des nouvelles : crf-site sae %s\n",
     "Neues ergänzen: crf-site sae %s\n"},
    {"No subject here has this number: the report waits in the safety inbox, its clock "
     "runs. Report the event again under the right number (crf-site sae NUMBER), and tell "
     "%s, %s, that it replaces %s.\n",
     "Aucun participant n'a ce numéro ici : la déclaration attend dans la boîte de "
     "sécurité, son délai court. Déclarez l'événement à nouveau sous le bon numéro "
     "(crf-site sae NUMÉRO), et dites à %s, %s, que cela remplace %s.\n",
     "Kein Teilnehmer hat hier diese Nummer: die Meldung wartet im Sicherheitspostfach, "
     "ihre Frist läuft. Melden Sie das Ereignis noch einmal unter der richtigen Nummer "
     "(crf-site sae NUMMER), und sagen Sie %s, %s, dass diese Meldung %s ersetzt.\n"},
    {" Further %s is on hold.", " En suspens : %s.", " Angehalten ist %s."},
    {"Report %s received %.8s; the receipt holds and is kept. %s has not yet confirmed: "
     "%s, day and night. Open questions: %zu, none needed now.%s\n",
     "Déclaration %s reçue à %.8s ; le reçu est valable et conservé. %s n'a pas encore "
     "confirmé : %s, jour et nuit. Questions ouvertes : %zu, aucune nécessaire "
     "maintenant.%s\n",
     "Meldung %s um %.8s eingegangen; die Quittung ist gültig und aufbewahrt. %s hat noch "
     "nicht bestätigt: %s, Tag und Nacht. Offene Fragen: %zu, jetzt keine "
     "nötig.%s\n"},
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
    {"This is my opinion of the event.", "Ceci est mon avis sur l'événement.",
     "Das ist mein Urteil über das Ereignis."},
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
    {"accepted", "accepté", "angenommen"},
    {"refused", "refusé", "abgelehnt"},
    {"unchanged", "inchangé", "unverändert"},
    {"waiting", "en attente", "wartet"},
    {"%-11s  %s (line %d%s%s)\n", "%-11s  %s (ligne %d%s%s)\n",
     "%-11s  %s (Zeile %d%s%s)\n"},
    {", version ", ", version ", ", Version "},
    {"This visit was begun under version %s; its questions are shown.",
     "Cette visite a été commencée sous la version %s ; ce sont ses questions.",
     "Diese Visite wurde unter Version %s begonnen; deren Fragen sind zu sehen."},
    {"Consent was given under version %s, which says who may take part; its questions are "
     "shown.",
     "Le consentement a été donné sous la version %s, qui dit qui peut participer ; ce "
     "sont "
     "ses questions.",
     "Die Einwilligung wurde unter Version %s gegeben, die sagt, wer teilnehmen darf; "
     "deren "
     "Fragen sind zu sehen."},
    {"This form exists up to version %s only; its questions are shown.",
     "Ce formulaire n'existe que jusqu'à la version %s ; ce sont ses questions.",
     "Dieses Formular gibt es nur bis Version %s; deren Fragen sind zu sehen."},
    {"Version %s belongs here, but this computer does not have it and the service is away; "
     "the questions of version %s are shown.",
     "La version %s devrait servir ici, mais cet ordinateur ne l'a pas et le serveur est "
     "absent ; ce sont les questions de la version %s.",
     "Hierher gehört Version %s, aber dieser Computer hat sie nicht und der Server ist "
     "nicht "
     "da; zu sehen sind die Fragen von Version %s."},
    {"This form belongs to version %s, the page to version %s: send it on a page of its "
     "own.",
     "Ce formulaire appartient à la version %s, la page à la version %s : envoyez-le sur "
     "une "
     "page à part.",
     "Dieses Formular gehört zu Version %s, die Seite zu Version %s: senden Sie es auf "
     "einer "
     "eigenen Seite."},
    {"%s belongs to version %s and has a page of its own: crf-site form %s %s %s\n",
     "%s appartient à la version %s et a sa propre page : crf-site form %s %s %s\n",
     "%s gehört zu Version %s und hat eine eigene Seite: crf-site form %s %s %s\n"},
    {"%-11s  line %d: %s [IMP-02]\n", "%-11s  ligne %d : %s [IMP-02]\n",
     "%-11s  Zeile %d: %s [IMP-02]\n"},
    {"%zu accepted, %zu asked, %zu refused, %zu unchanged, %zu waiting.\n",
     "%zu acceptés, %zu avec question, %zu refusés, %zu inchangés, %zu en attente.\n",
     "%zu angenommen, %zu mit Frage, %zu abgelehnt, %zu unverändert, %zu wartend.\n"},
    {"Only checked: nothing was signed or sent.\n",
     "Seulement vérifié : rien n'a été signé ni envoyé.\n",
     "Nur geprüft: nichts wurde unterschrieben oder gesendet.\n"},
    {"Sign and send what is new of these %zu form(s)? [Y/n] ",
     "Signer et envoyer ce qui est nouveau parmi ces %zu formulaire(s) ? [O/n] ",
     "Was von diesen %zu Formular(en) neu ist, unterschreiben und senden? [J/n] "},
    {"%s was recorded before and is changed here.",
     "%s était déjà enregistré et est modifié ici.",
     "%s war schon erfasst und wird hier geändert."},
    {"%s: %s (computed)\n", "%s : %s (calculé)\n", "%s: %s (berechnet)\n"},
    {"GO %s: %s for %s, %d minutes, until %.5s. Write %s on the bedside form.\n",
     "GO %s : %s pour %s, %d minutes, jusqu'à %.5s. Écrivez %s sur le formulaire au lit.\n",
     "GO %s: %s für %s, %d Minuten, bis %.5s. Schreiben Sie %s auf das Formular am "
     "Bett.\n"},
    {"%s: the GO by phone of %s is recorded; it was good until %.5s.\n",
     "%s : le GO par téléphone de %s est enregistré ; il valait jusqu'à %.5s.\n",
     "%s: das GO per Telefon von %s ist erfasst; es galt bis %.5s.\n"},
    {"Against the reasons above, on your decision; the sponsor is told now.\n",
     "Malgré les raisons ci-dessus, sur votre décision ; le promoteur est informé.\n",
     "Gegen die Gründe oben, auf Ihre Entscheidung; der Sponsor wird jetzt "
     "benachrichtigt.\n"},
    {"STOP: do not give %s to %s now.\n", "STOP : ne donnez pas %s à %s maintenant.\n",
     "STOPP: geben Sie %s jetzt nicht an %s.\n"},
    {"Ask %s, %s. If cells were already given, record it now: that is always accepted.\n",
     "Demandez à %s, %s. Si des cellules ont déjà été données, saisissez-le maintenant : "
     "c'est toujours accepté.\n",
     "Fragen Sie %s, %s. Wurden Zellen schon gegeben, erfassen Sie es jetzt: das wird "
     "immer angenommen.\n"},
    {"It is recorded as it was, and counts as no clearance.\n",
     "C'est enregistré tel quel, et ne vaut pas autorisation.\n",
     "Es ist erfasst, wie es war, und gilt nicht als Freigabe.\n"},
    {"No answer came (%s). That is no GO, and it is not asked again later. Phone %s for "
     "the "
     "clearance, and record it with --phoned-by.\n",
     "Pas de réponse (%s). Ce n'est pas un GO, et la question ne sera pas reposée plus "
     "tard. Téléphonez au %s pour l'autorisation, et saisissez-la avec --phoned-by.\n",
     "Es kam keine Antwort (%s). Das ist kein GO, und es wird nicht später noch einmal "
     "gefragt. Rufen Sie %s für die Freigabe an, und erfassen Sie sie mit "
     "--phoned-by.\n"},
    {"I ask whether this may be done now.", "Je demande si cela peut se faire maintenant.",
     "Ich frage, ob dies jetzt geschehen darf."},
    {"This is what the product's papers say.",
     "C'est ce que disent les papiers du produit.", "Das sagen die Papiere des Produkts."},
    {"This is so.", "C'est ainsi.", "Das ist so."},
};

const struct saying_topic SAYINGS_SITE = {ROWS, ARRAY_LEN(ROWS)};
