package import Wire

/// One message from outside, verified as its provider's, not yet read as a command.
package struct InboundMessage: Codable, Sendable, Equatable {
    /// Who sent it, as the provider vouches for it.
    package struct Sender: Codable, Sendable, Equatable {
        /// The number as the provider wrote it, with or without `+`; absent where the provider withholds it.
        package var phone: String?
        /// WhatsApp's business-scoped user id, for example `ZM.13491208655302741918`.
        package var userID: String?

        package init(phone: String? = nil, userID: String? = nil) {
            self.phone = phone
            self.userID = userID
        }
    }

    package enum Content: Codable, Sendable, Equatable {
        case text(String)
        /// A picture, a voice note …: never a command, a reply may ask for text. `kind` is the provider's word.
        case unreadable(kind: String)
        /// A changed message: never a command.
        case edited
        /// Neither a command nor worth a reply: a reaction, a revocation, a message in a group.
        case ignored(kind: String)
        /// The provider says that the sender's number or identity is not what it was; `to` is the new number where it says so.
        case identityChanged(to: String?)
    }

    package var provider: Provider
    /// The provider's identifier of the message: a repeat has the same.
    package var id: String
    package var sender: Sender
    /// When the provider took it; absent where it does not say.
    package var sentAt: Timestamp?
    package var content: Content
    /// Where an answer goes; absent where none can.
    package var replyTo: ReplyAddress?

    package init(
        provider: Provider, id: String, sender: Sender, sentAt: Timestamp? = nil, content: Content, replyTo: ReplyAddress? = nil
    ) {
        self.provider = provider
        self.id = id
        self.sender = sender
        self.sentAt = sentAt
        self.content = content
        self.replyTo = replyTo
    }
}

/// Where a message goes.
package struct ReplyAddress: Codable, Sendable, Hashable {
    package var provider: Provider
    /// The number as the provider wrote it, a business-scoped user id, or a Freshchat conversation.
    package var to: String
    /// Which of our numbers it goes from, where the provider has several: WhatsApp's `phone_number_id`.
    package var from: String?
    /// The message that is answered, shown as a quotation where the provider can.
    package var answers: String?

    package init(provider: Provider, to: String, from: String? = nil, answers: String? = nil) {
        self.provider = provider
        self.to = to
        self.from = from
        self.answers = answers
    }
}
