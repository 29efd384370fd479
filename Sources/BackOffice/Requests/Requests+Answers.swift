import Messaging
import Store
package import Wire

extension Requests {
    /// Level 1's questions answered. All right: on to the next step. One wrong: the request ends.
    package func answer(_ ticket: TicketNumber, _ body: AnswersBody, by actor: Actor) throws -> RequestBody {
        try act(.answers, on: ticket, by: actor) { move in
            let account = try move.account()
            let check = try AnswerCheck(of: account, opened: move.request.openedAt, in: move.writer)
            let given = body.given
            let missing = check.asked.filter { given[$0]?.trimmed.isEmpty ?? true }
            guard missing.isEmpty else {
                throw Problem(
                    .answerRequired, "Ask for these too: \(missing.map { "'\($0.rawValue)'" }.joined(separator: ", ")). Nothing was compared.")
            }
            guard let isOwner = body.is_owner else {
                throw Problem(.answerRequired, "Say in 'is_owner' (true or false) whether it is the owner who asks. Nothing was compared.")
            }
            let confirmation = body.owner_confirmation?.trimmed ?? ""
            if let doubt = Self.doubt(about: move.details, account), isOwner, confirmation.isEmpty {
                throw Problem(
                    .answerRequired, "\(doubt) Say in 'owner_confirmation' how you made sure that it is the owner who writes. Nothing was compared.")
            }
            guard confirmation.count <= 500 else { throw Problem(.invalidRequest, "'owner_confirmation' is longer than 500 characters.") }
            let answers = check.asked.map { field in
                let text = given[field, default: ""].trimmed
                return RequestDetails.Answer(field: field, given: String(text.prefix(500)), agrees: check.agrees(field, text))
            }
            move.details.answers = answers
            move.details.checkedBy = actor.name
            move.details.checkedAt = move.now
            move.details.holds = try move.writer.standingHolds(on: .account(account.reference)).map(\.id)
            if !confirmation.isEmpty { move.details.ownerConfirmation = confirmation }
            // "moved": the address that is on record is what they must know; the new one is what the visit confirms.
            if let address = body.new_address?.trimmed, !address.isEmpty, move.request.kind == .multipleChannelAccess {
                move.details.newAddress = String(address.prefix(500))
            }
            let wrong = answers.filter { !$0.agrees }.map(\.field.title) + (isOwner ? [] : ["it is not the owner who asks"])
            guard wrong.isEmpty else {
                move.close(.wrongAnswer)
                try move.tell(.requestWrongAnswer)
                return "Answers of level 1 do not agree: \(wrong.joined(separator: ", ")). The request has ended."
            }
            let unknown = check.notOnRecord.map(\.title)
            let how = confirmation.isEmpty ? "" : " That it is the owner: \(confirmation)."
            let text =
                "Answers of level 1 agree: \(answers.map(\.field.title).joined(separator: ", "))."
                + (unknown.isEmpty ? "" : " Not on record, so not asked: \(unknown.joined(separator: ", ")).") + how
            if move.request.kind == .unlockAfterTheft {
                move.go(to: .terminals)
                return text
            }
            move.go(to: move.details.newAddress == nil ? .level2 : .visit)
            try move.tell(move.details.newAddress == nil ? .requestChecked : .requestVisitNeeded)
            guard let address = move.details.newAddress else { return text }
            move.words = "Moved to \(address)"
            return text + " The shop has moved: a field agent must locate the device at the new address first."
        }
    }

    /// Why the e-mail alone does not show that the owner wrote it; `nil` where it does, or where there is none.
    private static func doubt(about details: RequestDetails, _ account: AccountRecord) -> String? {
        guard let email = details.email else { return nil }
        guard let known = account.owner.email?.trimmed, !known.isEmpty else { return "No e-mail address of the owner is on record." }
        guard known.lowercased() == email.trimmed.lowercased() else { return "The e-mail did not come from the address on record." }
        return details.isEmailProven == false ? "The receiving mail server could not confirm that the e-mail came from that address." : nil
    }
}
