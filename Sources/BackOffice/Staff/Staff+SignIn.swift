import Signing
import Store
import Wire

/// Signing in.
extension Staff {
    /// How long a session stands at most.
    static let longest = Duration.seconds(12 * 60 * 60)
    /// How long the store keeps sessions that have ended.
    private static let kept = Duration.seconds(30 * 24 * 60 * 60)

    /// What a sign-in gives: the cookie's token, which is stored nowhere, and the session.
    struct SignedIn: Sendable {
        let token: String
        let session: SessionBody
    }

    /// Throws `sign_in_refused` whatever was wrong: what a stranger hears says nothing of who works here.
    func signIn(_ body: NewSessionBody, from address: String) throws -> SignedIn {
        let name = UserName.folded(body.name)
        let nameHash = UserName.hash(name)
        let refusal = Refusal(name: name, address: address)
        // Before the turn, so that those who are slowed keep nobody else waiting.
        try onRecord(refusal) { try environment.store.read { try SignInTries.check(nameHash, now: environment.now, in: $0) } }
        return try turns.take {
            let begun = environment.now
            let known = try onRecord(refusal) {
                try environment.store.write { writer in
                    try SignInTries.begin(nameHash, now: begun, in: writer)
                    return try writer.user(name)
                }
            }
            let stored = known.flatMap { PasswordHash($0.password) } ?? decoy
            let isRight = try stored.verifies(body.password)
            environment.metrics.passwordHashes.increment()
            guard let signedIn = try settle(body, known, isRight: isRight, refusal) else {
                throw Problem(
                    .signInRefused, "Name, password or one-time code is wrong. Whoever has set up one-time codes sends one with each sign-in.")
            }
            return signedIn
        }
    }

    /// Opens the session, or puts the refusal on record: both are a commit, so that neither is quicker.
    private func settle(_ body: NewSessionBody, _ known: UserRecord?, isRight: Bool, _ refusal: Refusal) throws -> SignedIn? {
        let token = try RandomBytes.text(32)
        let now = environment.now
        let name = refusal.name
        return try table.change(name) { [refusals] writer in
            guard isRight, let stored = try writer.user(name), stored.password == known?.password,
                let (user, with) = try Self.admit(body, stored, now: now)
            else {
                try refusal.record(in: writer, by: refusals, now: now)
                return nil
            }
            try writer.updateUser(user)
            try SignInTries.forgive(UserName.hash(name), in: writer)
            try writer.forgetSessions(endedBefore: now.adding(.zero - Self.kept))
            let expires = now.adding(Self.longest)
            try writer.insertSession(
                StaffSessionRecord(
                    tokenHash: Digest.sha256(Array(token.utf8)), user: name, createdAt: now, lastUsedAt: now, expiresAt: expires))
            let actor = Actor(name: "user:\(name)", role: user.role, via: "api", address: refusal.address)
            try writer.appendNote(actor.officeNote(at: now, kind: "signed_in", text: "Signed in with \(with)."))
            return SignedIn(token: token, session: SessionBody(user, expires: expires))
        }
    }

    private enum CodeCheck {
        /// No codes are set up.
        case notNeeded
        case right(step: Int64)
        case wrong
    }

    private static func check(_ code: String?, of user: UserRecord, now: Timestamp) throws -> CodeCheck {
        guard user.totpConfirmedAt != nil, let secret = user.totpSecret else { return .notNeeded }
        guard let code, let step = try OneTimeCode.step(of: code, secret: secret, atUnixSeconds: now.unixSeconds, after: user.totpLastStep) else {
            return .wrong
        }
        return .right(step: step)
    }

    /// Who may come in, as their record is afterwards, and with what; `nil` for anybody else.
    private static func admit(_ body: NewSessionBody, _ user: UserRecord, now: Timestamp) throws -> (user: UserRecord, with: String)? {
        guard user.disabledAt == nil, user.passwordState != .spent else { return nil }
        var user = user
        var with = user.passwordState == .setup ? "the setup password" : "a password"
        switch try check(body.code, of: user, now: now) {
        case .wrong: return nil
        case .notNeeded: break
        case .right(let step):
            user.totpLastStep = step
            with += " and a one-time code"
        }
        if user.passwordState == .setup { user.passwordState = .spent }
        return (user, with)
    }

    /// A sign-in that is refused, as it stands on the record.
    struct Refusal: Sendable {
        let name: String
        let address: String

        /// The name only where there is such a user: people type their passwords where the name goes.
        func record(in writer: any StoreWriter, by notes: CountedNotes, now: Timestamp) throws {
            let known = try writer.user(name) == nil ? nil : name
            let text = known.map { "Sign-in as '\($0)' refused." } ?? "Sign-in under a name that there is not refused."
            let actor = Actor(name: "unknown", role: nil, via: "api", address: address)
            try notes.record(
                actor.officeNote(at: now, kind: "sign_in_refused", text: text), as: "sign-in \(known ?? "") \(address)", now: now, in: writer)
        }
    }

    /// Puts a try that has to wait on record too.
    private func onRecord<Value>(_ refusal: Refusal, _ work: () throws -> Value) throws -> Value {
        do { return try work() } catch let tries as TooManyTries {
            let now = environment.now
            try environment.store.write { [refusals] in try refusal.record(in: $0, by: refusals, now: now) }
            throw tries
        }
    }
}
