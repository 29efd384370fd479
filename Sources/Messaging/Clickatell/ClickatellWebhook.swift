package import Wire

/// Messages as Clickatell brings them: JSON without a signature, in one of two shapes.
/// - Source: Clickatell, "Reply callback" (clickatell-php, `Rest::parseReplyCallback`) and "One API: receive message callback".
package enum ClickatellWebhook {
    /// A text, also where Clickatell writes a number.
    private struct Text: Decodable {
        let value: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            do { value = try container.decode(String.self) } catch DecodingError.typeMismatch { value = "\(try container.decode(Int64.self))" }
        }
    }

    private struct Message: Decodable {
        var messageId: Text?
        /// `from` in the One API.
        var fromNumber: Text?
        var from: Text?
        var timestamp: Text?
        /// `content` in the One API.
        var text: String?
        var content: String?
        var charset: String?
        /// In a report on a message of ours.
        var statusCode: Text?
        var status: Text?
    }

    private struct Callback: Decodable {
        struct Event: Decodable {
            var moText: [Message]?
            var moMedia: [Message]?
            var moLocation: [Message]?
        }

        var event: Event
    }

    private struct Shape: Decodable {
        struct Anything: Decodable {}
        var event: Anything?
    }

    /// The messages in a callback, in their order; none in one that reports on messages of ours.
    package static func read(_ body: [UInt8]) throws(JSONRefusal) -> [InboundMessage] {
        if try JSON.decode(Shape.self, from: body).event != nil {
            let event = try JSON.decode(Callback.self, from: body).event
            // An entry without an identifier or a sender is no message; the others of its batch are.
            return (event.moText ?? []).compactMap { message($0) } + (event.moMedia ?? []).compactMap { message($0, unreadable: "media") }
                + (event.moLocation ?? []).compactMap { message($0, unreadable: "location") }
        }
        let callback = try JSON.decode(Message.self, from: body)
        if let message = message(callback) { return [message] }
        guard callback.messageId != nil, callback.status != nil || callback.statusCode != nil else {
            throw JSONRefusal(
                code: .wrongShape, description: "The body is no message: it needs 'messageId' and 'fromNumber', or an 'event'.")
        }
        return []
    }

    private static func message(_ message: Message, unreadable kind: String? = nil) -> InboundMessage? {
        guard let id = message.messageId?.value, !id.isEmpty, message.status == nil, message.statusCode == nil,
            let from = (message.fromNumber ?? message.from)?.value
        else { return nil }
        let phone = PhoneSender.number(from)
        return InboundMessage(
            provider: .clickatell, id: id, sender: .init(phone: phone),
            sentAt: message.timestamp.flatMap { Int64($0.value) }.map(Timestamp.init(unixMilliseconds:)),
            content: kind.map { .unreadable(kind: $0) }
                ?? .text(ClickatellCharset.decode(message.text ?? message.content ?? "", charset: message.charset)),
            replyTo: phone.map { ReplyAddress(provider: .clickatell, to: $0) })
    }
}
