package import Wire

/// What can be asked of messages inside a transaction.
package protocol MessageReader {
    func message(provider: String, id: String) throws -> MessageRecord?
    /// When this sender's last message came through this provider: WhatsApp's 24 hours run from there.
    func lastMessage(from sender: String, provider: String) throws -> Timestamp?
    /// Newest first.
    func messages(of reference: AccountReference, limit: Int) throws -> [MessageRecord]

    func outbox(_ number: Int64) throws -> OutboxRecord?
    func outbox(providerID: String, provider: String) throws -> OutboxRecord?
    /// What may go now: `waiting`, `notBefore` reached, nothing open before it in its lane; oldest `notBefore` first.
    func dueOutbox(now: Timestamp, limit: Int) throws -> [OutboxRecord]
    /// The earliest `notBefore` of what is `waiting` with nothing open before it in its lane.
    func nextOutboxTime() throws -> Timestamp?
    /// Those in a state, oldest first, changed not after `changedBefore`.
    func outbox(in state: OutboxRecord.State, changedBefore: Timestamp, limit: Int) throws -> [OutboxRecord]
    /// Newest first; `nil`: of all accounts, in all states. `before` is a number.
    func outbox(
        of reference: AccountReference?, in state: OutboxRecord.State?, through providers: OutboxProviders, before: Int64?, limit: Int
    ) throws -> [OutboxRecord]
    /// Open ones with this cause in this lane, oldest first.
    func openOutbox(lane: String, cause: String) throws -> [OutboxRecord]
    /// - Parameter lanes: those that begin with one of these are left out, and cost nothing however much waits there.
    func outboxSummary(besides lanes: [String]) throws -> OutboxSummary

    func identities(of reference: AccountReference) throws -> [IdentityRecord]
    /// Accounts whose linked number is this one, by reference.
    func accounts(linkedTo number: String) throws -> [AccountReference]
    /// Accounts that have this user id or number among their identities, of whatever kind, by reference.
    func accounts(knownBy identity: String) throws -> [AccountReference]

    func lockWatch(ofHold id: String) throws -> LockWatchRecord?
    /// Those with `dueAt` reached, oldest first.
    func dueLockWatches(now: Timestamp, limit: Int) throws -> [LockWatchRecord]

    func drill(_ id: String) throws -> DrillRecord?
    /// Newest first.
    func drills(of reference: AccountReference, limit: Int) throws -> [DrillRecord]
    /// By IMEI.
    func drillTerminals(_ id: String) throws -> [DrillTerminalRecord]
    /// Not finished, requested not after `requestedBefore`, oldest first.
    func openDrills(requestedBefore: Timestamp, limit: Int) throws -> [DrillRecord]
    /// The highest revision of a drill that is not finished and that this terminal has not confirmed; 0 when there is none.
    func openDrillRevision(of imei: IMEI) throws -> Revision

    func numberChange(_ id: String) throws -> NumberChangeRecord?
    /// Newest first.
    func numberChanges(of reference: AccountReference, limit: Int) throws -> [NumberChangeRecord]
    /// By kind.
    func evidence(ofChange id: String) throws -> [EvidenceRecord]

    /// Whether the owner of the number has asked for no more SMS.
    func hasOptedOut(_ number: String) throws -> Bool
}

/// What can be changed of messages inside a write transaction.
package protocol MessageWriter: MessageReader {
    /// The store remembers each (provider, id) for as long as providers repeat. Throws `.exists` when it is there.
    func insertMessage(_ message: MessageRecord) throws
    /// Forgets messages that came in, and outbox rows that are not open and last changed, before this time; the outbox's last row is kept, so
    /// that its number is not given again. A hundred or so of each at a time, so that no lock waits long for it: returns how many rows,
    /// 0 when nothing is left to forget. Called in transactions of its own until then.
    @discardableResult
    func forgetMessages(before: Timestamp) throws -> Int

    /// Returns its number.
    @discardableResult
    func enqueue(_ record: OutboxRecord) throws -> Int64
    /// All but `number`, `lane`, `provider`, `createdAt`. Throws `.notFound`.
    func updateOutbox(_ record: OutboxRecord) throws
    /// Fails the first `limit` of the lane that are `waiting`, come after this number and were made not after `madeBy`; returns how many it were.
    func giveUpOutbox(lane: String, after number: Int64, madeBy: Timestamp, failure: String, at: Timestamp, limit: Int) throws -> Int
    /// Makes what is `waiting` for a time after `now` wait so much less, but not for a time before it; returns how many it were.
    func hastenOutbox(by: Duration, now: Timestamp) throws -> Int

    /// Replaces the one of the same account and identity. Throws `.notFound` when the account is not in the store.
    func putIdentity(_ identity: IdentityRecord) throws
    func removeIdentity(_ identity: String, of reference: AccountReference) throws

    /// One more repeat on a note: shown as its `count`, outside its hash, because what was written is never changed.
    /// Throws `.notFound`.
    func countNote(_ id: Int64) throws

    /// Throws `.notFound` when its hold is not in the store, `.exists` when it is watched already.
    func insertLockWatch(_ watch: LockWatchRecord) throws
    /// Throws `.notFound`.
    func updateLockWatch(_ watch: LockWatchRecord) throws

    /// Throws `.notFound` when the account or a terminal is not in the store, `.exists` when there is one of that id.
    func insertDrill(_ drill: DrillRecord, terminals: [IMEI]) throws
    /// Throws `.notFound`.
    func updateDrill(_ drill: DrillRecord) throws
    /// Sets the time on this terminal's open drills with a revision not above `revision`; returns the drills that changed.
    func markDrillConfirmed(by imei: IMEI, upTo revision: Revision, at: Timestamp) throws -> [String]

    /// Throws `.notFound` when the account is not in the store, `.exists` when there is one of that id.
    func insertNumberChange(_ change: NumberChangeRecord, evidence: [EvidenceRecord]) throws
    /// Throws `.notFound`.
    func updateNumberChange(_ change: NumberChangeRecord) throws

    func setOptedOut(_ number: String, _ isOptedOut: Bool, at: Timestamp) throws
}
