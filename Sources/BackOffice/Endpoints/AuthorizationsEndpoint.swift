import HTTPServer
import Wire

/// `/v1/authorizations`: the vending switch's gate.
extension BackOffice {
    func authorizationsEndpoints() -> [Endpoint] {
        let access = Endpoint.Access.roles(.switches)
        return [
            Endpoint(
                .POST, "/v1/authorizations", "May this be spent now? The same rules as on the terminal", access: access, body: "Authorization",
                bodyLimit: 4096, answers: [.json(200, "The decision.", "AuthorizationAnswer")], problems: [.unknownOperation],
                work: .inline { request, waking in
                    if waking == nil { _ = try callers.check(request, access) }
                    let body = try JSON.decode(AuthorizationBody.self, from: request.body)
                    if let answer = try authorizations.answer(body) { return .respond(.json(200, answer)) }
                    let states = states, errors = errors
                    return .worker { _ in
                        do {
                            try states.load(body.imei, claiming: body.account)
                            return .handleAgain
                        } catch { return .respond(errors.response(for: error)) }
                    }
                })
        ]
    }
}
