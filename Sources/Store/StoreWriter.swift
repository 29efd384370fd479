package import Wire

/// What can be changed inside a write transaction; reads see the transaction's own changes.
package protocol StoreWriter: StoreReader, MessageWriter, StaffWriter, AccountStoreWriter, GeolocationWriter, RequestWriter {
    /// The next revision for a subject whose lock state changes: `Revision.following(highest revision in the store, now)`.
    func nextRevision(now: Timestamp) throws -> Revision
    /// Gives the subject its next revision and returns it. Throws `.notFound`.
    func raiseRevision(of subject: Subject, now: Timestamp) throws -> Revision
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

    /// Throws `.notFound` when its subject is not in the store.
    func insertHold(_ hold: HoldRecord) throws
    /// When the hold was durable: known only after its own commit, so written with a later one. Opening a store fills in what a crash left open.
    func markCommitted(hold id: String, at: Timestamp) throws
    /// A hold that was released already keeps its first release. Throws `.notFound`.
    func releaseHold(_ id: String, at: Timestamp, by: String) throws
    func insertDelivery(_ delivery: DeliveryRecord) throws
    /// Sets the times that are still absent on this terminal's open deliveries with a revision not above `revision`; returns the changed ones.
    /// A hold that was released before stays without: whether a terminal ever stored it cannot be told any more.
    func markDelivered(to imei: IMEI, upTo revision: Revision, at: Timestamp) throws -> [DeliveryRecord]
    /// As `markDelivered`; what is enforced was delivered, so an absent time of delivery is set too.
    func markEnforced(on imei: IMEI, upTo revision: Revision, at: Timestamp) throws -> [DeliveryRecord]

    /// The subject need not be in the store: what happened is recorded in any case.
    @discardableResult
    func appendNote(_ note: NewNote) throws -> NoteRecord

    /// Throws `.notFound` when its terminal is not in the store.
    func insertEnrolmentCode(_ code: EnrolmentCodeRecord) throws
    /// Throws `.notFound` when there is no such code or it has been used.
    func markEnrolmentCodeUsed(hash: [UInt8], at: Timestamp) throws
    /// In the place of the one that the terminal had.
    func putCodeKey(_ key: CodeKeyRecord) throws
    func insertToken(_ token: TokenRecord) throws
    func revokeToken(hash: [UInt8], at: Timestamp) throws
    /// Drops those whose sequence is not above the terminal's last, and the oldest beyond what is kept for one terminal
    /// (`gate_refused` first, the newest event never); returns the last sequence afterwards and how many were new. Throws `.notFound` for an unknown IMEI.
    func appendEvents(_ events: [TerminalEvent], of imei: IMEI, at: Timestamp) throws -> (last: Int64, added: Int)
    func insertChannel(_ code: ChannelCode) throws
    func putSetting(_ name: String, _ value: [UInt8]) throws
    /// Remembers a token id until `expires`; `false` when it was there already (a replay). Drops those that have expired.
    func rememberOnce(_ id: String, expires: Timestamp, now: Timestamp) throws -> Bool
    /// Raises every revision above all that terminals can have seen; for `restore`.
    func raiseAllRevisions(now: Timestamp) throws
}
