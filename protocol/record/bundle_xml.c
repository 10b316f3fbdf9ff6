/* SPDX-License-Identifier: Apache-2.0 */
/*
** Escaping for the ODM and HTML files of a bundle.
*/
#include "protocol/record/bundle_impl.h"

void xml_add_text(struct bytes *out, const char *text)
{
    for (const char *c = text != NULL ? text : ""; *c != 0; c++) {
        uint8_t byte = (uint8_t) *c;
        if (byte == '&' || byte == '<' || byte == '>' || byte == '"' || byte == '\n' ||
            byte == '\r' || byte == '\t') {
            bytes_printf(out, "&#%u;", byte);
        } else if (byte < 0x20) {
            bytes_add_text(out, "\xef\xbf\xbd");
        } else if (byte == 0xef && (uint8_t) c[1] == 0xbf && (uint8_t) c[2] >= 0xbe) {
            bytes_add_text(out, "\xef\xbf\xbd"); /* U+FFFE, U+FFFF */
            c += 2;
        } else {
            bytes_add_char(out, *c);
        }
    }
}

void xml_add_attribute(struct bytes *out, const char *name, const char *value)
{
    if (value != NULL) {
        bytes_printf(out, " %s=\"", name);
        xml_add_text(out, value);
        bytes_add_char(out, '"');
    }
}

void xml_add_element(struct bytes *out, const char *name, const char *text)
{
    if (text != NULL) {
        bytes_printf(out, "<%s>", name);
        xml_add_text(out, text);
        bytes_printf(out, "</%s>", name);
    }
}
