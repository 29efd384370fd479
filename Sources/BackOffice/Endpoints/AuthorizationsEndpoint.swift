import HTTPServer
import Wire

/// `/v1/authorizations`: the vending switch's gate.
extension BackOffice {
    func authorizationsEndpoints() -> [Endpoint] {
        let access = Endpoint.Access.roles(.switches)
        return [
            Endpoint(
                .POST, "/v1/authorizations", "May this be spent now? The same rules as on the terminal", access: access, body: "Authorization",
                bodyLimit: 4096, answers: [.json(200, "The decision.", "AuthorizationAnswer")],
                problems: [.invalidReference, .invalidIMEI, .unknownChannel, .unknownOperation],
                work: .inline { request, _ in
                    try callers.check(request, "POST /v1/authorizations", access)
                    let body = try JSON.decode(AuthorizationBody.self, from: request.body)
                    if let answer = try authorizations.answer(body) { return .respond(.json(200, answer)) }
                    return .worker { [authorizations, errors] _ in
                        .respond(errors.answering { .json(200, try authorizations.fetchAndAnswer(body)) })
                    }
                })
        ]
    }
}
