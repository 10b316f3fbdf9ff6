/* SPDX-License-Identifier: Apache-2.0 */
/*
** Every refusal that the record engine itself can give, in English and Dutch (French and
** German: refusal_words.c): what is wrong and what to do now. Findings of the study's checks
** bring their own texts.
*/
#include "protocol/record/decide_impl.h"

struct code_text {
    const char *code;
    int status;
    const char *english, *dutch;
};

static const struct code_text CODES[] = {
    {"wrong-target", 400, "This record was made for another log",
     "Dit formulier is voor een ander logboek gemaakt"},
    {"shape", 422, "The record is not filled in as its type demands",
     "Het bericht is niet ingevuld zoals zijn soort vraagt"},
    {"key", 403, "This key may not sign now", "Deze sleutel mag nu niet ondertekenen"},
    {"clock", 422, "The signing time cannot be right",
     "Het tijdstip van ondertekenen kan niet kloppen"},
    {"first-contact", 403, "This first contact is not accepted",
     "Dit eerste contact is niet aanvaard"},
    {"history-differs", 409, "The history you have seen is not the one kept here",
     "De geschiedenis die u zag is niet die van dit logboek"},
    {"right", 403, "This is not among your tasks here", "Dit hoort hier niet bij uw taken"},
    {"locked", 409, "This part of the study is locked",
     "Dit deel van het onderzoek is afgesloten"},
    {"version", 409, "This version of the definition is not in force here",
     "Deze versie van de definitie geldt hier niet"},
    {"stale", 409, "Somebody changed this while you were working",
     "Iemand heeft dit gewijzigd terwijl u bezig was"},
    {"taken", 409, "This is there already", "Dit bestaat al"},
    {"held", 409, "Something must be settled first", "Er moet eerst iets worden geregeld"},
    {"findings", 422, "Not accepted yet", "Nog niet aanvaard"},
};

static const struct refusal_text RULES[] = {
    {"SHAPE", "shape", "The record does not have the shape of its type.",
     "Het bericht heeft niet de vorm van zijn soort."},
    {"LOG", "wrong-target", "The record names another log than this one.",
     "Het bericht noemt een ander logboek dan dit."},
    {"KEY-01", "key", "This key is not known in this study.",
     "Deze sleutel is in dit onderzoek niet bekend."},
    {"KEY-02", "key", "Nobody has confirmed this key yet. Ask the registrar to confirm it.",
     "Niemand heeft deze sleutel nog bevestigd. Vraag de registrator om bevestiging."},
    {"KEY-03", "key",
     "This key was revoked. Your draft is kept. Ask the registrar for a new "
     "key. For a serious event do not wait: phone, or use the paper form.",
     "Deze sleutel is ingetrokken. Uw concept blijft bewaard. Vraag de registrator om een "
     "nieuwe sleutel. Wacht niet bij een ernstig voorval: bel, of gebruik het papieren "
     "formulier."},
    {"KEY-04", "key",
     "This key is suspended. Your draft is kept. For a serious event do not "
     "wait: phone, or use the paper form.",
     "Deze sleutel is geschorst. Uw concept blijft bewaard. Wacht niet bij een ernstig "
     "voorval: bel, of gebruik het papieren formulier."},
    {"KEY-05", "clock",
     "The record was signed in the future. Set this computer's clock and "
     "sign again.",
     "Het bericht is in de toekomst ondertekend. Zet de klok van deze computer goed en "
     "onderteken opnieuw."},
    {"KEY-06", "clock", "The record was signed before its key was enrolled.",
     "Het bericht is ondertekend voordat de sleutel was aangemeld."},
    {"FIRST-01", "first-contact", "The study is open already.",
     "Het onderzoek is al geopend."},
    {"FIRST-02", "first-contact",
     "Only the founder named in the configuration opens a study.",
     "Alleen de oprichter uit de configuratie opent een onderzoek."},
    {"FIRST-03", "first-contact", "The key in the record is not the key that signed it.",
     "De sleutel in het bericht is niet de sleutel die ondertekende."},
    {"FIRST-04", "first-contact", "There is no open invitation for this person and code.",
     "Er is geen open uitnodiging voor deze persoon en code."},
    {"FIRST-05", "first-contact", "This key is known already.",
     "Deze sleutel is al bekend."},
    {"SEEN-01", "history-differs",
     "Do not go on: your receipts and this log disagree. The "
     "operator was told. Phone your monitor.",
     "Ga niet verder: uw bewijzen en dit logboek spreken elkaar tegen. De beheerder is "
     "gewaarschuwd. Bel uw monitor."},
    {"RIGHT-01", "right", "Your role does not allow this here.",
     "Uw rol staat dit hier niet toe."},
    {"RIGHT-02", "right",
     "The qualified person (QP) is a pharmacist named by the sponsor or the registrar. "
     "Ask them to grant it.",
     "De gekwalificeerde persoon (QP) is een apotheker die de opdrachtgever of de "
     "registrator aanwijst. Vraag het hun."},
    {"LOCKED", "locked",
     "This is locked. Ask data management to unlock it, or open a query.",
     "Dit is afgesloten. Vraag datamanagement om het te openen."},
    {"VERSION-01", "version", "This version of the definition was never published here.",
     "Deze versie van de definitie is hier nooit uitgebracht."},
    {"VERSION-02", "version",
     "This version of the definition is not in force at this site. "
     "Your entries are kept; load the version in force.",
     "Deze versie van de definitie geldt niet in dit centrum. Uw invoer blijft bewaard; "
     "laad "
     "de geldende versie."},
    {"VERSION-03", "findings", "The period ends before it begins.",
     "De periode eindigt voordat zij begint."},
    {"CONFLICT", "stale",
     "Somebody changed this after you loaded it. Your text is kept; look "
     "at both and send again.",
     "Iemand wijzigde dit nadat u het laadde. Uw tekst blijft bewaard; bekijk beide en "
     "verstuur opnieuw."},
    {"TAKEN", "taken", "This identifier is in use already.",
     "Deze aanduiding is al in gebruik."},
    {"HOLD-01", "held", "This is on hold here.", "Dit ligt hier stil."},
    {"OPEN-01", "held",
     "The definition must name a 24 h phone number, a second route and a "
     "safety physician before a study opens.",
     "De definitie moet een 24-uurs telefoonnummer, een tweede weg en een veiligheidsarts "
     "noemen voordat een onderzoek opent."},
    {"OPEN-02", "held",
     "No test alarm has been acknowledged at this number yet. The sponsor sends one: "
     "crf-sponsor safety alarm.",
     "Op dit nummer is nog geen proefalarm bevestigd. De opdrachtgever stuurt er een: "
     "crf-sponsor safety alarm."},
    {"GATES", "held", "The points below must be resolved, or confirmed with a reason.",
     "De punten hieronder moeten worden opgelost, of bevestigd met een reden."},
    {"SIGN-01", "held",
     "A query about this is open: resolve it, or confirm it with a reason.",
     "Hierover staat een vraag open: los die op, of bevestig met een reden."},
    {"SIGN-02", "held", "This form is not complete.", "Dit formulier is niet compleet."},
    {"LOCK-01", "held", "This form is partial.", "Dit formulier is nog niet compleet."},
    {"LOCK-02", "held", "This form is not signed by the investigator.",
     "Dit formulier is niet door de onderzoeker ondertekend."},
    {"LOCK-03", "held", "A query about this is open.", "Hierover staat een vraag open."},
    {"LOCK-04", "held", "This report waits in the safety inbox.",
     "Dit bericht wacht in het veiligheidspostvak."},
    {"LOCK-10", "taken", "This is locked already.", "Dit is al afgesloten."},
    {"LOCK-11", "held", "You asked for this yourself; a second person must do it.",
     "U vroeg dit zelf; een tweede persoon moet het doen."},
    {"LOCK-12", "taken", "This is not locked.", "Dit is niet afgesloten."},
    {"STOP", "held", "STOP: do not do it now. The reasons stand below.",
     "STOP: doe het nu niet. De redenen staan hieronder."},
    {"RELEASE-01", "findings",
     "A release out of specification, and only that, needs the physician's request, the "
     "sponsor's assessment and what the subject was told.",
     "Vrijgave buiten specificatie, en alleen die, vraagt het verzoek van de arts, de "
     "beoordeling van de opdrachtgever en wat de deelnemer is verteld."},
    {"RELEASE-02", "held", "This batch was recalled.", "Deze batch is teruggeroepen."},
    {"FINDINGS", "findings",
     "The points below must be put right, or the form sent as "
     "partial. Nothing is lost.",
     "De punten hieronder moeten eerst goed, of verstuur het formulier als gedeeltelijk. "
     "Er "
     "gaat niets verloren."},
    {"REASON-01", "findings", "A value was changed or removed: say why.",
     "Er is een waarde gewijzigd of verwijderd: geef de reden."},
    {"SAFETY-01", "findings", "Say what happened, in your own words.",
     "Zeg in eigen woorden wat er gebeurde."},
    {"SAFETY-02", "findings", "Say when somebody of the team first knew.",
     "Zeg wanneer iemand van het team het voor het eerst wist."},
    {"REF-01", "findings", "There is no subject with this number.",
     "Er is geen deelnemer met dit nummer."},
    {"REF-02", "findings",
     "The subject's number does not have the shape or check character "
     "of this study.",
     "Het nummer heeft niet de vorm of het controleteken van dit onderzoek."},
    {"REF-03", "findings", "There is no such site.", "Dit centrum bestaat niet."},
    {"REF-04", "findings", "There is no such person.", "Deze persoon bestaat niet."},
    {"REF-05", "findings", "This person has no such key, or it cannot change so.",
     "Deze persoon heeft die sleutel niet, of zij kan zo niet wijzigen."},
    {"REF-06", "findings", "This person does not hold this role there.",
     "Deze persoon heeft die rol daar niet."},
    {"REF-07", "findings",
     "This definition is not here, or is another study's. Upload it "
     "first.",
     "Deze definitie is er niet, of is van een ander onderzoek. Laad haar eerst."},
    {"REF-08", "findings", "There is no such open query.", "Er is geen zulke open vraag."},
    {"REF-09", "findings",
     "An export is of the log as you have seen it: size and root must "
     "be those of `seen`.",
     "Een export is van het logboek zoals u het zag: omvang en wortel zijn die van "
     "`seen`."},
    {"REF-10", "findings", "There is no such form.", "Dit formulier bestaat niet."},
    {"HOLD-02", "taken", "You stopped this already. Somebody else confirms it.",
     "U hebt dit al stilgelegd. Iemand anders bevestigt het."},
    {"HOLD-03", "findings",
     "What can be on hold: dosing, enrolment, randomisation, conditioning, release, "
     "escalation.",
     "Stil te leggen zijn: dosing, enrolment, randomisation, conditioning, release, "
     "escalation."},
    {"HOLD-04", "taken", "There is no such hold that you had seen when you signed.",
     "Er is niets stilgelegd dat u had gezien toen u tekende."},
    {"HOLD-05", "taken", "You asked for this already. Somebody else lifts it.",
     "U hebt hier al om gevraagd. Iemand anders heft het op."},
    {"SAFE-01", "findings",
     "An opinion is related, unrelated or unknown; serious or not-serious; expected or "
     "unexpected; at least one of them.",
     "Een oordeel is related, unrelated of unknown; serious of not-serious; expected of "
     "unexpected; ten minste een daarvan."},
    {"SAFE-02", "findings",
     "A report is merged with the older open report of the same event, so that the first "
     "clock stays.",
     "Een melding wordt samengevoegd met de oudere open melding van dezelfde gebeurtenis, "
     "zodat de eerste klok blijft."},
    {"SAFE-03", "findings",
     "Expectedness and merging are the sponsor's. Give your opinion on cause and "
     "seriousness.",
     "Verwachtheid en samenvoegen zijn aan de opdrachtgever. Geef uw oordeel over oorzaak "
     "en ernst."},
    {"SAFE-04", "findings",
     "This version of the reference safety information is not in the definition.",
     "Deze versie van de referentie-informatie staat niet in de definitie."},
    {"SAFE-05", "findings",
     "This code does not answer the alarm, or the alarm is your own or was answered.",
     "Deze code hoort niet bij het alarm, of het alarm is van uzelf of al beantwoord."},
    {"SAFE-06", "findings",
     "A milestone is authority-report, urgent-measure, serious-breach, safety-halt or "
     "alarm-test.",
     "Een mijlpaal is authority-report, urgent-measure, serious-breach, safety-halt of "
     "alarm-test."},
    {"SAFE-07", "findings",
     "A report to the authority names the case, or the milestone, that it is about; other "
     "milestones name none.",
     "Een melding aan de autoriteit noemt het geval of de mijlpaal; andere mijlpalen "
     "noemen er geen."},
    {"SAFE-08", "findings", "A test alarm, and only that, bears the digest of its code.",
     "Een proefalarm, en alleen dat, draagt de hash van zijn code."},
    {"SAFE-09", "findings", "This cannot have happened yet.",
     "Dit kan nog niet gebeurd zijn."},
    {"REF-11", "findings",
     "This form belongs to the product ledger: send it under a batch, and nothing else.",
     "Dit formulier hoort bij het productregister: verstuur het onder een batch, en niets "
     "anders daar."},
    {"REF-12", "findings", "There is no such batch.", "Deze batch bestaat niet."},
    {"REF-13", "findings", "This cannot be said of a batch, visit or act of this study.",
     "Dit kan van een batch, bezoek of handeling van dit onderzoek niet worden gezegd."},
    {"REF-14", "findings", "This study has no product ledger.",
     "Dit onderzoek heeft geen productregister."},
    {"REF-15", "findings",
     "The file is not there, is no dictionary, or has another name or version.",
     "Het bestand is er niet, is geen woordenboek, of heeft een andere naam of versie."},
};

const struct refusal_text *refusal_text(const char *rule)
{
    for (size_t i = 0; i < ARRAY_LEN(RULES); i++) {
        if (strcmp(RULES[i].rule, rule) == 0) {
            return &RULES[i];
        }
    }
    die(WHERE, "a refusal has no text");
}

static const struct code_text *code_text(const char *code)
{
    for (size_t i = 0; i < ARRAY_LEN(CODES); i++) {
        if (strcmp(CODES[i].code, code) == 0) {
            return &CODES[i];
        }
    }
    die(WHERE, "a refusal has no code");
}

int refusal_status(const char *code)
{
    return code_text(code)->status;
}

/* The rungs whose findings bring their own texts are told by the status. */
const char *refusal_code(int http_status, const char *rule)
{
    for (size_t i = 0; rule != NULL && i < ARRAY_LEN(RULES); i++) {
        if (strcmp(RULES[i].rule, rule) == 0 &&
            refusal_status(RULES[i].code) == http_status) {
            return RULES[i].code;
        }
    }
    if (http_status == 422) {
        return rule != NULL && strncmp(rule, "SHAPE", 5) == 0 ? "shape" : "findings";
    }
    return http_status == 403 ? "right" : "held";
}

const struct refusal_text *refusal_text_at(size_t index)
{
    return index < ARRAY_LEN(RULES) ? &RULES[index] : NULL;
}

static bool is_dutch(const char *language)
{
    return language != NULL && strncmp(language, "nl", 2) == 0;
}

const char *refusal_sentence(const char *rule, const char *language)
{
    for (size_t i = 0; rule != NULL && i < ARRAY_LEN(RULES); i++) {
        if (strcmp(RULES[i].rule, rule) == 0) {
            const char *words = refusal_words(rule, language);
            const char *ours = is_dutch(language) ? RULES[i].dutch : RULES[i].english;
            return words != NULL ? words : ours;
        }
    }
    return NULL;
}

const char *refusal_title(const char *code, const char *language)
{
    const char *words = refusal_words(code, language);
    const char *ours =
        is_dutch(language) ? code_text(code)->dutch : code_text(code)->english;
    return words != NULL ? words : ours;
}
