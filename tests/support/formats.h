/* SPDX-License-Identifier: Apache-2.0 */
/*
** formats: do two printf formats take the same arguments? A translated sentence is printed with
** those of the English one, so its conversions must be the same in the same order, or numbered
** (%2$s).
*/
#ifndef CRFD_TESTS_FORMATS_H
#define CRFD_TESTS_FORMATS_H

/* Fail the running test, with both texts, when they do not, or when one cannot be read. */
void assert_same_arguments(const char *english, const char *other);

#endif
