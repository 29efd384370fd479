import BackOffice
import Platform
import Store
import Wire

/// The words of requests, as people type and read them.
enum RequestWords {
    /// `level 1`, as it is read.
    static func shown(_ word: some RawRepresentable<String>) -> String { spaced(word.rawValue) }

    static func spaced(_ text: String) -> String { String(text.map { $0 == "_" ? " " : $0 }) }

    /// `multiple-channel-access`, as it is typed.
    static func typed(_ word: some RawRepresentable<String>) -> String { dashed(word.rawValue) }

    static func dashed(_ text: String) -> String { String(text.map { $0 == "_" ? "-" : $0 }) }

    static func list<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> String {
        Word.allCases.map(\.rawValue).map(dashed).joined(separator: ", ")
    }

    /// Reads one word of a list: in any case, with dashes, underscores, spaces or nothing between its parts.
    ///
    /// - Parameter what: for the error: "kind of request".
    static func read<Word: RawRepresentable<String>>(_ text: String, what: String, of words: [Word]) throws -> Word {
        for word in words where folded(word.rawValue) == folded(text) { return word }
        let known = words.map(\.rawValue).map(dashed)
        // "theft" is part of "unlock-after-theft".
        let parts = text.count > 2 ? known.filter { $0.contains(text.lowercased()) } : []
        let hint = parts.count == 1 ? "; did you mean \"\(parts[0])\"?" : Nearest.hint(text, in: known)
        throw CommandLineError("'\(text)' is no \(what)\(hint): one of \(known.joined(separator: ", "))")
    }

    static func read<Word: RawRepresentable<String> & CaseIterable>(_ text: String, what: String, of type: Word.Type) throws -> Word {
        try read(text, what: what, of: Array(Word.allCases))
    }

    private static func folded(_ text: String) -> String { text.lowercased().filter { !"-_ ".contains($0) } }

    /// `VL-1042`, `vl1042` or `1042`.
    static func ticket(_ text: String) throws -> TicketNumber {
        guard let ticket = TicketNumber(text) ?? TicketNumber(TicketNumber.prefix + text) else {
            throw CommandLineError("'\(text)' is no ticket: write it as VL-1042")
        }
        return ticket
    }

    /// Cents of an amount as people write it: `12.50`, `12,5`, `12`.
    static func cents(_ text: String) throws -> Int64 {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
        let digits = parts.joined()
        let decimals = parts.count == 2 ? parts[1].count : 0
        guard parts.count <= 2, !parts[0].isEmpty, decimals > 0 || parts.count == 1, decimals <= 2, digits.count <= 15,
            digits.allSatisfy({ $0.isASCII && $0.isNumber }), let value = Int64(digits)
        else { throw CommandLineError("'\(text)' is no amount: write it as 12.50") }
        return decimals == 2 ? value : decimals == 1 ? value * 10 : value * 100
    }

    /// A coordinate in degrees.
    static func degrees(_ text: String, _ option: String, within limit: Double) throws -> Double {
        guard let value = Double(text), abs(value) <= limit else {
            throw CommandLineError("--\(option) '\(text)' is not a number of degrees from -\(Int(limit)) to \(Int(limit)): write it as -26.2041")
        }
        return value
    }

    // MARK: People

    static func title(_ party: RequestParty) -> String {
        switch party {
        case .vendor: "the vendor"
        case .callCentre: "the call centre"
        case .senior: "the senior team"
        case .fieldAgent: "a field agent"
        case .operations: "operations"
        case .nobody: "nobody"
        }
    }

    static func people(_ roles: [Role]) -> String { roles.map(shown).joined(separator: ", ") }

    static func title(_ source: RequestSource) -> String {
        switch source {
        case .email: "e-mail"
        case .phone: "telephone"
        case .whatsapp: "WhatsApp"
        case .sms: "SMS"
        case .freshchat: "Freshchat"
        case .inPerson: "a visit in person"
        }
    }

    // MARK: Refusals

    /// The server names the fields of its bodies; here they are options.
    private static let options = [
        "account": "account", "imei": "imei", "channel": "channel", "new_address": "new-address", "email": "email", "text": "text",
        "transaction": "transaction", "amount_cents": "amount", "owner_confirmation": "confirmed-by", "is_owner": "owner", "from": "from",
        "help_desk_ticket": "help-desk-ticket", "note": "note",
    ]

    private static let commands = [
        "GET /v1/requests": "vendlock-server request list --state all", "DELETE …/holds/{id}": "vendlock-server unlock REF --note TEXT",
        "a whole number above 0": "above 0",
    ]

    /// A refusal with options in the place of fields, and where to look when a step has no place.
    static func inOptions(_ failure: Failure, about ticket: TicketNumber?) -> Failure {
        var text = failure.description
        for (field, option) in options { text = text.replacing("'\(field)'", with: "--\(option)") }
        for (call, command) in commands { text = text.replacing(call, with: command) }
        if let ticket, text.hasSuffix("(step_out_of_order)") { text += "; vendlock-server request show \(ticket) shows the commands" }
        return Failure(text)
    }
}
