import Messaging
import PhoneNumbers
package import Store
package import Wire

/// What vendors ask for, on its way through the checks: one engine for every kind, with `Flow` as its table.
package struct Requests: Sendable {
    let environment: Environment
    let outbox: Outbox
    let alerts: Alerts
    let numberChanges: NumberChanges
    let visits: Visits

    init(environment: Environment, outbox: Outbox, alerts: Alerts, numberChanges: NumberChanges, visits: Visits) {
        self.environment = environment
        self.outbox = outbox
        self.alerts = alerts
        self.numberChanges = numberChanges
        self.visits = visits
    }

    /// One action: its place in the flow, the role, the second person; then `work`, then the record. All in one transaction.
    ///
    /// What may not be done is on record too, in a transaction of its own, since an error undoes the first.
    ///
    /// - Parameter work: returns what happened, a sentence for entry and note.
    func act(
        _ action: RequestAction, on ticket: TicketNumber, by actor: Actor, _ work: @escaping @Sendable (inout RequestMove) throws -> String
    ) throws -> RequestBody {
        let now = environment.now
        do {
            return try environment.store.write { [outbox] writer in
                let request = try Self.existing(ticket, in: writer)
                let rule = try Flow.of(request.kind).move(action, from: request.step, ticket: ticket)
                var move = RequestMove(
                    action, on: request, try RequestDetails(stored: request.details), by: actor, telling: outbox, now: now, in: writer)
                guard let role = actor.role, rule.roles.contains(role) else {
                    let who = rule.roles.map(\.rawValue).joined(separator: " or ")
                    throw Problem(
                        .roleMayNot,
                        "The role '\(actor.role?.rawValue ?? "none")' may not do '\(action.rawValue)' with a \(move.flow.title); it takes \(who).")
                }
                if rule.takesSecondPerson { try move.requireSecondPerson() }
                if action != .comment { move.request.hasNews = false }
                let text = try work(&move)
                try move.finish(text)
                return try Self.body(of: move.request, for: actor.role, now: now, in: writer)
            }
        } catch let problem as Problem where problem.status == 409 {
            try recordRefusal(of: action, on: ticket, problem, by: actor, now: now)
            throw problem
        }
    }

    private func recordRefusal(
        of action: RequestAction, on ticket: TicketNumber, _ problem: Problem, by actor: Actor, now: Timestamp
    ) throws {
        try environment.store.write { [outbox] writer in
            guard let request = try writer.request(ticket.number) else { return }
            let move = RequestMove(action, on: request, RequestDetails(), by: actor, telling: outbox, now: now, in: writer)
            try move.note("request_refused", "\(ticket) \(action.rawValue) refused (\(problem.code)): \(problem.detail)")
        }
    }

    // MARK: Reading

    package func show(_ ticket: TicketNumber, to role: Role?) throws -> RequestBody {
        let now = environment.now
        return try environment.store.read { reader in
            try Self.body(of: Self.existing(ticket, in: reader), for: role, now: now, in: reader)
        }
    }

    package func list(_ filter: RequestFilter, before: Int64?, limit: Int, to role: Role?) throws -> RequestListBody {
        let now = environment.now
        return try environment.store.read { reader in
            let records = try reader.requests(filter, before: before, limit: limit)
            return RequestListBody(
                requests: try records.map { try Self.body(of: $0, for: role, isInList: true, now: now, in: reader) },
                next: records.count == limit ? records.last.map { String($0.number) } : nil)
        }
    }

    /// The open requests by step, in the order in which a request goes through them.
    package func board(of kind: RequestKind?, limit: Int, to role: Role?) throws -> RequestBoardBody {
        let now = environment.now
        return try environment.store.read { reader in
            let counts = try reader.requestCounts(now: now).filter { kind == nil || $0.kind == kind }
            let columns = try RequestStep.allCases.compactMap { step -> RequestBoardBody.Column? in
                let here = counts.filter { $0.step == step }
                let isOfKind = kind.map { Flow.of($0).steps.contains(step) } ?? !here.isEmpty
                guard step != .closed, isOfKind else { return nil }
                let filter = RequestFilter(kind: kind, step: step, isOpen: true)
                return RequestBoardBody.Column(
                    step: step, waiting_for: Flow.waiting(at: step).party, open: here.map(\.open).reduce(0, +),
                    overdue: here.map(\.overdue).reduce(0, +),
                    requests: try reader.requests(filter, before: nil, limit: limit).map {
                        try Self.body(of: $0, for: role, isInList: true, now: now, in: reader)
                    })
            }
            return RequestBoardBody(kind: kind, columns: columns)
        }
    }

    static func existing(_ ticket: TicketNumber, in reader: any StoreReader) throws -> RequestRecord {
        guard let request = try reader.request(ticket.number) else {
            throw Problem(.requestNotFound, "There is no request \(ticket). List them: GET /v1/requests.")
        }
        return request
    }

    /// Whether level 1 is to ask the owner of this account, and has not yet: then it does not see what the answers must be.
    static func isChecking(_ reference: AccountReference, in reader: any StoreReader) throws -> Bool {
        try !reader.requests(RequestFilter(account: reference, step: .level1, isOpen: true), before: nil, limit: 1).isEmpty
    }
}
