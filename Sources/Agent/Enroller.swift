private import HTTPClient
private import Platform
private import Signing
package import Wire

/// Enrols a terminal: makes its key, hands in the one-time code, keeps what the server answers.
package struct Enroller {
    private let directory: StateDirectory
    private let caFile: String?

    /// - Parameter caFile: certificates to trust in place of the system's.
    package init(directory: StateDirectory, caFile: String?) {
        self.directory = directory
        self.caFile = caFile
    }

    /// Blocks until the server has answered, 30 s at most. Pins of an earlier enrolment do not count: it begins anew with whom it finds. The key stays the same however often it is called; a code works once, so that after a
    /// lost answer it takes a new one.
    package func enrol(server: String, imei: IMEI, channel: ChannelCode, code: String, model: String?) throws(AgentError) -> Enrolment {
        do {
            try Directory.create(directory.path, mode: 0o700)
            let lock = try FileLock(directory.path + "/enrol.lock")
            defer { withExtendedLifetime(lock) {} }
            if let before = directory.enrolmentBefore, before.imei != imei {
                throw AgentError(
                    .config, "\(directory.path) belongs to IMEI \(before.imei); give --imei \(before.imei), or another state_dir for another terminal"
                )
            }
            let key = try directory.keyToEnrol()
            let body = EnrolmentRequest(code: code, imei: imei, channel: channel, public_key: JWK(x: Base64URL.encode(key.publicBytes)), model: model)
            let answer = try HTTPExchange.perform(
                HTTPClientRequest(
                    method: "POST", url: server.withoutTrailingSlash + "/v1/enrolments", headers: [("Content-Type", "application/json")],
                    body: JSON.encode(body), timeout: .seconds(30), responseLimit: 64 * 1024),
                options: options)
            guard answer.status == 201 || answer.status == 200 else { throw Self.refusal(answer, of: imei) }
            var enrolment = try Self.enrolment(from: answer, server: server, imei: imei, channel: channel)
            enrolment.authority = ServerTrust.authority(caFile)
            enrolment.known_at = answer.header("Date").flatMap(HTTPDate.unixSeconds)
            try directory.save(enrolment)
            return enrolment
        } catch let error as AgentError {
            throw error
        } catch let error as HTTPClientError {
            throw Self.failure(error)
        } catch let error as SystemError where error.isBusy {
            throw AgentError(.system, "another enrolment is under way in \(directory.path)")
        } catch {
            throw AgentError(.system, "\(error)")
        }
    }

    private var options: HTTPClientOptions {
        var options = HTTPClientOptions(caFile: caFile)
        options.checksDates = KnownTime(past: nil).isPossible(wallSeconds: WallClock.now() / 1000, at: Uptime.now())
        return options
    }

    /// What to do next depends on whether the server may have taken the code.
    private static func failure(_ error: HTTPClientError) -> AgentError {
        switch error.code {
        case .resolve, .connect, .tls, .badURL:
            AgentError(.unreachable, "the server was not reached: \(error); look at the address and the network, then give the same command again")
        case .timeout, .closed, .tooLarge, .other:
            AgentError(.unreachable, "no answer came from the server: \(error); look at the network, then \(newCode)")
        }
    }

    /// A code works once, also for the same key.
    private static let newCode = "ask for a new code; this terminal keeps its key"

    private static func enrolment(
        from answer: HTTPClientResponse, server: String, imei: IMEI, channel: ChannelCode
    ) throws(AgentError) -> Enrolment {
        let response: EnrolmentResponse
        do throws(JSONRefusal) {
            response = try JSON.decode(EnrolmentResponse.self, from: answer.body)
        } catch {
            throw AgentError(.malformed, "what answered at \(server) is no vendlock server: \(error.description) Look at --server")
        }
        guard response.imei == imei else { throw AgentError(.malformed, "the server enrolled another terminal: \(response.imei)") }
        guard response.keys.keys.contains(where: { $0.ed25519Bytes != nil }) else {
            throw AgentError(.malformed, "the server gave no key to verify leases with")
        }
        return Enrolment(
            server: server, imei: imei, channel: channel, account: response.account, keys: response.keys, pins: try pins(response, answer.serverKey))
    }

    /// Pins that this very connection would fail are not kept: no later one would come about. Without TLS there is nothing to pin.
    private static func pins(_ response: EnrolmentResponse, _ serverKey: [UInt8]?) throws(AgentError) -> [CertificatePin]? {
        guard let serverKey, let pins = response.pins, !pins.isEmpty else { return nil }
        guard pins.count <= CertificatePin.most, pins.contains(where: { $0.digest == serverKey }) else {
            throw AgentError(
                .malformed,
                "the key of this connection is \(CertificatePin(digest: serverKey)) and none of the pins that the server gives: somebody reads along between here and the server, or the server's tls.pins are wrong; nothing was kept. Find out which, then \(newCode)"
            )
        }
        return pins
    }

    /// The server's own sentence, behind what to do next.
    private static func refusal(_ answer: HTTPClientResponse, of imei: IMEI) -> AgentError {
        let problem: Problem
        do throws(JSONRefusal) {
            problem = try JSON.decode(Problem.self, from: answer.body)
        } catch {
            return AgentError(.malformed, "the server answered \(answer.status) and no reason; look at --server")
        }
        let next =
            switch (answer.status, problem.code) {
            case (_, "already_enrolled"):
                "This IMEI is enrolled with another key: have the old enrolment ended in the back office, with vendlock-server device reset \(imei)"
            case (_, let code) where code.contains("expired"): "The code has expired: ask for a new one"
            case (_, let code) where code.contains("used"): "The code was used: \(newCode)"
            case (_, let code) where code.contains("code"): "The code is not right: read it again, or ask for a new one"
            case (_, let code) where code.contains("channel"): "The channel is not right: look at --channel"
            case (404, _): "The server does not know this terminal or this code: have it registered, or ask for a new code"
            case (429, _), (500..., _): "Try again in a minute"
            default: "The server refused"
            }
        return AgentError(.refused, "\(next) (\(problem.code): \(problem.detail))")
    }
}

extension String {
    var withoutTrailingSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}
