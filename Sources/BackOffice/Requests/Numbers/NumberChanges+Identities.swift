import Store
package import Wire

/// What a change of the linked number means for the identities that are known beside it.
extension NumberChanges {
    /// What becomes of the old number.
    enum OldNumber: Sendable {
        case absent
        /// It locks too while the cooling-off runs.
        case coolsOff
        /// Staff had not confirmed that it is still the vendor's, so it does not lock any more.
        case wasSuspended
    }

    static func begin(
        _ change: NumberChangeRecord, until end: Timestamp, now: Timestamp, in writer: any StoreWriter
    ) throws -> OldNumber {
        let reference = change.account
        let identities = try writer.identities(of: reference)
        // Back to a number that still cools off: the user ids that end with it are its own.
        let returning = identities.first { $0.kind == .previous && $0.identity == change.newNumber && $0.isValid(at: now) }?.until
        for identity in identities where !identity.isValid(at: now) || identity.identity == change.newNumber {
            try writer.removeIdentity(identity.identity, of: reference)
        }
        let wasSuspended = identities.contains { $0.kind == .suspended && $0.identity == change.oldNumber }
        for var userID in identities where userID.kind == .userID && userID.isValid(at: now) {
            if let until = userID.until {
                guard until == returning else { continue }
                userID.until = nil
            } else if wasSuspended {
                try writer.removeIdentity(userID.identity, of: reference)
                continue
            } else {
                userID.until = end
            }
            try writer.putIdentity(userID)
        }
        guard let old = change.oldNumber else { return .absent }
        if wasSuspended {
            try writer.removeIdentity(old, of: reference)
            return .wasSuspended
        }
        try writer.putIdentity(IdentityRecord(account: reference, identity: old, kind: .previous, since: now, until: end))
        return .coolsOff
    }

    /// As it was before `begin`: what was learned beside the new number goes, what was to end with the old one stays.
    static func undo(_ change: NumberChangeRecord, now: Timestamp, in writer: any StoreWriter) throws {
        let reference = change.account
        let identities = try writer.identities(of: reference)
        try writer.removeIdentity(change.newNumber, of: reference)
        for var userID in identities where userID.kind == .userID {
            if userID.until == nil {
                try writer.removeIdentity(userID.identity, of: reference)
            } else if userID.until == change.coolingUntil {
                userID.until = nil
                try writer.putIdentity(userID)
            }
        }
        guard let old = change.oldNumber else { return }
        if identities.contains(where: { $0.kind == .previous && $0.identity == old }) {
            try writer.removeIdentity(old, of: reference)
        } else {
            // It was suspended when the change was approved, and nobody has confirmed it since.
            try writer.putIdentity(IdentityRecord(account: reference, identity: old, kind: .suspended, since: now))
        }
    }

    /// Staff have made sure that a number that WhatsApp reported as changed is still the vendor's: it may lock again.
    package func confirm(_ reference: AccountReference, note: String, by actor: Actor) throws {
        let note = try Self.checked(note: note)
        let now = environment.now
        try step("Confirmation of the linked number", of: reference, by: actor).run(now: now) { reader -> String in
            let account = try Accounts.existing(reference, in: reader)
            guard let number = account.linkedNumber,
                try reader.identities(of: reference).contains(where: { $0.kind == .suspended && $0.identity == number })
            else {
                throw Problem(.numberNotSuspended, "The linked number \(account.linkedNumber ?? "(none)") is not suspended. Nothing was changed.")
            }
            return number
        } work: { number, writer in
            try writer.removeIdentity(number, of: reference)
            try writer.appendNote(
                actor.note(
                    on: .account(reference), at: now, kind: "number_confirmed",
                    text: "The suspension of the linked number \(number) is lifted, it may lock again: \(note)"))
        }
    }
}
