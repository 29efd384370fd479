import Mail
import Messaging
import Signing
import Store
import Wire

/// E-mails of vendors: each opens a request or continues one by its ticket number, in one transaction, once.
///
/// Anybody can write an e-mail, and ticket numbers can be guessed: so an e-mail decides nothing. It moves a request that waits for it to level 1, where the
/// owner is asked, and is news on any other.
struct EmailIntake: Sendable {
    let environment: Environment
    let outbox: Outbox

    /// What became of one e-mail.
    enum Outcome: Sendable, Equatable {
        case opened(TicketNumber)
        case continued(TicketNumber)
        /// A program's answer, or a repeat: nothing is done with it.
        case passedOver(String)
    }

    func receive(_ mail: Message, at address: String) throws -> Outcome {
        let now = environment.now
        let id = Self.identifier(of: mail)
        let from = mail.from.address.description
        let actor = Actor(name: "email:\(from)", role: nil, via: "email", address: address)
        return try environment.store.write { [outbox] writer in
            guard try writer.message(provider: Provider.email.rawValue, id: id) == nil else { return .passedOver("repeated") }
            func record(_ outcome: String, _ account: AccountReference?) throws {
                try writer.insertMessage(
                    MessageRecord(
                        provider: Provider.email.rawValue, id: id, sender: from, receivedAt: now,
                        sentAt: mail.sentAt.map { Timestamp(unixMilliseconds: $0) }, outcome: outcome, account: account))
            }
            // Absence notices and reports of what was not delivered answer nothing, and must not be answered.
            guard !mail.isAutomatic else {
                try record("automatic", nil)
                return .passedOver("automatic")
            }
            let isProven = mail.results.proves(mail.from.address)
            let known = try mail.tickets.lazy.compactMap { try writer.request($0.number) }.first { $0.step != .closed }
            if let request = known {
                var move = RequestMove(
                    .email, on: request, try RequestDetails(stored: request.details), by: actor, telling: outbox, now: now, in: writer)
                let text = try Requests.arrive(from, isProven: isProven, isTaken: false, &move)
                move.words = Self.words(of: mail)
                try move.finish(text)
                try record("continued", request.account)
                return .continued(move.ticket)
            }
            let accounts = try writer.accounts(writtenFrom: from)
            var details = RequestDetails()
            details.text = [mail.subject, mail.text].map(\.trimmed).first { !$0.isEmpty }.map { String($0.prefix(200)) } ?? "(an empty letter)"
            details.email = from
            details.isEmailProven = isProven
            let request = try writer.insertRequest(
                RequestRecord(
                    // The owner of several accounts says which; until then it is nobody's.
                    kind: .enquiry, account: accounts.count == 1 ? accounts.first : nil, step: .sorting, source: .email, openedBy: actor.name,
                    openedAt: now, hasNews: true))
            var move = RequestMove(.opening, on: request, details, isNew: true, by: actor, telling: outbox, now: now, in: writer)
            move.begin()
            // A stranger's letter in a vendor's name is nothing to trouble the vendor with.
            if isProven, request.account != nil { try move.tell(.requestOpened) }
            let proof = isProven ? "confirmed" : "NOT confirmed"
            let ended = mail.tickets.first.map { " It names \($0), which is closed or unknown." } ?? ""
            move.words = Self.words(of: mail)
            try move.finish("Opened by an e-mail from \(from) (\(proof) by the receiving mail server).\(ended)")
            try record("opened", request.account)
            return .opened(move.ticket)
        }
    }

    /// What makes a repeat a repeat: the identifier that its sender gave it, and what it says, so that nobody silences another's letter with its identifier.
    private static func identifier(of mail: Message) -> String {
        let parts = [mail.messageID ?? "", mail.from.address.description, mail.subject, mail.text, mail.quoted]
        let whole = parts.map { "\($0.utf8.count):\($0)" }.joined()
        return Digest.sha256(Array(whole.utf8)).prefix(16).map { byte in
            let text = String(byte, radix: 16)
            return text.utf8.count == 1 ? "0" + text : text
        }.joined()
    }

    private static func words(of mail: Message) -> String {
        var lines = ["Subject: \(mail.subject)", "", mail.text]
        if mail.isCut { lines.append("[It goes on: read the rest in the mailbox.]") }
        for attachment in mail.attachments {
            lines.append("[Attached: \(attachment.name ?? "unnamed"), \(attachment.type), \(attachment.byteCount) bytes, in the mailbox]")
        }
        return lines.joined(separator: "\n")
    }
}
