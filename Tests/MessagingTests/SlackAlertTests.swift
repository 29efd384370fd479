import Messaging
import Testing

struct SlackAlertTests {
    @Test func sendsOneTextWithItsThreeCharactersEscaped() {
        let request = SlackAlert.request(url: "https://hooks.example.org/T/B/x", text: "<!channel> a & b > \"c\"\n&lt;")
        #expect(request.method == "POST")
        #expect(request.url == "https://hooks.example.org/T/B/x")
        #expect(request.header("Content-Type") == "application/json")
        #expect(request.body == Array(#"{"text":"&lt;!channel&gt; a &amp; b &gt; \"c\"\u000a&amp;lt;"}"#.utf8))
    }

    @Test(
        arguments: [
            (200, "ok", nil, 1, "accepted -"), (404, "no_service", nil, 1, "refused no_service alarm"),
            (410, "channel_is_archived", nil, 1, "refused channel_is_archived alarm"),
            (403, "action_prohibited\n", nil, 1, "refused action_prohibited alarm"),
            (400, "invalid_payload", nil, 1, "refused invalid_payload alarm"), (404, "<html>Not Found</html>", nil, 1, "refused http_404 alarm"),
            (404, "", nil, 1, "refused http_404 alarm"), (429, "rate_limited", "30", 1, "retry http_429 30"), (429, "", nil, 1, "retry http_429 -"),
            (500, "rollup_error", nil, 1, "retry http_500 -"), (503, "", nil, 5, "retry http_503 - alarm"),
            (302, "", nil, 1, "refused http_302 alarm"),
        ] as [(Int, String, String?, Int, String)])
    func readsTheAnswer(_ status: Int, _ body: String, _ retryAfter: String?, _ attempt: Int, _ expected: String) {
        let answer = SMSSamples.answer(status, body, retryAfter: retryAfter)
        #expect(SlackAlert.outcome(of: answer, attempt: attempt, now: SMSSamples.now).gist == expected)
    }
}
