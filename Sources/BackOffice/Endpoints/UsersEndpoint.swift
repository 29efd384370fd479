import HTTPServer
import Wire

/// `/v1/users`
extension BackOffice {
    func usersEndpoints() -> [Endpoint] {
        [
            Endpoint(
                .POST, "/v1/users", "Add a member of staff, with a setup password unless one is given", access: .roles(.admins), body: "NewUser",
                answers: [.json(201, "The user; a setup password is shown once.", "User")],
                problems: [.invalidUserName, .passwordWeak, .userExists],
                work: .worker { call in .json(201, try staff.add(call.body(NewUserBody.self), by: call.actor)) }),
            Endpoint(
                .GET, "/v1/users", "The members of staff by name", access: .roles(.auditors), answers: [.json(200, "All users.", "UserList")],
                work: .worker { _ in .json(200, try staff.list()) }),
            Endpoint(
                .PATCH, "/v1/users/{name}", "Change a role, disable or enable; the user's sessions end. Never oneself", access: .roles(.admins),
                body: "UserPatch", answers: [.json(200, "The user.", "User")], problems: [.userNotFound, .samePerson],
                work: .worker { call in
                    .json(200, try staff.change(call.request.parameter("name"), call.body(UserPatchBody.self), by: call.actor))
                }),
            Endpoint(
                .POST, "/v1/users/{name}/password-reset", "A new setup password; the user's sessions end. Never oneself", access: .roles(.admins),
                body: "PasswordReset", answers: [.json(200, "The user; the setup password is shown once.", "User")],
                problems: [.userNotFound, .samePerson],
                work: .worker { call in
                    let body = call.request.body.isEmpty ? PasswordResetBody() : try call.body(PasswordResetBody.self)
                    return .json(200, try staff.reset(call.request.parameter("name"), body, by: call.actor))
                }),
            Endpoint(
                .POST, "/v1/users/{name}/totp", "Set up one's own one-time codes: first without a code, then with the first one", access: .staff,
                body: "CodeSetup", answers: [.json(200, "The secret, or that codes are asked for from now on.", "CodeSetupState")],
                problems: [.roleMayNot, .passwordChangeRequired, .totpConfirmed, .totpNotBegun, .codeWrong],
                work: .worker { call in
                    let body = call.request.body.isEmpty ? CodeSetupBody() : try call.body(CodeSetupBody.self)
                    return .json(200, try staff.setUpCodes(body, for: call.request.parameter("name"), call.session(), by: call.actor))
                }),
        ]
    }
}
