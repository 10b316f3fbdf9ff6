/* SPDX-License-Identifier: Apache-2.0 */
/*
** The log's own words in a sentence: states, roles, clocks, parties (see says.h). The id is
** the code, and the English: commands take it. Of records, rules and objects there is none:
** they are names.
*/
#include "clients/lib/says.h"

#define WORD(code, nl, fr, de)                                                             \
    {                                                                                      \
        code, code, nl, fr, de                                                             \
    }

static const struct message ROWS[] = {
    /* forms, queries, locks, holds */
    WORD("open", "open", "ouvert", "offen"),
    WORD("answered", "beantwoord", "répondu", "beantwortet"),
    WORD("closed", "gesloten", "clos", "geschlossen"),
    WORD("partial", "deels", "partiel", "Teilstand"),
    WORD("complete", "volledig", "complet", "vollständig"),
    WORD("signed", "getekend", "signé", "unterschrieben"),
    WORD("retracted", "ingetrokken", "retiré", "zurückgenommen"),
    WORD("asked", "gevraagd door", "demandé par", "beantragt von"),
    WORD("locked", "op slot", "verrouillé", "abgeschlossen"),
    WORD("unlocked", "van het slot", "déverrouillé", "geöffnet"),
    WORD("lifting", "opheffing gevraagd door", "levée demandée par",
         "Aufhebung beantragt von"),
    WORD("lifted", "opgeheven", "levé", "aufgehoben"),
    WORD("held", "stilgelegd", "en suspens", "angehalten"),
    WORD("provisional", "voorlopig", "provisoire", "vorläufig"),
    WORD("gone", "vervallen", "caduc", "entfallen"),
    /* people and keys */
    WORD("invited", "uitgenodigd", "invité", "eingeladen"),
    WORD("enrolled", "aangemeld", "inscrit", "angemeldet"),
    WORD("confirmed", "bevestigd", "confirmé", "bestätigt"),
    WORD("suspended", "geschorst", "suspendu", "gesperrt"),
    WORD("revoked", "beëindigd", "révoqué", "widerrufen"),
    WORD("investigator", "onderzoeker", "investigateur", "Prüfarzt"),
    WORD("coordinator", "coördinator", "coordinateur", "Koordinator"),
    WORD("monitor", "monitor", "moniteur", "Monitor"),
    WORD("data-manager", "datamanager", "data manager", "Datenmanager"),
    WORD("sponsor", "sponsor", "promoteur", "Sponsor"),
    WORD("safety", "veiligheid", "sécurité", "Sicherheit"),
    WORD("rater", "beoordelaar", "évaluateur", "Beurteiler"),
    WORD("pharmacist", "apotheker", "pharmacien", "Apotheker"),
    WORD("registrar", "registratie", "bureau d'enregistrement", "Registrierungsstelle"),
    WORD("inspector", "inspecteur", "inspecteur", "Inspektor"),
    WORD("system", "systeem", "système", "System"),
    /* safety */
    WORD("site", "centrum", "centre", "Zentrum"),
    WORD("completion", "aanvulling", "complément", "Ergänzung"),
    WORD("ack", "bevestiging", "prise en charge", "Bestätigung"),
    WORD("update", "vervolgbericht", "suivi", "Folgemeldung"),
    WORD("outcome", "afloop", "issue", "Ausgang"),
    WORD("authority", "autoriteit", "autorité", "Behörde"),
    WORD("opened", "geopend", "ouvert", "eröffnet"),
    WORD("acknowledged", "bevestigd", "pris en charge", "bestätigt"),
    WORD("reported", "gemeld", "déclaré", "gemeldet"),
    WORD("nullified", "vervallen verklaard", "annulé", "annulliert"),
    WORD("duplicate", "dubbel", "doublon", "Doppelmeldung"),
    WORD("phone", "per telefoon gemeld", "signalé par téléphone", "telefonisch gemeldet"),
    WORD("paper", "op papier gemeld", "signalé sur papier", "auf Papier gemeldet"),
    WORD("told", "eerder gemeld", "signalé avant", "vorher gemeldet"),
    WORD("assessed", "beoordeeld", "évalué", "beurteilt"),
    WORD("not-needed", "niet meer nodig", "plus nécessaire", "nicht mehr nötig"),
    WORD("days", "dagen", "jours", "Tage"),
    WORD("yes", "ja", "oui", "ja"),
    WORD("no", "nee", "non", "nein"),
    WORD("possible", "mogelijk", "possible", "möglich"),
    WORD("related", "verband", "lié", "Zusammenhang"),
    WORD("unrelated", "geen verband", "non lié", "kein Zusammenhang"),
    WORD("unknown", "onbekend", "inconnu", "unbekannt"),
    WORD("case", "geval", "cas", "Fall"),
    WORD("hold", "stilleggen", "suspension", "Anhalten"),
    WORD("go", "GO", "GO", "GO"),
    WORD("phoned", "per telefoon", "par téléphone", "per Telefon"),
    WORD("override", "tegen de redenen in", "malgré les raisons", "gegen die Gründe"),
    WORD("given", "gegeven", "donné", "gegeben"),
    WORD("clearance", "vrijgave", "autorisation", "Freigabe"),
    WORD("dosing", "toediening", "administration", "Gabe"),
    WORD("enrolment", "inschrijving", "inclusion", "Einschreibung"),
    WORD("randomisation", "randomisatie", "randomisation", "Randomisierung"),
    WORD("conditioning", "conditionering", "conditionnement", "Konditionierung"),
    WORD("release", "vrijgifte", "libération", "Freigabe"),
    WORD("escalation", "dosisverhoging", "escalade", "Dosissteigerung"),
    WORD("study", "studie", "étude", "Studie"),
    WORD("person", "persoon", "personne", "Person"),
    /* the product */
    WORD("donation", "donatie", "don", "Spende"),
    WORD("culture", "kweek", "culture", "Kultur"),
    WORD("batch", "partij", "lot", "Charge"),
    WORD("dose", "dosis", "dose", "Dosis"),
    WORD("bag", "zak", "poche", "Beutel"),
    WORD("received", "ontvangen", "reçu", "eingegangen"),
    WORD("released", "vrijgegeven", "libéré", "freigegeben"),
    WORD("released-oos", "vrijgegeven buiten specificatie", "libéré hors spécification",
         "freigegeben außerhalb der Spezifikation"),
    WORD("rejected", "afgekeurd", "rejeté", "verworfen"),
    WORD("recalled", "teruggeroepen", "rappelé", "zurückgerufen"),
    WORD("exposed", "blootgesteld", "exposé", "exponiert"),
};

const struct message_topic MESSAGES_LOG_WORDS = {ROWS, ARRAY_LEN(ROWS)};
