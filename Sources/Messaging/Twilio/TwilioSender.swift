private import FoundationEssentials
package import Wire

/// Messages to Twilio.
/// - Source: Twilio, "Message resource" (create) and "Error and Warning Dictionary" (www.twilio.com/docs/api/errors).
package struct TwilioSender: Sendable {
    private let configuration: TwilioConfiguration

    package init(configuration: TwilioConfiguration) {
        self.configuration = configuration
    }

    /// A message goes from the number that was written to, so that the answer stands below the question.
    package func request(text: String, to address: ReplyAddress) -> ProviderRequest {
        var form = FormData([.init("To", address.to), .init("Body", text)])
        if let from = address.from ?? configuration.from {
            form.fields.append(.init(from.hasPrefix("MG") && from.utf8.count == 34 ? "MessagingServiceSid" : "From", from))
        }
        let credentials = Data("\(configuration.accountSID):\(configuration.authToken)".utf8).base64EncodedString()
        return ProviderRequest(
            method: "POST", url: "\(configuration.url)/2010-04-01/Accounts/\(configuration.accountSID)/Messages.json",
            headers: [
                .init("Authorization", "Basic \(credentials)"), .init("Content-Type", "application/x-www-form-urlencoded"),
                .init("Accept", "application/json"),
            ], body: form.body)
    }

    private struct Created: Decodable {
        var sid: String?
    }

    /// `{"code":21610,"message":"…","more_info":"…","status":400}`
    private struct Failure: Decodable {
        var code: Int
        var message: String?
    }

    /// - Parameter attempt: counted from 1.
    package func outcome(of answer: ProviderAnswer, attempt: Int, now: Timestamp) -> SendOutcome {
        if (200..<300).contains(answer.status) {
            guard let sid = AnswerReading.json(Created.self, of: answer)?.sid, !sid.isEmpty else { return .unreadable(answer) }
            return .accepted(id: sid)
        }
        guard let failure = AnswerReading.json(Failure.self, of: answer) else {
            return AnswerReading.failure(answer, detail: AnswerReading.detail(of: answer), attempt: attempt, now: now)
        }
        let code = "\(failure.code)", detail = AnswerReading.line(failure.message ?? "")
        switch failure.code {
        // The account is not active; the token is wrong. What waits goes out when that is mended.
        case 10001, 20003, 20005:
            return .retry(code: code, detail: detail, after: AnswerReading.untilPeopleAct, alarm: true)
        // Too many requests at once; such a one was not processed.
        case 20429:
            return .retry(code: code, detail: detail, after: RetryAfter.duration(answer.retryAfter, now: now), alarm: false)
        // WhatsApp through Twilio: outside the 24 hours; the recipient is not there.
        case 63016: return .outsideWindow
        case 63003, 63024: return .unreachable(code: code, detail: detail)
        // The recipient opted out; no number, none for SMS (a landline, a short code), out of reach; our own number; the text is too long or empty.
        case 21610, 21211, 21214, 21217, 21265, 21266, 21602, 21605, 21612, 21614, 21617, 21635:
            return .refused(code: code, detail: detail, alarm: false)
        // Everything else is refused too, and somebody must look: a country that the account may not send to (21408), a trial account (21608),
        // a number of ours that is not ours or cannot send (21212, 21603, 21606, 21659 to 21661).
        default: return AnswerReading.failure(answer, code: code, detail: detail, attempt: attempt, now: now)
        }
    }
}
