import HTTPServer
import Messaging
import Wire

/// What the webhooks of all providers share.
enum HookLimit {
    /// WhatsApp sends up to 3 MB.
    static let whatsApp = 4 << 20
    static let other = 256 << 10
    /// A letter with some photographs.
    static let email = 12 << 20
    static let problems: [ProblemCode] = [
        .providerNotConfigured, .signatureMissing, .signatureWrong, .malformedJSON, .notUTF8, .tooDeep, .invalidBody, .bodyTooLarge,
    ]
}

extension Endpoint.Answer {
    static let taken = Endpoint.Answer.text(200, "Taken: what it says is on disk.", "text/plain")
}

extension HTTPResponse {
    static let taken = HTTPResponse(status: 200, contentType: "text/plain", body: Array("ok".utf8))
}

extension Problem {
    static func notConfigured(_ provider: Provider) -> Problem {
        Problem(.providerNotConfigured, "This server is not configured for \(provider.fullTitle).")
    }
}

extension BackOffice {
    /// Counts, tells people, and says no more than that it is wrong: not what would be right.
    func badSignature(_ provider: Provider, _ signature: String?, _ call: Call) -> Problem {
        environment.metrics.messages.increment(provider.rawValue, "bad_signature")
        desk.alerts.raise(
            .badSignature, "A message that says it is from \(provider.fullTitle) is not signed by it (from \(call.address)).",
            about: provider.rawValue)
        return signature == nil
            ? Problem(.signatureMissing, "The request is not signed.")
            : Problem(.signatureWrong, "The request does not prove that it is from \(provider.fullTitle).")
    }

    /// What a body says that carries the provider's signature in a field of its header.
    func signed<Value>(
        _ provider: Provider, by field: String, _ call: Call, verifies: (_ signature: String?, _ body: [UInt8]) throws -> Bool,
        read: ([UInt8]) throws -> Value
    ) throws -> Value {
        let body = call.request.body
        let signature = call.request.header(field)
        guard try verifies(signature, body) else { throw badSignature(provider, signature, call) }
        return try reading(provider) { try read(body) }
    }

    /// A body that is signed and cannot be read: people must look, because the provider will go on sending it.
    func reading<Value>(_ provider: Provider, _ read: () throws -> Value) throws -> Value {
        do { return try read() } catch {
            reportUnreadable(provider, "\(error)")
            throw error
        }
    }

    func reportUnreadable(_ provider: Provider, _ why: String, count: Int = 1) {
        environment.metrics.messages.increment(provider.rawValue, "unreadable", by: count)
        let what = count == 1 ? "A message" : "\(count) messages"
        desk.alerts.raise(.unreadable, "\(what) of \(provider.fullTitle) cannot be read: \(why).", about: provider.rawValue)
    }
}
