import Signing
import Store
import Wire

/// What administrators do with members of staff.
extension Staff {
    package func add(_ body: NewUserBody, by actor: Actor) throws -> UserBody {
        let name = try UserName.checked(body.name)
        if let password = body.password { try Password.check(password, of: name) }
        guard try environment.store.read({ try $0.user(name) }) == nil else { throw Self.exists(name) }
        let setup = body.password == nil ? try Password.makeSetup() : nil
        let hash = try hash(body.password ?? setup ?? "")
        let now = environment.now
        let user = try table.change(name) { writer in
            guard try writer.user(name) == nil else { throw Self.exists(name) }
            let user = UserRecord(
                name: name, role: body.role, password: hash, passwordState: setup == nil ? .own : .setup, createdAt: now)
            try writer.insertUser(user)
            let how = setup == nil ? "a given password" : "a setup password"
            try writer.appendNote(
                actor.officeNote(at: now, kind: "user_added", text: "User '\(name)' added with role \(body.role.rawValue) and \(how)."))
            return user
        }
        return UserBody(user, setupPassword: setup)
    }

    private static func exists(_ name: String) -> Problem {
        Problem(.userExists, "There is a user named '\(name)', perhaps a disabled one. Choose another name, or change that user.")
    }

    /// Another role, or the end of all access, or its return: sessions end in each case.
    package func change(_ text: String, _ patch: UserPatchBody, by actor: Actor) throws -> UserBody {
        let name = UserName.folded(text)
        try refuseOneself(name, "change the role of, or disable,", by: actor)
        let now = environment.now
        return try table.change(name) { writer in
            var user = try Self.existing(name, in: writer)
            var changed: [String] = []
            if let role = patch.role, role != user.role {
                changed.append("role from \(user.role.rawValue) to \(role.rawValue)")
                user.role = role
            }
            if let disabled = patch.disabled, disabled != (user.disabledAt != nil) {
                changed.append(disabled ? "disabled" : "enabled again")
                user.disabledAt = disabled ? now : nil
            }
            guard !changed.isEmpty else { return UserBody(user) }
            try writer.updateUser(user)
            let ended = try writer.endSessions(of: name, at: now)
            try writer.appendNote(
                actor.officeNote(
                    at: now, kind: "user_changed", text: "User '\(name)' changed: \(changed.joined(separator: "; ")). \(Self.ended(ended))"))
            return UserBody(user)
        }
    }

    /// A new setup password in place of the one that is forgotten, and new one-time codes if the telephone is lost.
    package func reset(_ text: String, _ body: PasswordResetBody, by actor: Actor) throws -> UserBody {
        let name = UserName.folded(text)
        try refuseOneself(name, "reset the password of", by: actor)
        _ = try environment.store.read { try Self.existing(name, in: $0) }
        let setup = try Password.makeSetup()
        let hash = try hash(setup)
        let now = environment.now
        let user = try table.change(name) { writer in
            var user = try Self.existing(name, in: writer)
            user.password = hash
            user.passwordState = .setup
            if body.totp == true {
                user.totpSecret = nil
                user.totpConfirmedAt = nil
                user.totpLastStep = nil
            }
            try writer.updateUser(user)
            try SignInTries.forgive(UserName.hash(name), in: writer)
            let ended = try writer.endSessions(of: name, at: now)
            let codes = body.totp == true ? " and one-time codes" : ""
            try writer.appendNote(
                actor.officeNote(at: now, kind: "password_reset", text: "Password\(codes) of user '\(name)' reset. \(Self.ended(ended))"))
            return user
        }
        return UserBody(user, setupPassword: setup)
    }

    func hash(_ password: String) throws -> String { try turns.take { try PasswordHash(of: password, cost: cost).text } }

    static func ended(_ count: Int) -> String { count == 1 ? "1 session ended." : "\(count) sessions ended." }
}
