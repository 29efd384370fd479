package import Wire

/// What is still to be told about a lock: whoever asked for it, when the last terminal confirms; people, when one does not in time.
package struct LockWatchRecord: Sendable, Equatable {
    package var holdID: String
    package var account: AccountReference?
    /// The note that says the lock was placed: repeats are counted on it.
    package var noteID: Int64?
    /// Where the answers go, as JSON; absent for a lock that nobody asked for by message.
    package var replyTo: [UInt8]?
    /// The answer in the outbox.
    package var replyNumber: Int64?
    /// When people are told that a terminal has not confirmed; absent once that is done, or not needed any more.
    package var dueAt: Timestamp?
    /// When the last terminal confirmed.
    package var finishedAt: Timestamp?

    package init(
        holdID: String, account: AccountReference?, noteID: Int64? = nil, replyTo: [UInt8]? = nil, replyNumber: Int64? = nil,
        dueAt: Timestamp? = nil, finishedAt: Timestamp? = nil
    ) {
        self.holdID = holdID
        self.account = account
        self.noteID = noteID
        self.replyTo = replyTo
        self.replyNumber = replyNumber
        self.dueAt = dueAt
        self.finishedAt = finishedAt
    }
}
