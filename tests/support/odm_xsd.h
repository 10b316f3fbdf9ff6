/* SPDX-License-Identifier: Apache-2.0 */
/*
** odm_xsd: CDISC's schema of ODM 1.3.2, from the corpora.
*/
#ifndef CRFD_TESTS_ODM_XSD_H
#define CRFD_TESTS_ODM_XSD_H

/* The path of ODM1-3-2.xsd, ready to be parsed by libxml2 (what it imports is found, nothing is
 * fetched); NULL after a loud line when the corpora are not there. The caller frees. */
char *odm_xsd_path(const char *what_goes_without);

#endif
