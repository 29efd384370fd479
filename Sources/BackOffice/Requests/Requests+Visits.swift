import Messaging
import Store
package import Wire

extension Requests {
    /// A field agent is at the device and gives their own position; the terminal is asked for its own. `visitSettled` goes on from there.
    package func visit(_ ticket: TicketNumber, _ body: VisitStartBody, by actor: Actor) throws -> RequestBody {
        try act(.visit, on: ticket, by: actor) { [visits] move in
            let account = try move.account()
            let visit = try visits.begin(
                ticket: move.ticket, account: account.reference, imei: try Self.device(of: move, body.imei), phone: body.phone, note: body.note,
                by: actor, now: move.now, in: move.writer)
            return "Visit \(visit.id) to terminal \(visit.imei): its own position is asked for."
        }
    }

    /// What a visit led to, in the transaction that settles it. Of several that waited for one answer the first that satisfies counts.
    static func visitSettled(_ visit: VisitRecord, telling outbox: Outbox, now: Timestamp, in writer: any StoreWriter) throws {
        guard let number = visit.ticket, let request = try writer.request(number), request.step == .visit else { return }
        var move = RequestMove(
            .visitSettled, on: request, try RequestDetails(stored: request.details), by: .system, telling: outbox, now: now, in: writer)
        let text = visit.outcome(why: nil)
        guard visit.state == .satisfied else {
            // The field agent is to look at it: nothing goes on by itself.
            move.request.hasNews = true
            if visit.state == .notSatisfied { try move.tell(.requestVisitFailed) }
            return try move.finish(text)
        }
        move.details.visit = visit.id
        if request.kind == .geolocationVisit {
            move.close(.located)
            try move.tell(.requestVisitRecorded)
        } else {
            move.go(to: .level2)
            try move.tell(.requestVisitDone)
        }
        try move.finish(text)
    }

    /// The terminal that is visited: the one that is named, else the account's only registered one.
    private static func device(of move: RequestMove, _ named: IMEI?) throws -> IMEI {
        if let named { return named }
        let account = try move.account()
        let registered = try move.writer.devices(of: account.reference).filter { $0.registeredTo == account.reference }.map(\.imei)
        if move.request.kind == .geolocationVisit, let imei = move.request.imei { return imei }
        guard registered.count == 1, let only = registered.first else {
            throw Problem(
                .invalidRequest,
                "Account \(account.reference) has \(registered.count) registered devices: name the one that you stand at in 'imei'.")
        }
        return only
    }
}
