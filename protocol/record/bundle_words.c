/* SPDX-License-Identifier: Apache-2.0 */
/*
** The few words of our own on casebooks and blank forms; all else on them is the study's.
*/
#include "protocol/record/bundle_impl.h"

struct words {
    const char *en, *nl, *fr, *de;
};

static const struct words WORDS[] = {
    [WORD_SUBJECT] = {"subject", "deelnemer", "participant", "Teilnehmer"},
    [WORD_ENTRY] = {"entry", "boeking", "entrée", "Eintrag"},
    [WORD_ENTRIES] = {"entries", "boekingen", "entrées", "Einträge"},
    [WORD_REASON] = {"reason", "reden", "motif", "Grund"},
    [WORD_QUESTION] = {"question", "vraag", "question", "Frage"},
    [WORD_VALUE] = {"value", "waarde", "valeur", "Wert"},
    [WORD_HISTORY] = {"history", "geschiedenis", "historique", "Verlauf"},
    [WORD_REMOVED] = {"removed", "verwijderd", "supprimé", "entfernt"},
    [WORD_RETRACTED] = {"retracted", "ingetrokken", "retiré", "zurückgezogen"},
    [WORD_COMPLETE] = {"complete", "volledig", "complet", "vollständig"},
    [WORD_PARTIAL] = {"partial", "gedeeltelijk", "partiel", "unvollständig"},
    [WORD_SIGNED] = {"signed", "getekend", "signé", "unterschrieben"},
    [WORD_CONCURRENT] = {"concurrent: waits in the safety inbox",
                         "gelijktijdig: wacht in de veiligheidsbak",
                         "concurrent : attend dans la boîte de sécurité",
                         "gleichzeitig: wartet im Sicherheitseingang"},
    [WORD_UNCONFIRMED] = {"unconfirmed: waits in the safety inbox",
                          "onbevestigd: wacht in de veiligheidsbak",
                          "non confirmé : attend dans la boîte de sécurité",
                          "unbestätigt: wartet im Sicherheitseingang"},
    [WORD_SETTLED] = {"settled: merged into another revision",
                      "verwerkt: opgenomen in een andere versie",
                      "réglé : repris dans une autre version",
                      "erledigt: in eine andere Fassung übernommen"},
    [WORD_ACCEPTED] = {"accepted", "aanvaard", "accepté", "angenommen"},
    [WORD_QUERY] = {"query", "vraag", "requête", "Rückfrage"},
    [WORD_RECORDS] = {"all other records", "alle andere vastleggingen",
                      "tous les autres enregistrements", "alle anderen Aufzeichnungen"},
    [WORD_NOT_DONE] = {"not done", "niet gedaan", "non fait", "nicht durchgeführt"},
    [WORD_UNKNOWN] = {"unknown", "onbekend", "inconnu", "unbekannt"},
    [WORD_NOT_APPLICABLE] = {"not applicable", "niet van toepassing", "sans objet",
                             "nicht zutreffend"},
    [WORD_MANDATORY] = {"mandatory", "verplicht", "obligatoire", "verpflichtend"},
    [WORD_BLANK] = {"annotated blank forms", "geannoteerde blanco formulieren",
                    "formulaires vierges annotés", "annotierte leere Formulare"},
    [WORD_DERIVED] = {"derived", "afgeleid", "dérivé", "abgeleitet"},
};

const char *bundle_word(const char *language, enum bundle_word id)
{
    const struct words *words = &WORDS[id];
    if (strncmp(language, "nl", 2) == 0) {
        return words->nl;
    }
    if (strncmp(language, "fr", 2) == 0) {
        return words->fr;
    }
    return strncmp(language, "de", 2) == 0 ? words->de : words->en;
}

const char *bundle_null_word(const char *language, enum null_kind kind)
{
    return bundle_word(language, kind == NOT_DONE    ? WORD_NOT_DONE
                                 : kind == NOT_KNOWN ? WORD_UNKNOWN
                                                     : WORD_NOT_APPLICABLE);
}

const char *bundle_state_word(const char *language, const char *state)
{
    static const struct {
        const char *state;
        enum bundle_word word;
    } states[] = {
        {"partial", WORD_PARTIAL},       {"complete", WORD_COMPLETE},
        {"signed", WORD_SIGNED},         {"retracted", WORD_RETRACTED},
        {"concurrent", WORD_CONCURRENT}, {"unconfirmed", WORD_UNCONFIRMED},
    };
    for (size_t i = 0; i < ARRAY_LEN(states); i++) {
        if (strcmp(states[i].state, state) == 0) {
            return bundle_word(language, states[i].word);
        }
    }
    return state;
}
