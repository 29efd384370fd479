import BackOffice
import Glibc
import Platform
import Store
import Wire

/// Level 1's questions, asked one after the other in a terminal. What is on record is never shown, because it is not here.
struct RequestQuestions {
    let request: RequestBody
    let ticket: TicketNumber

    static var isPossible: Bool { isatty(STDIN_FILENO) == 1 }

    static func title(_ field: String) -> String {
        switch field {
        case "address": "full address"
        case "id_number": "ID number"
        case "imei": "IMEI of the device"
        default: RequestWords.spaced(field)
        }
    }

    static func list(_ fields: [String]) -> String { (fields.map(title) + ["whether it is the owner who asks"]).joined(separator: ", ") }

    static func option(_ field: String) -> String { "--" + String(field.map { $0 == "_" ? "-" : $0 }) }

    /// The answers that were given, with the missing ones asked for.
    ///
    /// Where the request is not at level 1 nothing is asked: the server says why it takes no answers.
    func completed(_ given: AnswersBody) throws -> AnswersBody {
        guard let asks = request.asks else { return given }
        var answers = given
        let missing = asks.filter { answers[$0] == nil }
        guard Self.isPossible else {
            let options = missing.map(Self.option) + (answers.is_owner == nil ? ["--owner"] : [])
            guard options.isEmpty else {
                throw CommandLineError(
                    "\(options.joined(separator: ", ")) missing: \(ticket) takes \(Self.list(asks)). In a terminal each is asked for; nothing was compared"
                )
            }
            return answers
        }
        for field in missing {
            guard AnswersBody.fields.contains(field) else {
                throw Failure("the server asks for '\(field)', which this program does not know. Bring it to the server's version.")
            }
            answers[field] = try Self.ask(Self.title(field))
        }
        let asksAll = !missing.isEmpty || answers.is_owner == nil
        if answers.is_owner == nil { answers.is_owner = try Self.yes("is it the owner who asks? yes or no") }
        if answers.is_owner == true, answers.owner_confirmation == nil, isInDoubt {
            answers.owner_confirmation = try Self.ask("the e-mail alone does not show that it is the owner. How did you make sure of it?")
        }
        if asksAll, answers.new_address == nil, request.kind == .multipleChannelAccess {
            answers.new_address = try Self.line("has the shop moved? The new address, or Enter if it has not")
        }
        return answers
    }

    /// The server knows better; this is for asking in time.
    private var isInDoubt: Bool { request.email != nil && (request.email_on_record != true || request.email_confirmed == false) }

    private static func ask(_ question: String) throws -> String {
        while true {
            let answer = try line(question)
            if !answer.isEmpty { return answer }
            prompt("  write what the vendor says, also that it is not known; Ctrl-C ends this, and nothing is compared\n")
        }
    }

    private static func yes(_ question: String) throws -> Bool {
        while true {
            switch try line(question).lowercased() {
            case "yes", "y": return true
            case "no", "n": return false
            default: prompt("  yes or no\n")
            }
        }
    }

    /// One line of the input, which asks where somebody types.
    static func secret(_ question: String) throws -> String {
        if isPossible { prompt(question + ": ") }
        guard let line = readLine()?.trimmed, !line.isEmpty else { throw Failure("the input holds no \(question). Nothing was changed.") }
        return line
    }

    private static func line(_ question: String) throws -> String {
        prompt(question + ": ")
        guard let line = readLine() else { throw Failure("the answers ended early. Nothing was compared.") }
        return line.trimmed
    }

    /// On standard error, so that the output is the server's answer alone.
    private static func prompt(_ text: String) { Output.note(text) }
}

extension AnswersBody {
    static let fields = ["name", "surname", "address", "id_number", "imei"]

    /// By the name that the server asks for it with; one of `fields`.
    subscript(field: String) -> String? {
        get { Self.path(field).flatMap { self[keyPath: $0] } }
        set { if let path = Self.path(field) { self[keyPath: path] = newValue } }
    }

    private static func path(_ field: String) -> WritableKeyPath<AnswersBody, String?>? {
        switch field {
        case "name": \.name
        case "surname": \.surname
        case "address": \.address
        case "id_number": \.id_number
        case "imei": \.imei
        default: nil
        }
    }
}
