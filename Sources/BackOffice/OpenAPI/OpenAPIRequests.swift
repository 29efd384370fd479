import Store
import Wire

/// The schemas of requests; their words come from the types themselves.
enum OpenAPIRequests {
    static let text = [newRequest, sorting, answers, steps, request, lists].joined(separator: ",")

    private static func words<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> String {
        #"{"type":"string","enum":["# + Word.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ",") + "]}"
    }

    private static func ref(_ name: String) -> String { ##"{"$ref":"#/components/schemas/\##(name)"}"## }

    private static let string = #"{"type":"string"}"#
    private static let integer = #"{"type":"integer"}"#
    private static let boolean = #"{"type":"boolean"}"#

    private static func object(_ name: String, required: [String], _ members: [(String, String)], about: String? = nil) -> String {
        let description = about.map { #""description":"\#($0)","# } ?? ""
        let names = required.map { "\"\($0)\"" }.joined(separator: ",")
        return #""\#(name)":{"type":"object",\#(description)"required":[\#(names)],"properties":{"#
            + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}}"
    }

    private static func list(of schema: String) -> String { #"{"type":"array","items":\#(schema)}"# }

    private static let newRequest = object(
        "NewRequest", required: ["kind", "source"],
        [
            ("kind", words(RequestKind.self)), ("account", ref("Reference")), ("imei", ref("IMEI")), ("source", words(RequestSource.self)),
            ("text", string), ("channel", ref("Channel")),
            ("new_address", #"{"type":"string","description":"Set where the shop has moved: a field agent visits it first."}"#),
            ("email", #"{"type":"string","description":"The address that the vendor wrote from."}"#), ("new_number", string),
            ("evidence", list(of: ##"{"type":"object"}"##)), ("transaction", string), ("amount_cents", integer), ("help_desk_ticket", string),
        ],
        about:
            "multiple_channel_access takes account, channel and, by e-mail, email; linked_number_change account, new_number, text and evidence (as NewNumberChange); unlock_after_theft account; locked_device imei; geolocation_visit account; complaint account and text; enquiry text."
    )

    private static let sorting = object(
        "Sorting", required: ["kind"],
        [
            ("kind", words(RequestKind.self)), ("account", ref("Reference")), ("imei", ref("IMEI")), ("channel", ref("Channel")),
            ("new_address", string), ("email", string), ("transaction", string), ("amount_cents", integer), ("text", string),
        ])

    private static let answers = object(
        "Answers", required: [],
        AnswerField.allCases.map { ($0.rawValue, string) } + [
            ("is_owner", boolean),
            ("owner_confirmation", #"{"type":"string","description":"Needed where the e-mail alone does not show who wrote it."}"#),
            ("new_address", string),
        ], about: "Each field that the request asks for (asks), and is_owner.")

    private static let steps = [
        object(
            "EmailTaken", required: ["outcome"],
            [("outcome", #"{"type":"string","enum":["opened","continued","repeated","automatic"]}"#), ("ticket", string)]),
        object("Comment", required: ["text"], [("text", string)]),
        object("EmailNote", required: ["from"], [("from", string), ("text", string)]),
        object(
            "Terminals", required: ["terminals"],
            [
                (
                    "terminals",
                    list(
                        of:
                            ##"{"type":"object","required":["imei","fate"],"properties":{"imei":{"$ref":"#/components/schemas/IMEI"},"fate":{"type":"string","enum":["recovered","written_off","kept"]}}}"##
                    )
                ), ("note", string),
            ]),
        object("Letter", required: [], [("note", string)]), object("AccessCode", required: ["code"], [("code", string)]),
        object("Attempt", required: ["opened"], [("opened", boolean), ("note", string)]),
        object(
            "Proposal", required: ["outcome", "text"],
            [("outcome", #"{"type":"string","enum":["settled","refunded","rejected"]}"#), ("text", string), ("amount_cents", integer)]),
        object(
            "VisitStart", required: ["phone"],
            [
                ("imei", ref("IMEI")),
                (
                    "phone",
                    ##"{"type":"object","required":["lat","lon","accuracy_m"],"properties":{"lat":{"type":"number"},"lon":{"type":"number"},"accuracy_m":{"type":"number"},"fixed_at":{"$ref":"#/components/schemas/Time"}}}"##
                ), ("note", string),
            ]),
    ].joined(separator: ",")

    private static let answer =
        #"{"type":"object","required":["field","agrees"],"properties":{"field":{"type":"string"},"given":{"type":"string"},"agrees":{"type":"boolean"},"stored":{"type":"string","description":"What is on record now."}}}"#
    private static let entry =
        ##"{"type":"object","required":["at","actor","action","step","text"],"properties":{"at":{"$ref":"#/components/schemas/Time"},"actor":{"type":"string"},"role":{"type":"string"},"action":{"type":"string"},"step":{"type":"string"},"text":{"type":"string"}}}"##

    private static let request = object(
        "Request",
        required: [
            "ticket", "kind", "step", "waiting_for", "round", "source", "opened_by", "opened_at", "moved_at", "overdue", "reminders", "has_news",
        ],
        [
            ("ticket", #"{"type":"string","examples":["VL-1042"]}"#), ("kind", words(RequestKind.self)), ("account", ref("Reference")),
            ("imei", ref("ShownIMEI")), ("step", words(RequestStep.self)), ("waiting_for", words(RequestParty.self)), ("round", integer),
            ("source", words(RequestSource.self)), ("opened_by", string), ("opened_at", ref("Time")), ("moved_at", ref("Time")),
            ("due_at", ref("Time")), ("overdue", boolean), ("reminders", integer), ("has_news", boolean), ("outcome", words(RequestOutcome.self)),
            ("closed_at", ref("Time")), ("text", string), ("help_desk_ticket", string), ("email", string), ("email_confirmed", boolean),
            ("email_on_record", boolean), ("owner_confirmation", string), ("channel", ref("Channel")), ("new_address", string),
            ("number_change", string), ("visit", string),
            (
                "terminals",
                list(of: ##"{"type":"object","properties":{"imei":{"$ref":"#/components/schemas/IMEI"},"fate":{"type":"string"}}}"##)
            ), ("access_code", #"{"type":"string","description":"For those who try it, until the case is closed."}"#), ("transaction", string),
            ("amount_cents", integer), ("proposal", words(RequestOutcome.self)), ("answer_text", string), ("checked_by", string),
            (
                "last_channel",
                ##"{"type":"object","properties":{"channel":{"$ref":"#/components/schemas/Channel"},"imei":{"$ref":"#/components/schemas/IMEI"},"at":{"$ref":"#/components/schemas/Time"}}}"##
            ),
            ("answers", list(of: answer)), ("asks", list(of: string)),
            ("next", list(of: #"{"type":"object","properties":{"action":{"type":"string"},"roles":{"type":"array","items":{"type":"string"}}}}"#)),
            ("entries", list(of: entry)),
        ])

    private static let lists = [
        object("RequestList", required: ["requests"], [("requests", list(of: ref("Request"))), ("next", string)]),
        object(
            "RequestBoard", required: ["columns"],
            [
                ("kind", words(RequestKind.self)),
                (
                    "columns",
                    list(
                        of:
                            ##"{"type":"object","required":["step","waiting_for","open","overdue","requests"],"properties":{"step":{"type":"string"},"waiting_for":{"type":"string"},"open":{"type":"integer"},"overdue":{"type":"integer"},"requests":{"type":"array","items":{"$ref":"#/components/schemas/Request"}}}}"##
                    )
                ),
            ]),
        object(
            "RequestKindList", required: ["kinds"],
            [
                (
                    "kinds",
                    list(
                        of:
                            #"{"type":"object","required":["kind","title","opens_at","steps"],"properties":{"kind":{"type":"string"},"title":{"type":"string"},"opens_at":{"type":"array","items":{"type":"string"}},"steps":{"type":"array","items":{"type":"object","required":["step","waiting_for","moves"],"properties":{"step":{"type":"string"},"waiting_for":{"type":"string"},"due_in_s":{"type":"integer"},"moves":{"type":"array","items":{"type":"object"}}}}}}}"#
                    )
                )
            ]),
    ].joined(separator: ",")
}
