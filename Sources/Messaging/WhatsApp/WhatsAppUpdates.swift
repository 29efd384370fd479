package import Wire

/// What one webhook of WhatsApp brings: messages that came in, and what became of those that went out.
///
/// One odd message never costs its neighbours: whatever cannot be read of it is absent, and the others stand.
package struct WhatsAppUpdates: Sendable, Equatable {
    package var messages: [InboundMessage]
    package var statuses: [DeliveryStatus]

    package init(messages: [InboundMessage] = [], statuses: [DeliveryStatus] = []) {
        self.messages = messages
        self.statuses = statuses
    }

    /// Every message and status of every change of every entry, in the order of the body; repeats are not removed.
    package static func read(_ body: [UInt8]) throws(JSONRefusal) -> WhatsAppUpdates {
        try JSON.decode(Body.self, from: body).updates
    }

    private struct Body: Decodable {
        let updates: WhatsAppUpdates

        init(from decoder: any Decoder) throws {
            let body = LenientObject(from: decoder)
            guard body.isObject else {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "a webhook is an object"))
            }
            var updates = WhatsAppUpdates()
            for entry in body.objects("entry") {
                for change in entry.objects("changes") where change.text("field") == "messages" {
                    let value = change.object("value")
                    let reader = WhatsAppMessageReader(value)
                    updates.messages += value.objects("messages").compactMap(reader.message)
                    updates.statuses += value.objects("statuses").compactMap(DeliveryStatus.init(whatsApp:))
                }
            }
            self.updates = updates
        }
    }
}

extension DeliveryStatus {
    /// `nil` for one without an identifier, or that tells nothing of the delivery (`deleted`).
    fileprivate init?(whatsApp status: LenientObject) {
        let states = ["sent": State.sent, "delivered": .delivered, "read": .read, "played": .read, "failed": .failed]
        guard let id = status.textOrNumber("id"), let state = status.text("status").flatMap({ states[$0] }) else { return nil }
        self.init(providerID: id, tag: status.text("biz_opaque_callback_data"), state: state)
        if state == .failed {
            failure = status.objects("errors").first.map { WhatsAppError($0).outcome() } ?? WhatsAppError.unexplained
        }
    }
}
