import Messaging
import Store
package import Wire

extension Requests {
    /// An e-mail of the vendor's that staff have received and note here.
    package func takeEmail(_ ticket: TicketNumber, _ body: EmailNoteBody, by actor: Actor) throws -> RequestBody {
        let address = body.from.trimmed
        guard address.contains("@"), address.count <= 254 else {
            throw Problem(.invalidRequest, "Give the address that the e-mail came from in 'from': NAME@DOMAIN.")
        }
        return try act(.email, on: ticket, by: actor) { move in
            let text = try Self.arrive(address, isProven: nil, isTaken: true, &move)
            return text + (body.text.map { " \($0.trimmed.prefix(2000))" } ?? "")
        }
    }

    /// What the arrival of an e-mail does: one that was waited for moves the request on; on any other it is news.
    ///
    /// - Parameter isTaken: a person has read it. By itself only one from the address on record moves anything, because tickets can be guessed.
    static func arrive(_ address: String, isProven: Bool?, isTaken: Bool, _ move: inout RequestMove) throws -> String {
        let known = try move.request.account.flatMap { try move.writer.account($0) }?.owner.email
        let isOnRecord = known.map { $0.trimmed.lowercased() == address.lowercased() } ?? false
        let proof =
            switch isProven {
            case nil: ""
            case true?: ", confirmed by the receiving mail server"
            case false?: ", NOT confirmed by the receiving mail server"
            }
        let text = "E-mail from \(address) (\(isOnRecord ? "the address on record" : "not the address on record")\(proof))."
        // The owner's own letter takes the place of another's until the questions are asked.
        if move.request.step == .level1, isOnRecord, isProven == true {
            move.details.email = address
            move.details.isEmailProven = true
        }
        guard move.request.step == .awaitingEmail, isTaken || isOnRecord else {
            move.request.hasNews = true
            return text
        }
        move.details.email = address
        move.details.isEmailProven = isProven
        move.request.source = .email
        move.go(to: .level1)
        try move.tell(.requestOpened)
        return text
    }
}
