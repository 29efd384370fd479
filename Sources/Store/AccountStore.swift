package import Wire

/// An account that takes no part any more, until it is reopened.
package struct ClosureRecord: Sendable, Equatable {
    package var account: AccountReference
    /// What keeps it locked; released by reopening only.
    package var holdID: String
    package var closedAt: Timestamp

    package init(account: AccountReference, holdID: String, closedAt: Timestamp) {
        self.account = account
        self.holdID = holdID
        self.closedAt = closedAt
    }
}

/// An account of an import that is not in the store yet: its reference and its IMEIs are taken, and nothing else is.
package struct StagedAccount: Sendable, Equatable {
    package var reference: AccountReference
    package var devices: [IMEI]
    /// What it will be, in the importer's own form.
    package var row: [UInt8]

    package init(reference: AccountReference, devices: [IMEI], row: [UInt8]) {
        self.reference = reference
        self.devices = devices
        self.row = row
    }
}

/// What can be asked about closed accounts and about an import that is under way.
package protocol AccountStoreReader {
    /// Accounts whose owner has this e-mail address, case aside, by reference; at most ten.
    func accounts(writtenFrom email: String) throws -> [AccountReference]
    /// `nil`: the account is open, or there is none.
    func closure(of reference: AccountReference) throws -> ClosureRecord?
    /// By reference.
    func stagedAccounts(limit: Int) throws -> [StagedAccount]
    func stagedCount() throws -> Int
    func isStaged(_ reference: AccountReference) throws -> Bool
    func isStaged(_ imei: IMEI) throws -> Bool
}

/// What can be changed about them.
package protocol AccountStoreWriter: AccountStoreReader {
    /// Throws `.exists` when it is closed already, `.notFound` when there is no such account.
    func insertClosure(_ closure: ClosureRecord) throws
    /// Throws `.notFound` when it is open.
    func removeClosure(of reference: AccountReference) throws
    /// Throws `.exists` when its reference or one of its IMEIs is staged already.
    func stage(_ account: StagedAccount) throws
    /// One that is not staged is passed over.
    func unstage(_ reference: AccountReference) throws
}
