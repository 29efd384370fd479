import Signing
import Store
import Wire

/// Setting up one-time codes: each for themselves, once; an administrator's reset makes it possible again.
extension Staff {
    func setUpCodes(_ body: CodeSetupBody, for name: String, _ seat: Seat, by actor: Actor) throws -> CodeSetupStateBody {
        guard UserName.folded(name) == seat.user.name else {
            throw Problem(.roleMayNot, "Each sets up their own one-time codes. An administrator can reset another's, with their password.")
        }
        try seat.requireOwnPassword()
        if let code = body.code { return try confirmCodes(code, seat, by: actor) }
        let secret = try OneTimeCode.newSecret()
        let name = seat.user.name
        let now = environment.now
        try table.change(name) { writer in
            var user = try Self.existing(name, in: writer)
            guard user.totpConfirmedAt == nil else { throw Self.confirmed }
            user.totpSecret = secret
            user.totpLastStep = nil
            try writer.updateUser(user)
            try writer.appendNote(actor.officeNote(at: now, kind: "totp_begun", text: "Began to set up one-time codes."))
        }
        let text = Base32.encode(secret)
        let uri =
            "otpauth://totp/vendlock:\(name)?secret=\(text)&issuer=vendlock&algorithm=SHA1&digits=\(OneTimeCode.digits)&period=\(OneTimeCode.period)"
        return CodeSetupStateBody(confirmed: false, otpauth_uri: uri, secret: text)
    }

    private static let confirmed = Problem(
        .totpConfirmed, "Your one-time codes are set up already. With a new telephone, ask an administrator for a reset with new codes.")

    /// The first code shows that the telephone has the secret; it is used up with that.
    private func confirmCodes(_ code: String, _ seat: Seat, by actor: Actor) throws -> CodeSetupStateBody {
        let name = seat.user.name
        let now = environment.now
        let isRight = try table.change(name) { writer in
            var user = try Self.existing(name, in: writer)
            guard user.totpConfirmedAt == nil else { throw Self.confirmed }
            guard let secret = user.totpSecret else {
                throw Problem(.totpNotBegun, "There is no secret yet. Send the request without 'code' first, and give its answer to your app.")
            }
            guard let step = try OneTimeCode.step(of: code, secret: secret, atUnixSeconds: now.unixSeconds, after: nil) else { return false }
            user.totpConfirmedAt = now
            user.totpLastStep = step
            try writer.updateUser(user)
            try writer.appendNote(
                actor.officeNote(at: now, kind: "totp_confirmed", text: "Set up one-time codes: each sign-in needs one from now on."))
            return true
        }
        guard isRight else {
            let problem = Problem(.codeWrong, "The code is wrong. Send the one that the app shows now; if it stays so, set the telephone's clock.")
            try refuse(problem, kind: "totp_refused", text: "First one-time code refused.", by: actor)
        }
        return CodeSetupStateBody(confirmed: true)
    }
}
