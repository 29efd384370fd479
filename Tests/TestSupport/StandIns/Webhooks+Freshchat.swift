extension Webhooks {
    /// Any body with the signature that belongs to it.
    package static func signedFreshchat(body: [UInt8], key: FreshchatKey? = nil) throws -> Webhook {
        let signature = try (key ?? FreshchatKey.shared).signature(of: body)
        return Webhook(body: body, headers: ["X-Freshchat-Signature: \(signature)", "X-Freshchat-Payload-Version: v1"])
    }

    /// `message_create`, signed.
    ///
    /// - Parameters:
    ///   - parts: texts; each becomes a part of the message.
    ///   - channel: the identifier of the channel; the default is the one of `FreshchatStandIn`'s conversations.
    package static func freshchat(
        parts: [String], user: String, conversation: String, id: String? = nil, channel: String = "44444444-4444-4444-8444-444444444444",
        source: String? = "whatsapp", actorType: String = "user", messageType: String = "normal", key: FreshchatKey? = nil
    ) throws -> Webhook {
        let pieces = parts.map { part -> JSONValue in ["text": ["content": .string(part)]] }
        let message: JSONValue = [
            "message_parts": .array(pieces), "app_id": "22222222-2222-4222-8222-222222222222", "actor_id": .string(user),
            "org_actor_id": "1940000000000000000", "id": .string(id ?? Identifiers.uuid()), "channel_id": .string(channel),
            "conversation_id": .string(conversation), "freshchat_conversation_id": "1019000000000000", "freshchat_channel_id": "854617",
            "interaction_id": "1019000000000000-1784376000000", "message_type": .string(messageType), "actor_type": .string(actorType),
            "created_time": "2026-07-18T12:00:00.866Z", "user_id": .string(user), "message_source": source.map { .string($0) },
        ]
        let body: JSONValue = [
            "actor": ["actor_type": .string(actorType), "actor_id": .string(user)], "action": "message_create",
            "action_time": "2026-07-18T12:00:00.875Z",
            "data": ["message": message],
        ]
        return try signedFreshchat(body: body.bytes, key: key)
    }

    /// `message_create` with one text, signed.
    package static func freshchat(text: String, user: String, conversation: String, id: String? = nil) throws -> Webhook {
        try freshchat(parts: [text], user: user, conversation: conversation, id: id)
    }
}
