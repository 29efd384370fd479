import Store
import Wire

extension Requests {
    /// What of a request this role may see.
    ///
    /// - Parameter isInList: without what takes further look-ups.
    static func body(
        of request: RequestRecord, for role: Role?, isInList: Bool = false, now: Timestamp, in reader: any StoreReader
    ) throws -> RequestBody {
        let details = try RequestDetails(stored: request.details)
        let account = try isInList ? nil : request.account.flatMap { try reader.account($0) }
        let check = try account.map { try AnswerCheck(of: $0, opened: request.openedAt, in: reader) }
        // Level 1 sees of answers whether they agree; while it asks, no device either.
        let isLevel1 = role == .callCentre
        let isChecking = try isLevel1 && (request.account.map { try Self.isChecking($0, in: reader) } ?? false)
        let disclosure = Disclosure(caller: role, isChecking: isChecking)
        func shown(_ imei: IMEI) -> ShownIMEI { isChecking ? ShownIMEI.whole(imei).hidden : .whole(imei) }
        let isOpener = role.map { [Role].installers.contains($0) } ?? false
        return RequestBody(
            ticket: TicketNumber(request.number).description, kind: request.kind, account: request.account, imei: request.imei.map(shown),
            step: request.step,
            waiting_for: Flow.waiting(at: request.step).party, round: request.round, source: request.source, opened_by: request.openedBy,
            opened_at: request.openedAt, moved_at: request.movedAt, due_at: request.dueAt, overdue: request.dueAt.map { $0 < now } ?? false,
            reminders: request.reminders, has_news: request.hasNews, outcome: request.outcome, closed_at: request.closedAt, text: details.text,
            help_desk_ticket: details.helpDeskTicket, email: details.email, email_confirmed: details.isEmailProven,
            email_on_record: details.email.flatMap { email in account.map { $0.owner.email?.trimmed.lowercased() == email.trimmed.lowercased() } },
            owner_confirmation: details.ownerConfirmation, channel: details.channel, new_address: details.newAddress,
            number_change: request.numberChange, visit: details.visit,
            terminals: details.terminals?.map { RequestBody.Terminal(imei: shown($0.imei), fate: $0.fate.rawValue) },
            access_code: isOpener ? details.accessCode : nil, transaction: details.transaction, amount_cents: details.amountCents,
            proposal: details.proposal, answer_text: details.answerText, checked_by: details.checkedBy,
            last_channel: isLevel1 ? nil : account?.lastChannel,
            answers: isInList
                ? nil
                : details.answers?.map {
                    RequestBody.Answer(
                        field: $0.field.rawValue, given: isLevel1 ? nil : $0.given, agrees: $0.agrees,
                        stored: isLevel1 ? nil : check?.stored($0.field))
                },
            asks: request.step == .level1 ? check?.asked.map(\.rawValue) : nil,
            next: isInList
                ? nil
                : Flow.of(request.kind).moves(from: request.step).filter { !$0.roles.isEmpty }.map {
                    RequestBody.Next(action: $0.action, roles: $0.roles)
                },
            entries: isInList
                ? nil
                : try reader.entries(ofRequest: request.number).map {
                    RequestBody.Entry(at: $0.at, actor: $0.actor, role: $0.role, action: $0.action, step: $0.step, text: disclosure.masked($0.text))
                })
    }
}
