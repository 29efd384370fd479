import Agent
import Glibc
import Platform
import Signing
import Synchronization
import Wire

/// A small working server: enrols, checks tokens and sessions, signs leases, parks polls, keeps events.
/// It can be told to forge its leases, to fall silent or to refuse.
final class StandInServer: Sendable {
    enum Forgery: String, CaseIterable, Sendable {
        case signature = "bad_signature", key = "unknown_key", nonce, imei, channel, revision, type = "wrong_type"
        case algorithm = "wrong_algorithm", garbage = "malformed", claims
    }

    enum Mood: Sendable, Equatable {
        case working
        /// Takes every request and never answers.
        case silent
        case refusing(String, headers: String)
    }

    struct State {
        var mood = Mood.working
        var forgery: Forgery?
        var revision: Revision = 100
        var isLocked = false
        var ttl = 240
        var wait = 110
        var cap: Int64?
        /// Those that were issued and not yet used.
        var codes: Set<String> = ["CODE-1"]
        var usedCodes: Set<String> = []
        var publicKey: JWK?
        /// Seconds by which this server's clock is ahead.
        var clockOffset: Int64 = 0
        /// So many enrolments are done and never answered.
        var dropsEnrolments = 0
        // What was seen.
        var enrolmentKeys: [String] = []
        var complaints: [String] = []
        var tokens: Set<String> = []
        var connections: [ConnectionRequest] = []
        var requestTimes: [Double] = []
        var afters: [Revision] = []
        var pollBytes = 0
        var events: [Int64: TerminalEvent] = [:]
        var stopped = false
    }

    static let imei = try! IMEI("490154203237518")
    static let channel = try! ChannelCode("KazTimpaPro")

    let state = Mutex(State())
    private let key: Ed25519PrivateKey
    private let otherKey: Ed25519PrivateKey
    private let holder = Mutex<HTTPListener?>(nil)

    init() {
        key = try! Ed25519PrivateKey(seed: Ed25519PrivateKey.newSeed())
        otherKey = try! Ed25519PrivateKey(seed: Ed25519PrivateKey.newSeed())
        open(port: 0)
    }

    deinit { stop() }

    private func open(port: UInt16) {
        let listener = HTTPListener(port: port) { [unowned self] request in answer(request) }
        holder.withLock { $0 = listener }
    }

    var url: String { "http://127.0.0.1:\(holder.withLock { $0!.port })" }

    func stop() {
        state.withLock { $0.stopped = true }
        holder.withLock { $0?.stop() }
    }

    func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    func place(locked: Bool) {
        set {
            $0.revision += 1
            $0.isLocked = locked
        }
    }

    var complaints: [String] { state.withLock { $0.complaints } }
    var events: [TerminalEvent] { state.withLock { $0.events.values.sorted { $0.seq < $1.seq } } }
    var revision: Revision { state.withLock { $0.revision } }
    var acknowledged: Revision? { state.withLock { $0.afters.last } }

    // MARK: Answers

    private func answer(_ request: RawRequest) -> [UInt8]? {
        set { $0.requestTimes.append(monotonic()) }
        // A silent one says nothing until it is in another mood, and then closes.
        while state.withLock({ $0.mood == .silent && !$0.stopped }) { usleep(2000) }
        if state.withLock({ $0.stopped }) { return nil }
        if case .refusing(let status, let headers) = state.withLock({ $0.mood }) { return reply(status, headers: headers) }
        for unwanted in ["user-agent", "accept", "accept-encoding"] where request.headers[unwanted] != nil {
            complain("\(request.path) carries \(unwanted)")
        }
        let device = "/v1/devices/\(Self.imei)"
        switch (request.method, request.path) {
        case ("POST", "/v1/enrolments"): return enrol(request)
        case ("POST", "\(device)/channels/\(Self.channel)/connections"): return connect(request)
        case ("GET", "\(device)/channels/\(Self.channel)/lock-state"): return poll(request)
        case ("POST", "\(device)/events"): return report(request)
        default:
            complain("unexpected \(request.method) \(request.path)")
            return problem(404, "not_found")
        }
    }

    private func enrol(_ request: RawRequest) -> [UInt8]? {
        guard let body = try? JSON.decode(EnrolmentRequest.self, from: request.body) else { return problem(400, "invalid_body") }
        enum Outcome { case enrolled, dropped, refused(Int, String) }
        let outcome = state.withLock { state -> Outcome in
            state.enrolmentKeys.append(body.public_key.x)
            if let known = state.publicKey, known.x != body.public_key.x { return .refused(409, "already_enrolled") }
            // As the real one: a code works once, also for the same key.
            if state.usedCodes.contains(body.code) { return .refused(403, "enrolment_code_used") }
            guard state.codes.remove(body.code) != nil else { return .refused(403, "enrolment_code_unknown") }
            state.usedCodes.insert(body.code)
            state.publicKey = body.public_key
            state.dropsEnrolments -= 1
            return state.dropsEnrolments >= 0 ? .dropped : .enrolled
        }
        switch outcome {
        case .enrolled: break
        case .dropped: return nil
        case .refused(let status, let code): return problem(status, code)
        }
        let response = EnrolmentResponse(imei: body.imei, account: try! AccountReference("ACC-1234"), keys: JWKSet(keys: [try! key.publicKey.jwk]))
        return reply("201 Created", JSON.encode(response), type: "application/json")
    }

    private func connect(_ request: RawRequest) -> [UInt8]? {
        let now = WallClock.now() / 1000 + state.withLock { $0.clockOffset }
        guard let bearer = bearer(request), let jwk = state.withLock({ $0.publicKey }),
            let payload = try? CompactJWS.verify(Array(bearer.utf8), type: "JWT", keys: [Ed25519PublicKey(bytes: jwk.ed25519Bytes!)]),
            let claims = try? JSON.decode(ConnectionClaims.self, from: payload)
        else { return problem(401, "bad_token") }
        if claims.aud != "vendlock" { complain("audience \(claims.aud)") }
        if claims.sub != Self.imei { complain("subject \(claims.sub)") }
        if claims.exp - claims.iat > 300 { complain("a token that lives \(claims.exp - claims.iat) s") }
        guard claims.iat <= now, claims.exp > now, now - claims.iat < 300 else { return problem(401, "token_expired") }
        guard state.withLock({ $0.tokens.insert(claims.jti).inserted }) else { return problem(401, "token_replayed") }
        guard let body = try? JSON.decode(ConnectionRequest.self, from: request.body) else { return problem(400, "invalid_body") }
        set { $0.connections.append(body) }
        let response = ConnectionResponse(
            session: "session-1", expires_in_s: 86400, lease: String(decoding: lease(nonce: body.nonce), as: UTF8.self))
        return reply("200 OK", JSON.encode(response), type: "application/json")
    }

    private func poll(_ request: RawRequest) -> [UInt8]? {
        guard bearer(request) == "session-1" else { return problem(401, "session_unknown") }
        guard let after = request.query["after"].flatMap({ Revision($0) }), let nonce = request.query["nonce"],
            let wait = request.headers["prefer"].flatMap({ $0.hasPrefix("wait=") ? Double($0.dropFirst(5)) : nil })
        else { return problem(400, "invalid_query") }
        if nonce.utf8.count != 11 { complain("a nonce of \(nonce.utf8.count) characters") }
        set { $0.afters.append(after) }
        let end = monotonic() + wait
        while monotonic() < end, state.withLock({ $0.revision == after && $0.mood == .working && !$0.stopped && $0.forgery == nil }) { usleep(1000) }
        return reply("200 OK", lease(nonce: nonce), type: "application/jwt")
    }

    private func report(_ request: RawRequest) -> [UInt8]? {
        guard bearer(request) == "session-1" else { return problem(401, "session_unknown") }
        guard let batch = try? JSON.decode(EventBatch.self, from: request.body), let last = batch.events.last else {
            return problem(400, "invalid_body")
        }
        if batch.events.count > 64 { complain("a batch of \(batch.events.count)") }
        set { state in for event in batch.events where state.events[event.seq] == nil { state.events[event.seq] = event } }
        return reply("200 OK", JSON.encode(EventAcknowledgement(acknowledged: last.seq)), type: "application/json")
    }

    private func lease(nonce: String) -> [UInt8] {
        let now = state.withLock { state in
            (state.forgery, state.revision, state.isLocked, state.ttl, state.wait, state.cap)
        }
        var claims = LeaseClaims(
            sub: Self.imei, chn: Self.channel, acc: try! AccountReference("ACC-1234"), rev: now.1, locked: now.2,
            blocked: now.2 ? Operation.spending.map(\.rawValue) : nil, reasons: now.2 ? ["account_locked"] : nil,
            msg: now.2 ? "Gesluit. Bel hulp." : nil, iat: WallClock.now() / 1000, ttl: now.3, nonce: nonce, wait: now.4, cap: now.5)
        var type = LeaseClaims.type
        switch now.0 {
        case .nonce: claims.nonce = "AAAAAAAAAAA"
        case .imei: claims.sub = try! IMEI("352099001761481")
        case .channel: claims.chn = try! ChannelCode("KazangMobi2")
        case .revision: claims.rev = 1
        case .type: type = "JWT"
        default: break
        }
        let payload = now.0 == .claims ? Array("{\"locked\":false}".utf8) : claims.encoded()
        var token = try! CompactJWS.Signer(key: now.0 == .key ? otherKey : key, type: type).sign(payload)
        switch now.0 {
        case .signature: token[token.count - 10] = token[token.count - 10] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        case .algorithm:
            let parts = token.split(separator: UInt8(ascii: "."))
            token =
                Array(Base64URL.encode(Array("{\"alg\":\"none\",\"typ\":\"lease+jwt\"}".utf8)).utf8) + [UInt8(ascii: ".")] + parts[1] + [
                    UInt8(ascii: ".")
                ]
        case .garbage: token = Array("<html>Welcome! Please sign in to use this network.</html>".utf8)
        default: break
        }
        return token
    }

    // MARK: Small things

    private func complain(_ text: String) { set { $0.complaints.append(text) } }

    private func bearer(_ request: RawRequest) -> String? {
        guard let value = request.headers["authorization"], value.hasPrefix("Bearer ") else { return nil }
        return String(value.dropFirst(7))
    }

    private func problem(_ status: Int, _ code: String) -> [UInt8] {
        let seconds = WallClock.now() / 1000 + state.withLock { $0.clockOffset }
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        var text = [CChar](repeating: 0, count: 64)
        strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        let date = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let body = JSON.encode(Problem(status: status, code: code, detail: "Because the test says so."))
        return reply("\(status) No", body, type: Problem.contentType, headers: "Date: \(date)\r\n")
    }

    private func reply(_ status: String, _ body: [UInt8] = [], type: String = "text/plain", headers: String = "") -> [UInt8] {
        Array("HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\n\(headers)Content-Length: \(body.count)\r\n\r\n".utf8) + body
    }
}
