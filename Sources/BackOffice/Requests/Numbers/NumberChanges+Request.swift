import Messaging
import Store
import Wire

/// The request that stands for a change of number: its ticket, its place on the board, its entries.
extension NumberChanges {
    /// In the transaction that stores the change.
    func open(_ change: NumberChangeRecord, from source: RequestSource, by actor: Actor, now: Timestamp, in writer: any StoreWriter) throws {
        var details = RequestDetails()
        details.text = change.reason
        let request = try writer.insertRequest(
            RequestRecord(
                kind: .linkedNumberChange, account: change.account, step: .level2, source: source, openedBy: actor.name, openedAt: now,
                numberChange: change.id))
        var move = RequestMove(.opening, on: request, details, isNew: true, by: actor, telling: outbox, now: now, in: writer)
        move.begin()
        // Whoever holds the old number hears of it while there is time to object.
        if change.oldNumber != nil { try move.tell(.numberChangeAsked) }
        try move.finish("Change of the linked number from \(change.oldNumber ?? "none") to \(change.newNumber) asked for (\(change.id)).")
    }

    /// In the transaction that decides on the change. One from before there were requests has none.
    func close(
        _ change: NumberChangeRecord, _ action: RequestAction, _ outcome: RequestOutcome, note: String, by actor: Actor, now: Timestamp,
        in writer: any StoreWriter
    ) throws {
        guard let request = try writer.request(ofNumberChange: change.id) else { return }
        var move = RequestMove(
            action, on: request, try RequestDetails(stored: request.details), by: actor, telling: outbox, now: now, in: writer)
        move.close(outcome)
        try move.finish("\(change.id) is \(outcome.rawValue): \(note)")
    }
}
