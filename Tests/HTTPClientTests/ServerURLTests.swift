import HTTPClient
import Testing

@Suite struct ServerURLTests {
    @Test(arguments: [
        "https://a.example", "https://10.0.0.1:8443/x", "HTTPS://a.example", "http://127.0.0.1:8480", "http://127.8.9.1",
        "http://[::1]:80/",
        "http://localhost:1", "http://LOCALHOST", "http://127.1",
    ])
    func permits(_ url: String) throws { try ServerURL.check(url) }

    @Test(arguments: [
        "http://a.example", "http://10.0.0.1", "http://127.0.0.1.evil.example", "http://localhost.evil.example", "http://128.0.0.1",
        "http://[::2]", "http://0.0.0.0",
    ])
    func refusesPlainHTTPToOthers(_ url: String) {
        let error = #expect(throws: HTTPClientError.self) { try ServerURL.check(url) }
        #expect(error?.detail.hasPrefix("plain http is for this machine only (127.0.0.1, ::1, localhost); write https://") == true)
    }

    @Test(arguments: ["ftp://a.example", "file:///etc/passwd", "ws://127.0.0.1", "gopher://x"])
    func refusesOtherSchemes(_ url: String) {
        let error = #expect(throws: HTTPClientError.self) { try ServerURL.check(url) }
        #expect(error?.detail == "the address must start with https://")
    }

    @Test(arguments: [
        "", "a.example", "https://", "https://user:secret@a.example", "http://127.0.0.1@evil.example", "https://a b",
        "https://a\u{0}.example", "https://a.example:99999",
    ])
    func refusesWhatIsNoAddressAndKeepsItToItself(_ url: String) {
        let error = #expect(throws: HTTPClientError.self) { try ServerURL.check(url) }
        #expect(error?.code == .badURL)
        #expect(error?.description.contains("secret") == false)
    }
}
