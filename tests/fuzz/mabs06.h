/* SPDX-License-Identifier: Apache-2.0 */
/*
** mabs06: the first trial's definition, loaded once, for targets that need a study.
*/
#ifndef CRFD_TESTS_FUZZ_MABS06_H
#define CRFD_TESTS_FUZZ_MABS06_H

#include "protocol/study/model.h"

const struct metadata_version *fuzz_mabs06(void);

#endif
