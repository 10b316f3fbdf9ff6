/* SPDX-License-Identifier: Apache-2.0 */
/*
** The words other sentences are built from: comparators, numbers, months, lists.
*/
#include "protocol/study/messages.h"

static const struct message ROWS[] = {
    {"phone", "Phone: {1}.", "Telefoon: {1}.", "Téléphone : {1}.", "Telefon: {1}."},
    {"and", "and", "en", "et", "und"},
    {"or", "or", "of", "ou", "oder"},
    {"number.1", "One", "Een", "Une", "Eine"},
    {"number.2", "Two", "Twee", "Deux", "Zwei"},
    {"number.3", "Three", "Drie", "Trois", "Drei"},
    {"number.4", "Four", "Vier", "Quatre", "Vier"},
    {"number.5", "Five", "Vijf", "Cinq", "Fünf"},
    {"number.6", "Six", "Zes", "Six", "Sechs"},
    {"LT", "below {1}", "lager dan {1}", "moins de {1}", "kleiner als {1}"},
    {"LE", "at most {1}", "hoogstens {1}", "au plus {1}", "höchstens {1}"},
    {"GT", "above {1}", "hoger dan {1}", "plus de {1}", "größer als {1}"},
    {"GE", "at least {1}", "minstens {1}", "au moins {1}", "mindestens {1}"},
    {"EQ", "{1}", "{1}", "{1}", "{1}"},
    {"NE", "other than {1}", "anders dan {1}", "autre que {1}", "anders als {1}"},
    {"IN", "one of {1}", "een van {1}", "l'une de ces valeurs : {1}", "eines von {1}"},
    {"NOTIN", "none of {1}", "geen van {1}", "aucune de ces valeurs : {1}",
     "keines von {1}"},
    {"month.1", "January", "januari", "janvier", "Januar"},
    {"month.2", "February", "februari", "février", "Februar"},
    {"month.3", "March", "maart", "mars", "März"},
    {"month.4", "April", "april", "avril", "April"},
    {"month.5", "May", "mei", "mai", "Mai"},
    {"month.6", "June", "juni", "juin", "Juni"},
    {"month.7", "July", "juli", "juillet", "Juli"},
    {"month.8", "August", "augustus", "août", "August"},
    {"month.9", "September", "september", "septembre", "September"},
    {"month.10", "October", "oktober", "octobre", "Oktober"},
    {"month.11", "November", "november", "novembre", "November"},
    {"month.12", "December", "december", "décembre", "Dezember"},
    {"date.day", "{1} {2} {3}", "{1} {2} {3}", "{1} {2} {3}", "{1}. {2} {3}"},
    {"date.first", "{1} {2} {3}", "{1} {2} {3}", "{1}er {2} {3}", "{1}. {2} {3}"},
    {"date.minutes", "{1} {2}", "{1} {2}", "{1} à {2}", "{1} {2} Uhr"},
};

const struct message_topic MESSAGES_WORDS = {ROWS, ARRAY_LEN(ROWS)};
