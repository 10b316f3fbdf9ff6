/* SPDX-License-Identifier: Apache-2.0 */
/*
** Consent, age and the future: rules 1 and 5.
*/
#include "protocol/study/messages.h"

static const struct message ROWS[] = {
    {"1.future", "{1}: {2} still lies ahead. Is the date right? [1]",
     "{1}: {2} ligt nog in de toekomst. Klopt de datum? [1]",
     "{1} : {2} est encore à venir. La date est-elle juste ? [1]",
     "{1}: {2} liegt noch in der Zukunft. Stimmt das Datum? [1]"},
    {"1.consent",
     "{1}, {2}, is before the consent of {3}. If both are right, this becomes a deviation; "
     "the data are kept. [1]",
     "{1}, {2}, ligt voor de toestemming van {3}. Klopt beide, dan wordt dit een "
     "afwijking; de gegevens blijven bewaard. [1]",
     "{1}, {2}, précède le consentement du {3}. Si les deux sont justes, cela devient une "
     "déviation ; les données sont conservées. [1]",
     "{1}, {2}, liegt vor der Einwilligung vom {3}. Stimmt beides, wird daraus eine "
     "Abweichung; die Daten bleiben erhalten. [1]"},
    {"1.birth", "The consent, {1}, is before the birth, {2}. Which one is right? [1]",
     "De toestemming, {1}, ligt voor de geboorte, {2}. Welke klopt? [1]",
     "Le consentement, {1}, précède la naissance, {2}. Laquelle des deux dates est juste ? "
     "[1]",
     "Die Einwilligung, {1}, liegt vor der Geburt, {2}. Welches Datum stimmt? [1]"},
    {"5", "Age at consent is {1}; the study is for {2} to {3} years. [5]",
     "De leeftijd bij toestemming is {1}; de studie is voor {2} tot en met {3} jaar. [5]",
     "L'âge au consentement est de {1} ; l'étude est pour {2} à {3} ans. [5]",
     "Das Alter bei der Einwilligung ist {1}; die Studie ist für {2} bis {3} Jahre. [5]"},
    {"5.unknown",
     "Age at consent cannot be told: enter the date of birth and the date of consent (or, "
     "with a year of birth only, the age) before you sign for eligibility. [5]",
     "De leeftijd bij toestemming is niet te bepalen: vul geboortedatum en "
     "toestemmingsdatum in (of, met alleen een geboortejaar, de leeftijd) voordat u voor "
     "geschiktheid tekent. [5]",
     "L'âge au consentement ne peut pas être déterminé : saisissez la date de naissance et "
     "la date du consentement (ou, avec l'année de naissance seule, l'âge) avant de signer "
     "l'éligibilité. [5]",
     "Das Alter bei der Einwilligung lässt sich nicht bestimmen: geben Sie Geburtsdatum "
     "und Einwilligungsdatum ein (oder, nur mit dem Geburtsjahr, das Alter), bevor Sie die "
     "Eignung unterschreiben. [5]"},
};

const struct message_topic MESSAGES_DATE = {ROWS, ARRAY_LEN(ROWS)};
