import Signing
import Wire

/// Identifiers of what staff and API name: a prefix, then the time, then chance.
///
/// In order of time, because an index over identifiers without order is written all over: a page for each row.
enum Identifier {
    static func make(_ prefix: String, at now: Timestamp) throws -> String { prefix + "_" + (try unique(at: now)) }

    /// Without a prefix: 11 hexadecimal digits of Unix milliseconds (until the year 2527), then 48 random bits.
    static func unique(at now: Timestamp) throws -> String {
        let time = String(max(0, now.unixMilliseconds), radix: 16)
        return String(repeating: "0", count: max(0, 11 - time.utf8.count)) + time + (try RandomBytes.text(6))
    }
}
