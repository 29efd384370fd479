import Signing
import Wire

/// Who and what the inputs speak of.
enum FuzzNames {
    static let imei = IMEI(serial: 49_015_420_323_751)
    static let channel = "KazTimpaPro"
    /// Unix milliseconds of every clock: 2026-11-21 20:00:00 UTC.
    static let now: Int64 = 1_795_291_200_000
    /// What `SameBits` makes every nonce.
    static let nonce = "__________8"

    static func channelCode() throws -> ChannelCode { try ChannelCode(channel) }
    /// The server's key and the terminal's: the inputs kept may hold what they signed.
    static func key() throws -> Ed25519PrivateKey { try Ed25519PrivateKey(seed: [UInt8](repeating: 7, count: 32)) }
}

/// All ones: every nonce is the same, so that an input can answer it.
struct SameBits: RandomNumberGenerator, Sendable {
    mutating func next() -> UInt64 { .max }
}
