/// `POST /v1/enrolments`: a terminal hands in its one-time code and its public key.
package struct EnrolmentRequest: Codable, Sendable {
    package var code: String
    package var imei: IMEI
    package var channel: ChannelCode
    package var public_key: JWK
    package var model: String?

    package init(code: String, imei: IMEI, channel: ChannelCode, public_key: JWK, model: String? = nil) {
        self.code = code
        self.imei = imei
        self.channel = channel
        self.public_key = public_key
        self.model = model
    }
}

/// 201: the account the terminal is registered to, and the keys its leases are signed with.
package struct EnrolmentResponse: Codable, Sendable {
    package var imei: IMEI
    package var account: AccountReference?
    package var keys: JWKSet
    /// The keys that the server's certificate may have, not signed: enrolment is trust on first use. Absent: any.
    package var pins: [CertificatePin]?

    package init(imei: IMEI, account: AccountReference?, keys: JWKSet, pins: [CertificatePin]? = nil) {
        self.pins = pins
        self.imei = imei
        self.account = account
        self.keys = keys
    }
}

/// The claims of the JWT that a terminal signs to connect.
package struct ConnectionClaims: Codable, Sendable {
    package static let audience = "vendlock"
    /// Seconds between `iat` and `exp`, at most.
    package static let longestLife: Int64 = 300

    package var sub: IMEI
    package var aud: String
    package var iat: Int64
    package var exp: Int64
    package var jti: String

    package init(sub: IMEI, iat: Int64, exp: Int64, jti: String) {
        self.sub = sub
        self.aud = Self.audience
        self.iat = iat
        self.exp = exp
        self.jti = jti
    }
}

/// `POST /v1/devices/{imei}/channels/{channel}/connections`.
package struct ConnectionRequest: Codable, Sendable {
    package var nonce: String
    package var account: AccountReference?
    package var boot_id: String
    package var agent_version: String
    package var model: String?
    /// The first counter of an offline code that the terminal would accept; absent when it has no key, and is to be given one.
    package var next_code: Int64?

    package init(nonce: String, account: AccountReference?, boot_id: String, agent_version: String, model: String?, next_code: Int64? = nil) {
        self.next_code = next_code
        self.nonce = nonce
        self.account = account
        self.boot_id = boot_id
        self.agent_version = agent_version
        self.model = model
    }
}

/// 200: a session for polls and events, and the first lease (compact JWS).
package struct ConnectionResponse: Codable, Sendable {
    package var session: String
    package var expires_in_s: Int
    package var lease: String
    /// An `OfflineCodeGrant`, compact JWS; only for a terminal that has none.
    package var codes: String?
    /// A `PinGrant`, compact JWS; absent: what the terminal has stays.
    package var pins: String?
    /// Seconds for which a poll may be parked beyond the lease's `wait`: its lease then runs longer for that.
    package var longest_wait_s: Int?

    package init(
        session: String, expires_in_s: Int, lease: String, codes: String? = nil, pins: String? = nil, longest_wait_s: Int? = nil
    ) {
        self.pins = pins
        self.codes = codes
        self.longest_wait_s = longest_wait_s
        self.session = session
        self.expires_in_s = expires_in_s
        self.lease = lease
    }
}

/// `POST /v1/devices/{imei}/events`.
package struct EventBatch: Codable, Sendable {
    /// More than this in one request is refused.
    package static let mostEvents = 256

    package var events: [TerminalEvent]
    package init(events: [TerminalEvent]) { self.events = events }
}

package struct EventAcknowledgement: Codable, Sendable {
    /// Highest `seq` that is durable; the terminal forgets what is not above it.
    package var acknowledged: Int64
    package init(acknowledged: Int64) { self.acknowledged = acknowledged }
}
