import HTTPServer
import Mail
import Messaging
import Wire

/// `/hooks/email`
extension BackOffice {
    func emailHookEndpoints() -> [Endpoint] {
        let configuration = desk.configuration.email
        let intake = EmailIntake(environment: environment, outbox: desk.outbox)
        return [
            Endpoint(
                .POST, "/hooks/email",
                "An e-mail in RFC 5322 form: opens a request, or continues the one whose ticket its subject names. 200 means that its effect is on disk",
                access: .provider("Authorization: Bearer, with the configured secret."), providerBody: "message/rfc822", bodyLimit: HookLimit.email,
                answers: [.json(200, "What became of it.", "EmailTaken")], problems: HookLimit.problems,
                work: .worker { call in
                    guard let configuration else { throw Problem.notConfigured(.email) }
                    let bearer = call.request.bearer.map(String.init)
                    guard SecretPath.matches(bearer ?? "", configuration.secret) else { throw badSignature(.email, bearer, call) }
                    let mail = try reading(.email) {
                        do { return try Message(reading: call.request.body, trusting: configuration.trusted) } catch let error as MailError {
                            throw Problem(.invalidBody, error.description)
                        }
                    }
                    let outcome = try intake.receive(mail, at: call.address)
                    environment.metrics.messages.increment(Provider.email.rawValue, outcome.name)
                    courier.wake()
                    return .json(200, EmailTakenBody(outcome: outcome.name, ticket: outcome.ticket))
                })
        ]
    }
}

/// The answer of `/hooks/email`.
struct EmailTakenBody: Codable, Sendable {
    /// `opened`, `continued`, `repeated` or `automatic`.
    var outcome: String
    var ticket: TicketNumber?
}

extension EmailIntake.Outcome {
    var name: String {
        switch self {
        case .opened: "opened"
        case .continued: "continued"
        case .passedOver(let why): why
        }
    }

    var ticket: TicketNumber? {
        switch self {
        case .opened(let ticket), .continued(let ticket): ticket
        case .passedOver: nil
        }
    }
}
