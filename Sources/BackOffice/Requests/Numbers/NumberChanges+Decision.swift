import Store
package import Wire

/// What becomes of a request.
extension NumberChanges {
    /// Links the new number at once: one number more that locks is never the danger. The old one locks too until the cooling-off ends.
    package func approve(_ id: String, of reference: AccountReference, note: String, by actor: Actor) throws -> NumberChangeBody {
        let note = try Self.checked(note: note)
        let now = environment.now
        return try step("Approval of number change \(id)", of: reference, by: actor).run(now: now) { reader in
            let (account, change) = try Self.open(id, of: reference, in: reader)
            guard !actor.isSamePerson(as: change.requestedBy) else {
                throw Problem(.samePerson, "You made this request yourself: a second person approves it.")
            }
            guard account.linkedNumber == change.oldNumber else {
                throw Problem(
                    .numberChangedMeanwhile,
                    "The linked number is not \(change.oldNumber ?? "none") any more, for which this was requested. Refuse it, and make a new request."
                )
            }
            return (account, change)
        } work: { checked, writer in
            var (account, change) = checked
            change.state = .approved
            change.decidedBy = actor.name
            change.decidedAt = now
            let end = now.adding(Self.coolingOff)
            change.coolingUntil = end
            let old = try Self.begin(change, until: end, now: now, in: writer)
            account.linkedNumber = change.newNumber
            try writer.updateAccount(account)
            try writer.updateNumberChange(change)
            try close(change, .approval, .approved, note: note, by: actor, now: now, in: writer)
            // A number that WhatsApp reported as changed may be a stranger's by now: it is told nothing.
            let isCoolingOff = if case .coolsOff = old { true } else { false }
            let told =
                try (isCoolingOff ? tell(change.oldNumber, .numberChangeOld(change: id), reference, now: now, in: writer) : "")
                + tell(change.newNumber, .numberChangeNew(change: id, oldCoolsOff: isCoolingOff), reference, now: now, in: writer)
            let number = change.oldNumber ?? "none"
            let fate =
                switch old {
                case .absent: "No number was linked before."
                case .coolsOff: "\(number) may lock too until \(end)."
                case .wasSuspended: "\(number) was suspended and may not lock any more."
                }
            try writer.appendNote(
                actor.note(
                    on: .account(reference), at: now, kind: "number_changed",
                    text:
                        "Linked number changed from \(number) to \(change.newNumber) (\(id)): requested by \(change.requestedBy), approved by \(actor.name): \(note). \(fate)\(told)"
                ))
            try outbox.tellNumber(of: account, change: id, source: actor.via, now: now, in: writer)
            return try Self.body(change, in: writer)
        }
    }

    package func decline(_ id: String, of reference: AccountReference, note: String, by actor: Actor) throws -> NumberChangeBody {
        let note = try Self.checked(note: note)
        let now = environment.now
        return try step("Refusal of number change \(id)", of: reference, by: actor).run(now: now) { reader in
            try Self.open(id, of: reference, in: reader).change
        } work: { change, writer in
            var change = change
            change.state = .declined
            change.decidedBy = actor.name
            change.decidedAt = now
            try writer.updateNumberChange(change)
            try close(change, .refusal, .refused, note: note, by: actor, now: now, in: writer)
            try writer.appendNote(
                actor.note(
                    on: .account(reference), at: now, kind: "number_change_declined",
                    text: "Request \(id) of \(change.requestedBy) to link \(change.newNumber) refused: \(note)"))
            return try Self.body(change, in: writer)
        }
    }

    /// Links the old number again and the new one no more, while the cooling-off runs.
    package func cancel(_ id: String, of reference: AccountReference, note: String, by actor: Actor) throws -> NumberChangeBody {
        let note = try Self.checked(note: note)
        let now = environment.now
        return try step("Cancellation of number change \(id)", of: reference, by: actor).run(now: now) { reader in
            let account = try Accounts.existing(reference, in: reader)
            let change = try Self.existing(id, of: reference, in: reader)
            guard change.state == .approved, let end = change.coolingUntil else {
                throw Problem(.numberChangeNotApproved, "This request is \(change.state.rawValue), not approved: there is no change to cancel.")
            }
            guard now < end else {
                throw Problem(.coolingOffOver, "The cooling-off ended at \(end). To link the old number again, make a new request.")
            }
            guard account.linkedNumber == change.newNumber else {
                throw Problem(
                    .numberChangedMeanwhile, "The linked number is not \(change.newNumber) any more: this change is not the last. Cancel that one.")
            }
            return (account, change)
        } work: { checked, writer in
            var (account, change) = checked
            try Self.undo(change, now: now, in: writer)
            change.state = .cancelled
            change.decidedBy = actor.name
            change.decidedAt = now
            account.linkedNumber = change.oldNumber
            try writer.updateAccount(account)
            try writer.updateNumberChange(change)
            try close(change, .cancellation, .cancelled, note: note, by: actor, now: now, in: writer)
            let told =
                try tell(change.oldNumber, .numberChangeCancelled(change: id), reference, now: now, in: writer)
                + tell(change.newNumber, .numberChangeCancelled(change: id), reference, now: now, in: writer)
            try writer.appendNote(
                actor.note(
                    on: .account(reference), at: now, kind: "number_change_cancelled",
                    text:
                        "Change \(id) cancelled: \(note). \(change.oldNumber ?? "No number") is linked again, \(change.newNumber) is not any more.\(told)"
                ))
            try outbox.tellNumber(of: account, change: id, source: actor.via, now: now, in: writer)
            return try Self.body(change, in: writer)
        }
    }

    private static func open(
        _ id: String, of reference: AccountReference, in reader: any StoreReader
    ) throws -> (account: AccountRecord, change: NumberChangeRecord) {
        let account = try Accounts.existing(reference, in: reader)
        let change = try existing(id, of: reference, in: reader)
        guard change.state == .requested else {
            throw Problem(
                .numberChangeDecided, "This request is \(change.state.rawValue) already, by \(change.decidedBy ?? "unknown"). Nothing was changed.")
        }
        return (account, change)
    }

    /// - Returns: what the note says when nobody can be told.
    private func tell(
        _ number: String?, _ saying: Saying, _ reference: AccountReference, now: Timestamp, in writer: any StoreWriter
    ) throws -> String {
        guard let number, try outbox.notify(number, saying, account: reference, now: now, in: writer) == nil else { return "" }
        return " \(number) was not told: nothing that sends messages is configured."
    }
}
