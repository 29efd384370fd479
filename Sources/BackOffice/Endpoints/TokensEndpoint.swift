import HTTPServer
import Wire

/// `/v1/tokens`
extension BackOffice {
    func tokensEndpoints() -> [Endpoint] {
        [
            Endpoint(
                .POST, "/v1/tokens", "Issue an API token", access: .roles(.admins), body: "NewToken",
                answers: [.json(201, "The token; it is shown once.", "IssuedToken")], problems: [.textRequired, .tokenExists],
                work: .worker { call in
                    let body = try call.body(NewTokenBody.self)
                    let token = try tokens.issue(name: body.name, role: body.role, by: call.actor)
                    return .json(201, IssuedTokenBody(token: token, role: body.role, name: body.name))
                }),
            Endpoint(
                .GET, "/v1/tokens", "The tokens by name, without their secrets", access: .roles(.admins),
                answers: [.json(200, "All tokens.", "TokenList")], work: .worker { _ in .json(200, try tokens.list()) }),
            Endpoint(
                .DELETE, "/v1/tokens/{name}", "Revoke a token; takes effect at once", access: .roles(.admins),
                answers: [.json(200, "All tokens.", "TokenList")], problems: [.tokenNotFound],
                work: .worker { call in
                    try tokens.revoke(name: call.request.parameter("name"), by: call.actor)
                    return .json(200, try tokens.list())
                }),
        ]
    }
}
