import Messaging
import Store
package import Wire

/// The steps that belong to one kind each.
extension Requests {
    /// Behind a sentence of ours; nothing for none.
    private static func remark(_ text: String?) throws -> String {
        guard let text = text?.trimmed, !text.isEmpty else { return "" }
        guard text.count <= 500 else { throw Problem(.textRequired, "'note' has 500 characters at most.") }
        return " " + text
    }

    // MARK: Unlock after theft

    /// What became of the stolen terminals; those that are written off go out of service with the approval.
    package func settleTerminals(_ ticket: TicketNumber, _ body: TerminalsBody, by actor: Actor) throws -> RequestBody {
        guard !body.terminals.isEmpty, body.terminals.count <= 10 else {
            throw Problem(.invalidRequest, "Name 1 to 10 terminals in 'terminals', each with 'imei' and 'fate'.")
        }
        return try act(.terminals, on: ticket, by: actor) { move in
            let account = try move.account()
            for terminal in body.terminals {
                let device = try Devices.existing(terminal.imei, in: move.writer)
                guard device.governing == account.reference else {
                    throw Problem(.deviceNotFound, "The device \(terminal.imei) is not on account \(account.reference). Check the IMEI.")
                }
            }
            let named = Set(body.terminals.map(\.imei))
            guard named.count == body.terminals.count else {
                throw Problem(.invalidRequest, "A terminal is named twice in 'terminals'. Name each once.")
            }
            // One that is left out would sell again with the account, whoever has it.
            let registered = try move.writer.devices(of: account.reference).filter { $0.registeredTo == account.reference }.map(\.imei)
            let missing = registered.filter { !named.contains($0) }
            guard missing.isEmpty else {
                throw Problem(
                    .invalidRequest,
                    "Say of each registered terminal what became of it: \(missing.map(\.description).joined(separator: ", ")) is missing. One that was never gone is 'kept'."
                )
            }
            move.details.terminals = body.terminals.map { RequestDetails.Terminal(imei: $0.imei, fate: $0.fate) }
            move.request.imei = (body.terminals.first { $0.fate != .kept } ?? body.terminals.first)?.imei
            move.go(to: .level2)
            try move.tell(body.terminals.contains { $0.fate == .writtenOff } ? .terminalWrittenOff : .terminalRecovered)
            let list = body.terminals.map { "\($0.imei) is \($0.fate.title)" }.joined(separator: ", ")
            return try "Terminal \(list)." + Self.remark(body.note)
        }
    }

    // MARK: Locked devices

    /// The owner is asked for the access code.
    package func write(_ ticket: TicketNumber, note: String?, by actor: Actor) throws -> RequestBody {
        try act(.letter, on: ticket, by: actor) { move in
            move.go(to: .awaitingOwner)
            try move.tell(.deviceWrite)
            return try "The owner is asked for the access code (round \(move.request.round))." + Self.remark(note)
        }
    }

    /// The owner has answered. The code itself is on the request, for those who try it, until the case is closed; never in a note.
    package func take(code: String, for ticket: TicketNumber, by actor: Actor) throws -> RequestBody {
        let code = code.trimmed
        guard !code.isEmpty, code.count <= 100 else { throw Problem(.textRequired, "Give the owner's access code in 'code' (1 to 100 characters).") }
        return try act(.code, on: ticket, by: actor) { move in
            move.details.accessCode = code
            move.go(to: .toTry)
            try move.tell(.deviceAnswered)
            return "The owner's answer is noted (round \(move.request.round)); operations try it."
        }
    }

    /// A wrong code begins the round anew.
    package func attempt(_ ticket: TicketNumber, _ body: AttemptBody, by actor: Actor) throws -> RequestBody {
        try act(.attempt, on: ticket, by: actor) { move in
            let remark = try Self.remark(body.note)
            guard !body.opened else {
                move.close(.opened)
                try move.tell(.deviceOpened)
                return "The code opened the device." + remark
            }
            move.details.accessCode = nil
            move.request.round += 1
            move.go(to: .awaitingOwner)
            try move.tell(.deviceWrongCode)
            return "The code did not open the device; the owner is asked again (round \(move.request.round))." + remark
        }
    }

    package func giveUp(_ ticket: TicketNumber, note: String, by actor: Actor) throws -> RequestBody {
        let note = try NumberChanges.checked(note: note)
        return try act(.givingUp, on: ticket, by: actor) { move in
            move.close(.givenUp)
            try move.tell(.deviceGivenUp)
            return "Given up: \(note)."
        }
    }

    // MARK: Complaints

    /// How it is to be answered. Money back needs a senior's approval; the rest is said at once.
    package func propose(_ ticket: TicketNumber, _ body: ProposalBody, by actor: Actor) throws -> RequestBody {
        let text = body.text.trimmed
        guard !text.isEmpty, text.count <= 2000 else { throw Problem(.textRequired, "Say in 'text' what was found (1 to 2000 characters).") }
        guard [.settled, .refunded, .rejected].contains(body.outcome) else {
            throw Problem(.invalidRequest, "'outcome' of a complaint is settled, refunded or rejected.")
        }
        return try act(.proposal, on: ticket, by: actor) { move in
            let amount = body.amount_cents ?? (body.outcome == .refunded ? move.details.amountCents : nil)
            if body.outcome == .refunded {
                guard let amount, amount > 0 else { throw Problem(.invalidRequest, "Give the refund in 'amount_cents', a whole number above 0.") }
                move.details.amountCents = amount
            }
            move.details.answerText = text
            move.details.proposal = body.outcome
            move.details.proposedBy = actor.name
            guard body.outcome != .refunded else {
                move.go(to: .level2)
                return "A refund of \(Money.text(cents: move.details.amountCents ?? 0)) is proposed: \(text)"
            }
            move.close(body.outcome)
            try move.tell(body.outcome.complaintMessage)
            return "\(body.outcome == .settled ? "Settled" : "Rejected"): \(text)"
        }
    }
}

/// Amounts for people; the currency is the back office's own.
package enum Money {
    package static func text(cents: Int64) -> String {
        let rest = cents % 100
        return "\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
