/* SPDX-License-Identifier: Apache-2.0 */
/*
** Payloads: each type is written and read back to the same bytes; each way of being wrong is
** said with the path of the member and the rule; all of them at once.
*/
#include "protocol/record/record.h"

#include "tests/support/rows.h"

#define HEX64      "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define LEAF       "X3E7kyCMjzebi/tfhzAbHGLM4fEk/Mw5p8SwYbsGKjA="
#define KID        "x4WBDc8fHuy1JLncpiiJVAyWBr4BjK4eJHJuHVEth1s"
#define JWK        "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" KID "\"}"
#define FORM       "subject/NL01-004/SE.V4/-/F.INFUSION/-"
#define SEEN       "{\"size\":412,\"root\":\"" LEAF "\"}"
#define DEFINITION "{\"version\":\"MDV.2\",\"sha256\":\"" HEX64 "\"}"
#define SIGNATURE                                                                          \
    "{\"name\":\"A. de Vries\",\"role\":\"investigator\",\"meaning\":\"author\","          \
    "\"statement\":\"I entered these data.\",\"signed_at\":\"2026-11-21T10:14:07+01:00\"}"
#define PAYLOAD(type, seen, prior, reason, definition, data)                               \
    "{\"type\":\"" type "\",\"log\":\"edc.example.org/s/7f3a91\",\"seen\":" seen           \
    ",\"prior\":" prior ",\"reason\":" reason ",\"definition\":" definition                \
    ",\"data\":" data ",\"signature\":" SIGNATURE "}"
#define PLAIN(type, data) PAYLOAD(type, SEEN, "null", "null", "null", data)
#define WHY(type, data)   PAYLOAD(type, SEEN, "null", "\"because\"", "null", data)

#define FORM_DATA                                                                          \
    "{\"SubjectKey\":\"NL01-004\",\"StudyEventOID\":\"SE.V4\",\"StudyEventRepeatKey\":"    \
    "null,"                                                                                \
    "\"FormOID\":\"F.INFUSION\",\"FormRepeatKey\":null,\"state\":\"complete\","            \
    "\"ItemGroupData\":[{\"ItemGroupOID\":\"IG.INFUSION\",\"ItemGroupRepeatKey\":null,"    \
    "\"ItemData\":{\"IT.INFSTDTC\":\"2026-11-21T09:14+01:00\",\"IT.INFCELLS\":{\"Value\":" \
    "\"48.0\",\"MeasurementUnitOID\":\"MU.E6\"},\"IT.INFFLOW\":{\"IsNull\":\"not done\","  \
    "\"Reason\":\"pump display off\"}}}]}"

struct good_row {
    const char *name, *payload, *object, *subject, *site;
} good_rows[] = {
    {"study.open",
     PAYLOAD("study.open", "null", "null", "null", DEFINITION,
             "{\"StudyOID\":\"ST.T\",\"name\":\"Trial\",\"jwk\":" JWK "}"),
     "study", NULL, NULL},
    {"study.amend",
     PLAIN("study.amend", "{\"definition\":" DEFINITION ",\"dictionaries\":[{\"name\":"
                          "\"MedDRA\",\"version\":\"29.0\",\"sha256\":\"" HEX64 "\"}]}"),
     "study", NULL, NULL},
    {"site.open",
     PLAIN("site.open",
           "{\"LocationOID\":\"NL01\",\"name\":\"Hospital\",\"country\":\"NL\","
           "\"timezone\":\"Europe/Amsterdam\",\"language\":\"nl\"}"),
     "site/NL01", NULL, "NL01"},
    {"site.version",
     PLAIN("site.version",
           "{\"LocationOID\":\"NL01\",\"version\":\"MDV.2\",\"sha256\":"
           "\"" HEX64 "\",\"from\":\"2026-12-01T00:00:00+01:00\",\"to\":null,"
           "\"approval\":\"METC 26-001\"}"),
     "site/NL01", NULL, "NL01"},
    {"person.invite",
     PLAIN("person.invite", "{\"person\":\"p-0042\",\"name\":\"A. de Vries\",\"role\":"
                            "\"coordinator\",\"LocationOID\":\"NL01\",\"code_sha256\":"
                            "\"" HEX64 "\",\"expires\":\"2026-12-01T00:00:00Z\"}"),
     "person/p-0042", NULL, "NL01"},
    {"person.enrol",
     PAYLOAD("person.enrol", "null", "null", "null", "null",
             "{\"person\":\"p-0042\",\"code\":\"AAAQEAYEAUDAOCAJBIFQYDIOB4\",\"jwk\":" JWK
             "}"),
     "person/p-0042", NULL, NULL},
    {"person.confirm",
     PLAIN("person.confirm",
           "{\"person\":\"p-0042\",\"kid\":\"" KID "\",\"compromised_since\":null}"),
     "person/p-0042", NULL, NULL},
    {"person.suspend",
     PLAIN("person.suspend",
           "{\"person\":\"p-0042\",\"kid\":\"" KID "\",\"compromised_since\":null}"),
     "person/p-0042", NULL, NULL},
    {"person.revoke",
     WHY("person.revoke", "{\"person\":\"p-0042\",\"kid\":\"" KID
                          "\",\"compromised_since\":\"2026-11-01T00:00:00Z\"}"),
     "person/p-0042", NULL, NULL},
    {"role.grant",
     PLAIN("role.grant",
           "{\"person\":\"p-0042\",\"role\":\"rater\",\"LocationOID\":\"NL01\","
           "\"from\":\"2026-11-01T00:00:00Z\",\"to\":null}"),
     "person/p-0042", NULL, "NL01"},
    {"role.withdraw",
     PLAIN("role.withdraw",
           "{\"person\":\"p-0042\",\"role\":\"rater\",\"LocationOID\":null,"
           "\"from\":null,\"to\":null}"),
     "person/p-0042", NULL, NULL},
    {"subject.enrol",
     PLAIN("subject.enrol", "{\"SubjectKey\":\"007-K\",\"LocationOID\":\"NL01\"}"),
     "subject/007-K", "007-K", "NL01"},
    {"form.submit of the contract",
     PAYLOAD("form.submit", SEEN, "null", "null", DEFINITION, FORM_DATA), FORM, "NL01-004",
     NULL},
    {"form.submit again, with a reason",
     PAYLOAD("form.submit", SEEN, "\"" LEAF "\"", "\"typing error\"", DEFINITION,
             FORM_DATA),
     FORM, "NL01-004", NULL},
    {"form.retract",
     PAYLOAD("form.retract", SEEN, "\"" LEAF "\"", "\"wrong subject\"", "null",
             "{\"object\":\"" FORM "\",\"moved_to\":null}"),
     FORM, "NL01-004", NULL},
    {"form.sign",
     PLAIN("form.sign", "{\"objects\":[{\"object\":\"" FORM "\",\"leaf\":\"" LEAF "\"}]}"),
     "subject/NL01-004", "NL01-004", NULL},
    {"form.sign with a confirmed finding",
     PLAIN("form.sign",
           "{\"objects\":[{\"object\":\"" FORM "\",\"leaf\":\"" LEAF
           "\"}],\"confirmed\":[{\"object\":\"" FORM
           "\",\"path\":\"IG.INFUSION/-/IT.INFSTDTC\",\"rule\":\"66\",\"reason\":"
           "\"checked\"},{\"object\":\"" FORM
           "\",\"path\":null,\"rule\":\"11\",\"reason\":\"so\"}]}"),
     "subject/NL01-004", "NL01-004", NULL},
    {"query.open",
     PLAIN("query.open",
           "{\"object\":\"" FORM "\",\"path\":null,\"text\":\"Is this right?\"}"),
     FORM, "NL01-004", NULL},
    {"query.answer", PLAIN("query.answer", "{\"query\":\"q-413-1\",\"text\":\"Yes.\"}"),
     "query/q-413-1", NULL, NULL},
    {"query.close", PLAIN("query.close", "{\"query\":\"q-413-1\",\"text\":\"Fine.\"}"),
     "query/q-413-1", NULL, NULL},
    {"lock of the study", WHY("lock", "{\"scope\":\"study\"}"), "study", NULL, NULL},
    {"lock of a site", WHY("lock", "{\"scope\":\"site/NL01\"}"), "site/NL01", NULL, "NL01"},
    {"unlock of a subject", WHY("unlock", "{\"scope\":\"subject/NL01-004\"}"),
     "subject/NL01-004", "NL01-004", NULL},
    {"lock of a form", WHY("lock", "{\"scope\":\"" FORM "\"}"), FORM, "NL01-004", NULL},
    {"role.grant of a qualified person",
     PLAIN("role.grant",
           "{\"person\":\"p-0042\",\"role\":\"pharmacist\",\"LocationOID\":\"NL01\","
           "\"from\":null,\"to\":null,\"qualification\":\"QP\"}"),
     "person/p-0042", NULL, "NL01"},
    {"batch.receive of a donation",
     PLAIN("batch.receive",
           "{\"batch\":\"D-007\",\"kind\":\"donation\",\"parents\":[],\"donor\":\"007-K\","
           "\"expiry\":null,\"quantity\":\"131.5\",\"unit\":\"MU.MG\",\"LocationOID\":"
           "\"NL01\"}"),
     "batch/D-007", "D-007", "NL01"},
    {"batch.receive of a pool",
     PLAIN("batch.receive",
           "{\"batch\":\"P-1\",\"kind\":\"batch\",\"parents\":[\"K-1\",\"K-2\"],\"donor\":"
           "null,\"expiry\":\"2026-12-01T16:00:00+01:00\",\"quantity\":null,\"unit\":null,"
           "\"LocationOID\":\"NL01\"}"),
     "batch/P-1", "P-1", "NL01"},
    {"batch.release",
     PLAIN("batch.release",
           "{\"batch\":\"P-1\",\"results\":\"criteria met\",\"oos\":null}"),
     "batch/P-1", "P-1", NULL},
    {"batch.release out of specification",
     PLAIN("batch.release",
           "{\"batch\":\"P-1\",\"results\":\"out of specification\",\"oos\":{"
           "\"physician_request\":\"asked\",\"sponsor_assessment\":\"weighed\","
           "\"subject_information\":\"told\"}}"),
     "batch/P-1", "P-1", NULL},
    {"batch.recall", WHY("batch.recall", "{\"batch\":\"P-1\"}"), "batch/P-1", "P-1", NULL},
    {"dose.clear",
     PLAIN("dose.clear",
           "{\"SubjectKey\":\"007-K\",\"StudyEventOID\":\"SE.V4\",\"act\":\"infusion\","
           "\"batch\":\"P-1\",\"at\":\"2026-11-21T10:30:00+01:00\",\"override\":null,"
           "\"phoned\":null}"),
     "subject/007-K", "007-K", NULL},
    {"dose.clear by phone, against a stop",
     PLAIN("dose.clear",
           "{\"SubjectKey\":\"007-K\",\"StudyEventOID\":\"SE.V4\",\"act\":\"condition\","
           "\"batch\":null,\"at\":\"2026-11-21T10:30:00+01:00\",\"override\":{\"reason\":"
           "\"so\",\"contact\":\"Dr S.\"},\"phoned\":{\"number\":\"+31 43\",\"by\":"
           "\"Dr S.\",\"at\":\"2026-11-21T10:20:00+01:00\"}}"),
     "subject/007-K", "007-K", NULL},
    {"subject.status",
     PLAIN("subject.status", "{\"SubjectKey\":\"007-K\",\"status\":\"eligible\"}"),
     "subject/007-K", "007-K", NULL},
    {"export",
     PLAIN("export", "{\"size\":412,\"root\":\"" LEAF "\",\"sums_sha256\":\"" HEX64 "\"}"),
     "export/412", NULL, NULL},
    {"export that names the key of its note",
     PLAIN("export", "{\"size\":412,\"root\":\"" LEAF "\",\"sums_sha256\":\"" HEX64
                     "\",\"note_vkey\":\"a.test/export+00112233+AddamAGC\"}"),
     "export/412", NULL, NULL},
    {"safety.assess",
     PLAIN("safety.assess",
           "{\"object\":\"" FORM "\",\"leaf\":\"" LEAF
           "\",\"causality\":\"related\",\"seriousness\":null,\"expectedness\":"
           "\"unexpected\",\"rsi\":\"IB 4\",\"comment\":null,\"duplicate_of\":null}"),
     FORM, "NL01-004", NULL},
    {"safety.ack of a report",
     PLAIN("safety.ack", "{\"object\":\"" FORM "\",\"leaf\":\"" LEAF "\",\"code\":null}"),
     FORM, "NL01-004", NULL},
    {"safety.ack of a test alarm",
     PLAIN("safety.ack",
           "{\"object\":\"milestone/7\",\"leaf\":\"" LEAF "\",\"code\":\"48213\"}"),
     "milestone/7", NULL, NULL},
    {"hold of a subject",
     WHY("hold", "{\"activity\":\"dosing\",\"scope\":\"subject/NL01-004\"}"),
     "subject/NL01-004", "NL01-004", NULL},
    {"hold of a cohort", WHY("hold", "{\"activity\":\"dosing\",\"scope\":\"cohort/2\"}"),
     "cohort/2", NULL, NULL},
    {"hold.lift",
     WHY("hold.lift", "{\"activity\":\"dosing\",\"scope\":\"site/NL01\",\"decision\":"
                      "\"DSMB letter 3\",\"sha256\":\"" HEX64 "\"}"),
     "site/NL01", NULL, "NL01"},
    {"milestone",
     PLAIN("milestone",
           "{\"milestone\":\"authority-report\",\"object\":\"" FORM
           "\",\"at\":\"2026-11-21T10:14:07+01:00\",\"text\":null,\"code_sha256\":null}"),
     "milestone/authority-report", "NL01-004", NULL},
};

static void same_or_null(const char *got, const char *wanted)
{
    if (wanted == NULL) {
        assert_null(got);
    } else {
        assert_non_null(got);
        assert_string_equal(got, wanted);
    }
}

static void check_good(void **state)
{
    const struct good_row *row = *state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes out = {0};
    struct findings shape = {.arena = arena};
    struct record record;
    struct err err = {0};
    assert_status(record_parse(span_text(row->payload), arena, &record, &shape, &err), OK,
                  &err);
    if (shape.count > 0) {
        print_error("%s at %s: %s\n", shape.items[0].rule, shape.items[0].path,
                    shape.items[0].message);
    }
    assert_int_equal(shape.count, 0);
    same_or_null(record.object, row->object);
    same_or_null(record.subject, row->subject);
    same_or_null(record.site, row->site);
    record_write(&record, &out);
    assert_string_equal(bytes_text(&out), row->payload);
}

#define INVITE                                                                             \
    PLAIN("person.invite", "{\"person\":\"p-0042\",\"name\":\"A. de Vries\",\"role\":"     \
                           "\"coordinator\",\"LocationOID\":\"NL01\",\"code_sha256\":"     \
                           "\"" HEX64 "\",\"expires\":\"2026-12-01T00:00:00Z\"}")
#define SIGN                                                                               \
    PLAIN("form.sign",                                                                     \
          "{\"objects\":[{\"object\":\"" FORM "\",\"leaf\":\"" LEAF                        \
          "\"},{\"object\":\"subject/NL01-004/SE.V5/-/F.X/-\",\"leaf\":\"" LEAF "\"}]}")

struct bad_row {
    const char *name, *payload, *from, *to, *path, *rule;
} bad_rows[] = {
    {"an unknown member beside the others is refused", INVITE, "\"prior\":null",
     "\"prior\":null,\"x\":1", "", "SHAPE-02"},
    {"a missing common member is named", INVITE, "\"prior\":null,", "", "prior",
     "SHAPE-01"},
    {"prior is null for what has no revisions", INVITE, "\"prior\":null",
     "\"prior\":\"" LEAF "\"", "prior", "SHAPE-04"},
    {"seen may not be null once there is a history", INVITE, "\"seen\":" SEEN,
     "\"seen\":null", "seen", "SHAPE-04"},
    {"seen needs size and root", INVITE, "\"size\":412", "\"size\":-1", "seen", "SHAPE-03"},
    {"log is a text", INVITE, "\"log\":\"edc.example.org/s/7f3a91\"", "\"log\":7", "log",
     "SHAPE-03"},
    {"an unknown type is refused", INVITE, "person.invite", "person.crown", "type",
     "SHAPE-10"},
    {"a later type is named as such", INVITE, "person.invite", "sdv.mark", "type",
     "SHAPE-11"},
    {"nobody sends a system type", INVITE, "person.invite", "reject", "type", "SHAPE-11"},
    {"a missing member of data is named", INVITE, "\"person\":\"p-0042\",", "",
     "data.person", "SHAPE-01"},
    {"a further member of data is refused", INVITE, "\"person\":\"p-0042\",",
     "\"person\":\"p-0042\",\"x\":1,", "data", "SHAPE-02"},
    {"a member of another kind is named", INVITE, "\"person\":\"p-0042\"", "\"person\":42",
     "data.person", "SHAPE-03"},
    {"null where a value must stand", INVITE, "\"person\":\"p-0042\"", "\"person\":null",
     "data.person", "SHAPE-04"},
    {"an empty name", INVITE, "\"data\":{\"person\":\"p-0042\",\"name\":\"A. de Vries\"",
     "\"data\":{\"person\":\"p-0042\",\"name\":\"\"", "data.name", "SHAPE-05"},
    {"a name of two lines", INVITE, "\"person\":\"p-0042\",\"name\":\"A. de Vries\"",
     "\"person\":\"p-0042\",\"name\":\"A\\nB\"", "data.name", "SHAPE-05"},
    {"a reason that steers a terminal", WHY("lock", "{\"scope\":\"study\"}"),
     "\"reason\":\"", "\"reason\":\"\\u001b[2J", "reason", "SHAPE-05"},
    {"a person id with a slash", INVITE, "p-0042", "p/0042", "data.person", "SHAPE-05"},
    {"a role that is none", INVITE, "\"coordinator\"", "\"king\"", "data.role", "SHAPE-13"},
    {"a digest in capitals", INVITE, "ccddeeff0011", "CCDDEEFF0011", "data.code_sha256",
     "SHAPE-07"},
    {"a date without a time", INVITE, "2026-12-01T00:00:00Z", "2026-12-01", "data.expires",
     "SHAPE-06"},
    {"a date that does not exist", INVITE, "2026-12-01T", "2026-02-30T", "data.expires",
     "SHAPE-06"},
    {"data must be an object", INVITE, "\"data\":{", "\"data\":null,\"x\":{", "data",
     "SHAPE-03"},
    {"a signature says who in which role", INVITE, "\"role\":\"investigator\"",
     "\"role\":\"nobody\"", "signature.role", "SHAPE-13"},
    {"a signature has a time", INVITE, "\"signed_at\":\"2026-11-21T10:14:07+01:00\"",
     "\"signed_at\":\"today\"", "signature.signed_at", "SHAPE-06"},
    {"objects of two subjects are not signed together", SIGN, "subject/NL01-004/SE.V5",
     "subject/NL01-00/SE.V5", "data.objects.1", "SHAPE-09"},
    {"nothing is not signed", PLAIN("form.sign", "{\"objects\":[]}"), "[]", "[]",
     "data.objects", "SHAPE-09"},
    {"a leaf is base64", SIGN, "\"leaf\":\"X3", "\"leaf\":\"!3", "data.objects.0.leaf",
     "SHAPE-07"},
    {"an object is a form's path", SIGN, "/SE.V4/-/F.INFUSION/-", "/SE.V4",
     "data.objects.0.object", "SHAPE-08"},
    {"a lock needs a reason", WHY("lock", "{\"scope\":\"study\"}"), "\"because\"", "null",
     "reason", "SHAPE-04"},
    {"a scope is a study, site, subject or form", WHY("lock", "{\"scope\":\"study\"}"),
     "\"scope\":\"study\"", "\"scope\":\"person/p-0042\"", "data.scope", "SHAPE-08"},
    {"a scope has one spelling", WHY("lock", "{\"scope\":\"site/NL01\"}"), "site/NL01",
     "site/NL%30%31", "data.scope", "SHAPE-08"},
    {"no scope is all of nothing", WHY("lock", "{\"scope\":\"site/NL01\"}"), "site/NL01",
     "site/-", "data.scope", "SHAPE-08"},
    {"a size is not below zero",
     PLAIN("export", "{\"size\":412,\"root\":\"" LEAF "\",\"sums_sha256\":\"" HEX64 "\"}"),
     "{\"size\":412,\"root\":\"" LEAF "\",\"sums",
     "{\"size\":-1,\"root\":\"" LEAF "\",\"sums", "data.size", "SHAPE-03"},
    {"a note's key is one line",
     PLAIN("export", "{\"size\":412,\"root\":\"" LEAF "\",\"sums_sha256\":\"" HEX64
                     "\",\"note_vkey\":\"k\"}"),
     "\"note_vkey\":\"k\"", "\"note_vkey\":\"k\\n\"", "data.note_vkey", "SHAPE-05"},
    {"a form needs its definition",
     PAYLOAD("form.submit", SEEN, "null", "null", DEFINITION, FORM_DATA),
     "\"definition\":" DEFINITION, "\"definition\":null", "definition", "SHAPE-04"},
    {"a form's data have a shape of their own",
     PAYLOAD("form.submit", SEEN, "null", "null", DEFINITION, FORM_DATA), "\"complete\"",
     "\"done\"", "data", "SHAPE-03"},
    {"a code has 128 bits",
     PAYLOAD("person.enrol", "null", "null", "null", "null",
             "{\"person\":\"p-0042\",\"code\":\"AAAQEAYEAUDAOCAJBIFQYDIOB4\",\"jwk\":" JWK
             "}"),
     "AAAQEAYEAUDAOCAJBIFQYDIOB4", "AAAQEAYEAUDAOCAJBIFQYDIOB", "data.code", "SHAPE-07"},
    {"a key has no private part",
     PAYLOAD("study.open", "null", "null", "null", DEFINITION,
             "{\"StudyOID\":\"ST.T\",\"name\":\"Trial\",\"jwk\":" JWK "}"),
     "\"crv\"", "\"d\":\"AA\",\"crv\"", "data.jwk", "SHAPE-02"},
};

static void replace(const char *text, const char *from, const char *to, struct bytes *out)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    bytes_add(out, text, (size_t) (at - text));
    bytes_add_text(out, to);
    bytes_add_text(out, at + strlen(from));
}

static void check_bad(void **state)
{
    const struct bad_row *row = *state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes payload = {0};
    struct findings shape = {.arena = arena};
    struct record record;
    struct err err = {0};
    replace(row->payload, row->from, row->to, &payload);
    assert_status(record_parse(span_bytes(&payload), arena, &record, &shape, &err), OK,
                  &err);
    assert_true(findings_refuse(&shape));
    bool found = false;
    for (size_t i = 0; i < shape.count; i++) {
        found = found || (strcmp(shape.items[i].rule, row->rule) == 0 &&
                          strcmp(shape.items[i].path, row->path) == 0);
    }
    if (!found) {
        print_error("%s at %s\n", shape.items[0].rule, shape.items[0].path);
    }
    assert_true(found);
}

static void everything_wrong_is_said_at_once(void **unused)
{
    (void) unused;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct findings shape = {.arena = arena};
    struct record record;
    assert_int_equal(record_parse(SPAN_LITERAL("{\"type\":\"subject.enrol\",\"data\":{}}"),
                                  arena, &record, &shape, NULL),
                     OK);
    /* log seen prior reason definition signature, SubjectKey, LocationOID */
    assert_int_equal(shape.count, 8);
    assert_int_equal(record.type, RECORD_SUBJECT_ENROL);
}

static void what_is_no_json_is_no_payload(void **unused)
{
    (void) unused;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct findings shape = {.arena = arena};
    struct record record;
    assert_int_equal(record_parse(SPAN_LITERAL("[]"), arena, &record, &shape, NULL),
                     ERR_BAD_INPUT);
    assert_int_equal(
        record_parse(SPAN_LITERAL("{\"a\":1,\"a\":2}"), arena, &record, &shape, NULL),
        ERR_BAD_INPUT);
}

static void the_list_is_whole(void **unused)
{
    (void) unused;
    for (size_t i = 0; i < RECORD_TYPE_COUNT; i++) {
        assert_non_null(RECORD_TYPES[i].name);
        assert_non_null(RECORD_TYPES[i].meaning);
        assert_int_equal(record_type_parse(RECORD_TYPES[i].name), i);
        CLEANUP(bytes_done) struct bytes type = {0};
        bytes_printf(&type, "\"type\":\"%s\"", RECORD_TYPES[i].name);
        bool shown = false; /* each type that people send has a good row */
        for (size_t r = 0; r < ARRAY_LEN(good_rows); r++) {
            shown = shown || strstr(good_rows[r].payload, bytes_text(&type)) != NULL;
        }
        if (!shown && RECORD_TYPES[i].kind == KIND_SIGNED) {
            print_error("%s\n", RECORD_TYPES[i].name);
        }
        assert_true(shown || RECORD_TYPES[i].kind != KIND_SIGNED);
    }
    assert_int_equal(record_type_parse("nothing"), RECORD_TYPE_COUNT);
    assert_int_equal(record_type_parse(NULL), RECORD_TYPE_COUNT);
}

int main(void)
{
    add_rows(good_rows, ARRAY_LEN(good_rows), sizeof(good_rows[0]), check_good);
    add_rows(bad_rows, ARRAY_LEN(bad_rows), sizeof(bad_rows[0]), check_bad);
    add_test("everything wrong is said at once", everything_wrong_is_said_at_once);
    add_test("what is no JSON object is no payload", what_is_no_json_is_no_payload);
    add_test("the list of types is whole", the_list_is_whole);
    return run_added("record_payload");
}
