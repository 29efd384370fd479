internal import Store
internal import Wire

extension SQLiteTransaction {
    /// `Revision.following`. Not with RETURNING, which makes a table for its one row.
    func nextRevision(now: Timestamp) throws -> Revision {
        try connection.run("UPDATE highest_revision SET revision = max(revision + 1, ?)", now)
        return try highestRevision()
    }

    func raiseRevision(of subject: Subject, now: Timestamp) throws -> Revision {
        let revision = try nextRevision(now: now)
        switch subject {
        case .account(let reference):
            let changed = try connection.run("UPDATE accounts SET revision = ? WHERE reference = ?", revision, reference)
            try requireRow(changed, "account \(reference)")
        case .device(let imei):
            let changed = try connection.run("UPDATE devices SET revision = ? WHERE imei = ?", revision, imei)
            try requireRow(changed, "device \(imei)")
        }
        return revision
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
