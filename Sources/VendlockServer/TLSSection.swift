import Platform
import Signing
import Wire

/// `tls` of the configuration: this server's certificate, and the keys that terminals are to expect.
struct TLSSection: Decodable {
    /// Paths of PEM files; absent together where a proxy in front ends TLS.
    var certificate: String?
    var key: String?
    /// As curl writes them; absent: terminals keep the pins that they have, empty: they forget them.
    var pins: [String]?

    static let shape = ConfigShape.keys("certificate", "key", "pins")

    struct Material {
        /// `nil`: plain HTTP.
        let pair: (certificatePEM: String, keyPEM: String)?
        /// Of the certificate.
        let ownPin: CertificatePin?
        let pins: [CertificatePin]?
        /// What the operator is to know.
        let warnings: [String]
    }

    /// Reads the files; refuses pins under which no terminal could connect any more.
    func load() throws -> Material {
        let pair = try pair()
        let own = try pair.map { pair throws(CommandLineError) in
            do throws(CryptoError) {
                return try CertificateKey.pin(ofPEM: pair.certificatePEM)
            } catch {
                throw CommandLineError("tls.certificate: \(certificate ?? "") holds no certificate that can be read (\(error.detail))")
            }
        }
        let pins = try readPins(own)
        var warnings: [String] = []
        if let pins, pins.count == 1 {
            warnings.append(
                "tls.pins has one pin: make the next key now, keep it apart from this machine, and add its pin, or a lost key means enrolling each terminal again"
            )
        }
        if let pins, !pins.isEmpty, own == nil {
            warnings.append("tls.pins cannot be checked here, because TLS ends in front of this server: terminals take only pins that fit its key")
        }
        return Material(pair: pair, ownPin: own, pins: pins, warnings: warnings)
    }

    private func pair() throws -> (certificatePEM: String, keyPEM: String)? {
        switch (certificate, key) {
        case (let certificate?, let key?): return (try Self.text(certificate), try Self.text(key))
        case (nil, nil) where pins != nil: return nil
        case (nil, nil): throw CommandLineError("tls is empty: give certificate and key, or leave it out for plain HTTP")
        case (nil, _): throw CommandLineError("tls.certificate is missing: tls.key alone is no use")
        case (_, nil): throw CommandLineError("tls.key is missing: tls.certificate alone is no use")
        }
    }

    private static func text(_ path: String) throws -> String { String(decoding: try File.read(path, limit: 1 << 20), as: UTF8.self) }

    private func readPins(_ own: CertificatePin?) throws(CommandLineError) -> [CertificatePin]? {
        guard let pins else { return nil }
        var read: [CertificatePin] = []
        for text in pins {
            guard let pin = CertificatePin(text) else {
                throw CommandLineError(
                    "tls.pins: '\(text)' is no pin: write sha256// and the 44 characters of base64 of a public key's SHA-256\(own.map { ", \($0) for the key of tls.certificate" } ?? "")"
                )
            }
            if !read.contains(pin) { read.append(pin) }
        }
        guard read.count <= CertificatePin.most else {
            throw CommandLineError("tls.pins has \(read.count) pins: give at most \(CertificatePin.most)")
        }
        if let own, !read.isEmpty, !read.contains(own) {
            throw CommandLineError("tls.pins misses the key of tls.certificate, so that no terminal could connect any more: add \"\(own)\"")
        }
        return read
    }
}
