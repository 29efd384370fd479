private import Wire

/// Reads the messages of one change, with what the change says of their senders.
struct WhatsAppMessageReader {
    private let phoneNumberID: String?
    /// The first one of each number and of each user id.
    private let byPhone: [String: Contact]
    private let byUserID: [String: Contact]
    /// The only one of a change with one message: it belongs to that message's sender.
    private let onlyOne: Contact?

    private struct Contact {
        let phone: String?
        let userID: String?
    }

    /// - Parameter value: the change's `value`.
    init(_ value: LenientObject) {
        phoneNumberID = value.object("metadata").textOrNumber("phone_number_id")
        let contacts = value.objects("contacts").map { Contact(phone: $0.textOrNumber("wa_id"), userID: $0.text("user_id")) }
        byPhone = Dictionary(contacts.compactMap { contact in contact.phone.map { ($0, contact) } }) { first, _ in first }
        byUserID = Dictionary(contacts.compactMap { contact in contact.userID.map { ($0, contact) } }) { first, _ in first }
        onlyOne = contacts.count == 1 && value.objects("messages").count == 1 ? contacts[0] : nil
    }

    /// `nil` only for one without an identifier: it could be neither remembered nor answered.
    func message(_ message: LenientObject) -> InboundMessage? {
        guard let id = message.textOrNumber("id") else { return nil }
        let sender = sender(of: message)
        let address = (sender.phone ?? sender.userID).map { ReplyAddress(provider: .whatsapp, to: $0, from: phoneNumberID, answers: id) }
        return InboundMessage(
            provider: .whatsapp, id: id, sender: sender, sentAt: Self.time(message.textOrNumber("timestamp")), content: Self.content(of: message),
            replyTo: address)
    }

    private func sender(of message: LenientObject) -> InboundMessage.Sender {
        var sender = InboundMessage.Sender(phone: message.textOrNumber("from"), userID: message.text("from_user_id"))
        if let from = sender.phone, from.contains(".") {  // There are senders that put the user id there.
            sender.phone = nil
            sender.userID = sender.userID ?? from
        }
        if sender.userID == nil { sender.userID = contact(of: sender.phone)?.userID }
        // A system message may name the new number there, and its sender is the old one.
        if sender.phone == nil, let userID = sender.userID, message.text("type") != "system" {
            sender.phone = byUserID[userID]?.phone
        }
        return sender
    }

    /// The one with this number, else the only one, unless it is somebody else's.
    private func contact(of phone: String?) -> Contact? {
        if let phone, let contact = byPhone[phone] { return contact }
        return onlyOne.flatMap { phone == nil || $0.phone == nil ? $0 : nil }
    }

    private static func content(of message: LenientObject) -> InboundMessage.Content {
        if message.textOrNumber("group_id") != nil { return .ignored(kind: "group") }
        let text = message.object("text")
        let type = message.text("type") ?? (text.isObject ? "text" : "unknown")
        switch type {
        case "text": return text.text("body").map { .text($0) } ?? .unreadable(kind: type)
        case "image", "video", "document", "sticker", "audio", "voice", "location", "contacts": return .unreadable(kind: type)
        case "edit": return .edited
        case "system": return system(message.object("system"))
        default: return .ignored(kind: type)
        }
    }

    private static func system(_ system: LenientObject) -> InboundMessage.Content {
        switch system.text("type") {
        case "user_changed_number": .identityChanged(to: system.textOrNumber("wa_id"))
        case "user_changed_user_id", "customer_identity_changed": .identityChanged(to: nil)
        default: .ignored(kind: "system")
        }
    }

    /// Unix seconds; milliseconds have been seen, and are told by their size.
    private static func time(_ text: String?) -> Timestamp? {
        guard let number = text.flatMap({ Int64($0) }), (1...253_402_300_799_999).contains(number) else { return nil }
        return Timestamp(unixMilliseconds: number >= 1_000_000_000_000 ? number : number * 1000)
    }
}
