import BackOffice
import Platform
import Wire

/// `user …` and `token …`: who may use the back office.
enum StaffCommands {
    static let all = [add, list, disable, reset, issue, tokens, revoke]

    private static func role(_ context: Command.Context) throws -> Role {
        let word = try context.required("role")
        guard let role = Role(rawValue: word) else {
            let known = Role.allCases.map(\.rawValue)
            throw CommandLineError("'\(word)' is not a role\(Nearest.hint(word, in: known)): one of \(known.joined(separator: ", "))")
        }
        return role
    }

    private static let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")

    // MARK: Members of staff

    private static let add = Command(
        words: ["user", "add"], usage: "user add NAME --role ROLE",
        about: "add a member of staff and print a setup password for one sign-in (roles: \(roles))", options: APIClient.options + [.value("role")]
    ) { context in
        let name = try context.operand(0, "NAME")
        try context.noMore(after: 1)
        let answer = try context.client().send("POST", "/v1/users", NewUserBody(name: name, role: try role(context)))
        try context.show(answer, setupLines(JSON.decode(UserBody.self, from: answer), "added"))
    }

    private static func setupLines(_ user: UserBody, _ what: String) -> [String] {
        var lines = ["\(user.name) is \(what), with the role \(user.role.rawValue)"]
        if let password = user.setup_password { lines.append("setup password, for one sign-in: \(password)") }
        return lines
    }

    private static let list = Command(
        words: ["user", "list"], usage: "user list", about: "the members of staff", options: APIClient.options
    ) { context in
        try context.noMore(after: 0)
        let answer = try context.client().call("GET", "/v1/users")
        try context.show(
            answer,
            JSON.decode(UserListBody.self, from: answer).users.map { user in
                var words = [user.name, user.role.rawValue, user.totp_since == nil ? "without one-time codes" : "with one-time codes"]
                if user.password_change_required { words.append("has not chosen a password yet") }
                if let since = user.disabled_at { words.append("disabled since \(since)") }
                return words.joined(separator: "  ")
            })
    }

    private static let disable = Command(
        words: ["user", "disable"], usage: "user disable NAME", about: "end all access of a member of staff at once", options: APIClient.options
    ) { context in
        let name = try context.operand(0, "NAME")
        try context.noMore(after: 1)
        let answer = try context.client().send("PATCH", "/v1/users/\(APIClient.segment(name))", UserPatchBody(disabled: true))
        try context.show(answer, ["\(try JSON.decode(UserBody.self, from: answer).name) is disabled, and every session has ended"])
    }

    private static let reset = Command(
        words: ["user", "reset"], usage: "user reset NAME [--totp]",
        about: "end a member of staff's sessions and print a new setup password; with --totp the one-time codes are set up anew too",
        options: APIClient.options + [.flag("totp")]
    ) { context in
        let name = try context.operand(0, "NAME")
        try context.noMore(after: 1)
        let body = PasswordResetBody(totp: context.arguments.has("totp"))
        let answer = try context.client().send("POST", "/v1/users/\(APIClient.segment(name))/password-reset", body)
        try context.show(answer, setupLines(JSON.decode(UserBody.self, from: answer), "reset"))
    }

    // MARK: Tokens

    private static let issue = Command(
        words: ["token", "issue"], usage: "token issue --role ROLE --name NAME", about: "issue an API token and print it once (roles: \(roles))",
        options: APIClient.options + [.value("role"), .value("name")]
    ) { context in
        try context.noMore(after: 0)
        let role = try role(context)
        let answer = try context.client().send("POST", "/v1/tokens", NewTokenBody(role: role, name: try context.required("name")))
        try context.show(answer, [JSON.decode(IssuedTokenBody.self, from: answer).token])
    }

    private static let tokens = Command(
        words: ["token", "list"], usage: "token list", about: "the API tokens by name, without their secrets", options: APIClient.options
    ) { context in
        try context.noMore(after: 0)
        let answer = try context.client().call("GET", "/v1/tokens")
        try context.show(answer, JSON.decode(TokenListBody.self, from: answer).tokens.map(line))
    }

    private static func line(_ token: TokenListBody.Token) -> String {
        "\(token.name)  \(token.role.rawValue)  issued \(token.created_at)" + (token.revoked_at.map { "  revoked \($0)" } ?? "")
    }

    private static let revoke = Command(
        words: ["token", "revoke"], usage: "token revoke NAME", about: "revoke an API token; takes effect at once", options: APIClient.options
    ) { context in
        let name = try context.operand(0, "NAME")
        try context.noMore(after: 1)
        let answer = try context.client().call("DELETE", "/v1/tokens/\(APIClient.segment(name))")
        try context.show(answer, ["\(name) is revoked"])
    }
}
