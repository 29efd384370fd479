/// What the receiving mail server found out about who sent a message.
///
/// Anybody can write such a field, so one counts only when it bears the name of a server that is trusted, and of those only the topmost, with the ones
/// directly below it of the same server (SPF, DKIM and DMARC are often checked by three programs). A server adds its fields above what came; which of
/// those below a stranger wrote cannot be seen. **The server must remove fields that come in from outside under its own name**; one that does not
/// cannot be trusted here.
/// - Source: RFC 8601, section 5 for the removal.
package struct AuthenticationResults: Hashable, Sendable {
    package enum Result: String, Sendable {
        case pass, fail, softfail, neutral, none, temperror, permerror, policy
        /// A word that RFC 8601 does not have.
        case other
    }

    package struct SPF: Hashable, Sendable {
        package let result: Result
        /// The domain of `smtp.mailfrom`.
        package let mailFrom: String?
        /// `smtp.helo`: proves nothing about a person.
        package let helo: String?
    }

    package struct DKIM: Hashable, Sendable {
        package let result: Result
        /// `header.d`: whose signature it is.
        package let domain: String?
        /// The domain of `header.i`.
        package let identity: String?
    }

    package struct DMARC: Hashable, Sendable {
        package let result: Result
        /// The domain of `header.from`.
        package let from: String?
    }

    /// The trusted server's name in lower case; `nil` when no trusted one said anything.
    package internal(set) var server: String?
    package internal(set) var spf: [SPF] = []
    /// One for each signature.
    package internal(set) var dkim: [DKIM] = []
    package internal(set) var dmarc: [DMARC] = []

    /// Whether the message was sent by somebody who may write in the name of the address's domain.
    ///
    /// One pass is enough, whatever else failed, for each is a proof by itself and honest mail fails some: a forwarding server breaks SPF, a mailing
    /// list breaks signatures. A pass counts only for its own domain (`MailDomain.answers`), so one that a stranger earns for theirs proves nothing
    /// here. No more than the domain is proved: that the mailbox before the `@` is this person's is the word of the provider that runs it.
    package func proves(_ address: MailAddress) -> Bool {
        let from = address.domain
        if dmarc.contains(where: { $0.result == .pass && $0.from == from }) { return true }
        let domains =
            dkim.filter { $0.result == .pass }.map { $0.domain ?? $0.identity } + spf.filter { $0.result == .pass }.map(\.mailFrom)
        return domains.contains { domain in domain.map { MailDomain.answers($0, for: from) } ?? false }
    }
}

/// `mx.example: spf=pass (example.org) dkim=fail dmarc=none`, for notes.
extension AuthenticationResults: CustomStringConvertible {
    package var description: String {
        guard let server else { return "no results of a trusted server" }
        func words(_ method: String, _ result: Result, _ domain: String?) -> String {
            "\(method)=\(result.rawValue)" + (domain.map { " (\($0))" } ?? "")
        }
        let all =
            spf.map { words("spf", $0.result, $0.mailFrom ?? $0.helo) } + dkim.map { words("dkim", $0.result, $0.domain ?? $0.identity) }
            + dmarc.map { words("dmarc", $0.result, $0.from) }
        return "\(server): " + (all.isEmpty ? "none" : all.joined(separator: " "))
    }
}
