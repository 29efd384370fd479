import Testing
import Wire

struct CertificatePinTests {
    /// - Source: RFC 7469 section 2.1.5; its `pin-sha256` is the same text without the prefix.
    private static let published = "sha256//d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM="

    @Test func readsAndWritesItAsCurlDoes() throws {
        let pin = try #require(CertificatePin(Self.published))
        #expect(pin.digest.count == 32)
        #expect(pin.digest.prefix(3) == [0x77, 0xAA, 0xB3])
        #expect(pin.description == Self.published)
        #expect(
            JSON.encode([pin]) == Array("[\"\(Self.published)\"]".utf8)
                || JSON.encode([pin]) == Array("[\"sha256\\/\\/\(Self.published.dropFirst(8))\"]".utf8))
        #expect(try JSON.decode([CertificatePin].self, from: JSON.encode([pin])) == [pin])
    }

    @Test func writesBothCharactersThatTheOtherAlphabetHasNot() {
        let digest = [UInt8](repeating: 0xFB, count: 16) + [UInt8](repeating: 0xFF, count: 16)
        let text = CertificatePin(digest: digest).description
        #expect(text.contains("+") && text.dropFirst(8).contains("/"))
        #expect(CertificatePin(text)?.digest == digest)
    }

    @Test(arguments: [
        "", "sha256//", "d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM=", "sha256/d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM=",
        "sha256//d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM", "sha256//d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM==",
        "sha256//d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmN=", "sha256//d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWm-=",
        "sha256//d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM=;sha256//d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM=",
        "sha256//d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZW=", "sha1//d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM=", "/etc/ssl/key.pem",
    ])
    func readsNothingElse(_ text: String) { #expect(CertificatePin(text) == nil) }
}
