/* SPDX-License-Identifier: Apache-2.0 */
/*
** What every program says: holds, sending, receipts, sessions, passphrases.
** English, French, German; the Dutch stands in the code.
*/
#include "clients/lib/says.h"

static const struct saying ROWS[] = {
    {"STOP: %s is on hold%s (%s, rule %s).%s\n",
     "STOP : en suspens%2$s : %1$s (%3$s, règle %4$s).%5$s\n",
     "STOP: %s ist%s angehalten (%s, Regel %s).%s\n"},
    {"PHONE NOW: the sponsor has not acknowledged %s for %lld h. %s, %s; or %s.%s\n",
     "APPELEZ MAINTENANT : le promoteur n'a pas accusé réception de %s depuis %lld h. %s, "
     "%s ; ou %s.%s\n",
     "JETZT ANRUFEN: Der Sponsor hat %s seit %lld h nicht bestätigt. %s, %s; oder "
     "%s.%s\n"},
    {"PHONE NOW: the sponsor has not acknowledged %s for %lld h. The number is in your "
     "binder.%s\n",
     "APPELEZ MAINTENANT : le promoteur n'a pas accusé réception de %s depuis %lld h. Le "
     "numéro est dans votre classeur.%s\n",
     "JETZT ANRUFEN: Der Sponsor hat %s seit %lld h nicht bestätigt. Die Nummer steht in "
     "Ihrem Ordner.%s\n"},
    {"a report", "un signalement", "eine Meldung"},
    {" for now", " provisoirement", " vorläufig"},
    {" As of the last contact.", " Selon le dernier contact.",
     " Stand des letzten Kontakts."},
    {"Ask %s, %s. If it was done already, record it now: that is always accepted.\n",
     "Appelez %s, %s. Si c'est déjà fait, saisissez-le maintenant : c'est toujours "
     "accepté.\n",
     "Fragen Sie %s, %s. Ist es schon geschehen, halten Sie es jetzt fest: das wird immer "
     "angenommen.\n"},
    {"STOP, the log does not hold", "STOP, le journal n'est pas intact",
     "STOP, das Protokollbuch stimmt nicht"},
    {"Not now, nothing is lost", "Pas maintenant, rien n'est perdu",
     "Jetzt nicht, nichts ist verloren"},
    {"Cannot be read", "Illisible", "Nicht lesbar"},
    {"Not accepted", "Pas accepté", "Nicht angenommen"},
    {"A fault of this program", "Une erreur de ce programme",
     "Ein Fehler in diesem Programm"},
    {"Locked.\n", "Verrouillé.\n", "Gesperrt.\n"},
    {"%s, %s in %s. This computer is unlocked for you until %d minutes after the last "
     "command. Lock now: %s session end\n",
     "%s, %s dans %s. Cet ordinateur est déverrouillé pour vous jusqu'à %d minutes après "
     "la dernière commande. Verrouiller maintenant : %s session end\n",
     "%s, %s in %s. Dieser Computer ist für Sie entsperrt bis %d Minuten nach dem letzten "
     "Befehl. Jetzt sperren: %s session end\n"},
    {"%s%s, signed %.16s\n", "%s%s, signé %.16s\n", "%s%s, unterschrieben %.16s\n"},
    {"Nothing waits; all that you signed is recorded or a draft.\n",
     "Rien n'attend ; tout ce que vous avez signé est enregistré ou un brouillon.\n",
     "Nichts wartet; alles, was Sie unterschrieben haben, ist erfasst oder ein Entwurf.\n"},
    {"  (refused)", "  (refusé)", "  (abgelehnt)"},
    {"%zu receipts, all hold.\n", "%zu reçus, tous valables.\n",
     "%zu Quittungen, alle gültig.\n"},
    {"open", "ouverte", "offen"},
    {"none", "aucune", "keine"},
    {"%s (%s), %s%s%s\nstudy %s, log %s\nserver %s\nkey %s\nfolder %s\nsession: %s\n",
     "%s (%s), %s%s%s\nétude %s, journal %s\nserveur %s\nclé %s\ndossier %s\nsession : "
     "%s\n",
     "%s (%s), %s%s%s\nStudie %s, Protokollbuch %s\nServer %s\nSchlüssel %s\nOrdner "
     "%s\nSitzung: %s\n"},
    {"your key", "votre clé", "Ihr Schlüssel"},
    {"Your key's fingerprint:\n\n    %s\n\nRead it to the person who invited you. When "
     "they have confirmed it, you can work; %s whoami says who you are.\n",
     "L'empreinte de votre clé :\n\n    %s\n\nLisez-la à la personne qui vous a invité. "
     "Dès qu'elle l'a confirmée, vous pouvez travailler ; %s whoami dit qui vous êtes.\n",
     "Der Fingerabdruck Ihres Schlüssels:\n\n    %s\n\nLesen Sie ihn der Person vor, die "
     "Sie eingeladen hat. Sobald sie ihn bestätigt hat, können Sie arbeiten; %s whoami "
     "sagt, wer Sie sind.\n"},
    {"This is my key; nobody else has its passphrase.",
     "Ceci est ma clé ; personne d'autre n'a sa phrase secrète.",
     "Das ist mein Schlüssel; niemand sonst hat die Passphrase."},
    {"I entered these data from the source; they are correct.",
     "J'ai saisi ces données d'après la source ; elles sont exactes.",
     "Ich habe diese Daten aus der Quelle eingegeben; sie sind richtig."},
    {"I have read this and take responsibility for it.",
     "J'ai lu ceci et j'en prends la responsabilité.",
     "Ich habe dies gelesen und übernehme die Verantwortung dafür."},
    {"Still to come, nothing to do now:\n", "Encore à venir, rien à faire maintenant :\n",
     "Folgt noch, jetzt ist nichts zu tun:\n"},
    {"%s%s%s: recorded at %.8s as entry %llu; the receipt holds and is kept.\n",
     "%s%s%s : enregistré à %.8s sous le numéro %llu ; le reçu est valable et conservé.\n",
     "%s%s%s: erfasst um %.8s als Eintrag %llu; die Quittung ist gültig und aufbewahrt.\n"},
    {"%s: signed and kept here, not sent yet (%s). It goes out with the next command, or "
     "with: outbox send\n",
     "%s : signé et conservé ici, pas encore envoyé (%s). Il part avec la prochaine "
     "commande, ou avec : outbox send\n",
     "%s: unterschrieben und hier aufbewahrt, noch nicht gesendet (%s). Es geht mit dem "
     "nächsten Befehl hinaus, oder mit: outbox send\n"},
    {"This is a safety report and it has not gone out for 10 minutes. Phone %s now, or use "
     "the paper form in the binder.\n",
     "Ceci est une déclaration de sécurité et elle n'est pas partie depuis 10 minutes. "
     "Téléphonez maintenant au %s, ou utilisez le formulaire papier du classeur.\n",
     "Dies ist eine Sicherheitsmeldung und sie ist seit 10 Minuten nicht hinausgegangen. "
     "Rufen Sie jetzt %s an, oder nehmen Sie das Papierformular im Ordner.\n"},
    {"%s: not accepted: %s%s%s\n", "%s : pas accepté : %s%s%s\n",
     "%s: nicht angenommen: %s%s%s\n"},
    {"Nothing is lost: what you entered is kept in draft %llu.\n",
     "Rien n'est perdu : votre saisie est conservée dans le brouillon %llu.\n",
     "Nichts ist verloren: Ihre Eingabe steht im Entwurf %llu.\n"},
    {"See both versions and choose: crf-site merge %llu\n",
     "Voyez les deux versions et choisissez : crf-site merge %llu\n",
     "Sehen Sie sich beide Fassungen an und wählen Sie: crf-site merge %llu\n"},
    {"For a serious event do not wait: phone %s or use the paper form in the binder.\n",
     "Pour un événement grave, n'attendez pas : téléphonez au %s ou utilisez le formulaire "
     "papier du classeur.\n",
     "Warten Sie bei einem schwerwiegenden Ereignis nicht: rufen Sie %s an oder nehmen Sie "
     "das Papierformular im Ordner.\n"},
    {"the sponsor's safety number", "le numéro de sécurité du promoteur",
     "die Sicherheitsnummer des Sponsors"},
    {"Please answer yes or no.\n", "Répondez oui ou non, s'il vous plaît.\n",
     "Bitte antworten Sie mit ja oder nein.\n"},
    {"Passphrase: ", "Phrase secrète : ", "Passphrase: "},
    {"New passphrase (12 characters or more): ",
     "Nouvelle phrase secrète (12 caractères ou plus) : ",
     "Neue Passphrase (12 Zeichen oder mehr): "},
    {"Again: ", "Encore une fois : ", "Noch einmal: "},
    {"receipts", "reçus", "Quittungen"},
    {"sent", "envoyés", "gesendet"},
    {"%s: %s\n", "%s : %s\n", "%s: %s\n"},
    {"%s: %s.\n", "%s : %s.\n", "%s: %s.\n"},
    {"  %s %s: %s\n", "  %s %s : %s\n", "  %s %s: %s\n"},
    {", site ", ", centre ", ", Zentrum "},
    {"%s does not know '%s'; try %s --help\n",
     "%s ne connaît pas « %s » ; essayez %s --help\n",
     "%s kennt '%s' nicht; versuchen Sie %s --help\n"},
    {"a citizen service number (BSN)", "un numéro national (BSN)",
     "eine Bürgernummer (BSN)"},
    {"a telephone number", "un numéro de téléphone", "eine Telefonnummer"},
    {"an e-mail address", "une adresse e-mail", "eine E-Mail-Adresse"},
    {"a date of birth", "une date de naissance", "ein Geburtsdatum"},
    {"a name", "un nom", "ein Name"},
};

const struct saying_topic SAYINGS_LIB = {ROWS, ARRAY_LEN(ROWS)};
