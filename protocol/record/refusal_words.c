/* SPDX-License-Identifier: Apache-2.0 */
/*
** The refusals of decide_text.c in French and German, by their rule or code. One that is not
** here is said in English; tests/unit/record/refusals.c holds that none is missing.
*/
#include "protocol/record/decide_impl.h"
#include "protocol/study/messages.h"

static const struct words {
    const char *key, *french, *german;
} WORDS[] = {
    {"wrong-target", "Cet enregistrement est destiné à un autre journal",
     "Dieser Eintrag ist für ein anderes Protokollbuch bestimmt"},
    {"shape", "L'enregistrement n'est pas rempli comme son type le demande",
     "Der Eintrag ist nicht so ausgefüllt, wie seine Art es verlangt"},
    {"key", "Cette clé ne peut pas signer maintenant",
     "Dieser Schlüssel darf jetzt nicht unterschreiben"},
    {"clock", "L'heure de signature ne peut pas être juste",
     "Der Zeitpunkt der Unterschrift kann nicht stimmen"},
    {"first-contact", "Ce premier contact n'est pas accepté",
     "Dieser erste Kontakt wird nicht angenommen"},
    {"history-differs", "L'histoire que vous avez vue n'est pas celle conservée ici",
     "Die Geschichte, die Sie gesehen haben, ist nicht die hier aufbewahrte"},
    {"right", "Ceci ne fait pas partie de vos tâches ici",
     "Das gehört hier nicht zu Ihren Aufgaben"},
    {"locked", "Cette partie de l'étude est verrouillée",
     "Dieser Teil der Studie ist abgeschlossen"},
    {"version", "Cette version de la définition n'est pas en vigueur ici",
     "Diese Fassung der Definition gilt hier nicht"},
    {"stale", "Quelqu'un a modifié ceci pendant que vous travailliez",
     "Jemand hat dies geändert, während Sie arbeiteten"},
    {"taken", "Ceci existe déjà", "Das gibt es schon"},
    {"held", "Quelque chose doit d'abord être réglé", "Zuerst muss etwas geklärt werden"},
    {"findings", "Pas encore accepté", "Noch nicht angenommen"},
    {"SHAPE", "L'enregistrement n'a pas la forme de son type.",
     "Der Eintrag hat nicht die Form seiner Art."},
    {"LOG", "L'enregistrement nomme un autre journal que celui-ci.",
     "Der Eintrag nennt ein anderes Protokollbuch als dieses."},
    {"KEY-01", "Cette clé n'est pas connue dans cette étude.",
     "Dieser Schlüssel ist in dieser Studie nicht bekannt."},
    {"KEY-02",
     "Personne n'a encore confirmé cette clé. Demandez la confirmation au bureau "
     "d'enregistrement.",
     "Niemand hat diesen Schlüssel bisher bestätigt. Bitten Sie die Registrierungsstelle "
     "um Bestätigung."},
    {"KEY-03",
     "Cette clé a été révoquée. Votre brouillon est conservé. Demandez une nouvelle clé au "
     "bureau d'enregistrement. Pour un événement grave, n'attendez pas : téléphonez, ou "
     "utilisez le formulaire papier.",
     "Dieser Schlüssel wurde widerrufen. Ihr Entwurf ist gespeichert. Bitten Sie die "
     "Registrierungsstelle um einen neuen. Warten Sie bei einem schwerwiegenden Ereignis "
     "nicht: rufen Sie an, oder nehmen Sie das Papierformular."},
    {"KEY-04",
     "Cette clé est suspendue. Votre brouillon est conservé. Pour un événement grave, "
     "n'attendez pas : téléphonez, ou utilisez le formulaire papier.",
     "Dieser Schlüssel ist gesperrt. Ihr Entwurf ist gespeichert. Warten Sie bei einem "
     "schwerwiegenden Ereignis nicht: rufen Sie an, oder nehmen Sie das Papierformular."},
    {"KEY-05",
     "L'enregistrement a été signé dans le futur. Réglez l'horloge de cet ordinateur et "
     "signez de nouveau.",
     "Der Eintrag wurde in der Zukunft unterschrieben. Stellen Sie die Uhr dieses "
     "Computers und unterschreiben Sie erneut."},
    {"KEY-06", "L'enregistrement a été signé avant l'inscription de sa clé.",
     "Der Eintrag wurde unterschrieben, bevor sein Schlüssel angemeldet war."},
    {"FIRST-01", "L'étude est déjà ouverte.", "Die Studie ist bereits eröffnet."},
    {"FIRST-02", "Seul le fondateur nommé dans la configuration ouvre une étude.",
     "Nur der in der Konfiguration genannte Gründer eröffnet eine Studie."},
    {"FIRST-03", "La clé dans l'enregistrement n'est pas celle qui l'a signé.",
     "Der Schlüssel im Eintrag ist nicht der, der ihn unterschrieben hat."},
    {"FIRST-04", "Il n'y a pas d'invitation ouverte pour cette personne et ce code.",
     "Für diese Person und diesen Code gibt es keine offene Einladung."},
    {"FIRST-05", "Cette clé est déjà connue.", "Dieser Schlüssel ist schon bekannt."},
    {"SEEN-01",
     "N'allez pas plus loin : vos reçus et ce journal se contredisent. L'exploitant est "
     "averti. Téléphonez à votre moniteur.",
     "Machen Sie nicht weiter: Ihre Quittungen und dieses Protokollbuch widersprechen "
     "sich. Der Betreiber ist benachrichtigt. Rufen Sie Ihren Monitor an."},
    {"RIGHT-01", "Votre rôle ne permet pas ceci ici.",
     "Ihre Rolle erlaubt das hier nicht."},
    {"RIGHT-02",
     "La personne qualifiée (QP) est un pharmacien désigné par le promoteur ou par le "
     "bureau "
     "d'enregistrement. Demandez-le-leur.",
     "Die sachkundige Person (QP) ist ein Apotheker, den der Sponsor oder die "
     "Registrierungsstelle benennt. Wenden Sie sich dorthin."},
    {"LOCKED",
     "Ceci est verrouillé. Demandez à la gestion des données de le déverrouiller, ou "
     "ouvrez une question.",
     "Das ist abgeschlossen. Bitten Sie das Datenmanagement, es zu öffnen, oder stellen "
     "Sie eine Rückfrage."},
    {"VERSION-01", "Cette version de la définition n'a jamais été publiée ici.",
     "Diese Fassung der Definition wurde hier nie veröffentlicht."},
    {"VERSION-02",
     "Cette version de la définition n'est pas en vigueur dans ce centre. Votre saisie est "
     "conservée ; chargez la version en vigueur.",
     "Diese Fassung der Definition gilt in diesem Zentrum nicht. Ihre Eingabe ist "
     "gespeichert; laden Sie die gültige Fassung."},
    {"CONFLICT",
     "Quelqu'un a modifié ceci après que vous l'avez chargé. Votre texte est conservé ; "
     "voyez les deux et envoyez de nouveau.",
     "Jemand hat dies geändert, nachdem Sie es geladen hatten. Ihr Text ist gespeichert; "
     "sehen Sie sich beide an und senden Sie erneut."},
    {"TAKEN", "Cet identifiant est déjà utilisé.", "Diese Kennung ist schon vergeben."},
    {"HOLD-01", "Ceci est suspendu ici.", "Dies ist hier angehalten."},
    {"OPEN-01",
     "La définition doit nommer un téléphone joignable 24 h sur 24, un second chemin et un "
     "médecin de sécurité avant l'ouverture d'une étude.",
     "Die Definition muss eine Telefonnummer rund um die Uhr, einen zweiten Weg und einen "
     "Sicherheitsarzt nennen, bevor eine Studie eröffnet wird."},
    {"GATES", "Les points ci-dessous doivent être réglés, ou confirmés avec une raison.",
     "Die Punkte unten müssen geklärt oder mit einem Grund bestätigt werden."},
    {"SIGN-01",
     "Une question à ce sujet est ouverte : réglez-la, ou confirmez avec une raison.",
     "Dazu ist eine Rückfrage offen: klären Sie sie, oder bestätigen Sie mit einem Grund."},
    {"SIGN-02", "Ce formulaire n'est pas complet.",
     "Dieses Formular ist nicht vollständig."},
    {"LOCK-01", "Ce formulaire est partiel.", "Dieses Formular ist ein Teilstand."},
    {"LOCK-02", "Ce formulaire n'est pas signé par l'investigateur.",
     "Dieses Formular ist nicht vom Prüfarzt unterschrieben."},
    {"LOCK-03", "Une question à ce sujet est ouverte.", "Dazu ist eine Rückfrage offen."},
    {"LOCK-04", "Cette déclaration attend dans la boîte de sécurité.",
     "Diese Meldung wartet im Sicherheitspostfach."},
    {"LOCK-10", "Ceci est déjà verrouillé.", "Das ist bereits abgeschlossen."},
    {"LOCK-11", "Vous l'avez demandé vous-même ; une seconde personne doit le faire.",
     "Sie haben das selbst beantragt; eine zweite Person muss es tun."},
    {"LOCK-12", "Ceci n'est pas verrouillé.", "Das ist nicht abgeschlossen."},
    {"FINDINGS",
     "Les points ci-dessous doivent être corrigés, ou le formulaire envoyé comme partiel. "
     "Rien n'est perdu.",
     "Die Punkte unten müssen berichtigt werden, oder senden Sie das Formular als "
     "Teilstand. Nichts ist verloren."},
    {"REASON-01", "Une valeur a été modifiée ou supprimée : dites pourquoi.",
     "Ein Wert wurde geändert oder gelöscht: sagen Sie, warum."},
    {"SAFETY-01", "Dites ce qui s'est passé, avec vos propres mots.",
     "Sagen Sie in eigenen Worten, was geschehen ist."},
    {"SAFETY-02", "Dites quand quelqu'un de l'équipe l'a su pour la première fois.",
     "Sagen Sie, wann jemand aus dem Team zuerst davon wusste."},
    {"REF-01", "Il n'y a pas de participant avec ce numéro.",
     "Es gibt keinen Teilnehmer mit dieser Nummer."},
    {"REF-02",
     "Le numéro du participant n'a pas la forme ou le caractère de contrôle de cette "
     "étude.",
     "Die Teilnehmernummer hat nicht die Form oder das Prüfzeichen dieser Studie."},
    {"REF-03", "Ce centre n'existe pas.", "Dieses Zentrum gibt es nicht."},
    {"REF-04", "Cette personne n'existe pas.", "Diese Person gibt es nicht."},
    {"REF-05", "Cette personne n'a pas cette clé, ou elle ne peut pas changer ainsi.",
     "Diese Person hat diesen Schlüssel nicht, oder er kann so nicht geändert werden."},
    {"REF-06", "Cette personne n'a pas ce rôle là-bas.",
     "Diese Person hat diese Rolle dort nicht."},
    {"REF-07",
     "Cette définition n'est pas ici, ou appartient à une autre étude. Envoyez-la d'abord.",
     "Diese Definition ist nicht hier oder gehört zu einer anderen Studie. Laden Sie sie "
     "zuerst hoch."},
    {"REF-08", "Il n'y a pas de telle question ouverte.",
     "Es gibt keine solche offene Rückfrage."},
    {"REF-09",
     "Un export porte sur le journal tel que vous l'avez vu : taille et racine doivent "
     "être celles de `seen`.",
     "Ein Export gilt für das Protokollbuch, wie Sie es gesehen haben: Größe und Wurzel "
     "müssen die von `seen` sein."},
    {"REF-10", "Ce formulaire n'existe pas.", "Dieses Formular gibt es nicht."},
    {"OPEN-02",
     "Aucune alarme d'essai n'a encore été confirmée sous ce numéro. Le promoteur en "
     "envoie "
     "une : crf-sponsor safety alarm.",
     "Unter dieser Nummer wurde noch kein Probealarm bestätigt. Der Sponsor löst einen "
     "aus: "
     "crf-sponsor safety alarm."},
    {"HOLD-02", "Vous avez déjà arrêté ceci. Quelqu'un d'autre le confirme.",
     "Sie haben dies schon angehalten. Jemand anderes bestätigt es."},
    {"HOLD-03",
     "Peuvent être arrêtés : dosing, enrolment, randomisation, conditioning, release, "
     "escalation.",
     "Anhalten lassen sich: dosing, enrolment, randomisation, conditioning, release, "
     "escalation."},
    {"HOLD-04", "Il n'y a pas de tel arrêt que vous aviez vu en signant.",
     "Es gibt keinen solchen Halt, den Sie beim Unterschreiben gesehen hatten."},
    {"HOLD-05", "Vous l'avez déjà demandé. Quelqu'un d'autre lève l'arrêt.",
     "Sie haben schon darum gebeten. Jemand anderes hebt den Halt auf."},
    {"SAFE-01",
     "Un avis est related, unrelated ou unknown ; serious ou not-serious ; expected ou "
     "unexpected ; au moins l'un d'eux.",
     "Ein Urteil ist related, unrelated oder unknown; serious oder not-serious; expected "
     "oder unexpected; mindestens eines davon."},
    {"SAFE-02",
     "Une déclaration est fusionnée avec la plus ancienne encore ouverte du même "
     "événement, "
     "pour que la première horloge demeure.",
     "Eine Meldung wird mit der älteren offenen Meldung desselben Ereignisses "
     "zusammengeführt, damit die erste Uhr bleibt."},
    {"SAFE-03",
     "Le caractère attendu et la fusion reviennent au promoteur. Donnez votre avis sur la "
     "cause et la gravité.",
     "Erwartbarkeit und Zusammenführen sind Sache des Sponsors. Geben Sie Ihr Urteil über "
     "Ursache und Schwere."},
    {"SAFE-04", "Cette version de l'information de référence n'est pas dans la définition.",
     "Diese Fassung der Referenzinformation steht nicht in der Definition."},
    {"SAFE-05",
     "Ce code ne répond pas à l'alarme, ou l'alarme est la vôtre ou a déjà sa réponse.",
     "Dieser Code gehört nicht zum Alarm, oder der Alarm ist Ihr eigener oder schon "
     "beantwortet."},
    {"SAFE-06",
     "Un jalon est authority-report, urgent-measure, serious-breach, safety-halt ou "
     "alarm-test.",
     "Ein Meilenstein ist authority-report, urgent-measure, serious-breach, safety-halt "
     "oder alarm-test."},
    {"SAFE-07",
     "Une déclaration à l'autorité nomme le cas ou le jalon dont il s'agit ; les autres "
     "jalons n'en nomment pas.",
     "Eine Meldung an die Behörde nennt den Fall oder den Meilenstein; andere Meilensteine "
     "nennen keinen."},
    {"SAFE-08", "Une alarme d'essai, et elle seule, porte l'empreinte de son code.",
     "Ein Probealarm, und nur er, trägt den Fingerabdruck seines Codes."},
    {"SAFE-09", "Ceci ne peut pas encore avoir eu lieu.",
     "Das kann noch nicht geschehen sein."},
    {"REF-11",
     "Ce formulaire appartient au registre du produit : envoyez-le sous un lot, et rien "
     "d'autre.",
     "Dieses Formular gehört zum Produktregister: senden Sie es unter einer Charge, und "
     "nichts anderes dort."},
    {"REF-12", "Ce lot n'existe pas.", "Diese Charge gibt es nicht."},
    {"REF-13", "Cela ne peut être dit d'un lot, d'une visite ou d'un acte de cette étude.",
     "Das kann von einer Charge, Visite oder Handlung dieser Studie nicht gesagt werden."},
    {"REF-14", "Cette étude n'a pas de registre du produit.",
     "Diese Studie hat kein Produktregister."},
    {"REF-15",
     "Le fichier n'est pas là, n'est pas un dictionnaire, ou a un autre nom ou une autre "
     "version.",
     "Die Datei ist nicht da, ist kein Wörterbuch, oder hat einen anderen Namen oder eine "
     "andere Version."},
    {"STOP", "STOP : ne le faites pas maintenant. Les raisons sont ci-dessous.",
     "STOPP: tun Sie es jetzt nicht. Die Gründe stehen unten."},
    {"RELEASE-01",
     "Une libération hors spécification, et elle seule, demande la requête du médecin, "
     "l'évaluation du promoteur et ce qui a été dit au participant.",
     "Eine Freigabe außerhalb der Spezifikation, und nur sie, braucht den Wunsch des "
     "Arztes, die Bewertung des Sponsors und was dem Probanden gesagt wurde."},
    {"RELEASE-02", "Ce lot a été rappelé.", "Diese Charge wurde zurückgerufen."},
    {"VERSION-03", "La période finit avant de commencer.",
     "Der Zeitraum endet, bevor er beginnt."},
};

const char *refusal_words(const char *key, const char *language)
{
    const char *tag = language_spoken(language);
    bool french = tag != NULL && tag[0] == 'f', german = tag != NULL && tag[0] == 'd';
    for (size_t i = 0; (french || german) && i < ARRAY_LEN(WORDS); i++) {
        if (strcmp(WORDS[i].key, key) == 0) {
            return french ? WORDS[i].french : WORDS[i].german;
        }
    }
    return NULL;
}
