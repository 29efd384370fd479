/// An error of WhatsApp's, from an answer or from a status, and what it means for the message.
/// - Source: developers.facebook.com, WhatsApp Cloud API, "Error Codes"; the handling is ours.
struct WhatsAppError {
    /// `nil` where there is none that can be read.
    let code: Int64?
    private let detail: String
    private let isTransient: Bool

    /// For staff: as long as a line of theirs may be.
    private static let longestDetail = 300

    /// - Parameter error: the `error` of an answer, or one of the `errors` of a status.
    init(_ error: LenientObject) {
        code = error.number("code")
        // Meta's advice: the code and the details are to be relied on, the titles are not.
        let text = error.object("error_data").text("details") ?? error.text("error_data") ?? error.text("message") ?? error.text("title")
        let line = (text ?? "").map { $0.isNewline ? " " : $0 }
        detail = String(line.prefix(Self.longestDetail))
        isTransient = error.isTrue("is_transient")
    }

    /// A message that failed without a word why.
    static let unexplained = SendOutcome.refused(code: "failed", detail: "WhatsApp does not say why", alarm: false)

    private enum Meaning {
        /// Too much, or WhatsApp's own fault: later.
        case later
        /// Too much to this recipient: longer each time.
        case pairLimit
        /// Meta's limit of what one user gets.
        case nextDay
        /// Token or permission: people can mend it while the message waits.
        case access
        case outsideWindow, unreachable
        /// Not this message to this recipient.
        case refused
        /// Nothing of this kind until people have looked: a block, a payment, a template, a fault of ours.
        case blocked
    }

    private static func meaning(of code: Int64) -> Meaning? {
        switch code {
        case 4, 80007, 130429, 131000, 131016, 131052, 131053, 131057, 135000: .later
        case 131056: .pairLimit
        case 131049: .nextDay
        case 0, 190, 3, 10, 200...299, 131005: .access
        case 131047: .outsideWindow
        case 131026, 131062: .unreachable
        case 131021, 131050, 137000: .refused
        case 100, 131008, 131009, 131051: .blocked  // A fault of ours in the request.
        case 368, 130497, 131031, 131048, 131064, 133016: .blocked  // The account or the number.
        case 131030, 131037, 131042, 131044, 131045: .blocked  // What people have to set up or to pay.
        case 132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016: .blocked  // The template.
        default: nil
        }
    }

    /// What it means for a message; `nil` for a code that is not in the table.
    ///
    /// - Parameters:
    ///   - attempt: how often it was tried, this time included.
    ///   - after: what the answer asks for itself.
    func known(attempt: Int, after: Duration?) -> SendOutcome? {
        guard let code, let meaning = Self.meaning(of: code) else { return nil }
        let name = String(code)
        switch meaning {
        case .later: return .retry(code: name, detail: detail, after: after, alarm: false)
        case .pairLimit:
            // 4^n seconds, as Meta advises; 4^6 s is beyond the hour.
            let seconds = min(1 << (2 * min(max(attempt, 1), 6)), 3600)
            return .retry(code: name, detail: detail, after: max(.seconds(seconds), after ?? .zero), alarm: false)
        case .nextDay: return .retry(code: name, detail: detail, after: .seconds(86_400), alarm: false)
        case .access: return .retry(code: name, detail: detail, after: Self.mendingTime, alarm: true)
        case .outsideWindow: return .outsideWindow
        case .unreachable: return .unreachable(code: name, detail: detail)
        case .refused: return .refused(code: name, detail: detail, alarm: false)
        case .blocked: return .refused(code: name, detail: detail, alarm: true)
        }
    }

    /// How long a message rests while people see to token or permission.
    static let mendingTime = Duration.seconds(300)

    /// What a status with this error means.
    func outcome() -> SendOutcome {
        guard let code else { return Self.unexplained }
        return known(attempt: 1, after: nil) ?? .refused(code: String(code), detail: detail, alarm: true)
    }

    /// What an answer with this error, or without one that can be read, means.
    func outcome(status: Int, attempt: Int, after: Duration?) -> SendOutcome {
        if let known = known(attempt: attempt, after: after) { return known }
        let name = code.map(String.init) ?? "http_\(status)"
        let text = detail.isEmpty ? "WhatsApp answered with HTTP status \(status)" : detail
        switch status {
        case 401, 403: return .retry(code: name, detail: text, after: Self.mendingTime, alarm: true)
        case 408, 429, 500...599: return .retry(code: name, detail: text, after: after, alarm: false)
        default:
            if isTransient { return .retry(code: name, detail: text, after: after, alarm: false) }
            return .refused(code: name, detail: text, alarm: true)
        }
    }
}
