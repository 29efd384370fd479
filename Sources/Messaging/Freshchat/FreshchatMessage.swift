package import Wire

/// One message of a user on Freshchat. Whose number it is must still be asked.
package struct FreshchatMessage: Codable, Sendable, Equatable {
    /// A repeat has the same.
    package var id: String
    /// Where an answer goes; absent where none can.
    package var conversationID: String?
    package var userID: String
    /// The channel's identifiers, of which it has up to two.
    package var channelIDs: [String]
    package var content: InboundMessage.Content
    package var sentAt: Timestamp?

    package init(
        id: String, conversationID: String?, userID: String, channelIDs: [String], content: InboundMessage.Content, sentAt: Timestamp? = nil
    ) {
        self.id = id
        self.conversationID = conversationID
        self.userID = userID
        self.channelIDs = channelIDs
        self.content = content
        self.sentAt = sentAt
    }

    /// `nil` for everything but a user's ordinary message, our own answers above all, and for one that has no identifier or no user.
    init?(webhook body: LenientObject) {
        let message = body.object("data").object("message"), actor = body.object("actor")
        // Where both say who acts, both must say the user.
        let actors = [message.text("actor_type"), actor.text("actor_type")].compactMap(\.self)
        guard body.text("action") == "message_create", message.text("message_type") == "normal", !actors.isEmpty,
            actors.allSatisfy({ $0 == "user" }), let id = message.textOrNumber("id"),
            let userID = message.textOrNumber("user_id") ?? message.textOrNumber("actor_id") ?? actor.textOrNumber("actor_id")
        else { return nil }
        self.init(
            id: id, conversationID: message.textOrNumber("conversation_id"), userID: userID,
            channelIDs: ["channel_id", "freshchat_channel_id"].compactMap(message.textOrNumber),
            content: Self.content(of: message.objects("message_parts")),
            sentAt: (message.text("created_time") ?? body.text("action_time")).flatMap { Timestamp($0) })
    }

    private static func content(of parts: [LenientObject]) -> InboundMessage.Content {
        let texts = parts.compactMap { $0.object("text").text("content") }
        if !texts.isEmpty { return .text(texts.joined(separator: " ")) }
        return .unreadable(kind: parts.first?.names.first ?? "empty")
    }
}
