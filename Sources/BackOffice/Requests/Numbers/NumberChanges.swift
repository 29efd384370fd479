import PhoneNumbers
import Signing
package import Store
package import Wire

/// Changes of an account's linked number: asked for with evidence by one person, approved by another, and for a day the old number locks too.
package struct NumberChanges: Sendable {
    let environment: Environment
    let outbox: Outbox
    private let numbers: PhoneNumberReader

    /// How long the old number may lock too, and the change can be cancelled.
    static let coolingOff = Duration.seconds(24 * 3600)
    /// The note on a step that was asked for and may not be done.
    static let refusedNote = "number_change_refused"

    init(environment: Environment, outbox: Outbox, numbers: PhoneNumberReader) {
        self.environment = environment
        self.outbox = outbox
        self.numbers = numbers
    }

    package func request(
        _ body: NewNumberChangeBody, for reference: AccountReference, from source: RequestSource = .inPerson, by actor: Actor
    ) throws -> NumberChangeBody {
        let reason = body.reason.trimmed
        guard !reason.isEmpty, reason.count <= 500 else {
            throw Problem(.textRequired, "Give the reason for the change in 'reason' (1 to 500 characters).")
        }
        guard let number = try LinkedNumber.normalized(body.new_number, by: numbers) else {
            throw Problem(.invalidNumber, "'new_number' is empty. Write it with the country code, for example +27711234567.")
        }
        let id = "num_" + (try RandomBytes.text(12))
        let evidence = try EvidenceCheck.records(of: body.evidence, change: id)
        let now = environment.now
        return try step("Request to link \(number)", of: reference, by: actor).run(now: now) { reader in
            let account = try Accounts.existing(reference, in: reader)
            guard number != account.linkedNumber else {
                throw Problem(.sameNumber, "\(number) is linked to account \(reference) already. Nothing is to be changed.")
            }
            // Only the newest can be open: none is taken while one is.
            if let open = try reader.numberChanges(of: reference, limit: 1).first, open.state == .requested {
                throw Problem(.numberChangeOpen, "Request \(open.id) of this account waits for a decision. Approve or refuse it first.")
            }
            return account
        } work: { account, writer in
            let change = NumberChangeRecord(
                id: id, account: reference, oldNumber: account.linkedNumber, newNumber: number, reason: reason, requestedBy: actor.name,
                requestedAt: now)
            try writer.insertNumberChange(change, evidence: evidence)
            try open(change, from: source, by: actor, now: now, in: writer)
            try writer.appendNote(
                actor.note(
                    on: .account(reference), at: now, kind: "number_change_requested",
                    text:
                        "Change of the linked number from \(account.linkedNumber ?? "none") to \(number) requested (\(id)): \(reason). "
                        + "It takes the approval of a second person."))
            return try Self.body(change, evidence, in: writer)
        }
    }

    package func list(of reference: AccountReference, limit: Int) throws -> NumberChangeListBody {
        try environment.store.read { reader in
            _ = try Accounts.existing(reference, in: reader)
            return NumberChangeListBody(number_changes: try reader.numberChanges(of: reference, limit: limit).map { try Self.body($0, in: reader) })
        }
    }

    package func show(_ id: String, of reference: AccountReference) throws -> NumberChangeBody {
        try environment.store.read { reader in
            try Self.body(Self.existing(id, of: reference, in: reader), reader.evidence(ofChange: id), in: reader)
        }
    }

    static func body(_ change: NumberChangeRecord, _ evidence: [EvidenceRecord]? = nil, in reader: any StoreReader) throws -> NumberChangeBody {
        NumberChangeBody(change, evidence, ticket: try reader.request(ofNumberChange: change.id)?.number)
    }

    /// The picture that came with a piece of evidence.
    package func picture(_ kind: String, ofChange id: String, of reference: AccountReference) throws -> (contentType: String, content: [UInt8]) {
        let piece = try environment.store.read { reader in
            _ = try Self.existing(id, of: reference, in: reader)
            return try reader.evidence(ofChange: id).first { $0.kind == kind }
        }
        guard let type = piece?.contentType, let content = piece?.content else {
            throw Problem(.evidenceNotFound, "There is no picture of that kind. GET the request to see what evidence it has.")
        }
        return (type, content)
    }

    static func existing(_ id: String, of reference: AccountReference, in reader: any StoreReader) throws -> NumberChangeRecord {
        guard let change = try reader.numberChange(id), change.account == reference else {
            throw Problem(.numberChangeNotFound, "There is no such request of account \(reference). List its number-changes.")
        }
        return change
    }

    /// - Parameter what: for the note when it may not be done.
    func step(_ what: String, of reference: AccountReference, by actor: Actor) -> RecordedStep {
        RecordedStep(environment: environment, reference: reference, actor: actor, refusedKind: Self.refusedNote, what: what)
    }

    /// Why staff do what they do: it goes into the record.
    static func checked(note: String) throws -> String {
        let note = note.trimmed
        guard !note.isEmpty, note.count <= 500 else { throw Problem(.textRequired, "Say why in 'note' (1 to 500 characters).") }
        return note
    }
}
