import Messaging
import Testing
import Wire

/// What goes to other systems, as Standard Webhooks has it.
@Suite struct StandardWebhookTests {
    private static let now = Timestamp(unixMilliseconds: 1_614_265_330_999)

    private func request(_ secret: String, body: String = #"{"test": 2432232314}"#) throws -> ProviderRequest {
        let endpoint = WebhookEndpoint(url: "https://desk.example.org/hook", secret: try #require(WebhookSecret(secret)))
        return try StandardWebhook.request(to: endpoint, id: "msg_p5jXN8AQM9LWM0D4loKWxJek", body: Array(body.utf8), now: Self.now)
    }

    /// The vector of the specification's own libraries.
    @Test func signsThePublishedVector() throws {
        let request = try request("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        #expect(
            request.headers == [
                .init("Content-Type", "application/json"), .init("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                .init("webhook-timestamp", "1614265330"), .init("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
            ])
        #expect(request.method == "POST" && request.url == "https://desk.example.org/hook" && request.isRepeatable)
        #expect(request.body == Array(#"{"test": 2432232314}"#.utf8))
    }

    @Test func signsAnotherBodyAndAnotherSecretOtherwise() throws {
        let signatures = try [
            request("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), request("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", body: #"{"test":2432232314}"#),
            request("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), request("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx"),
        ].map { try #require($0.headers.last?.value) }
        #expect(Set(signatures).count == 4)
    }

    @Test func readsASecretInEitherForm() {
        #expect(WebhookSecret("whsec_AAEC")?.bytes == [0, 1, 2])
        #expect(WebhookSecret("AAEC")?.bytes == Array("AAEC".utf8))
        for text in ["whsec_", "whsec_*", "whsec_AAE", ""] { #expect(WebhookSecret(text) == nil, "\(text)") }
    }

    /// Its path may be a secret, so only the host is shown.
    @Test(arguments: [
        ("https://desk.example.org/hook/s3cret", "desk.example.org"), ("https://desk.example.org:8443?key=s3cret", "desk.example.org:8443"),
        ("http://127.0.0.1:80#s3cret", "127.0.0.1:80"),
    ])
    func namesAnEndpointWithoutItsPath(_ url: String, _ host: String) throws {
        let secret = try #require(WebhookSecret("k"))
        let name = WebhookEndpoint(url: url, secret: secret).name
        #expect(name.hasPrefix(host + "#") && name.utf8.count == host.utf8.count + 9 && !name.contains("s3cret"), "\(name)")
        #expect(WebhookEndpoint(url: url + "x", secret: secret).name != name)
    }

    // MARK: Answers

    private static func answer(_ status: Int, retryAfter: String? = nil) -> ProviderAnswer {
        ProviderAnswer(status: status, retryAfter: retryAfter, body: Array("words of the other system".utf8))
    }

    @Test(arguments: [200, 201, 202, 204, 299]) func takesEverySuccess(_ status: Int) {
        #expect(StandardWebhook.outcome(of: Self.answer(status), attempt: 1, now: Self.now) == .accepted(id: nil))
    }

    @Test(arguments: [(301, true), (400, true), (401, true), (404, true), (408, false), (429, false), (500, false), (502, false), (504, false)])
    func triesEveryFailureAgain(_ status: Int, _ alarm: Bool) {
        #expect(
            StandardWebhook.outcome(of: Self.answer(status), attempt: 1, now: Self.now)
                == .retry(code: "http_\(status)", detail: "answered with \(status)", after: nil, alarm: alarm))
        guard case .retry(_, _, _, true) = StandardWebhook.outcome(of: Self.answer(status), attempt: 3, now: Self.now) else {
            Issue.record("people hear of what goes on for minutes")
            return
        }
    }

    @Test func stopsAtGone() {
        guard case .refused("http_410", _, true) = StandardWebhook.outcome(of: Self.answer(410), attempt: 1, now: Self.now) else {
            Issue.record("410 is final")
            return
        }
    }

    @Test(arguments: [("33", 33), ("1", 5), ("0", nil), ("Thu, 25 Feb 2021 15:03:10 GMT", 60), ("soon", nil)])
    func doesAsRetryAfterSays(_ field: String, _ seconds: Int?) {
        let now = Timestamp(unixMilliseconds: 1_614_265_330_000)
        guard case .retry(_, _, let after, _) = StandardWebhook.outcome(of: Self.answer(503, retryAfter: field), attempt: 1, now: now) else {
            Issue.record("503 is tried again")
            return
        }
        #expect(after == seconds.map { .seconds($0) })
    }

    @Test func waitsLongerAndLonger() {
        let whole = (1...12).map { StandardWebhook.pause(after: $0, spread: 0) }
        #expect(whole.prefix(6) == [.seconds(5), .seconds(300), .seconds(1800), .seconds(7200), .seconds(18_000), .seconds(36_000)])
        #expect(whole == whole.sorted() && whole.last == .seconds(86_400))
        #expect(StandardWebhook.pause(after: 2, spread: 1) == .seconds(270) && StandardWebhook.pause(after: 2, spread: 7) == .seconds(270))
    }
}
