internal import Store
internal import Wire

extension SQLiteTransaction {
    func nextRevision(now: Timestamp) throws -> Revision {
        let next = Revision.following(try highestRevision(), unixMilliseconds: now.unixMilliseconds)
        try noteRevision(next)
        return next
    }

    /// Keeps the highest revision that any row was ever given.
    func noteRevision(_ revision: Revision) throws {
        guard try revision > highestRevision() else { return }
        try connection.run("UPDATE highest_revision SET revision = ?", revision)
    }

    private func highestRevision() throws -> Revision {
        try connection.number("SELECT revision FROM highest_revision")
    }

    /// One revision for all: each subject's own still rises, and no two of them are ever compared.
    func raiseAllRevisions(now: Timestamp) throws {
        let raised = try nextRevision(now: now)
        try connection.run("UPDATE accounts SET revision = ?", raised)
        try connection.run("UPDATE devices SET revision = ?", raised)
    }
}
