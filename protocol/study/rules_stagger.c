/* SPDX-License-Identifier: Apache-2.0 */
/*
** The distance between the first doses of two subjects (rule 66, parameter STAGGER.DAYS), so
** that what the first one suffers is seen before the second is given anything. Calendar days
** at the site, as everybody counts them. Which subject was dosed when, the caller knows: a
** casebook is of one subject.
*/
#include "protocol/study/product_section.h"

#include "base/text.h"
#include "protocol/study/messages.h"

static int64_t day_of(instant at, const struct zone *zone)
{
    instant wall = zone_to_wall(zone, at);
    return wall / DAY - (wall % DAY < 0);
}

/* Are two doses DAYS apart, whichever came first? */
static enum truth are_apart(struct interval a, struct interval b, int64_t days,
                            const struct zone *zone)
{
    int64_t after = day_of(a.earliest, zone) - day_of(b.latest, zone);
    int64_t before = day_of(b.earliest, zone) - day_of(a.latest, zone);
    int64_t least = after > before ? after : before;
    int64_t ahead = day_of(a.latest, zone) - day_of(b.earliest, zone);
    int64_t behind = day_of(b.latest, zone) - day_of(a.earliest, zone);
    int64_t most = ahead > behind ? ahead : behind;
    return least >= days ? YES : most >= days ? UNKNOWN : NO;
}

static const char *day_text(struct findings *findings, struct interval at,
                            const struct zone *zone)
{
    char text[INSTANT_SIZE];
    bool one = day_of(at.earliest, zone) == day_of(at.latest, zone);
    instant_format(zone_to_wall(zone, at.earliest), text);
    text[one ? 10 : 7] = '\0';
    return message_date(findings->arena, findings->language, text);
}

void stagger_ask(const struct metadata_version *version, struct interval at,
                 const struct other_dose *other, const struct zone *zone,
                 struct findings *findings)
{
    const struct parameter *limit = version_parameter(version, "STAGGER.DAYS");
    int64_t days;
    if (limit == NULL || other == NULL || !text_to_i64(span_text(limit->value), &days)) {
        return;
    }
    enum truth apart = are_apart(at, other->at, days, zone);
    const char *id = other->planned ? "66.cleared"
                     : apart == NO  ? "66.stagger"
                                    : "66.unsure";
    if (apart != YES) {
        finding_add(findings, &(struct finding){
                                  .rule = "66",
                                  .act = ACT_GATE,
                                  .place = PLACE_ACTION,
                                  .due = apart == UNKNOWN || other->planned,
                                  .path = "STAGGER.DAYS",
                                  .message = PRODUCT_TEXT(
                                      findings, id, day_text(findings, at, zone),
                                      limit->value, day_text(findings, other->at, zone))});
    }
}

bool was_dosed(const struct metadata_version *version, const struct casebook *book)
{
    const struct form_def *def;
    const struct form_data *form;
    for (size_t cursor = 0;
         (form = casebook_next(book, version, MEANING_EXSTDTC, &cursor, &def)) != NULL;) {
        const struct item_data *item = form_meaning(form, def, MEANING_EXSTDTC);
        if (item != NULL && item->value != NULL && *item->value != '\0') {
            return true;
        }
    }
    return false;
}
