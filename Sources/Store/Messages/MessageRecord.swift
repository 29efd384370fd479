package import Wire

/// A message that came in: what it was taken for and what it did. Its text is not kept.
package struct MessageRecord: Sendable, Equatable {
    /// `whatsapp`, `freshchat`, `twilio`, `africastalking`, `clickatell`, `ussd` or `email`.
    package var provider: String
    /// The provider's identifier: with `provider`, what makes a repeat a repeat.
    package var id: String
    /// E.164 where there is a number, else the user id, else what the provider gave.
    package var sender: String
    package var receivedAt: Timestamp
    /// The provider's own time; absent where it gives none.
    package var sentAt: Timestamp?
    /// Stable code: `locked`, `repeated`, `refused`, `drill`, `hint`, `ignored`, `opt_out`, `identity_changed` …
    package var outcome: String
    /// The account that it is on the record of; absent where there is none.
    package var account: AccountReference?

    package init(
        provider: String, id: String, sender: String, receivedAt: Timestamp, sentAt: Timestamp?, outcome: String, account: AccountReference?
    ) {
        self.provider = provider
        self.id = id
        self.sender = sender
        self.receivedAt = receivedAt
        self.sentAt = sentAt
        self.outcome = outcome
        self.account = account
    }
}
