import Messaging
import Store
package import Wire

extension Requests {
    /// - Returns: the request as it stands: one that came by the wrong way waits for the right one, and the vendor is told which.
    package func open(_ body: NewRequestBody, by actor: Actor) throws -> RequestBody {
        let now = environment.now
        if body.kind == .linkedNumberChange { return try openNumberChange(body, by: actor) }
        let details = try Self.details(of: body)
        do {
            return try insert(body, details, by: actor, now: now)
        } catch let problem as Problem where problem.status == 409 || problem.status == 429 {
            let what = "A \(Flow.of(body.kind).title) refused (\(problem.code)): \(problem.detail)"
            if let reference = body.account {
                _ = try environment.store.write {
                    try $0.appendNote(actor.note(on: .account(reference), at: now, kind: "request_refused", text: what))
                }
            }
            throw problem
        }
    }

    private func insert(_ body: NewRequestBody, _ details: RequestDetails, by actor: Actor, now: Timestamp) throws -> RequestBody {
        try environment.store.write { [outbox] writer in
            let opening = try Self.opening(of: body.kind, body, details, by: actor, now: now, in: writer)
            if let reference = body.account { try Accounts.requireOpen(Accounts.existing(reference, in: writer)) }
            let request = try writer.insertRequest(
                RequestRecord(
                    kind: body.kind, account: opening.account, imei: body.imei, step: opening.step, source: body.source, openedBy: actor.name,
                    openedAt: now))
            var move = RequestMove(.opening, on: request, details, isNew: true, by: actor, telling: outbox, now: now, in: writer)
            move.begin()
            if let message = opening.message { try move.tell(message) }
            move.words = details.text
            try move.finish("Opened, by \(body.source.title).")
            return try Self.body(of: move.request, for: actor.role, now: now, in: writer)
        }
    }

    /// Gives an enquiry its kind; from there it goes the way of that kind.
    package func sort(_ ticket: TicketNumber, _ body: SortingBody, by actor: Actor) throws -> RequestBody {
        guard body.kind != .enquiry, body.kind != .linkedNumberChange else {
            throw Problem(
                .invalidRequest,
                body.kind == .enquiry
                    ? "It is an enquiry already. Name another kind."
                    : "A change of number needs its evidence: open one (POST /v1/requests, kind linked_number_change), and withdraw this enquiry.")
        }
        return try act(.sorting, on: ticket, by: actor) { move in
            let reference = body.account ?? move.request.account
            let new = NewRequestBody(
                kind: body.kind, account: reference, imei: body.imei ?? move.request.imei, source: move.request.source,
                text: body.text ?? move.details.text, channel: body.channel, new_address: body.new_address, email: body.email ?? move.details.email,
                transaction: body.transaction, amount_cents: body.amount_cents, help_desk_ticket: move.details.helpDeskTicket)
            var details = try Self.details(of: new)
            // What was confirmed of one address says nothing about another, and that one nobody wrote from.
            if let before = move.details.email {
                details.isEmailProven = details.email?.lowercased() == before.lowercased() ? move.details.isEmailProven : false
            }
            let opening = try Self.opening(of: body.kind, new, details, by: actor, besides: move.ticket, now: move.now, in: move.writer)
            if let reference { try Accounts.requireOpen(Accounts.existing(reference, in: move.writer)) }
            move.details = details
            move.request.kind = body.kind
            move.request.account = opening.account
            move.request.imei = new.imei
            move.go(to: opening.step)
            if let message = opening.message { try move.tell(message) }
            return "Sorted: it is a \(Flow.of(body.kind).title)."
        }
    }

    struct Opening {
        var account: AccountReference?
        var step: RequestStep
        var message: TextKey?
    }

    private static func details(of body: NewRequestBody) throws -> RequestDetails {
        var details = RequestDetails()
        details.text = try optional(body.text, "text", most: 2000)
        details.helpDeskTicket = try optional(body.help_desk_ticket, "help_desk_ticket", most: 64)
        details.email = try optional(body.email, "email", most: 254)
        if let email = details.email, !email.contains("@") {
            throw Problem(.invalidRequest, "'email' is '\(email)', which is no e-mail address: NAME@DOMAIN.")
        }
        details.channel = body.channel
        details.newAddress = try optional(body.new_address, "new_address", most: 500)
        details.transaction = try optional(body.transaction, "transaction", most: 100)
        details.amountCents = body.amount_cents
        if let amount = body.amount_cents, amount <= 0 { throw Problem(.invalidRequest, "'amount_cents' is a whole number above 0.") }
        return details
    }

    /// Where a request of this kind begins, once everything it needs is there.
    ///
    /// - Parameter ticket: the request that is being sorted, which is not in its own way.
    static func opening(
        of kind: RequestKind, _ body: NewRequestBody, _ details: RequestDetails, by actor: Actor, besides ticket: TicketNumber? = nil, now: Timestamp,
        in reader: any StoreReader
    ) throws -> Opening {
        func account() throws -> AccountRecord {
            guard let reference = body.account else { throw Problem(.invalidRequest, "Name the account of a \(Flow.of(kind).title) in 'account'.") }
            return try Accounts.existing(reference, in: reader)
        }
        func onlyOne(_ filter: RequestFilter) throws {
            let open = try reader.requests(filter, before: nil, limit: 2).first { $0.number != ticket?.number }
            if let open {
                throw Problem(
                    .requestOpen,
                    "Request \(TicketNumber(open.number)) (\(Flow.of(kind).title)) is open already, at '\(open.step.rawValue)'. Go on with that one.")
            }
        }
        switch kind {
        case .multipleChannelAccess:
            let account = try account()
            try requireFewWrongAnswers(account.reference, by: actor, now: now, in: reader)
            guard let channel = body.channel else { throw Problem(.invalidRequest, "Name the channel that is asked for in 'channel'.") }
            let catalogue = try reader.channelCatalogue()
            guard catalogue.contains(channel) else { throw Problem.unknownChannel(channel.text, catalogue: catalogue) }
            guard !account.lockedChannels.contains(channel) else {
                throw Problem(.channelOpen, "Account \(account.reference) may use \(channel) already. Nothing is to be changed.")
            }
            if let imei = body.imei { try requireFree(imei, for: account.reference, in: reader) }
            try onlyOne(RequestFilter(kind: kind, account: account.reference, isOpen: true))
            guard body.source == .email else { return Opening(account: account.reference, step: .awaitingEmail, message: .requestEmailNeeded) }
            guard details.email != nil else {
                throw Problem(.invalidRequest, "Give the address that the e-mail came from in 'email': the checks depend on it.")
            }
            return Opening(account: account.reference, step: .level1, message: .requestOpened)
        case .unlockAfterTheft:
            let account = try account()
            try requireFewWrongAnswers(account.reference, by: actor, now: now, in: reader)
            guard try reader.standingHolds(on: .account(account.reference)).contains(where: { $0.kind == .vendor }) else {
                throw Problem(
                    .noVendorHold,
                    "No lock of the vendor's stands on account \(account.reference), so there is none to lift. Holds of staff are released by a senior: DELETE …/holds/{id}."
                )
            }
            try onlyOne(RequestFilter(kind: kind, account: account.reference, isOpen: true))
            return Opening(account: account.reference, step: .level1, message: .requestOpened)
        case .lockedDevice:
            guard let imei = body.imei else { throw Problem(.invalidRequest, "Name the device in 'imei'.") }
            let device = try Devices.existing(imei, in: reader)
            try onlyOne(RequestFilter(kind: kind, imei: imei, isOpen: true))
            guard let owner = body.account ?? device.governing else {
                throw Problem(.invalidRequest, "The device \(imei) is on no account. Name its owner's in 'account'.")
            }
            return Opening(account: try Accounts.existing(owner, in: reader).reference, step: .found)
        case .geolocationVisit:
            let account = try account()
            if let imei = body.imei { _ = try Devices.existing(imei, in: reader) }
            return Opening(account: account.reference, step: .visit, message: .requestVisitPlanned)
        case .complaint:
            guard details.text != nil else { throw Problem(.invalidRequest, "Say in 'text' what the vendor complains about.") }
            return Opening(account: try account().reference, step: .investigation, message: .complaintReceived)
        case .enquiry:
            guard details.text != nil else { throw Problem(.invalidRequest, "Say in 'text' what the vendor wants.") }
            return Opening(account: try body.account.map { try Accounts.existing($0, in: reader).reference }, step: .sorting)
        case .linkedNumberChange: preconditionFailure("opened by openNumberChange")
        }
    }

    /// Requests of one account that may end with a wrong answer within a day; beyond, somebody is guessing.
    private static let mostWrong = 3

    private static func requireFewWrongAnswers(
        _ reference: AccountReference, by actor: Actor, now: Timestamp, in reader: any StoreReader
    ) throws {
        // A senior may know better.
        if let role = actor.role, [Role].seniors.contains(role) { return }
        let since = now.adding(.seconds(-86_400))
        let ended = try reader.requests(RequestFilter(account: reference, outcome: .wrongAnswer), before: nil, limit: mostWrong)
        let wrong = ended.filter { $0.closedAt.map { $0 > since } ?? false }
        guard wrong.count >= mostWrong else { return }
        throw Problem(
            .tooManyTries,
            "\(wrong.count) requests of account \(reference) have ended with a wrong answer within a day. Speak to the owner tomorrow, or to a senior."
        )
    }

    /// Two accounts never hold one device: where the second one is registered elsewhere, it cannot work.
    static func requireFree(_ imei: IMEI, for reference: AccountReference, in reader: any StoreReader) throws {
        guard let other = try reader.device(imei)?.registeredTo, other != reference else { return }
        throw Problem(
            .registeredToAnotherAccount,
            "The device \(imei) is registered to an account of its own and can work with that one only. A second channel takes an unregistered device."
        )
    }

    private static func optional(_ text: String?, _ field: String, most: Int) throws -> String? {
        guard let text = text?.trimmed, !text.isEmpty else { return nil }
        guard text.count <= most else { throw Problem(.invalidRequest, "'\(field)' is longer than \(most) characters.") }
        return text
    }
}

extension RequestSource {
    /// For people.
    var title: String {
        switch self {
        case .email: "e-mail"
        case .phone: "telephone"
        case .whatsapp: "WhatsApp"
        case .sms: "SMS"
        case .freshchat: "Freshchat"
        case .inPerson: "a visit in person"
        }
    }
}
