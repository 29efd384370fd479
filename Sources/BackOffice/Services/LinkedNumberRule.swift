import Store
import Wire

/// Nobody alone both links a number and unlocks: a thief's friend at the desk would need no more than that.
enum LinkedNumberRule {
    static let period = Duration.seconds(7 * 24 * 60 * 60)
    /// The note of a number that was linked where there was none, which takes no request and no second person.
    static let linkedNote = "number_linked"
    private static let page = 200

    /// Why this hold may not be released by this person; `nil` where it may.
    static func problem(releasing hold: HoldRecord, by actor: Actor, now: Timestamp, in reader: any StoreReader) throws -> Problem? {
        guard hold.kind == .vendor || hold.kind == .fraud, case .account(let reference) = hold.subject else { return nil }
        let since = now.adding(.zero - period)
        for change in try reader.numberChanges(of: reference, limit: page) {
            // Cancelled ones were approved before; a request that was only made, or declined, linked nothing.
            guard change.state == .approved || change.state == .cancelled, let at = change.decidedAt, at > since else { continue }
            let people = [change.requestedBy, change.decidedBy].compactMap(\.self)
            if people.contains(where: actor.isSamePerson) { return Problem.linkedNumber(by: "request \(change.id)", at: at) }
        }
        var before: Int64?
        while true {
            let notes = try reader.notes(on: .account(reference), before: before, limit: page)
            for note in notes where note.kind == linkedNote && note.at > since && actor.isSamePerson(as: note.actor) {
                return Problem.linkedNumber(by: "a change of the account", at: note.at)
            }
            guard notes.count == page, let oldest = notes.last, oldest.at > since else { return nil }
            before = oldest.id
        }
    }
}

extension Problem {
    fileprivate static func linkedNumber(by how: String, at: Timestamp) -> Problem {
        Problem(
            .samePersonLinkedNumber,
            "You had part in linking a number to this account (\(how), \(at)): for 7 days another person releases its vendor and fraud holds.")
    }
}
