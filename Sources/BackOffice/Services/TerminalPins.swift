import Signing
import Store
import Wire

/// The keys that terminals are told to expect of their server's certificate.
package struct TerminalPins: Sendable {
    /// `nil`: nothing is said, and terminals keep what they have; empty: they forget it.
    let pins: [CertificatePin]?
    /// What the operator is to know before terminals are shut out.
    package let warnings: [String]
    private let signing: Ed25519PrivateKey

    /// - Parameter own: of the certificate in use; `nil` where it is not known.
    init(_ pins: [CertificatePin]?, own: CertificatePin?, keys: ServerKeys, store: any Store) throws {
        self.pins = pins
        signing = keys.signing
        let before = try Self.exchange(pins, in: store)
        warnings = Self.warning(before: before, pins: pins, own: own).map { [$0] } ?? []
    }

    /// For a terminal that connects.
    func grant(to imei: IMEI, nonce: String) throws -> String? {
        guard let pins else { return nil }
        let grant = PinGrant(sub: imei, nonce: nonce, pins: pins)
        return String(decoding: try CompactJWS.Signer(key: signing, type: PinGrant.type).sign(JSON.encode(grant)), as: UTF8.self)
    }

    /// The pins that terminals were last given. Kept in the store, because a configuration does not tell what stood in it before.
    private static func exchange(_ pins: [CertificatePin]?, in store: any Store) throws -> [CertificatePin] {
        try store.write { writer in
            let text = try writer.setting(name).map { String(decoding: $0, as: UTF8.self) } ?? ""
            if let pins {
                let new = pins.map(\.description).joined(separator: " ")
                if new != text { try writer.putSetting(name, Array(new.utf8)) }
            }
            return text.split(separator: " ").compactMap { CertificatePin(String($0)) }
        }
    }

    private static let name = "terminal_pins"

    private static func warning(before: [CertificatePin], pins: [CertificatePin]?, own: CertificatePin?) -> String? {
        guard !before.isEmpty else { return nil }
        let usable = own.map { [$0] } ?? pins ?? []
        if !usable.isEmpty, !usable.contains(where: before.contains) {
            return "terminals were given the pins \(before.map(\.description).joined(separator: ", ")) and refuse the key that is in use now: "
                + "go back to one of those keys, or enrol each terminal again"
        }
        if pins == nil {
            return "terminals were given pins and keep them, and tls.pins is left out: write it as before, or [] to have them forget"
        }
        return nil
    }
}
