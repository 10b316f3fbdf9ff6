/* SPDX-License-Identifier: Apache-2.0 */
/*
** meaning: the aliases that bind an item to what the checks know about it.
**
** An item says what it means by <Alias Context="SDTM" Name="AESER"/>, or with Context="crfd"
** where SDTM has no name. The reader resolves them once, so that a rule asks a form for "its
** AESER" by number. The same meaning on several forms (AE and SAE) means the same thing.
*/
#ifndef CRFD_STUDY_MEANING_H
#define CRFD_STUDY_MEANING_H

#include <stdbool.h>

/* X(identifier, context). A repeated item group counts once. */
#define MEANINGS(X)                                                                        \
    X(AETERM, "SDTM")                                                                      \
    X(AESTDTC, "SDTM")                                                                     \
    X(AEENDTC, "SDTM")                                                                     \
    X(AESER, "SDTM")                                                                       \
    X(AESDTH, "SDTM")                                                                      \
    X(AESLIFE, "SDTM")                                                                     \
    X(AESHOSP, "SDTM")                                                                     \
    X(AESDISAB, "SDTM")                                                                    \
    X(AESCONG, "SDTM")                                                                     \
    X(AESMIE, "SDTM")                                                                      \
    X(AETOXGR, "SDTM")                                                                     \
    X(AEOUT, "SDTM")                                                                       \
    X(AEREL, "SDTM")                                                                       \
    X(AEACN, "SDTM")                                                                       \
    X(BRTHDTC, "SDTM")                                                                     \
    X(SEX, "SDTM")                                                                         \
    X(AGE, "SDTM")                                                                         \
    X(RFICDTC, "SDTM")                                                                     \
    X(EXSTDTC, "SDTM")                                                                     \
    X(EXENDTC, "SDTM")                                                                     \
    X(EXLAT, "SDTM")                                                                       \
    X(HOSTDTC, "SDTM")                                                                     \
    X(HOENDTC, "SDTM")                                                                     \
    X(HOTERM, "SDTM")                                                                      \
    X(DTHDTC, "SDTM")                                                                      \
    X(SVSTDTC, "SDTM")                                                                     \
    X(AWAREDTC, "crfd")                                                                    \
    X(TOLDDTC, "crfd")                                                                     \
    X(AUTOPSY, "crfd")                                                                     \
    X(DTHAE, "crfd")                                                                       \
    X(HOPLAN, "crfd")                                                                      \
    X(HOAE, "crfd")                                                                        \
    X(AELAB, "crfd")                                                                       \
    X(ECCSIDE, "crfd")                                                                     \
    X(ECCDTC, "crfd")                                                                      \
    X(STRSIDE, "crfd")                                                                     \
    X(MRISIDE, "crfd")                                                                     \
    X(ANGPOINT, "crfd")                                                                    \
    X(ANGDTC, "crfd")                                                                      \
    X(ANGPATENT, "crfd")                                                                   \
    X(ANGFIND, "crfd")                                                                     \
    X(OBSPOINT, "crfd")                                                                    \
    X(OBSDTC, "crfd")                                                                      \
    X(DISCHDTC, "crfd")                                                                    \
    X(SAEWHAT, "crfd")                                                                     \
    X(INFNO, "crfd")                                                                       \
    X(PREGDTC, "crfd")                                                                     \
    X(AGEDEC, "crfd")                                                                      \
    X(VISSTAT, "crfd")                                                                     \
    X(COHORT, "crfd")                                                                      \
    X(DSDECOD, "SDTM")                                                                     \
    X(CMSTDTC, "SDTM")                                                                     \
    X(CMENDTC, "SDTM")                                                                     \
    X(AELINKS, "crfd")                                                                     \
    X(AERECHAL, "crfd")                                                                    \
    X(CNTDTC, "crfd")                                                                      \
    X(ANC, "crfd")                                                                         \
    X(PLTCNT, "crfd")                                                                      \
    X(PLTTRANS, "crfd")                                                                    \
    X(REINFDTC, "crfd")                                                                    \
    X(ENGRDTC, "crfd")                                                                     \
    X(PLTENGDTC, "crfd")                                                                   \
    X(EDSS, "crfd")                                                                        \
    X(EDSSDTC, "crfd")                                                                     \
    X(PROGDTC, "crfd")                                                                     \
    X(NEDA, "crfd")                                                                        \
    X(RANDDTC, "crfd")                                                                     \
    X(RELONSET, "crfd")                                                                    \
    X(RELCONF, "crfd")                                                                     \
    X(MRIMSDTC, "crfd")                                                                    \
    X(MRIGD, "crfd")                                                                       \
    X(MRINEWT2, "crfd")                                                                    \
    X(MRIREFDTC, "crfd")                                                                   \
    X(EXLOT, "SDTM")                                                                       \
    X(EXDOSE, "SDTM")                                                                      \
    X(BATCH, "crfd")                                                                       \
    X(LABELSUBJ, "crfd")                                                                   \
    X(CLEARNO, "crfd")                                                                     \
    X(CHECK1, "crfd")                                                                      \
    X(CHECK2, "crfd")                                                                      \
    X(CHECKDTC, "crfd")                                                                    \
    X(VIABBED, "crfd")                                                                     \
    X(CELLSREL, "crfd")                                                                    \
    X(CELLSREM, "crfd")                                                                    \
    X(CELLSDES, "crfd")                                                                    \
    X(CELLSRET, "crfd")                                                                    \
    X(FIRSTDTC, "crfd")                                                                    \
    X(LBDTC, "SDTM")                                                                       \
    X(ICVERSION, "crfd")                                                                   \
    X(CHILDPOT, "crfd")                                                                    \
    X(PREGTESTDTC, "crfd")                                                                 \
    X(PREGTESTRES, "crfd")                                                                 \
    X(NARRATIVE, "crfd")                                                                   \
    X(PREGLMPDTC, "crfd")                                                                  \
    X(PREGEDDDTC, "crfd")                                                                  \
    X(PREGOUT, "crfd")                                                                     \
    X(HOICU, "crfd")                                                                       \
    X(TOLDVIA, "crfd")                                                                     \
    X(SAESTAGE, "crfd")

#define MEANING_ENUM(name, context) MEANING_##name,
enum meaning { MEANINGS(MEANING_ENUM) MEANING_COUNT };
#undef MEANING_ENUM

/* False for an alias that no check knows. */
bool meaning_parse(const char *context, const char *name, enum meaning *ret_meaning);
const char *meaning_name(enum meaning meaning);

#endif
