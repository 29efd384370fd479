import LockRules
import Store
import Signing
package import Wire

/// Connections: a terminal proves its key, is judged by the rules, and gets a session and its first lease.
package struct Connections: Sendable {
    private let environment: Environment
    private let keys: ServerKeys
    private let leases: LeaseIssuer
    private let lastSeen: LastSeen
    private let alerts: Alerts
    private let offlineCodes: OfflineCodes
    private let pins: TerminalPins
    private let refusals = RefusalNotes()
    private let counts = RefusalCounts()
    /// How long a session holds; a terminal connects at least so often.
    private static let sessionLife: Int64 = 24 * 3600
    /// How far a terminal's clock may be ahead of ours, in seconds.
    private static let clockSkew: Int64 = 60

    init(
        environment: Environment, keys: ServerKeys, leases: LeaseIssuer, lastSeen: LastSeen, alerts: Alerts, offlineCodes: OfflineCodes,
        pins: TerminalPins
    ) {
        self.pins = pins
        self.offlineCodes = offlineCodes
        self.alerts = alerts
        self.environment = environment
        self.keys = keys
        self.leases = leases
        self.lastSeen = lastSeen
    }

    package func connect(
        _ imei: IMEI, on channel: ChannelCode, token: String, body: ConnectionRequest, from address: String
    ) throws -> ConnectionResponse {
        let now = environment.now
        guard Nonce.isValid(body.nonce) else { throw Nonce.problem }
        let (device, catalogue) = try environment.store.read { (try $0.device(imei), try $0.channelCatalogue()) }
        // One answer for an unknown IMEI, one that is not enrolled, and a wrong key: a stranger learns nothing.
        guard let publicKey = device?.publicKey else { throw Self.unauthorized }
        let claims = try Self.verified(token, imei: imei, publicKey: publicKey, now: now)
        guard catalogue.contains(channel) else { throw Problem.unknownChannel(channel.text, catalogue: catalogue) }
        let facts: LockFacts
        let command: OpenCommand?
        let grant: [UInt8]?
        let nextCode: Int64?
        do {
            (facts, command, (grant, nextCode)) = try environment.store.write { writer in
                let expires = Timestamp(unixMilliseconds: (claims.exp + Self.clockSkew) * 1000)
                guard try writer.rememberOnce("\(imei):\(claims.jti)", expires: expires, now: now) else {
                    throw Problem(.tokenReplayed, "This token was used before. Sign a new one with its own 'jti'.")
                }
                let facts = try signIn(imei, channel, body, address, now, in: writer)
                return (
                    facts, try writer.locationRequest(of: imei).map(OpenCommand.init),
                    try offlineCodes.connected(
                        imei, next: body.next_code, isLocked: LockState(channel: channel, facts: facts).isLocked, nonce: body.nonce, in: writer)
                )
            }
        } catch let error as StoreError {
            refusals.forget(imei)
            throw error
        }
        lastSeen.heard(imei, at: now)
        let state = LockState(channel: channel, facts: facts)
        if !state.isLocked { lastSeen.maySpend(imei, from: now) }
        let session = SessionToken(expiry: UInt32(now.unixSeconds + Self.sessionLife), claimed: body.account)
        let lease = try leases.issue(
            imei: imei, channel: channel, state: state, facts: facts, command: command, nextCode: nextCode, nonce: body.nonce, now: now)
        return ConnectionResponse(
            session: try session.sealed(imei: imei, channel: channel, keyTag: SessionToken.keyTag(publicKey), secret: keys.sessionSecret),
            expires_in_s: Int(Self.sessionLife), lease: String(decoding: lease, as: UTF8.self),
            codes: grant.map { String(decoding: $0, as: UTF8.self) }, pins: try pins.grant(to: imei, nonce: body.nonce),
            longest_wait_s: leases.terms.longestWait)
    }

    private static let unauthorized = Problem(
        .unauthorized, "The token was not accepted. The terminal must be enrolled, and its token signed with the enrolled key and in date.")

    /// Throws one and the same `Problem`, whatever is wrong with the token.
    package static func verified(_ token: String, imei: IMEI, publicKey: [UInt8], now: Timestamp) throws -> ConnectionClaims {
        let payload: [UInt8]
        do {
            payload = try CompactJWS.verify(Array(token.utf8), type: nil, keys: [Ed25519PublicKey(bytes: publicKey)])
        } catch is JWSRefusal {
            throw unauthorized
        }
        let claims: ConnectionClaims
        do { claims = try JSON.decode(ConnectionClaims.self, from: payload) } catch { throw unauthorized }
        let seconds = now.unixSeconds
        // `iat` is bounded on both sides before it is calculated with: a terminal may sign any integer, and an overflow ends the server.
        guard claims.sub == imei, claims.aud == ConnectionClaims.audience, claims.exp > seconds, claims.iat <= seconds + clockSkew,
            claims.iat >= 0, claims.exp > claims.iat, claims.exp - claims.iat <= ConnectionClaims.longestLife,
            (1...128).contains(claims.jti.utf8.count)
        else { throw unauthorized }
        return claims
    }

    /// Records who signs in where, and gives an accepted device its seat. Returns the facts that the lease is computed from.
    private func signIn(
        _ imei: IMEI, _ channel: ChannelCode, _ body: ConnectionRequest, _ address: String, _ now: Timestamp, in writer: any StoreWriter
    ) throws -> LockFacts {
        var device = try Devices.existing(imei, in: writer)
        device.bootID = body.boot_id
        device.agentVersion = body.agent_version
        device.model = body.model ?? device.model
        device.lastSeen = now
        if device.registeredTo == nil, device.claimed != body.account {
            // A lease's revision must never fall, also when the new account's is lower than the old one's.
            let revision = try writer.nextRevision(now: now)
            if device.seatedAt != nil, let left = device.claimed { try Devices.raise(left, to: revision, in: writer) }
            device.claimed = body.account
            device.seatedAt = nil
            device.revision = revision
        }
        try writer.updateDevice(device)
        try writer.touch(.device(imei))
        let facts = try writer.lockFacts(imei: imei, claiming: body.account)
        let state = LockState(channel: channel, facts: facts)
        let actor = Actor.terminal(imei, address: address)
        if state.isLocked {
            // The lease of this answer carries the locks up to its revision, also those that are older than the terminal's sign-in.
            try Self.addDeliveries(to: imei, of: facts.account?.reference, in: writer)
            _ = try writer.markDelivered(to: imei, upTo: state.revision, at: now)
            guard let account = facts.account?.reference else { return facts }
            let reasons = state.reasons.map(\.rawValue).joined(separator: ", ")
            if counts.add(account, at: now) {
                alerts.raise(
                    .refusedConnections,
                    "\(RefusalCounts.needed) connections to account \(account) were refused within an hour, the last of device \(imei) on \(channel): \(reasons).",
                    about: account.text)
            }
            if let text = refusals.note(of: RefusalNotes.Kind(account: account, imei: imei, channel: channel, reasons: reasons), at: now) {
                try writer.appendNote(actor.note(on: .account(account), at: now, kind: "connection_refused", text: text))
            }
            return facts
        }
        if device.registeredTo == nil, device.seatedAt == nil {
            device.seatedAt = now
            try writer.updateDevice(device)
            // The account's other devices may have lost the place that this one has taken.
            if let reference = facts.account?.reference { try writer.touch(.account(reference)) }
        }
        if let reference = facts.account?.reference, var account = try writer.account(reference) {
            account.lastChannel = AccountRecord.LastChannel(channel: channel, imei: imei, at: now)
            try writer.updateAccount(account)
        }
        return try writer.lockFacts(imei: imei, claiming: body.account)
    }
}

extension Connections {
    /// A terminal that joins while the account or the terminal is locked enforces those locks too, and is shown with them.
    /// - Parameter revision: the one that brings them to it; absent: each hold's own, because it has that one already.
    static func addDeliveries(to imei: IMEI, of reference: AccountReference?, revision: Revision? = nil, in writer: any StoreWriter) throws {
        let holds = try writer.standingHolds(on: .device(imei)) + (reference.map { try writer.standingHolds(on: .account($0)) } ?? [])
        for hold in holds where try !writer.deliveries(ofHold: hold.id).contains(where: { $0.imei == imei }) {
            try writer.insertDelivery(DeliveryRecord(holdID: hold.id, imei: imei, revision: revision ?? hold.revision))
        }
    }
}

/// What a terminal sends so that an answer cannot be an old one: 1 to 64 characters that need no escaping anywhere.
enum Nonce {
    static let problem = Problem(.invalidNonce, "'nonce' must be 1 to 64 letters, digits, '-' or '_', new with each request.")

    static func isValid(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
