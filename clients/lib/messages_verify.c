/* SPDX-License-Identifier: Apache-2.0 */
/*
** What is said of a verified log (clients/verify): the monitor's report, the sponsor's status.
** English, French, German; the Dutch stands in the code.
*/
#include "clients/lib/says.h"

static const struct saying ROWS[] = {
    {"verified", "vérifié", "geprüft"},
    {"STOP: %s is on hold (%s, %s, rule %s), since entry %lld.\n",
     "STOP : en suspens : %s (%s, %s, règle %s), depuis l'entrée %lld.\n",
     "STOP: %s ist angehalten (%s, %s, Regel %s), seit Eintrag %lld.\n"},
    {"Holds: none.\n", "En suspens : rien.\n", "Angehalten: nichts.\n"},
    {"Sites %zu, subjects %zu. Forms: %zu partial, %zu complete and not signed, %zu "
     "signed, %zu retracted, %zu waiting in the safety inbox.\n",
     "Centres %zu, participants %zu. Formulaires : %zu partiels, %zu complets et non "
     "signés, %zu signés, %zu retirés, %zu en attente dans la boîte de sécurité.\n",
     "Zentren %zu, Teilnehmer %zu. Formulare: %zu als Teilstand, %zu vollständig und nicht "
     "unterschrieben, %zu unterschrieben, %zu zurückgenommen, %zu im Sicherheitspostfach "
     "wartend.\n"},
    {"  %s %s: %s%s%s, rule %s\n", "  %s %s : %s%s%s, règle %s\n",
     "  %s %s: %s%s%s, Regel %s\n"},
    {"Open queries:\n", "Questions ouvertes :\n", "Offene Rückfragen:\n"},
    {"  none\n", "  néant\n", "  keine\n"},
    {"  %s: %s since entry %lld\n", "  %s : %s depuis l'entrée %lld\n",
     "  %s: %s seit Eintrag %lld\n"},
    {"Locks:\n", "Verrous :\n", "Abschlüsse:\n"},
    {"  %s: key %s, %s since %.10s\n", "  %s : clé %s, %s depuis le %.10s\n",
     "  %s: Schlüssel %s, %s seit %.10s\n"},
    {"  %s: %s%s%s, from %.10s%s%.10s\n", "  %s : %s%s%s, du %.10s%s%.10s\n",
     "  %s: %s%s%s, ab %.10s%s%.10s\n"},
    {" to ", " au ", " bis "},
    {"People:\n", "Personnes :\n", "Personen:\n"},
    {"Keys:\n", "Clés :\n", "Schlüssel:\n"},
    {"Roles:\n", "Rôles :\n", "Rollen:\n"},
    {"Safety reports and their clocks:\n", "Déclarations de sécurité et leurs délais :\n",
     "Sicherheitsmeldungen und ihre Fristen:\n"},
    {"  %s %s: received %.16s, %s clock from %.16s, due %.16s\n",
     "  %s %s : reçue %.16s, délai %s à partir de %.16s, échéance %.16s\n",
     "  %s %s: eingegangen %.16s, Frist %s ab %.16s, fällig %.16s\n"},
    {"What became of safety, holds and clearances:\n",
     "Suites données à la sécurité, aux suspensions et aux autorisations :\n",
     "Was aus Sicherheit, Anhalten und Freigaben wurde:\n"},
    {"  %lld  %.16s  %s: %s, by %s\n", "  %lld  %.16s  %s : %s, par %s\n",
     "  %lld  %.16s  %s: %s, von %s\n"},
    {"  %-16s %8llu   new %llu\n", "  %-16s %8llu   nouveaux %llu\n",
     "  %-16s %8llu   neu %llu\n"},
    {"Records by kind:\n", "Enregistrements par type :\n", "Aufzeichnungen nach Art:\n"},
    {"Touched since size %llu: %zu objects\n",
     "Touchés depuis la taille %llu : %zu objets\n",
     "Berührt seit Größe %llu: %zu Objekte\n"},
    {"  and %zu more (--json lists all)\n", "  et %zu autres (--json les liste tous)\n",
     "  und %zu weitere (--json nennt alle)\n"},
};

const struct saying_topic SAYINGS_VERIFY = {ROWS, ARRAY_LEN(ROWS)};
