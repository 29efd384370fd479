import Messaging

/// What other systems are told, for `/openapi.json`: the names, and what `data` holds with each.
enum OpenAPIWebhooks {
    /// The member `webhooks`.
    static var text: String { "{" + WebhookEvent.allCases.map { "\"\($0.rawValue)\":{\"post\":\(operation($0))}" }.joined(separator: ",") + "}" }

    /// One for each event.
    static var schemas: String { WebhookEvent.allCases.map(schema).joined(separator: ",") }

    private static let headers = #"""
        [{"name":"webhook-id","in":"header","required":true,"description":"Of the event; the same at each attempt. Go by it: an event may come twice.","schema":{"type":"string"}},
        {"name":"webhook-timestamp","in":"header","required":true,"description":"Of this attempt, Unix seconds. Refuse what is 5 minutes off.","schema":{"type":"string"}},
        {"name":"webhook-signature","in":"header","required":true,"description":"v1, and the base64 of the HMAC-SHA-256 of webhook-id, a full stop, webhook-timestamp, a full stop, and the body, with the shared secret (Standard Webhooks).","schema":{"type":"string"}}]
        """#

    private static func operation(_ event: WebhookEvent) -> String {
        let body =
            ##"{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/\##(name(of: event))"}}}}"##
        let answers =
            #"{"2XX":{"description":"Heard."},"410":{"description":"No more is wanted; nothing is sent until the server is restarted."},"default":{"description":"Tried again, for three days."}}"#
        return
            #"{"summary":"\#(about(event))","operationId":"webhook_\#(name(of: event))","security":[],"parameters":\#(headers),"requestBody":\#(body),"responses":\#(answers)}"#
    }

    private static func schema(_ event: WebhookEvent) -> String {
        let data = data(of: event)
        let required = data.filter(\.isRequired).map { "\"\($0.name)\"" }.joined(separator: ",")
        let members = data.map { "\"\($0.name)\":\($0.schema)" }.joined(separator: ",")
        return
            ##""\##(name(of: event))":{"type":"object","required":["type","timestamp","data"],"properties":{"type":{"const":"\##(event.rawValue)"},"timestamp":{"$ref":"#/components/schemas/Time"},"data":{"type":"object","required":[\##(required)],"properties":{\##(members)}}}}"##
    }

    /// `account.channels_changed` → `AccountChannelsChangedEvent`.
    private static func name(of event: WebhookEvent) -> String {
        event.rawValue.split { $0 == "." || $0 == "_" }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + "Event"
    }

    private static func about(_ event: WebhookEvent) -> String {
        switch event {
        case .accountLocked: "A hold was placed on an account"
        case .accountEnforced: "A terminal has confirmed a hold of its account"
        case .accountUnlocked: "A hold of an account was released"
        case .accountChannelsChanged: "The channels that an account is locked to were changed"
        case .deviceLocked: "A hold was placed on a device"
        case .deviceEnforced: "A terminal has confirmed a hold of its own"
        case .deviceUnlocked: "A hold of a device was released"
        case .numberChanged: "The linked number of an account is another one"
        case .requestMoved: "A request of a vendor came to another step"
        }
    }

    private struct Member {
        let name: String
        let schema: String
        var isRequired = true
    }

    private static let account = Member(name: "account", schema: ##"{"$ref":"#/components/schemas/Reference"}"##)
    private static let governing = Member(name: "account", schema: ##"{"$ref":"#/components/schemas/Reference"}"##, isRequired: false)
    private static let imei = Member(name: "imei", schema: ##"{"$ref":"#/components/schemas/IMEI"}"##)
    private static let hold = [
        Member(name: "hold", schema: #"{"type":"string"}"#), Member(name: "kind", schema: ##"{"$ref":"#/components/schemas/HoldKind"}"##),
    ]
    private static let cause = [
        Member(name: "source", schema: #"{"type":"string","description":"Through what it came: api, whatsapp …","examples":["api"]}"#),
        Member(name: "revision", schema: #"{"type":"integer"}"#),
    ]
    private static let locked = Member(
        name: "locked", schema: #"{"type":"boolean","description":"Whether it is locked now: another hold may keep it so after one is released."}"#)
    private static let time = Member(
        name: "time_to_lock_ms", schema: #"{"type":"integer","description":"From the lock on disk to the confirmation."}"#)

    private static func data(of event: WebhookEvent) -> [Member] {
        switch event {
        case .accountLocked, .accountUnlocked: [account] + hold + cause + [locked]
        case .accountEnforced: [account, imei] + hold + cause + [time]
        case .deviceLocked, .deviceUnlocked: [governing, imei] + hold + cause + [locked]
        case .deviceEnforced: [governing, imei] + hold + cause + [time]
        case .accountChannelsChanged:
            [account, Member(name: "channels", schema: ##"{"type":"array","items":{"$ref":"#/components/schemas/Channel"}}"##)] + cause
        case .numberChanged: [account, Member(name: "number_change", schema: #"{"type":"string"}"#, isRequired: false)] + cause
        case .requestMoved:
            [
                Member(name: "ticket", schema: #"{"type":"string","examples":["VL-1042"]}"#), Member(name: "kind", schema: #"{"type":"string"}"#),
                Member(name: "step", schema: #"{"type":"string"}"#), Member(name: "waiting_for", schema: #"{"type":"string"}"#),
                Member(name: "round", schema: #"{"type":"integer"}"#),
                Member(name: "outcome", schema: #"{"type":"string","description":"Once it is closed."}"#, isRequired: false), governing,
                Member(name: "imei", schema: imei.schema, isRequired: false), cause[0],
            ]
        }
    }
}
