/* SPDX-License-Identifier: Apache-2.0 */
/*
** amended: a further version of the MABS06 definition, published and brought into force.
*/
#ifndef CRFD_TESTS_AMENDED_H
#define CRFD_TESTS_AMENDED_H

#include "tests/system/scene.h"

/* The trial's definition as VERSION with CHANGES ("old=>new") made in its text. */
struct bytes amended_text(const char *version, const char *const *changes, size_t count);

/* Publish the trial's definition as VERSION with CHANGES ("old=>new") made in its text.
 * Returns its SHA-256 in hex; the caller frees. */
char *amended_publish(struct trial *trial, const char *version, const char *const *changes,
                      size_t count);

/* The record that brings VERSION into force at SITE from FROM on. */
struct record amended_activation(struct trial *trial, const char *site, const char *version,
                                 const char *sha256, const char *from, struct arena *arena);
void amended_activate(struct trial *trial, const char *site, const char *version,
                      const char *sha256, const char *from);

#endif
