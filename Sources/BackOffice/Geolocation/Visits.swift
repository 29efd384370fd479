package import Store
package import Wire

/// Visits of field agents: where their telephone is, and where the terminal itself says that it is.
package struct Visits: Sendable {
    /// Called in the transaction that settles a visit.
    package typealias Hook = @Sendable (VisitRecord, Timestamp, any StoreWriter) throws -> Void

    private let environment: Environment
    private let requests: LocationRequests
    private let onSettled: Hook?

    init(environment: Environment, requests: LocationRequests, onSettled: Hook? = nil) {
        self.environment = environment
        self.requests = requests
        self.onSettled = onSettled
    }

    /// Records the telephone's position and asks the terminal for its own, in the caller's transaction.
    /// - Parameter ticket: number of the request that it belongs to.
    /// - Returns: the visit, `waiting`. `onSettled` tells what becomes of it.
    package func begin(
        ticket: TicketNumber?, account: AccountReference?, imei: IMEI, phone: Position, note: String?, by actor: Actor, now: Timestamp,
        in writer: any StoreWriter
    ) throws -> VisitRecord {
        try VisitRule.check(phone: phone, now: now)
        let note = note?.trimmed
        guard (note?.count ?? 0) <= 500 else { throw Problem(.textRequired, "'note' has 500 characters at most.") }
        let device = try Devices.existing(imei, in: writer)
        if let account {
            _ = try Accounts.existing(account, in: writer)
            // Else a terminal that stands anywhere would do for a shop that has moved.
            guard device.governing == account else {
                throw Problem(.deviceOfOtherAccount, "The device \(imei) is not one of account \(account). Visit one of its own.")
            }
        }
        let request = try requests.ask(imei, renewing: true, now: now, in: writer)
        var phone = phone
        phone.source = phone.source.map { String($0.prefix(64)) } ?? "phone"
        let visit = VisitRecord(
            id: try Identifier.make("visit", at: now), ticket: ticket?.number, account: account, imei: imei, requestID: request.id, by: actor.name,
            role: actor.role, at: now, expiresAt: request.expiresAt, phone: phone, note: note?.isEmpty == true ? nil : note)
        try writer.insertVisit(visit)
        try writer.appendNote(
            actor.note(
                on: visit.subject, at: now, kind: "visit_begun",
                text: "Visit \(visit.id) to terminal \(imei): telephone at \(phone.text). The terminal is asked for its own position."
                    + (visit.note.map { " \($0)" } ?? ""),
                ticket: ticket?.description))
        return visit
    }

    /// What a terminal's location event answers, in the transaction that stores it.
    /// - Returns: the visits that it settles: none when nobody asked, or not with this command.
    @discardableResult
    package func settled(by event: TerminalEvent, imei: IMEI, now: Timestamp, in writer: any StoreWriter) throws -> [VisitRecord] {
        guard event.kind == TerminalEvent.Kind.location.rawValue, let command = event.command,
            let request = try writer.locationRequest(of: imei), request.id == command
        else { return [] }
        try requests.settle(imei, in: writer)
        let device = Position(event)
        return try writer.waitingVisits(onRequest: command).map { waiting in
            var visit = waiting
            visit.device = device
            if let device, device.isOnEarth { visit.distanceMetres = GreatCircle.distance(visit.phone, device) }
            visit.state = VisitRule.judge(phone: visit.phone, device: device, begun: visit.at, now: now)
            return try settle(visit, why: event.why, now: now, in: writer)
        }
    }

    /// What time alone brings about: terminals are asked no more, and visits wait no more.
    func tick() throws {
        let now = environment.now
        if try environment.store.read({ try !$0.expiredVisits(now: now, limit: 1).isEmpty }) {
            try environment.store.write { writer in
                for waiting in try writer.expiredVisits(now: now, limit: 100) {
                    var visit = waiting
                    visit.state = .noAnswer
                    _ = try settle(visit, why: nil, now: now, in: writer)
                }
            }
        }
        try requests.endExpired(now: now)
    }

    private func settle(_ settled: VisitRecord, why: String?, now: Timestamp, in writer: any StoreWriter) throws -> VisitRecord {
        var visit = settled
        visit.settledAt = now
        if let account = visit.account, let address = try writer.addressPosition(of: account) {
            visit.addressDistanceMetres = GreatCircle.distance(visit.phone, address.position)
        }
        try writer.updateVisit(visit)
        if visit.state == .satisfied, let account = visit.account {
            try writer.putAddressPosition(AddressPositionRecord(account: account, position: visit.phone, at: visit.at, visit: visit.id))
        }
        try writer.appendNote(
            Actor.system.note(
                on: visit.subject, at: now, kind: "visit_settled", text: visit.outcome(why: why),
                ticket: visit.ticket.map { TicketNumber($0).description }))
        try onSettled?(visit, now, writer)
        return visit
    }

    // MARK: Lists

    package func list(of reference: AccountReference?, limit: Int) throws -> VisitListBody {
        try environment.store.read { reader in
            if let reference { _ = try Accounts.existing(reference, in: reader) }
            return VisitListBody(visits: try reader.visits(of: reference, limit: limit).map(VisitBody.init))
        }
    }
}
