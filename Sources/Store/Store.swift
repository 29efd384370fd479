package import LockRules
package import Wire

/// Where the back office's truth is kept. One contract, the same over SQLite and PostgreSQL.
///
/// Concurrency: every method may be called from any thread and may block; never from an HTTP thread.
package protocol Store: Sendable {
    /// Runs `body` in a read transaction: one consistent view.
    func read<Value: Sendable>(_ body: (any StoreReader) throws -> Value) throws -> Value

    /// Runs `body` in a write transaction and returns when it is on disk.
    ///
    /// Changes that wait at the same time share one commit (and one fsync). When `body` throws, its own changes are undone,
    /// the others' stand, and the error is thrown here. When the commit fails, nothing of it happened and `StoreError` is thrown.
    func write<Value: Sendable>(_ body: @escaping @Sendable (any StoreWriter) throws -> Value) throws -> Value

    /// As `write`, but does not wait; for what repeats itself if it is lost (last seen, delivery times). Returns at once.
    func writeLater(_ body: @escaping @Sendable (any StoreWriter) throws -> Void)

    /// Called once after each commit, before any waiting `write` returns, with every subject that `touch` named in it.
    func onCommit(_ listener: @escaping @Sendable (Set<Subject>) -> Void)

    /// Copies the whole store to a new file while serving.
    func backup(to path: String) throws

    /// How long commits took, for `/metrics`.
    var commitDurations: CommitDurations { get }

    /// Commits what is waiting, then closes. Nothing may be called afterwards.
    func close()
}

/// Counts of commit durations per bucket, cumulative from the start of the process.
package struct CommitDurations: Sendable, Equatable {
    /// Upper bounds in seconds; the last bucket (above all bounds) is `counts.last`.
    package static let bounds: [Double] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]
    package var counts = [Int](repeating: 0, count: Self.bounds.count + 1)
    package var sum = 0.0

    package init() {}

    package mutating func add(seconds: Double) {
        counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
        sum += seconds
    }
}

/// What can be asked inside a transaction.
package protocol StoreReader {
    // Accounts
    func account(_ reference: AccountReference) throws -> AccountRecord?
    /// Accounts whose reference, owner's name or surname, linked number or a device's IMEI contains `text` (`nil`: all), ordered by reference.
    func accounts(matching text: String?, after: AccountReference?, limit: Int) throws -> [AccountRecord]

    // Devices
    func device(_ imei: IMEI) throws -> DeviceRecord?
    /// Registered ones first, by time of registration, then those signed in (seated before unseated), by time; decommissioned ones left out.
    func devices(of reference: AccountReference) throws -> [DeviceRecord]
    func devices(after: IMEI?, limit: Int) throws -> [DeviceRecord]

    // Holds
    func standingHolds(on subject: Subject) throws -> [HoldRecord]
    /// Newest first, released ones too.
    func holds(on subject: Subject, before: String?, limit: Int) throws -> [HoldRecord]
    func hold(_ id: String) throws -> HoldRecord?
    func deliveries(ofHold id: String) throws -> [DeliveryRecord]
    /// Those not yet enforced on this terminal.
    func openDeliveries(to imei: IMEI) throws -> [DeliveryRecord]

    // Lock state
    /// Everything that the lock rules need, in as few look-ups as can be.
    func lockFacts(imei: IMEI, claiming: AccountReference?) throws -> LockFacts

    // Notes, newest first; `before` is a note's id.
    func notes(on subject: Subject, before: Int64?, limit: Int) throws -> [NoteRecord]
    /// Oldest first, of all subjects: for verification and export.
    func allNotes(after id: Int64, limit: Int) throws -> [NoteRecord]

    // Enrolment codes, tokens, events, settings
    func enrolmentCode(hash: [UInt8]) throws -> EnrolmentCodeRecord?
    func token(hash: [UInt8]) throws -> TokenRecord?
    func tokens() throws -> [TokenRecord]
    func lastEventSequence(of imei: IMEI) throws -> Int64
    /// Newest first; `before` is a sequence number.
    func events(of imei: IMEI, kind: String?, before: Int64?, limit: Int) throws -> [EventRecord]
    func channelCatalogue() throws -> [ChannelCode]
    /// Small named values: signing keys, the session secret.
    func setting(_ name: String) throws -> [UInt8]?
}

/// What can be changed inside a write transaction; reads see the transaction's own changes.
package protocol StoreWriter: StoreReader {
    /// The next revision for a subject whose lock state changes: `Revision.following(highest revision in the store, now)`.
    func nextRevision(now: Timestamp) throws -> Revision
    /// Names a subject whose lock state this transaction changes: it reaches `onCommit` (for an account, also each of its devices is named).
    func touch(_ subject: Subject) throws

    /// Throws `StoreError` `.exists` when there is one of that reference.
    func insertAccount(_ account: AccountRecord) throws
    /// Throws `.notFound`.
    func updateAccount(_ account: AccountRecord) throws
    func insertDevice(_ device: DeviceRecord) throws
    func updateDevice(_ device: DeviceRecord) throws
    /// Only `lastSeen`, for many at once; unknown IMEIs are passed over.
    func updateLastSeen(_ times: [IMEI: Timestamp]) throws

    func insertHold(_ hold: HoldRecord) throws
    /// When the hold was durable: known only after its own commit, so written with a later one. Opening a store fills in what a crash left open.
    func markCommitted(hold id: String, at: Timestamp) throws
    func releaseHold(_ id: String, at: Timestamp, by: String) throws
    func insertDelivery(_ delivery: DeliveryRecord) throws
    /// Sets the times that are still absent on this terminal's deliveries with a revision not above `revision`; returns the changed ones.
    func markDelivered(to imei: IMEI, upTo revision: Revision, at: Timestamp) throws -> [DeliveryRecord]
    func markEnforced(on imei: IMEI, upTo revision: Revision, at: Timestamp) throws -> [DeliveryRecord]

    @discardableResult
    func appendNote(_ note: NewNote) throws -> NoteRecord

    func insertEnrolmentCode(_ code: EnrolmentCodeRecord) throws
    func markEnrolmentCodeUsed(hash: [UInt8], at: Timestamp) throws
    func insertToken(_ token: TokenRecord) throws
    func revokeToken(hash: [UInt8], at: Timestamp) throws
    /// Drops those whose sequence is not above the terminal's last; returns the last sequence afterwards and how many were new.
    func appendEvents(_ events: [TerminalEvent], of imei: IMEI, at: Timestamp) throws -> (last: Int64, added: Int)
    func insertChannel(_ code: ChannelCode) throws
    func putSetting(_ name: String, _ value: [UInt8]) throws
    /// Remembers a token id until `expires`; `false` when it was there already (a replay). Drops those that have expired.
    func rememberOnce(_ id: String, expires: Timestamp, now: Timestamp) throws -> Bool
    /// Raises every revision above all that terminals can have seen; for `restore`.
    func raiseAllRevisions(now: Timestamp) throws
}

/// One failure of the store.
package struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case exists, notFound = "not_found"
        /// Disk full, file damaged, connection lost: the world's fault, may pass.
        case unavailable
        case corrupt
        case closed
    }
    package let code: Code
    package let operation: String
    package let detail: String
    package let native: Int32

    package init(code: Code, operation: String, detail: String, native: Int32 = 0) {
        self.code = code
        self.operation = operation
        self.detail = detail
        self.native = native
    }

    package var description: String { "\(operation): \(detail)" }
}
