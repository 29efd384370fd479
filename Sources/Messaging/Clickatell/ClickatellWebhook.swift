package import Wire

/// Messages as Clickatell brings them: JSON without a signature, in one of two shapes.
///
/// One odd message never costs its neighbours: the others stand, and `odd` says what is wrong with it.
/// - Source: Clickatell, "Reply callback" (clickatell-php, `Rest::parseReplyCallback`) and "One API: receive message callback".
package struct ClickatellWebhook: Sendable, Equatable {
    /// In their order; none in a callback that reports on messages of ours.
    package var messages: [InboundMessage] = []
    /// What cannot be read, in words for people.
    package var odd: [String] = []

    /// - Throws: when there is nothing in it that can be read, so that Clickatell hears it too.
    package static func read(_ body: [UInt8]) throws(JSONRefusal) -> ClickatellWebhook {
        let callback = try JSON.decode(Body.self, from: body).object
        let webhook = callback.has("event") ? ClickatellWebhook(event: callback.object("event")) : ClickatellWebhook(single: callback)
        if webhook.messages.isEmpty, let why = webhook.odd.first {
            throw JSONRefusal(code: .wrongShape, description: "The body is no message: \(why).")
        }
        return webhook
    }

    private struct Body: Decodable {
        let object: LenientObject

        init(from decoder: any Decoder) throws {
            object = LenientObject(from: decoder)
            guard object.isObject else {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "a callback is an object"))
            }
        }
    }

    /// The newer interface's lists; media and places have no text that could be a command.
    private init(event: LenientObject) {
        for (list, kind) in [("moText", nil), ("moMedia", "media"), ("moLocation", "location")] where event.has(list) {
            guard let entries = event.elements(list) else {
                odd.append("'event.\(list)' is no list")
                continue
            }
            for (place, entry) in entries.enumerated() { take(entry, unreadable: kind, name: "event.\(list)[\(place)]") }
        }
        if !event.isObject { odd.append("'event' is no object") }
    }

    private init(single callback: LenientObject) { take(callback, unreadable: nil, name: "the callback") }

    private mutating func take(_ entry: LenientObject, unreadable kind: String?, name: String) {
        let id = entry.textOrNumber("messageId")
        // A report on a message of ours.
        if id != nil, entry.has("status") || entry.has("statusCode") { return }
        guard let id, let from = entry.textOrNumber("fromNumber") ?? entry.textOrNumber("from") else {
            odd.append("\(name) needs 'messageId' and 'fromNumber' or 'from'")
            return
        }
        let text = entry.textOrNumber("text") ?? entry.textOrNumber("content") ?? ""
        let phone = PhoneSender.number(from)
        messages.append(
            InboundMessage(
                provider: .clickatell, id: id, sender: .init(phone: phone),
                sentAt: entry.number("timestamp").map(Timestamp.init(unixMilliseconds:)),
                content: kind.map { .unreadable(kind: $0) } ?? .text(ClickatellCharset.decode(text, charset: entry.text("charset"))),
                replyTo: phone.map { ReplyAddress(provider: .clickatell, to: $0) }))
    }
}
