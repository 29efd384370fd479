import BackOffice
import Platform
import Store
import Wire

/// What can be done with a request, as commands to type.
enum RequestNext {
    struct Step {
        /// `approve`: the command's word.
        let word: String
        let roles: [Role]
        /// `vendlock-server request approve VL-1042 --note TEXT`
        let command: String
        /// It moves the request on; the others can be done at any step.
        let isMain: Bool
    }

    /// How long an approved change of number can be cancelled.
    private static let cooling = Duration.seconds(24 * 3600)

    static func steps(of request: RequestBody, now: Timestamp) -> [Step] {
        let steps = (request.next ?? []).compactMap { next -> Step? in
            if next.action == .cancellation {
                guard request.outcome == .approved, let closed = request.closed_at, now < closed.adding(cooling) else { return nil }
            }
            guard let words = words(next.action, on: request) else { return nil }
            // Where an e-mail is waited for it is what moves the request on.
            let isMain = next.action == .email ? request.step == .awaitingEmail : ![.comment, .withdrawal].contains(next.action)
            return Step(
                word: words.word, roles: next.roles,
                command: (["vendlock-server request", words.word, request.ticket] + words.rest).joined(separator: " "), isMain: isMain)
        }
        return steps.filter(\.isMain) + steps.filter { !$0.isMain }
    }

    /// The command's word, and what it takes behind the ticket; `nil` for what time and terminals do.
    static func words(_ action: RequestAction, on request: RequestBody? = nil) -> (word: String, rest: [String])? {
        switch action {
        case .sorting: ("sort", ["KIND"] + (request?.account == nil ? ["--account", "REF"] : []))
        case .email: ("email", ["--from", "ADDRESS"])
        case .answers: ("answer", [])
        case .visit: ("visit", ["--lat", "DEGREES", "--lon", "DEGREES", "--accuracy", "METRES"])
        case .terminals: ("terminals", ["IMEI=recovered"])
        case .approval: ("approve", ["--note", "TEXT"])
        case .refusal: ("refuse", ["--note", "TEXT"])
        case .cancellation: ("cancel", ["--note", "TEXT"])
        case .withdrawal: ("withdraw", ["--note", "TEXT"])
        case .comment: ("comment", ["TEXT"])
        case .letter: ("letter", [])
        case .code: ("code", ["CODE"])
        case .attempt: ("attempt", ["opened|wrong"])
        case .givingUp: ("give-up", ["--note", "TEXT"])
        case .proposal: ("propose", ["settled|refunded|rejected", "--text", "TEXT"])
        case .opening, .visitSettled, .reminder, .lapse: nil
        }
    }
}
