/* SPDX-License-Identifier: Apache-2.0 */
/*
** Every sentence that a user reads from the checks, in English and Dutch, in one table.
** {1} to {9} are filled in: names of forms and items in the user's language, and values.
**
** Tone: a colleague at the bedside. Say what is wrong, say what to do, say that nothing is
** lost. Never accuse, never ask to call an event less serious. The rule id stands at the end.
*/
#include "protocol/study/finding.h"

struct message {
    const char *id, *en, *nl;
};

static const struct message MESSAGES[] = {
    /* placing and typing */
    {"FORM-01.event", "The study has no visit {1}. [FORM-01]",
     "De studie heeft geen bezoek {1}. [FORM-01]"},
    {"FORM-01.form", "The study has no form {1}. [FORM-01]",
     "De studie heeft geen formulier {1}. [FORM-01]"},
    {"FORM-01.place", "The form {1} does not belong to the visit {2}. [FORM-01]",
     "Het formulier {1} hoort niet bij het bezoek {2}. [FORM-01]"},
    {"FORM-01.group", "The form {2} has no group {1}. [FORM-01]",
     "Het formulier {2} heeft geen groep {1}. [FORM-01]"},
    {"FORM-01.item", "The form {2} has no item {1}. [FORM-01]",
     "Het formulier {2} heeft geen vraag {1}. [FORM-01]"},
    {"FORM-02.missing", "{1} can stand several times: give a repeat key. [FORM-02]",
     "{1} kan meer dan eens voorkomen: geef een volgsleutel. [FORM-02]"},
    {"FORM-02.needless", "{1} stands once only: leave out the repeat key. [FORM-02]",
     "{1} komt maar een keer voor: laat de volgsleutel weg. [FORM-02]"},
    {"FORM-03",
     "Saved as partial, nothing is lost. {1} answers are open in {2}, {3}, subject {4}: "
     "{5}. Fill them in, or write `!nd` and why, before you mark the form complete. "
     "[FORM-03]",
     "Bewaard als gedeeltelijk, er is niets verloren. {1} antwoorden staan open in {2}, "
     "{3}, deelnemer {4}: {5}. Vul ze in, of schrijf `!nd` en waarom, voordat u het "
     "formulier volledig noemt. [FORM-03]"},
    {"FORM-03.one",
     "Saved as partial, nothing is lost. {1} answer is open in {2}, {3}, subject {4}: {5}. "
     "Fill it in, or write `!nd` and why, before you mark the form complete. [FORM-03]",
     "Bewaard als gedeeltelijk, er is niets verloren. {1} antwoord staat open in {2}, {3}, "
     "deelnemer {4}: {5}. Vul het in, of schrijf `!nd` en waarom, voordat u het formulier "
     "volledig noemt. [FORM-03]"},
    {"FORM-03.safety", "Still open, to be added when you know it: {5}. [FORM-03]",
     "Nog open, vul aan zodra u het weet: {5}. [FORM-03]"},
    {"FORM-03.item", "{1}: no answer yet. [FORM-03]", "{1}: nog geen antwoord. [FORM-03]"},
    {"FORM-04", "{1} is computed by the system and cannot be entered. [FORM-04]",
     "{1} wordt door het systeem berekend en kan niet worden ingevuld. [FORM-04]"},
    {"FORM-05", "{1}, {2}, is still partial: mark it complete first. [FORM-05]",
     "{1}, {2}, is nog gedeeltelijk: maak het eerst volledig. [FORM-05]"},
    {"FORM-06", "{1} is missing at {2}. [FORM-06]", "{1} ontbreekt bij {2}. [FORM-06]"},
    {"FORM-07", "{1}, {2}, is not signed by the investigator. [FORM-07]",
     "{1}, {2}, is niet door de onderzoeker ondertekend. [FORM-07]"},
    {"FORM-08", "There is no such form of this subject. [FORM-08]",
     "Deze deelnemer heeft dit formulier niet. [FORM-08]"},
    {"TYPE-01", "{1}: {2} expected. [TYPE-01]", "{1}: verwacht wordt {2}. [TYPE-01]"},
    {"TYPE-02", "{1}: at most {2} characters. [TYPE-02]",
     "{1}: hoogstens {2} tekens. [TYPE-02]"},
    {"TYPE-02.digits", "{1}: at most {2} digits. [TYPE-02]",
     "{1}: hoogstens {2} cijfers. [TYPE-02]"},
    {"TYPE-03", "{1}: at most {2} digits after the point. [TYPE-03]",
     "{1}: hoogstens {2} cijfers achter de punt. [TYPE-03]"},
    {"CODE-01", "{1}: the answer must be one of {2}. [CODE-01]",
     "{1}: het antwoord moet een van deze zijn: {2}. [CODE-01]"},
    {"UNIT-01", "{1}: the unit must be one of {2}. [UNIT-01]",
     "{1}: de eenheid moet een van deze zijn: {2}. [UNIT-01]"},
    {"UNIT-01.none", "{1} has no unit: give the number alone. [UNIT-01]",
     "{1} heeft geen eenheid: geef alleen het getal. [UNIT-01]"},
    {"type.text", "a text without control characters", "tekst zonder stuurtekens"},
    {"type.integer", "a whole number", "een geheel getal"},
    {"type.decimal", "a number with a point and at most 30 digits, such as 48.0",
     "een getal met een punt en hoogstens 30 cijfers, zoals 48.0"},
    {"type.boolean", "true or false", "true of false"},
    {"type.date", "a whole date, such as 2026-03-14", "een hele datum, zoals 2026-03-14"},
    {"type.time", "a time, such as 10:31:00", "een tijd, zoals 10:31:00"},
    {"type.datetime", "date and time, such as 2026-03-14T10:31:00+01:00",
     "datum en tijd, zoals 2026-03-14T10:31:00+01:00"},
    {"type.partial",
     "a date as far as known, such as 2026, 2026-03, 2026-03-14 or 2026-03-14T10:31",
     "een datum voor zover bekend, zoals 2026, 2026-03, 2026-03-14 of 2026-03-14T10:31"},
    {"type.other", "a value of type {1}", "een waarde van het type {1}"},
    /* rules of trials.md chapter 6 */
    {"1.future", "{1}: {2} still lies ahead. Is the date right? [1]",
     "{1}: {2} ligt nog in de toekomst. Klopt de datum? [1]"},
    {"1.consent",
     "{1}, {2}, is before the consent of {3}. If both are right, this becomes a deviation; "
     "the data are kept. [1]",
     "{1}, {2}, ligt voor de toestemming van {3}. Klopt beide, dan wordt dit een "
     "afwijking; de gegevens blijven bewaard. [1]"},
    {"1.birth", "The consent, {1}, is before the birth, {2}. Which one is right? [1]",
     "De toestemming, {1}, ligt voor de geboorte, {2}. Welke klopt? [1]"},
    {"5", "Age at consent is {1}; the study is for {2} to {3} years. [5]",
     "De leeftijd bij toestemming is {1}; de studie is voor {2} tot en met {3} jaar. [5]"},
    {"5.unknown",
     "Age at consent cannot be told: enter the date of birth and the date of consent "
     "(or, with a year of birth only, the age) before you sign for eligibility. [5]",
     "De leeftijd bij toestemming is niet te bepalen: vul geboortedatum en "
     "toestemmingsdatum in (of, met alleen een geboortejaar, de leeftijd) voordat u voor "
     "geschiktheid tekent. [5]"},
    {"7", "{1}: not done needs a reason. [7]", "{1}: niet gedaan vraagt om een reden. [7]"},
    {"8.hard", "{1}: {2} is not possible; it must be {3}. [8]",
     "{1}: {2} kan niet; het moet {3} zijn. [8]"},
    {"8.soft", "{1}: {2} is unusual; expected {3}. Is it right? [8]",
     "{1}: {2} is ongewoon; verwacht {3}. Klopt het? [8]"},
    {"8.text", "{1} [8]", "{1} [8]"},
    {"13.order", "The end, {2}, is before the start, {1}. Which one is right? [13]",
     "Het einde, {2}, ligt voor het begin, {1}. Welke klopt? [13]"},
    {"13.needs", "The outcome is recovered: please add the date of the end. [13]",
     "De afloop is hersteld: vul de einddatum aan. [13]"},
    {"13.forbids",
     "There is an end, {1}, but the outcome says it goes on or is unknown. Which one is "
     "right? [13]",
     "Er is een einde, {1}, maar de afloop zegt dat het doorgaat of onbekend is. Wat "
     "klopt? [13]"},
    {"14",
     "Grade 5, outcome fatal and the criterion death belong together; here they differ. "
     "The report counts as fatal until this is cleared. [14]",
     "Graad 5, afloop fataal en het criterium overlijden horen bij elkaar; hier "
     "verschillen "
     "ze. De melding telt als fataal tot dit is opgehelderd. [14]"},
    {"14.form", "The event is fatal. When you can: crf-site fill DE (death). [14]",
     "De gebeurtenis is fataal. Zodra u kunt: crf-site fill DE (overlijden). [14]"},
    {"14.date", "The two death dates, {1} and {2}, differ. Which one is right? [14]",
     "De twee overlijdensdatums, {1} en {2}, verschillen. Welke klopt? [14]"},
    {"15",
     "This event ended fatally but the death form names other causes. Is it a cause? [15]",
     "Deze gebeurtenis liep fataal af, maar het overlijdensformulier noemt andere "
     "oorzaken. "
     "Is het een oorzaak? [15]"},
    {"15.cause",
     "{1} is named as a cause of death, but its outcome is not fatal. Which one is "
     "right? [15]",
     "{1} is genoemd als doodsoorzaak, maar de afloop daarvan is niet fataal. Wat klopt? "
     "[15]"},
    {"15.link", "{1} is named as a cause of death and is not entered yet. [15]",
     "{1} is genoemd als doodsoorzaak en is nog niet ingevoerd. [15]"},
    {"15.open",
     "The subject has died and this event was still open: its outcome is then not "
     "recovered (3). [15]",
     "De deelnemer is overleden en deze gebeurtenis was nog open: de afloop is dan niet "
     "hersteld (3). [15]"},
    {"16.date", "Please add the date of death, as far as known. [16]",
     "Vul de datum van overlijden aan, voor zover bekend. [16]"},
    {"16.autopsy", "Was there an autopsy? Unknown is an answer. [16]",
     "Is er obductie gedaan? Onbekend is ook een antwoord. [16]"},
    {"17.start", "The fatal event starts {1}, after the death, {2}. [17]",
     "De fatale gebeurtenis begint {1}, na het overlijden, {2}. [17]"},
    {"17.end", "The fatal event ends {1}, but the death is {2}. [17]",
     "De fatale gebeurtenis eindigt {1}, maar het overlijden is {2}. [17]"},
    {"18.none",
     "Which criterion makes it serious? It counts as serious, also while this is not "
     "known. "
     "[18]",
     "Welk criterium maakt het ernstig? Het telt als ernstig, ook zolang dit niet bekend "
     "is. [18]"},
    {"18.not",
     "A criterion is ticked, and serious is answered with no. It counts as serious. [18]",
     "Er is een criterium aangekruist en ernstig is met nee beantwoord. Het telt als "
     "ernstig. [18]"},
    {"18.report", "A serious event needs a report within a day: crf-site sae {1}. [18]",
     "Een ernstige gebeurtenis moet binnen een dag gemeld worden: crf-site sae {1}. [18]"},
    {"19", "Grade 4 and life not in danger: is the grade right? [19]",
     "Graad 4 en geen levensgevaar: klopt de graad? [19]"},
    {"23.due",
     "Your report was accepted. You ticked hospital admission; no stay is recorded yet. "
     "When you know the dates: crf-site fill HO. Nothing else to do now. [23]",
     "Uw melding is ontvangen. U kruiste ziekenhuisopname aan; er is nog geen opname "
     "ingevoerd. Zodra u de datums kent: crf-site fill HO. Verder nu niets te doen. [23]"},
    {"23.due.known",
     "Your report was accepted as {1} at {2}. You ticked hospital admission; no stay is "
     "recorded yet. When you know the dates: crf-site fill HO. Nothing else to do now. "
     "[23]",
     "Uw melding is ontvangen als {1} om {2}. U kruiste ziekenhuisopname aan; er is nog "
     "geen opname ingevoerd. Zodra u de datums kent: crf-site fill HO. Verder nu niets te "
     "doen. [23]"},
    {"23.apart", "No recorded hospital stay falls in the time of this event. [23]",
     "Geen van de ingevoerde opnames valt in de tijd van deze gebeurtenis. [23]"},
    {"24",
     "The only stay recorded was planned. Did something untoward lengthen it or cause it? "
     "In doubt it stays serious. [24]",
     "De enige ingevoerde opname was gepland. Heeft iets ongewensts haar verlengd of "
     "veroorzaakt? Bij twijfel blijft het ernstig. [24]"},
    {"24a",
     "The stay of {1} had no night. Was it an admission? In doubt it stays serious. [24a]",
     "De opname van {1} had geen nacht. Was het een opname? Bij twijfel blijft het "
     "ernstig. [24a]"},
    {"HO-02",
     "Not accepted yet: discharge {1} is before admission {2} ({3}). Which one is right? "
     "If you do not know, leave one empty and send it as partial. [HO-02]",
     "Nog niet aangenomen: ontslag {1} ligt voor opname {2} ({3}). Welke klopt? Weet u het "
     "niet, laat er dan een leeg en stuur het als gedeeltelijk. [HO-02]"},
    {"HO-02.ask",
     "Discharge {1} is before admission {2} ({3}). Which one is right? [HO-02]",
     "Ontslag {1} ligt voor opname {2} ({3}). Welke klopt? [HO-02]"},
    {"27",
     "This report came more than {1} hours after somebody first knew. Please say why. [27]",
     "Deze melding kwam meer dan {1} uur nadat iemand het voor het eerst wist. Wilt u "
     "zeggen waarom? [27]"},
    {"66.interval",
     "This infusion is {1} days from the one before or after it; the protocol says {2} to "
     "{3}. [66]",
     "Deze infusie is {1} dagen van de vorige of volgende; het protocol zegt {2} tot en "
     "met {3}. [66]"},
    {"66.previous", "Infusion {1} is not recorded yet. [66]",
     "Infusie {1} is nog niet ingevoerd. [66]"},
    {"66.exercise", "The exercise before this infusion, at {1}, is not recorded yet. [66]",
     "De inspanning voor deze infusie, bij {1}, is nog niet ingevoerd. [66]"},
    {"66.after", "The exercise of {1} is after the start of the infusion. [66]",
     "De inspanning van {1} ligt na het begin van de infusie. [66]"},
    {"67.side",
     "The arm infused is {1}; the protocol says {2}. If it is right, this becomes a "
     "deviation and the safety contact is told. [67]",
     "De behandelde arm is {1}; het protocol zegt {2}. Klopt het, dan wordt dit een "
     "afwijking en krijgt de veiligheidscontactpersoon bericht. [67]"},
    {"67.both", "Both sides are measured at this visit; side {1} is missing. [67]",
     "Bij dit bezoek worden beide zijden gemeten; zijde {1} ontbreekt. [67]"},
    {"68.pre", "The angiography before this infusion is not recorded yet. [68]",
     "De angiografie voor deze infusie is nog niet ingevoerd. [68]"},
    {"68.post", "The angiography after this infusion is not recorded yet. [68]",
     "De angiografie na deze infusie is nog niet ingevoerd. [68]"},
    {"68.closed",
     "The vessel was not patent before the infusion. If it is right, this becomes a "
     "deviation. [68]",
     "Het vat was voor de infusie niet doorgankelijk. Klopt het, dan wordt dit een "
     "afwijking. [68]"},
    {"68.late", "The angiography before the infusion, {1}, is after its start, {2}. [68]",
     "De angiografie voor de infusie, {1}, ligt na het begin, {2}. [68]"},
    {"68.new",
     "The vessel was open before and is not patent after: an event of special interest. "
     "Please report it: crf-site sae {1}. [68]",
     "Het vat was voor de infusie open en daarna niet doorgankelijk: een gebeurtenis van "
     "bijzonder belang. Meld het: crf-site sae {1}. [68]"},
    {"69.early",
     "Discharge {1} is less than {2} hours after the end of the infusion, {3}. Leaving "
     "early is allowed; please say why. [69]",
     "Ontslag {1} is minder dan {2} uur na het einde van de infusie, {3}. Eerder vertrek "
     "mag; wilt u zeggen waarom? [69]"},
    {"69.cover",
     "The last observation, {1}, is less than {2} hours after the infusion. [69]",
     "De laatste observatie, {1}, is minder dan {2} uur na de infusie. [69]"},
    {"69.due", "The end of the infusion is not recorded yet. [69]",
     "Het einde van de infusie is nog niet ingevoerd. [69]"},
    /* for those who emit them */
    {"CONFLICT",
     "{1} changed this form at {2} while you were typing: {3} {4} became {5}. Your text is "
     "kept in draft {6}. See both and choose: crf-site merge {6}. [CONFLICT]",
     "{1} heeft dit formulier om {2} gewijzigd terwijl u typte: {3} {4} werd {5}. Uw tekst "
     "is bewaard als concept {6}. Bekijk beide en kies: crf-site merge {6}. [CONFLICT]"},
    {"CONFLICT.plain",
     "{1} changed this form at {2} while you were typing: {3}. Your text is kept in draft "
     "{6}. See both and choose: crf-site merge {6}. [CONFLICT]",
     "{1} heeft dit formulier om {2} gewijzigd terwijl u typte: {3}. Uw tekst is bewaard "
     "als concept {6}. Bekijk beide en kies: crf-site merge {6}. [CONFLICT]"},
    {"80",
     "STOP: do not infuse. All infusions are on hold since {1} because of a serious event "
     "that may be related ({2}). Ask {3}, {4}. If cells were already given, record it now: "
     "that is always accepted. [80]",
     "STOP: niet infunderen. Alle infusies liggen stil sinds {1} vanwege een ernstige "
     "gebeurtenis die verband kan houden ({2}). Vraag {3}, {4}. Zijn er al cellen gegeven, "
     "leg dat nu vast: dat wordt altijd aangenomen. [80]"},
    {"KEY-04",
     "This computer's key for you was suspended on {1} by {2}. Your draft is kept. For a "
     "serious event do not wait: phone {3} or use the paper form. For a new key: "
     "registrar, {4}. [KEY-04]",
     "De sleutel van deze computer voor u is op {1} geschorst door {2}. Uw concept is "
     "bewaard. Wacht bij een ernstige gebeurtenis niet: bel {3} of gebruik het papieren "
     "formulier. Voor een nieuwe sleutel: registratie, {4}. [KEY-04]"},
    /* words */
    {"and", "and", "en"},
    {"or", "or", "of"},
    {"stay", "stay {1}", "opname {1}"},
    {"stay.of", "stay {1} of {2}", "opname {1} van {2}"},
    {"number.1", "One", "Een"},
    {"number.2", "Two", "Twee"},
    {"number.3", "Three", "Drie"},
    {"number.4", "Four", "Vier"},
    {"number.5", "Five", "Vijf"},
    {"number.6", "Six", "Zes"},
    {"LT", "below {1}", "lager dan {1}"},
    {"LE", "at most {1}", "hoogstens {1}"},
    {"GT", "above {1}", "hoger dan {1}"},
    {"GE", "at least {1}", "minstens {1}"},
    {"EQ", "{1}", "{1}"},
    {"NE", "other than {1}", "anders dan {1}"},
    {"IN", "one of {1}", "een van {1}"},
    {"NOTIN", "none of {1}", "geen van {1}"},
    {"month.1", "January", "januari"},
    {"month.2", "February", "februari"},
    {"month.3", "March", "maart"},
    {"month.4", "April", "april"},
    {"month.5", "May", "mei"},
    {"month.6", "June", "juni"},
    {"month.7", "July", "juli"},
    {"month.8", "August", "augustus"},
    {"month.9", "September", "september"},
    {"month.10", "October", "oktober"},
    {"month.11", "November", "november"},
    {"month.12", "December", "december"},
};

static const struct message *find(const char *id)
{
    for (size_t i = 0; i < ARRAY_LEN(MESSAGES); i++) {
        if (strcmp(MESSAGES[i].id, id) == 0) {
            return &MESSAGES[i];
        }
    }
    return NULL;
}

bool message_exists(const char *id)
{
    return find(id) != NULL;
}

static bool is_dutch(const char *language)
{
    return language != NULL && strncmp(language, "nl", 2) == 0 &&
           (language[2] == '\0' || language[2] == '-');
}

char *message_text(struct arena *arena, const char *language, const char *id,
                   const char *const *args, size_t count)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    const struct message *message = find(id);
    if (message == NULL) {
        die(WHERE, id);
    }
    const char *format = is_dutch(language) ? message->nl : message->en;
    for (const char *c = format; *c != '\0'; c++) {
        if (c[0] == '{' && c[1] >= '1' && c[1] <= '9' && c[2] == '}') {
            size_t index = (size_t) (c[1] - '1');
            bytes_add_text(&text, index < count && args[index] != NULL ? args[index] : "");
            c += 2;
        } else {
            bytes_add_char(&text, *c);
        }
    }
    return arena_text(arena, bytes_text(&text));
}

char *message_stay_missing(struct arena *arena, const char *language, const char *number,
                           const char *when)
{
    const char *const args[] = {number, when};
    return message_text(arena, language, number != NULL ? "23.due.known" : "23.due", args,
                        ARRAY_LEN(args));
}

char *message_conflict(struct arena *arena, const char *language,
                       const struct conflict *conflict)
{
    const char *const args[] = {conflict->who,    conflict->when,  conflict->item,
                                conflict->before, conflict->after, conflict->draft};
    bool one = conflict->before != NULL && conflict->after != NULL;
    return message_text(arena, language, one ? "CONFLICT" : "CONFLICT.plain", args,
                        ARRAY_LEN(args));
}

char *message_stop(struct arena *arena, const char *language, const char *since,
                   const char *cause, const char *physician, const char *phone)
{
    const char *const args[] = {since, cause, physician, phone};
    return message_text(arena, language, "80", args, ARRAY_LEN(args));
}

char *message_key(struct arena *arena, const char *language, const char *when,
                  const char *by, const char *phone, const char *registrar_phone)
{
    const char *const args[] = {when, by, phone, registrar_phone};
    return message_text(arena, language, "KEY-04", args, ARRAY_LEN(args));
}

char *message_list(struct arena *arena, const char *language, const char *const *items,
                   size_t count)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && i + 1 < count) {
            bytes_add_text(&text, ", ");
        } else if (i > 0) {
            bytes_printf(&text, " %s ", message_text(arena, language, "and", NULL, 0));
        }
        bytes_add_text(&text, items[i]);
    }
    return arena_text(arena, bytes_text(&text));
}

char *message_date(struct arena *arena, const char *language, const char *value)
{
    char month[16];
    struct value parsed;
    if (value == NULL ||
        !value_parse(TYPE_PARTIAL_DATETIME, span_text(value), NULL, &parsed) ||
        strlen(value) < 7) {
        return arena_text(arena, value != NULL ? value : "");
    }
    int number = (value[5] - '0') * 10 + (value[6] - '0');
    (void) snprintf(month, sizeof(month), "month.%d", number);
    const char *name = message_text(arena, language, month, NULL, 0);
    if (!parsed.has_day) {
        return arena_printf(arena, "%s %.4s", name, value);
    }
    int day = (value[8] - '0') * 10 + (value[9] - '0');
    bool minutes = strlen(value) >= 16 && value[13] == ':';
    return arena_printf(arena, "%d %s %.4s%s%.5s", day, name, value, minutes ? " " : "",
                        minutes ? value + 11 : "");
}

const char *form_title(const struct form_def *form, const char *language)
{
    const char *text = texts_get(&form->description, language);
    return text[0] != '\0' ? text : form->name;
}

const char *event_title(const struct event_def *event, const char *language)
{
    const char *text = texts_get(&event->description, language);
    return text[0] != '\0' ? text : event->name;
}

const char *item_title(const struct item_def *item, const char *language)
{
    const char *text = texts_get(&item->question, language);
    text = text[0] != '\0' ? text : texts_get(&item->description, language);
    return text[0] != '\0' ? text : item->name;
}
