package import Signing
package import Wire

/// A terminal as an agent of another make would be: its own key, the device API over plain sockets, leases verified as the contract says.
package final class TestTerminal {
    package let imei: String
    package let channel: String
    /// The account it names when it connects.
    package var claims: String?
    package let key: Ed25519PrivateKey
    /// What leases are verified with; known from enrolment on.
    package private(set) var serverKeys: [Ed25519PublicKey] = []
    package var session = ""
    /// Where it finds the server; set anew after a restart on another port.
    package var server: API
    private var sequence: Int64 = 0

    package init(_ imei: String = Names.imei(), on channel: String = "KazTimpaPro", server: API, claims: String? = nil) throws {
        self.imei = imei
        self.channel = channel
        self.claims = claims
        self.server = server.with(token: nil)
        key = try Ed25519PrivateKey(seed: Ed25519PrivateKey.newSeed())
    }

    /// Makes itself known through `admin`, enrols, and connects.
    package static func connected(
        _ admin: API, account: String? = nil, claims: String? = nil, on channel: String = "KazTimpaPro"
    ) throws -> TestTerminal {
        let terminal = try enrolled(admin, account: account, claims: claims, on: channel)
        _ = try terminal.connect()
        return terminal
    }

    package static func enrolled(
        _ admin: API, account: String? = nil, claims: String? = nil, on channel: String = "KazTimpaPro"
    ) throws -> TestTerminal {
        let terminal = try TestTerminal(on: channel, server: admin, claims: claims)
        try admin.addDevice(terminal.imei, account: account)
        let reply = try terminal.enrol(code: admin.enrolmentCode(for: terminal.imei))
        guard reply.status == 201 else { throw Failure("enrolment: \(reply.status) \(reply.text)") }
        return terminal
    }

    package var path: String { "/v1/devices/\(imei)/channels/\(channel)" }
    package var jwk: String { "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\(Base64URL.encode(key.publicBytes))\"}" }

    // MARK: Enrolment

    package func enrol(code: String, imei: String? = nil, publicKey: String? = nil) throws -> Reply {
        let body =
            "{\"code\":\"\(code)\",\"imei\":\"\(imei ?? self.imei)\",\"channel\":\"\(channel)\",\"public_key\":\(publicKey ?? jwk),\"model\":\"T-1\"}"
        let reply = try server.post("/v1/enrolments", body)
        if reply.status == 201 {
            serverKeys = try reply.json["keys"]["keys"].array.map { key in
                guard let bytes = Base64URL.decode(key["x"].string ?? "") else { throw Failure("a server key that is none: \(reply.text)") }
                return try Ed25519PublicKey(bytes: bytes)
            }
        }
        return reply
    }

    // MARK: Connection

    /// The claims of a connection's token; each may be made wrong.
    package struct Claims {
        package var sub: String
        package var aud = "\"vendlock\""
        package var iat: Int64
        package var exp: Int64
        package var jti: String

        package var json: String { "{\"sub\":\"\(sub)\",\"aud\":\(aud),\"iat\":\(iat),\"exp\":\(exp),\"jti\":\"\(jti)\"}" }
    }

    /// - Parameter now: of the server's clock, where that is a manual one.
    package func goodClaims(now: Int64? = nil) throws -> Claims {
        let now = now ?? Int64(wallSeconds())
        return Claims(sub: imei, iat: now, exp: now + 60, jti: try RandomBytes.text(12))
    }

    package func token(_ claims: Claims, by other: Ed25519PrivateKey? = nil) throws -> String {
        String(decoding: try CompactJWS.Signer(key: other ?? key, type: "JWT").sign(Array(claims.json.utf8)), as: UTF8.self)
    }

    package func connectReply(token: String, nonce: String, body: String? = nil, on path: String? = nil) throws -> Reply {
        let account = claims.map { ",\"account\":\"\($0)\"" } ?? ""
        let body = body ?? "{\"nonce\":\"\(nonce)\",\"boot_id\":\"boot-1\",\"agent_version\":\"0.0.1\"\(account)}"
        return try server.with(token: token).post((path ?? self.path) + "/connections", body)
    }

    /// Connects, keeps the session, and returns the verified lease.
    @discardableResult
    package func connect(now: Int64? = nil) throws -> LeaseClaims {
        let nonce = try RandomBytes.text(12)
        let reply = try connectReply(token: token(goodClaims(now: now)), nonce: nonce)
        guard reply.status == 200, let session = reply.json["session"].string, let lease = reply.json["lease"].string else {
            throw Failure("connection of \(imei): \(reply.status) \(reply.text)")
        }
        self.session = session
        return try verified(Array(lease.utf8), nonce: nonce)
    }

    // MARK: Polls

    /// A poll that was sent and whose answer is still to be read.
    package struct PendingPoll {
        package let connection: RawConnection
        package let nonce: String
        package init(connection: RawConnection, nonce: String) {
            self.connection = connection
            self.nonce = nonce
        }
    }

    package func pollPath(after: Int64?, nonce: String) -> String {
        path + "/lock-state?" + (after.map { "after=\($0)&" } ?? "") + "nonce=\(nonce)"
    }

    /// Sends a poll without waiting for its answer.
    package func startPoll(after: Int64?, wait: Int = 60) throws -> PendingPoll {
        let nonce = try RandomBytes.text(12)
        let connection = try server.with(token: session).send("GET", pollPath(after: after, nonce: nonce), headers: ["Prefer: wait=\(wait)"])
        return PendingPoll(connection: connection, nonce: nonce)
    }

    /// Waits for a poll's answer and verifies it.
    package func lease(_ poll: PendingPoll) throws -> LeaseClaims {
        let reply = try poll.connection.reply()
        guard reply.status == 200, reply.header("Content-Type") == "application/jwt" else {
            throw Failure("poll of \(imei): \(reply.status) \(reply.text)")
        }
        return try verified(reply.body, nonce: poll.nonce)
    }

    @discardableResult
    package func poll(after: Int64?, wait: Int = 0) throws -> LeaseClaims { try lease(startPoll(after: after, wait: wait)) }

    package func pollReply(after: Int64?, wait: Int = 0) throws -> Reply { try startPoll(after: after, wait: wait).connection.reply() }

    /// The claims of a lease that this terminal would accept (section 4); throws otherwise.
    package func verified(_ lease: [UInt8], nonce: String) throws -> LeaseClaims {
        let claims = try JSON.decode(LeaseClaims.self, from: CompactJWS.verify(lease, type: "lease+jwt", keys: serverKeys))
        guard claims.sub.description == imei, claims.chn.text == channel, claims.nonce == nonce else {
            throw Failure("a lease of \(claims.sub) on \(claims.chn) with nonce \(claims.nonce) came to \(imei) on \(channel)")
        }
        return claims
    }

    // MARK: Events

    /// Sends events as JSON objects.
    package func eventsReply(_ events: [String]) throws -> Reply {
        try server.with(token: session).post("/v1/devices/\(imei)/events", "{\"events\":[\(events.joined(separator: ","))]}")
    }

    /// One event with the next sequence number; `fields` are further members.
    package func event(_ kind: String, _ fields: String = "") -> String {
        sequence += 1
        return Self.event(sequence, kind, fields)
    }

    package static func event(_ sequence: Int64, _ kind: String, _ fields: String = "") -> String {
        "{\"seq\":\(sequence),\"kind\":\"\(kind)\",\"at\":\"2026-11-21T20:00:00Z\",\"uptime_ms\":\(sequence)\(fields.isEmpty ? "" : "," + fields)}"
    }
}
