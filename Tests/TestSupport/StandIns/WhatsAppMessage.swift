/// Who a WhatsApp message comes from: a number, a business-scoped user id, or both.
package struct WhatsAppSender: Sendable, ExpressibleByStringLiteral {
    /// Digits without `+`, as Meta writes them.
    package var phone: String?
    package var userID: String?
    package var name = "Test Vendor"

    package init(phone: String? = nil, userID: String? = nil) {
        self.phone = phone
        self.userID = userID
    }

    package init(stringLiteral phone: String) { self.init(phone: phone) }

    package static func phone(_ phone: String) -> WhatsAppSender { WhatsAppSender(phone: phone) }
    package static func userID(_ userID: String) -> WhatsAppSender { WhatsAppSender(userID: userID) }
    package static func both(_ phone: String, _ userID: String) -> WhatsAppSender { WhatsAppSender(phone: phone, userID: userID) }

    var contact: JSONValue {
        [
            "profile": ["name": .string(name), "username": phone == nil ? "testvendor" : nil], "wa_id": phone.map { .string($0) },
            "user_id": userID.map { .string($0) },
        ]
    }
}

/// One element of `messages[]`.
package struct WhatsAppMessage: Sendable {
    package let id: String
    package let sender: WhatsAppSender
    /// All of the message's members.
    package let json: JSONValue

    /// - Parameters:
    ///   - time: Unix seconds; absent: now.
    ///   - members: what the type has beside the common members.
    package init(
        type: String, from sender: WhatsAppSender, id: String? = nil, time: Int64? = nil, context: JSONValue? = nil,
        members: [String: JSONValue] = [:]
    ) {
        let id = id ?? Identifiers.wamid()
        let common: [String: JSONValue?] = [
            "id": .string(id), "from": sender.phone.map { .string($0) }, "from_user_id": sender.userID.map { .string($0) },
            "timestamp": .string("\(time ?? Int64(wallSeconds()))"), "type": .string(type), "context": context,
        ]
        self.id = id
        self.sender = sender
        json = .object(common.compactMapValues { $0 }.merging(members) { _, given in given })
    }

    package static func text(_ text: String, from sender: WhatsAppSender, id: String? = nil, time: Int64? = nil) -> WhatsAppMessage {
        WhatsAppMessage(type: "text", from: sender, id: id, time: time, members: ["text": ["body": .string(text)]])
    }

    /// - Parameter kind: image, video, audio, document or sticker.
    package static func media(_ kind: String, caption: String? = nil, from sender: WhatsAppSender, id: String? = nil) -> WhatsAppMessage {
        let types = [
            "image": "image/jpeg", "video": "video/mp4", "audio": "audio/ogg; codecs=opus", "document": "application/pdf", "sticker": "image/webp",
        ]
        let media: JSONValue = [
            "id": "1000000000000001", "mime_type": .string(types[kind] ?? "application/octet-stream"),
            "sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "caption": caption.map { .string($0) }, "voice": kind == "audio" ? true : nil,
        ]
        return WhatsAppMessage(type: kind, from: sender, id: id, members: [kind: media])
    }

    package static func edit(of original: String, to text: String, from sender: WhatsAppSender, id: String? = nil) -> WhatsAppMessage {
        let edit: JSONValue = ["original_message_id": .string(original), "message": ["type": "text", "text": ["body": .string(text)]]]
        return WhatsAppMessage(type: "edit", from: sender, id: id, members: ["edit": edit])
    }

    package static func revoke(of original: String, from sender: WhatsAppSender, id: String? = nil) -> WhatsAppMessage {
        WhatsAppMessage(type: "revoke", from: sender, id: id, members: ["revoke": ["original_message_id": .string(original)]])
    }

    /// - Parameter emoji: empty takes the reaction away.
    package static func reaction(_ emoji: String, to original: String, from sender: WhatsAppSender, id: String? = nil) -> WhatsAppMessage {
        WhatsAppMessage(type: "reaction", from: sender, id: id, members: ["reaction": ["message_id": .string(original), "emoji": .string(emoji)]])
    }

    package static func inGroup(_ text: String, group: String = "120363000000000001", from sender: WhatsAppSender, id: String? = nil)
        -> WhatsAppMessage
    {
        WhatsAppMessage(type: "text", from: sender, id: id, members: ["text": ["body": .string(text)], "group_id": .string(group)])
    }

    /// The vendor changed from one number to another: `from` is the old one.
    package static func changedNumber(from old: WhatsAppSender, to new: String, id: String? = nil) -> WhatsAppMessage {
        let system: JSONValue = [
            "type": "user_changed_number", "wa_id": .string(new),
            "body": .string("User \(old.name) changed from \(old.phone ?? "") to \(new)"),
        ]
        return WhatsAppMessage(type: "system", from: old, id: id, members: ["system": system])
    }

    /// `customer_identity_changed` or `user_changed_user_id`.
    package static func system(_ kind: String, from sender: WhatsAppSender, id: String? = nil) -> WhatsAppMessage {
        WhatsAppMessage(type: "system", from: sender, id: id, members: ["system": ["type": .string(kind), "body": "The user's identity changed"]])
    }

    package static func button(_ text: String, payload: String, from sender: WhatsAppSender, answering original: String, id: String? = nil)
        -> WhatsAppMessage
    {
        WhatsAppMessage(
            type: "button", from: sender, id: id, context: ["id": .string(original)],
            members: ["button": ["text": .string(text), "payload": .string(payload)]])
    }

    package static func unsupported(from sender: WhatsAppSender, id: String? = nil) -> WhatsAppMessage {
        let error: JSONValue = [
            "code": 131051, "title": "Message type unknown", "message": "Message type unknown",
            "error_data": ["details": "Message type is currently not supported."],
        ]
        return WhatsAppMessage(type: "unsupported", from: sender, id: id, members: ["errors": [error]])
    }
}
