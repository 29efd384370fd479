import Foundation
import Signing
import TestSupport
import Testing

struct RSATests {
    /// One pair for all: making it takes a while.
    private static let pair = Result { try RSAPair() }
    private static let message = Array("{\"text\":\"Stop 12345678\"}".utf8)

    /// The armours that are seen: with the wrong label, on one line, without any.
    @Test(arguments: [
        "as openssl writes it", "with the label of PKCS #1", "on one line", "with carriage returns", "without armour", "as PKCS #1",
        "as PKCS #1 with the other label",
    ])
    func readsTheKeyHoweverItIsWritten(_ form: String) throws {
        let pair = try Self.pair.get()
        let mislabelled = pair.spki.replacingOccurrences(of: "PUBLIC KEY", with: "RSA PUBLIC KEY")
        let text =
            switch form {
            case "as openssl writes it": pair.spki
            case "with the label of PKCS #1": mislabelled
            case "on one line": mislabelled.replacingOccurrences(of: "\n", with: " ")
            case "with carriage returns": "\n " + pair.spki.replacingOccurrences(of: "\n", with: "\r\n")
            case "without armour": pair.spki.split(separator: "\n").dropFirst().dropLast().joined()
            case "as PKCS #1": pair.pkcs1
            default: pair.pkcs1.replacingOccurrences(of: "RSA PUBLIC KEY", with: "PUBLIC KEY")
            }
        let key = try RSAPublicKey(pem: text)
        #expect(key.verifiesSHA256(try pair.sign(Self.message), of: Self.message))
    }

    @Test func refusesWhatItsOwnerDidNotSign() throws {
        let pair = try Self.pair.get()
        let key = try RSAPublicKey(pem: pair.spki)
        let signature = try pair.sign(Self.message)
        #expect(key.verifiesSHA256(signature, of: Self.message))
        #expect(!key.verifiesSHA256(signature, of: Self.message + [0x20]))
        #expect(!key.verifiesSHA256(signature, of: []))
        for place in [0, 100, 255] {
            var changed = signature
            changed[place] ^= 1
            #expect(!key.verifiesSHA256(changed, of: Self.message))
        }
        #expect(!key.verifiesSHA256([], of: Self.message))
        #expect(!key.verifiesSHA256(Array(signature.dropLast()), of: Self.message))
        #expect(!key.verifiesSHA256(signature + [0], of: Self.message))
        #expect(!key.verifiesSHA256([UInt8](repeating: 0, count: 256), of: Self.message))
        let other = try RSAPublicKey(pem: RSAPair().spki)
        #expect(!other.verifiesSHA256(signature, of: Self.message))
    }

    @Test(arguments: [["-sha1"], ["-sha512"], ["-sha256", "-sigopt", "rsa_padding_mode:pss"]])
    func refusesOtherDigestsAndPaddings(_ options: [String]) throws {
        let pair = try Self.pair.get()
        #expect(!(try RSAPublicKey(pem: pair.spki)).verifiesSHA256(try pair.sign(Self.message, options), of: Self.message))
    }

    @Test func verifiesFromManyThreadsAtOnce() async throws {
        let pair = try Self.pair.get()
        let key = try RSAPublicKey(pem: pair.spki)
        let signature = try pair.sign(Self.message)
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask { key.verifiesSHA256(signature, of: Self.message + (number % 2 == 0 ? [] : [0])) == (number % 2 == 0) }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test(arguments: [
        "", "key", "-----BEGIN PUBLIC KEY-----", "-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----AAAA",
        "-----BEGIN PUBLIC KEY-----AAAA-----END PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----A=A-----END PUBLIC KEY-----",
    ])
    func refusesWhatIsNoKey(_ text: String) {
        #expect(throws: CryptoError.self) { try RSAPublicKey(pem: text) }
    }

    @Test func refusesKeysOfOtherKindsSmallOnesAndPrivateOnes() throws {
        let pair = try Self.pair.get()
        let directory = try TemporaryDirectory()
        let curve = try RSAPair.openssl("genpkey", "-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
        let edwards = try RSAPair.openssl("genpkey", "-algorithm", "ed25519")
        let small = try RSAPair.openssl("genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:1024")
        let pss = try RSAPair.openssl("genpkey", "-algorithm", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048")
        for (name, text) in [("curve", curve), ("edwards", edwards), ("small", small), ("pss", pss)] {
            let file = try directory.write(text, to: name)
            let isPublic = try RSAPair.openssl("pkey", "-in", file, "-pubout")
            #expect(throws: CryptoError.self, "\(name)") { try RSAPublicKey(pem: isPublic) }
        }
        #expect(throws: CryptoError.self) { try RSAPublicKey(pem: pair.secret) }
        let error = #expect(throws: CryptoError.self) {
            try RSAPublicKey(pem: RSAPair.openssl("pkey", "-in", directory.file("small"), "-pubout"))
        }
        #expect(error?.detail == "it has 1024 bits, and must have at least 2048")
    }

    @Test func refusesAKeyWithSomethingBehindIt() throws {
        let pair = try Self.pair.get()
        let der = try #require(Data(base64Encoded: pair.spki.split(separator: "\n").dropFirst().dropLast().joined()))
        #expect(throws: Never.self) { try RSAPublicKey(pem: der.base64EncodedString()) }
        #expect(throws: CryptoError.self) { try RSAPublicKey(pem: (der + [0]).base64EncodedString()) }
    }
}

/// A pair of 2048 bits, made by openssl.
private struct RSAPair {
    let directory: TemporaryDirectory
    let secret: String
    /// SubjectPublicKeyInfo.
    let spki: String
    let pkcs1: String

    init() throws {
        directory = try TemporaryDirectory()
        secret = try Self.openssl("genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2048")
        let file = try directory.write(secret, to: "key")
        spki = try Self.openssl("pkey", "-in", file, "-pubout")
        pkcs1 = try Self.openssl("rsa", "-in", file, "-RSAPublicKey_out")
    }

    func sign(_ message: [UInt8], _ options: [String] = ["-sha256"]) throws -> [UInt8] {
        let name = UUID().uuidString
        let file = try directory.write(String(decoding: message, as: UTF8.self), to: name)
        _ = try Self.openssl(["dgst"] + options + ["-sign", directory.file("key"), "-out", file + ".signature", file])
        return Array(try Data(contentsOf: URL(filePath: file + ".signature")))
    }

    static func openssl(_ words: String...) throws -> String { try openssl(words) }

    static func openssl(_ words: [String]) throws -> String {
        let result = try Programs.run("openssl", words)
        guard result.status == 0 else { throw Failure("openssl \(words[0]): \(result.errors)") }
        return result.output
    }
}
