import HTTPServer
import Wire

/// `/v1/sessions`
extension BackOffice {
    func sessionsEndpoints() -> [Endpoint] {
        [
            Endpoint(
                .POST, "/v1/sessions", "Sign in; the answer sets the session's cookie", access: .open, body: "NewSession", bodyLimit: 4096,
                answers: [.json(201, "The session.", "StaffSession")], problems: [.signInRefused, .tooManyTries, .crossSite],
                work: .worker { call in
                    // A page elsewhere must not sign somebody in as somebody else.
                    guard RequestOrigin(of: call.request) != .foreign else {
                        throw Problem(.crossSite, "This did not come from a page of this server. Sign in there.")
                    }
                    let signedIn = try staff.signIn(call.body(NewSessionBody.self), from: call.address)
                    var response = HTTPResponse.json(201, signedIn.session)
                    response.headers += [SessionCookie.field(signedIn.token, for: call.request, overTLS: isOverTLS), ("Cache-Control", "no-store")]
                    return response
                }),
            Endpoint(
                .GET, "/v1/sessions/current", "Who is signed in, and what is to be done first", access: .staff,
                answers: [.json(200, "The session.", "StaffSession")], work: .worker { call in .json(200, call.session().body) }),
            Endpoint(
                .DELETE, "/v1/sessions/current", "Sign out", access: .staff, answers: [.json(200, "The session that has ended.", "StaffSession")],
                work: .worker { call in
                    try staff.signOut(call.session(), by: call.actor)
                    var response = HTTPResponse.json(200, call.session().body)
                    response.headers.append(SessionCookie.removal(for: call.request, overTLS: isOverTLS))
                    return response
                }),
            Endpoint(
                .POST, "/v1/sessions/current/password", "Change one's own password; one's other sessions end", access: .staff, body: "PasswordChange",
                answers: [.json(200, "The session, which goes on.", "StaffSession")], problems: [.passwordWeak, .passwordWrong, .tooManyTries],
                work: .worker { call in
                    .json(200, try staff.changePassword(call.body(PasswordChangeBody.self), of: call.session(), by: call.actor))
                }),
        ]
    }
}
