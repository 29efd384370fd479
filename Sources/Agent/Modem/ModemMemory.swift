package import Modem
private import Signing
package import Wire

/// What a terminal remembers of its modem, to notice a change: `modem.json`.
///
/// Of a SIM it keeps salted hashes of its numbers and their last four digits: enough to know it again, not to read it.
package struct ModemMemory: Codable, Sendable, Equatable {
    package struct SIM: Codable, Sendable, Equatable {
        /// Hexadecimal SHA-256 of salt and number.
        var iccid: String?
        var imsi: String?
        /// The last digits of the ICCID, else of the IMSI.
        package var ending: String

        /// The ICCID decides where both have one: a card may change its IMSI by itself. `nil`: they cannot be compared.
        func isSame(as other: SIM) -> Bool? {
            if let iccid, let theirs = other.iccid { return iccid == theirs }
            if let imsi, let theirs = other.imsi { return imsi == theirs }
            return nil
        }
    }

    /// What has changed since the last look, for the server.
    package enum Change: Sendable, Equatable {
        case imei(IMEI)
        case sim(ending: String, before: String)

        package var what: String {
            switch self {
            case .imei(let imei): "imei_changed: the modem says \(imei)"
            case .sim(let ending, let before): "sim_changed: the SIM card ends in \(ending), the one before in \(before)"
            }
        }
    }

    package static let currentVersion = 1
    package var version = currentVersion
    /// base64url.
    private var salt: String
    /// What a modem that is not this terminal's says; `nil` while it is its own.
    package private(set) var foreign: IMEI?
    package private(set) var sim: SIM?

    package init(salt: [UInt8]) { self.salt = Base64URL.encode(salt) }

    /// Takes over what was found. What is not known is not a change: a modem that is gone, a SIM that is locked or was taken out.
    /// - Returns: what has changed, each change once.
    package mutating func take(_ report: ModemReport, own: IMEI) -> [Change] {
        var changes: [Change] = []
        if let imei = report.imei {
            let stranger = imei == own ? nil : imei
            if let stranger, stranger != foreign { changes.append(.imei(stranger)) }
            foreign = stranger
        }
        guard let found = fingerprint(report) else { return changes }
        guard let before = sim, before.isSame(as: found) != false else {
            if let before = sim { changes.append(.sim(ending: found.ending, before: before.ending)) }
            sim = found
            return changes
        }
        // The same, or one that has no number in common with it: nothing says that it is another.
        sim = SIM(
            iccid: found.iccid ?? before.iccid, imsi: found.imsi ?? before.imsi, ending: found.iccid != nil ? found.ending : before.ending)
        return changes
    }

    private func fingerprint(_ report: ModemReport) -> SIM? {
        guard let number = report.iccid ?? report.imsi else { return nil }
        return SIM(iccid: report.iccid.map(hash), imsi: report.imsi.map(hash), ending: String(number.suffix(4)))
    }

    private func hash(_ number: String) -> String { Digest.hex(Digest.sha256(Array((salt + number).utf8))) }
}
