/* SPDX-License-Identifier: Apache-2.0 */
/*
** What crf-site says of safety cases, drafts and checked imports.
** English, French, German; the Dutch stands in the code.
*/
#include "clients/lib/says.h"

static const struct saying ROWS[] = {
    {"%-11s  %s (%zu times from line %d on: %s)\n",
     "%-11s  %s (%zu fois à partir de la ligne %d : %s)\n",
     "%-11s  %s (%zu-mal ab Zeile %d: %s)\n"},
    {"Draft %llu is removed.\n", "Le brouillon %llu est supprimé.\n",
     "Entwurf %llu ist gelöscht.\n"},
    {"%s is nullified; with your reason it stays in the history. Its clocks run until %s "
     "has "
     "seen that (%s); what is on hold stays so until it is lifted.\n",
     "%s est annulé ; avec votre raison, il reste dans l'historique. Ses délais courent "
     "jusqu'à ce que %s l'ait vu (%s) ; ce qui est en suspens le reste jusqu'à la levée.\n",
     "%s ist aufgehoben; mit Ihrem Grund bleibt es in der Geschichte. Die Fristen laufen, "
     "bis %s das gesehen hat (%s); was angehalten ist, bleibt es, bis es aufgehoben "
     "wird.\n"},
};

const struct saying_topic SAYINGS_CASE = {ROWS, ARRAY_LEN(ROWS)};
