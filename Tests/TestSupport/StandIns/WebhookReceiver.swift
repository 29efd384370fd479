import FoundationEssentials
import HTTPServer
import Signing
import Synchronization
import Wire

/// In the place of a system that is told of events: verifies as a receiver of Standard Webhooks does, and takes each event once.
///
/// - Source: Standard Webhooks 1.0.0, "Verifying signatures".
package final class WebhookReceiver: StandIn {
    /// An event as it was taken.
    package struct Event: Sendable {
        package let id: String
        package let body: [UInt8]
        package let json: JSONValue

        package var type: String { json["type"].string ?? "" }
        package var data: JSONValue { json["data"] }
    }

    /// A request that came, whatever became of it.
    package struct Attempt: Sendable, Equatable {
        package let id: String
        package let timestamp: Int64
        package let signature: String
        package let body: [UInt8]
    }

    private final class Book: Sendable {
        let key: HMACKey
        /// Its own clock; `nil`: the machine's.
        let clock = Mutex<ManualClock?>(nil)
        let state = Mutex<(events: [Event], attempts: [Attempt], duplicates: Int)>(([], [], 0))

        init(key: HMACKey) { self.key = key }

        var now: Int64 { clock.withLock { $0?.now.unixSeconds } ?? Int64(wallSeconds()) }
    }

    /// How far the sender's clock may be off.
    private static let tolerance: Int64 = 300

    package let server: StandInServer
    /// As the sender's configuration has it.
    package let secret: String
    private let path: String
    private let book: Book

    /// - Parameters:
    ///   - secret: `whsec_` and base64, or the key itself.
    ///   - path: may be a secret.
    package init(
        secret: String = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", path: String = "/hooks/path-secret", port: UInt16 = 0
    ) throws {
        self.secret = secret
        self.path = path
        let coded = secret.hasPrefix("whsec_") ? Data(base64Encoded: String(secret.dropFirst(6))) : Data(secret.utf8)
        guard let coded else { throw Failure("the secret of the receiver is not base64") }
        let book = Book(key: HMACKey(Array(coded)))
        self.book = book
        server = try StandInServer(
            port: port, services: [.init(.POST, path) { (request) throws(Refusal) in try Self.check(request, book) }]
        ) { .plain($0, "no such hook") }
    }

    /// Goes by this clock from now on.
    package func follow(_ clock: ManualClock) { book.clock.withLock { $0 = clock } }

    package var hookURL: String { url + path }
    /// Each once, in the order in which they came.
    package var events: [Event] { book.state.withLock { $0.events } }
    package var types: [String] { events.map(\.type) }
    package var attempts: [Attempt] { book.state.withLock { $0.attempts } }
    /// Events that came once more, and were answered with 200.
    package var duplicates: Int { book.state.withLock { $0.duplicates } }

    private static func check(_ request: ReceivedRequest, _ book: Book) throws(Refusal) -> @Sendable () -> HTTPResponse {
        guard let id = request.webhookID, !id.isEmpty, !id.contains("."), let stamp = request.webhookTimestamp, let seconds = Int64(stamp),
            let signatures = request.webhookSignature
        else { throw wrong(400, "a header of webhook-id, webhook-timestamp, webhook-signature is missing or malformed") }
        book.state.withLock { $0.attempts.append(Attempt(id: id, timestamp: seconds, signature: signatures, body: request.body)) }
        guard abs(seconds - book.now) <= tolerance else { throw wrong(400, "the timestamp \(stamp) is too far from \(book.now)") }
        let expected: String
        do {
            expected = "v1," + Data(try book.key.code(of: Array("\(id).\(stamp).".utf8) + request.body)).base64EncodedString()
        } catch { throw wrong(500, "\(error)") }
        guard signatures.split(separator: " ").contains(where: { $0 == expected }) else { throw wrong(401, "no signature matches") }
        guard let json = request.json, json["type"].string != nil, json["timestamp"].string != nil, case .object = json["data"] else {
            throw wrong(400, "the body is not JSON with type, timestamp and data, or its Content-Type does not say so")
        }
        let body = request.body
        return {
            book.state.withLock { state in
                if let known = state.events.first(where: { $0.id == id }) {
                    // The same event is the same bytes.
                    if known.body != body { return .plain(409, "another event has this id") }
                    state.duplicates += 1
                } else {
                    state.events.append(Event(id: id, body: body, json: json))
                }
                return .plain(200, "ok")
            }
        }
    }

    private static func wrong(_ status: Int, _ what: String) -> Refusal { Refusal(response: .plain(status, what), violation: "\(status): \(what)") }
}
