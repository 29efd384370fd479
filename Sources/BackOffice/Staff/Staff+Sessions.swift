import Signing
import Store
import Wire

/// What a session is good for, and its ends.
extension Staff {
    /// Who sits behind a cookie.
    struct Seat: Sendable {
        let user: UserRecord
        let session: StaffSessionRecord

        var caller: Caller { Caller(name: user.name, role: user.role, credential: .session(session.tokenHash)) }
        var body: SessionBody { SessionBody(user, expires: session.expiresAt) }

        func requireOwnPassword() throws {
            guard user.passwordState == .own else {
                throw Problem(
                    .passwordChangeRequired, "Choose a password of your own first: POST /v1/sessions/current/password. The setup password works once."
                )
            }
        }

        /// Throws where something has to be done before anything else.
        func requireComplete() throws {
            try requireOwnPassword()
            guard !user.lacksCodes else {
                throw Problem(
                    .totpRequired, "The role \(user.role.rawValue) needs one-time codes: set them up first, with POST /v1/users/\(user.name)/totp.")
            }
        }
    }

    /// Uses the session of this cookie; `nil` where it has ended, or never was.
    func seat(of token: String) -> Seat? {
        table.use(Digest.sha256(Array(token.utf8)), at: environment.now).map { Seat(user: $0.user, session: $0.session) }
    }

    func signOut(_ seat: Seat, by actor: Actor) throws {
        let now = environment.now
        try table.change(seat.user.name) { writer in
            try writer.endSession(hash: seat.session.tokenHash, at: now)
            try writer.appendNote(actor.officeNote(at: now, kind: "signed_out", text: "Signed out."))
        }
    }

    /// Ends what time has ended; called every second.
    package func endOverdue() throws {
        let now = environment.now
        for (name, sessions) in Dictionary(grouping: table.overdue(at: now), by: \.user) {
            try table.change(name) { writer in
                let open = Set(try writer.openSessions(of: name).map(\.tokenHash))
                for session in sessions where open.contains(session.tokenHash) {
                    try writer.endSession(hash: session.tokenHash, at: now)
                    let why = session.expiresAt <= now ? "after 12 hours" : "after an hour without use"
                    let text = "Session of user '\(name)' of \(session.createdAt) ended \(why)."
                    try writer.appendNote(Actor.system.officeNote(at: now, kind: "session_ended", text: text))
                }
            }
        }
    }

    /// The owner's own change: other sessions end, because a new password is also what follows a theft.
    func changePassword(_ body: PasswordChangeBody, of seat: Seat, by actor: Actor) throws -> SessionBody {
        let name = seat.user.name
        let nameHash = UserName.hash(name)
        try Password.check(body.new, of: name)
        guard body.new != body.old else { throw Problem(.passwordWeak, "The new password is the old one. Choose another.") }
        let begun = environment.now
        try environment.store.write { try SignInTries.begin(nameHash, now: begun, in: $0) }
        let isRight = try turns.take { try PasswordHash(seat.user.password)?.verifies(body.old) ?? false }
        guard isRight else {
            let problem = Problem(.passwordWrong, "The old password is wrong. Nothing was changed.")
            try refuse(problem, kind: "password_change_refused", text: "Change of the own password refused: the old one was wrong.", by: actor)
        }
        let hash = try hash(body.new)
        let now = environment.now
        return try table.change(name) { writer in
            var user = try Self.existing(name, in: writer)
            let open = try writer.openSessions(of: name)
            // Disabled, or reset, or changed in another session, while this was hashed.
            guard user.password == seat.user.password, open.contains(where: { $0.tokenHash == seat.session.tokenHash }) else {
                throw Problem(.unauthorized, "This session has ended, or the password was changed meanwhile. Sign in again.")
            }
            user.password = hash
            user.passwordState = .own
            try writer.updateUser(user)
            try SignInTries.forgive(nameHash, in: writer)
            let others = open.filter { $0.tokenHash != seat.session.tokenHash }
            for session in others { try writer.endSession(hash: session.tokenHash, at: now) }
            let text = "Changed the own password. \(Self.ended(others.count))"
            try writer.appendNote(actor.officeNote(at: now, kind: "password_changed", text: text))
            return SessionBody(user, expires: seat.session.expiresAt)
        }
    }
}
