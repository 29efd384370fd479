/// Something the server asks of the terminal, carried in its lease.
package struct TerminalCommand: Codable, Sendable, Equatable {
    /// `kind` of one that asks where the terminal is; answered with a `location` event whose `command` is this one's `id`.
    package static let geolocate = "geolocate"

    package var id: String
    package var kind: String
    package init(id: String, kind: String) {
        self.id = id
        self.kind = kind
    }
}

/// A signed lock state that runs out: the claims of CONTRACT.md section 4.
///
/// `reasons` and `blocked` are read as texts, because a newer server may send a code that this build does not know:
/// an unknown reason still refuses.
package struct LeaseClaims: Decodable, Sendable, Equatable {
    package static let type = "lease+jwt"
    package static let contentType = "application/jwt"

    package var sub: IMEI
    package var chn: ChannelCode
    package var acc: AccountReference?
    package var rev: Revision
    package var locked: Bool
    package var blocked: [String]?
    package var reasons: [String]?
    package var msg: String?
    /// Server's Unix time in seconds.
    package var iat: Int64
    /// Seconds, from the moment the terminal sent its request.
    package var ttl: Int
    package var nonce: String
    /// Seconds to ask for in the next poll.
    package var wait: Int
    /// Cents that may be spent before the server is heard again; absent means no cap.
    package var cap: Int64?
    package var cmds: [TerminalCommand]?
    /// The first offline code that counts still: those below were given before this lock, or are used. Absent: nothing is said of them.
    package var next_code: Int64?

    package init(
        sub: IMEI, chn: ChannelCode, acc: AccountReference? = nil, rev: Revision, locked: Bool, blocked: [String]? = nil,
        reasons: [String]? = nil, msg: String? = nil, iat: Int64, ttl: Int, nonce: String, wait: Int, cap: Int64? = nil,
        cmds: [TerminalCommand]? = nil, next_code: Int64? = nil
    ) {
        self.sub = sub
        self.chn = chn
        self.acc = acc
        self.rev = rev
        self.locked = locked
        self.blocked = blocked
        self.reasons = reasons
        self.msg = msg
        self.iat = iat
        self.ttl = ttl
        self.nonce = nonce
        self.wait = wait
        self.cap = cap
        self.cmds = cmds
        self.next_code = next_code
    }

    /// The claims as JSON.
    ///
    /// By hand, because this is written for every poll: a general encoder takes about as long as the Ed25519 signature itself.
    package func encoded() -> [UInt8] {
        var json = JSONObjectWriter(capacity: locked ? 640 : 256)
        json.field("sub", sub.description)
        json.field("chn", chn.text)
        if let acc { json.field("acc", acc.text) }
        json.field("rev", rev)
        json.field("locked", locked)
        if let blocked { json.field("blocked", blocked) }
        if let reasons { json.field("reasons", reasons) }
        if let msg { json.field("msg", msg) }
        json.field("iat", iat)
        json.field("ttl", Int64(ttl))
        json.field("nonce", nonce)
        json.field("wait", Int64(wait))
        if let cap { json.field("cap", cap) }
        if let cmds { json.field("cmds", raw: JSON.encode(cmds)) }
        if let next_code { json.field("next_code", next_code) }
        return json.finish()
    }
}
