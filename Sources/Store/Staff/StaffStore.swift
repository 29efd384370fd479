package import Wire

/// What can be asked of staff inside a transaction.
package protocol StaffReader {
    func user(_ name: String) throws -> UserRecord?
    /// By name.
    func users() throws -> [UserRecord]
    /// Those that have not ended, oldest first; `nil`: of everybody.
    func openSessions(of user: String?) throws -> [StaffSessionRecord]
    /// When sign-ins under this name failed, after `since`, oldest first.
    func failedSignIns(nameHash: [UInt8], since: Timestamp) throws -> [Timestamp]
}

/// What can be changed of staff inside a write transaction.
package protocol StaffWriter: StaffReader {
    /// Throws `.exists` when there is one of that name.
    func insertUser(_ user: UserRecord) throws
    /// All but `name` and `createdAt`. Throws `.notFound`.
    func updateUser(_ user: UserRecord) throws

    /// Throws `.notFound` when its user is not in the store.
    func insertSession(_ session: StaffSessionRecord) throws
    /// Those that ended, or are not there, are passed over.
    func updateLastUsed(_ times: [[UInt8]: Timestamp]) throws
    /// Ends this one; one that has ended keeps its first end. Throws `.notFound`.
    func endSession(hash: [UInt8], at: Timestamp) throws
    /// Ends all; `nil`: of everybody. Returns how many.
    @discardableResult
    func endSessions(of user: String?, at: Timestamp) throws -> Int
    /// Removes those that ended before.
    func forgetSessions(endedBefore: Timestamp) throws

    /// Names are kept as hashes: people type their passwords where the name goes.
    func insertFailedSignIn(nameHash: [UInt8], at: Timestamp) throws
    func removeFailedSignIns(nameHash: [UInt8]) throws
    /// Of all names, those not after `until`.
    func forgetFailedSignIns(until: Timestamp) throws
}
