/* SPDX-License-Identifier: Apache-2.0 */
/*
** language: any bytes as an Accept-Language field and as a language tag. The answer is one that
** we speak, and asking for the answer gives it again.
*/
#include "protocol/study/messages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(bytes_done) struct bytes tag = {0};
    const char *accepted = language_accepted(span_of(data, size));
    BUG_IF(accepted == NULL || language_spoken(accepted) != accepted);
    BUG_IF(language_accepted(span_text(accepted)) != accepted);
    bytes_add(&tag, data, size);
    const char *spoken = language_spoken(bytes_text(&tag));
    BUG_IF(spoken != NULL && language_spoken(spoken) != spoken);
    return 0;
}
