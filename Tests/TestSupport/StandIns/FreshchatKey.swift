import Foundation

/// The RSA key that stands for Freshchat's: made once in a test process, by the openssl command.
package final class FreshchatKey: Sendable {
    private static let made = Result { try FreshchatKey() }
    package static var shared: FreshchatKey { get throws { try made.get() } }

    private let directory: TemporaryDirectory
    /// The public key as Freshchat shows it: called PKCS#1 by its label, SubjectPublicKeyInfo by its bytes, and all on one line.
    package let publicKey: String

    package init() throws {
        directory = try TemporaryDirectory()
        try Self.openssl(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", directory.file("key")])
        try Self.openssl(["pkey", "-in", directory.file("key"), "-pubout", "-outform", "DER", "-out", directory.file("public")])
        let base64 = try Data(contentsOf: URL(fileURLWithPath: directory.file("public"))).base64EncodedString()
        publicKey = "-----BEGIN RSA PUBLIC KEY----- \(base64) -----END RSA PUBLIC KEY-----"
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256, in base64.
    package func signature(of body: [UInt8]) throws -> String {
        let name = Identifiers.hex()
        let (input, output) = (directory.file(name + ".body"), directory.file(name + ".sig"))
        try Data(body).write(to: URL(fileURLWithPath: input))
        try Self.openssl(["dgst", "-sha256", "-sign", directory.file("key"), "-out", output, input])
        let signature = try Data(contentsOf: URL(fileURLWithPath: output)).base64EncodedString()
        for file in [input, output] { try FileManager.default.removeItem(atPath: file) }
        return signature
    }

    private static func openssl(_ arguments: [String]) throws {
        let result = try Programs.run("openssl", arguments)
        guard result.status == 0 else { throw Failure("openssl \(arguments[0]): \(result.errors)") }
    }
}
