package import AgentCore
package import HTTPClient
private import Platform
package import Wire

/// What the server's answers mean to the terminal.
package struct ServerAnswers: Sendable {
    private let verifier: LeaseVerifier
    package private(set) var clock = ServerClock()
    /// The grant of the last connection, verified, until it is taken.
    private var grant: OfflineCodeGrant?
    /// The pins of the last connection, verified, and the key that the server had there, until they are taken.
    private var pins: (grant: PinGrant, serverKey: [UInt8]?)?

    package init(verifier: LeaseVerifier) { self.verifier = verifier }

    package typealias Result = Swift.Result<HTTPClientResponse, HTTPClientError>

    package mutating func connection(_ result: Result, sentAt: Duration, unixMilliseconds: Int64) -> Event {
        let answer: HTTPClientResponse
        switch success(result) {
        case .success(let response): answer = response
        case .failure(let failure):
            guard case .unauthorized = failure.kind, case .success(let response) = result else { return .transferFailed(failure) }
            let corrected = clock.correct(date: response.header("Date"), unixMilliseconds: unixMilliseconds)
            return .transferFailed(TransferFailure(.unauthorized(clockCorrected: corrected), retryAfter: failure.retryAfter))
        }
        do {
            let response = try JSON.decode(ConnectionResponse.self, from: answer.body)
            // It is put into a header as it is.
            guard !response.session.isEmpty, response.session.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                return .transferFailed(TransferFailure(.unusable("the server's session cannot be used")))
            }
            let lease = try verifier.verify(Array(response.lease.utf8))
            grant = try response.codes.map { try verifier.verifyGrant(Array($0.utf8)) }
            pins = try response.pins.map { (try verifier.verifyPins(Array($0.utf8)), answer.serverKey) }
            return .connectionAnswered(
                session: response.session, expiresIn: .seconds(max(1, response.expires_in_s)), lease: lease, sentAt: sentAt,
                longestWait: response.longest_wait_s)
        } catch let refusal as LeaseVerifier.Refusal {
            return .leaseRefused(why: refusal.why)
        } catch {
            return .transferFailed(TransferFailure(.distrusted(.notVendlock, "\(error)")))
        }
    }

    /// The pins that came with the last connection, once.
    package mutating func takePins() -> (grant: PinGrant, serverKey: [UInt8]?)? {
        defer { pins = nil }
        return pins
    }

    /// The key for offline codes that came with the last connection, once.
    package mutating func takeGrant() -> OfflineCodeGrant? {
        defer { grant = nil }
        return grant
    }

    package func poll(_ result: Result, sentAt: Duration) -> Event {
        switch success(result) {
        case .failure(let failure): return .transferFailed(failure)
        case .success(let answer):
            guard answer.header("Content-Type")?.hasPrefix(LeaseClaims.contentType) == true else {
                return .transferFailed(TransferFailure(.distrusted(.notVendlock, "a poll was answered with something else than a lease")))
            }
            do throws(LeaseVerifier.Refusal) {
                return .pollAnswered(lease: try verifier.verify(answer.body), sentAt: sentAt)
            } catch {
                return .leaseRefused(why: error.why)
            }
        }
    }

    package func report(_ result: Result) -> Event {
        switch success(result) {
        case .failure(let failure): return .eventsFailed(failure)
        case .success(let answer):
            do throws(JSONRefusal) {
                return .eventsAcknowledged(through: try JSON.decode(EventAcknowledgement.self, from: answer.body).acknowledged)
            } catch {
                return .eventsFailed(TransferFailure(.distrusted(.notVendlock, "\(error)")))
            }
        }
    }

    /// A 200; everything else is a failure.
    private func success(_ result: Result) -> Swift.Result<HTTPClientResponse, TransferFailure> {
        switch result {
        case .failure(let error): return .failure(Self.failure(error))
        case .success(let answer) where answer.status == 200: return .success(answer)
        // Ours answers neither: a redirection is a login page's, and 511 says that it is one (RFC 6585 section 6).
        case .success(let answer) where (200..<400).contains(answer.status) || answer.status == 511:
            return .failure(TransferFailure(.distrusted(.notVendlock, "it answered \(answer.status)")))
        case .success(let answer):
            let retryAfter = Self.retryAfter(answer)
            if answer.status == 401 { return .failure(TransferFailure(.unauthorized(clockCorrected: false), retryAfter: retryAfter)) }
            // The code is for the log only: an answer without one is as good.
            let code = (try? JSON.decode(Problem.self, from: answer.body))?.code
            return .failure(TransferFailure(.status(answer.status, code: code), retryAfter: retryAfter))
        }
    }

    private static func failure(_ error: HTTPClientError) -> TransferFailure {
        switch error.distrust {
        case .key: TransferFailure(.distrusted(.pin, "\(error)"))
        case .name: TransferFailure(.distrusted(.name, "\(error)"))
        case .notTLS: TransferFailure(.distrusted(.notVendlock, "\(error)"))
        case .certificate:
            TransferFailure(.distrusted(.certificate, "\(error); by the clock here it is \(Timestamp(unixMilliseconds: WallClock.now()))"))
        case nil: TransferFailure(.network(error.description), isCheap: error.isSilence)
        }
    }

    /// Seconds, or a date, which is counted from the answer's own `Date`.
    /// - Source: RFC 9110 section 10.2.3
    private static func retryAfter(_ answer: HTTPClientResponse) -> Duration? {
        guard let text = answer.header("Retry-After") else { return nil }
        if let seconds = Int64(text) { return .seconds(min(max(0, seconds), 86400)) }
        guard let date = HTTPDate.unixSeconds(text), let now = answer.header("Date").flatMap(HTTPDate.unixSeconds) else { return nil }
        return .seconds(min(max(0, date - now), 86400))
    }
}
