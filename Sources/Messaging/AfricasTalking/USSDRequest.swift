/// One step of a USSD session, or the news that it is over.
/// - Source: Africa's Talking, "USSD" (requests, and the end of session notification: `status`, `durationInMillis`, `hopsCount`, `input`,
///   `lastAppResponse`, `errorMessage`, `cost`, `date`).
package struct USSDRequest: Sendable, Equatable {
    package var sessionID: String
    package var phone: String
    /// All inputs of the session so far, in order; empty when it has just begun.
    package var inputs: [String]
    /// Whether the session is over, through the caller, the network or our own last answer: nobody reads an answer any more.
    package var isEnd: Bool

    package init(sessionID: String, phone: String, inputs: [String] = [], isEnd: Bool = false) {
        self.sessionID = sessionID
        self.phone = phone
        self.inputs = inputs
        self.isEnd = isEnd
    }

    /// `nil` when the form names no session or no caller.
    package static func read(_ form: FormData) -> USSDRequest? {
        guard let sessionID = form.first("sessionId"), !sessionID.isEmpty, let phone = form.first("phoneNumber"), !phone.isEmpty else { return nil }
        let isEnd = form.first("status") != nil || form.first("durationInMillis") != nil || form.first("hopsCount") != nil
        let text = form.first(isEnd ? "input" : "text") ?? ""
        return USSDRequest(
            sessionID: sessionID, phone: PhoneSender.number(phone) ?? phone,
            inputs: text.isEmpty ? [] : text.split(separator: "*", omittingEmptySubsequences: false).map(String.init), isEnd: isEnd)
    }
}
