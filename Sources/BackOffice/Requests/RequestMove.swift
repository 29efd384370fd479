import Messaging
import Store
import Wire

/// One action on one request inside its transaction: where it leads, what the vendor is told, and what goes on record.
struct RequestMove {
    let outbox: Outbox
    let actor: Actor
    let now: Timestamp
    let action: RequestAction
    let writer: any StoreWriter
    var request: RequestRecord
    var details: RequestDetails
    /// Somebody's own words, for the request's entry alone.
    var words: String?
    /// Sentences for the note beyond the action's own.
    private var remarks: [String] = []
    private let began: RequestStep?
    /// Of the kind that it had then: sorting gives it another.
    private let rules: Flow
    private let hadOutcome: RequestOutcome?

    var ticket: TicketNumber { TicketNumber(request.number) }
    var flow: Flow { Flow.of(request.kind) }

    /// - Parameter isNew: it has been put into the store in this transaction.
    init(
        _ action: RequestAction, on request: RequestRecord, _ details: RequestDetails, isNew: Bool = false, by actor: Actor, telling outbox: Outbox,
        now: Timestamp, in writer: any StoreWriter
    ) {
        self.action = action
        self.request = request
        self.details = details
        self.actor = actor
        self.outbox = outbox
        self.now = now
        self.writer = writer
        began = isNew ? nil : request.step
        rules = Flow.of(request.kind)
        hadOutcome = request.outcome
    }

    func account() throws -> AccountRecord {
        guard let reference = request.account else {
            throw Problem(.accountNotFound, "Request \(ticket) belongs to no account. Sort it first, and name the account.")
        }
        return try Accounts.existing(reference, in: writer)
    }

    /// Refuses whoever opened the request or did its checks.
    func requireSecondPerson() throws {
        // Of a proposal that was refused nothing is left.
        if let proposer = details.proposedBy, actor.isSamePerson(as: proposer) {
            throw Problem(.samePerson, "You made this proposal yourself: another person approves it.")
        }
        let entries = try writer.entries(ofRequest: request.number)
        guard let own = entries.first(where: { Self.parts.contains($0.action) && actor.isSamePerson(as: $0.actor) }) else { return }
        throw Problem(.samePerson, "You had part in request \(ticket) yourself (\(own.action)): another person approves it.")
    }

    /// What an approval rests on.
    private static let parts = Set(
        [RequestAction.opening, .email, .sorting, .answers, .visit, .terminals, .code, .attempt].map(\.rawValue))

    // MARK: Where it leads

    mutating func go(to step: RequestStep) {
        precondition(step != .closed, "a request is closed with its outcome")
        request.step = step
        begin()
    }

    /// The step begins, anew where it is the same.
    mutating func begin() {
        let waiting = Flow.waiting(at: request.step)
        request.movedAt = now
        request.reminders = 0
        request.dueAt = now.adding(waiting.patience)
        request.lookAt = request.dueAt
    }

    mutating func close(_ outcome: RequestOutcome) {
        request.step = .closed
        request.outcome = outcome
        request.closedAt = now
        request.movedAt = now
        request.dueAt = nil
        request.lookAt = nil
        request.hasNews = false
        // A secret of the owner's is kept as long as somebody needs it.
        details.accessCode = nil
    }

    // MARK: Who is told

    /// To the linked number, in the account's language; the note says so, or why nobody was told.
    mutating func tell(_ key: TextKey) throws {
        guard let reference = request.account, let account = try writer.account(reference) else {
            return remarks.append("The vendor was not told: no account.")
        }
        guard let number = account.linkedNumber else { return remarks.append("The vendor was not told: no number is linked.") }
        let isSuspended = try writer.identities(of: reference).contains { $0.kind == .suspended && $0.identity == number }
        guard !isSuspended else { return remarks.append("The vendor was not told: the linked number is suspended.") }
        let occasion = try writer.entries(ofRequest: request.number).count
        let row = try outbox.notify(
            number, .request(ticket: request.number, text: key, occasion: occasion), account: reference, now: now, in: writer)
        remarks.append(row == nil ? "The vendor was not told: nothing that sends messages is configured." : "The vendor is told (\(key.rawValue)).")
    }

    mutating func remark(_ sentence: String) { remarks.append(sentence) }

    // MARK: The record

    /// Writes it all down.
    ///
    /// - Parameter text: what happened, a sentence; it may be in a note for ever, so no answer and no secret belongs there.
    mutating func finish(_ text: String) throws {
        if let began, began != request.step {
            let move = try rules.move(action, from: began, ticket: ticket)
            precondition(move.to.contains(request.step), "\(request.kind.rawValue): \(action.rawValue) does not lead to \(request.step.rawValue)")
        }
        request.details = JSON.encode(details)
        try writer.updateRequest(request)
        // What people wrote may lack its full stop.
        let sentence = remarks.isEmpty || text.last.map { ".!?".contains($0) } ?? true ? text : text + "."
        let whole = ([sentence] + remarks).joined(separator: " ")
        try writer.appendEntry(
            RequestEntryRecord(
                request: request.number, at: now, actor: actor.name, role: actor.role, action: action.rawValue, step: request.step,
                text: whole + (words.map { "\n\n" + $0 } ?? "")))
        try note("request_" + action.rawValue, "\(ticket) \(flow.title): \(whole)")
        if began != request.step || hadOutcome != request.outcome {
            try outbox.tellRequest(request, party: Flow.waiting(at: request.step).party, source: actor.via, now: now, in: writer)
        }
    }

    /// On the account's record, else the device's, else the office's own.
    func note(_ kind: String, _ text: String) throws {
        let subject = request.account.map(NoteSubject.account) ?? request.imei.map(NoteSubject.device) ?? .office
        try writer.appendNote(actor.note(about: subject, at: now, kind: kind, text: text, ticket: ticket.description))
    }
}
