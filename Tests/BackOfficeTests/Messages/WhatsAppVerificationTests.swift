import BackOffice
import Messaging
import TestSupport
import Testing

/// Whether what comes to `/hooks/whatsapp` is Meta's.
@Suite struct WhatsAppVerificationTests {
    // MARK: The verification request

    private static let path = "/hooks/whatsapp?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="

    @Test func sendsTheChallengeBackAsItStands() throws {
        let reply = try WhatsAppOffice.shared.api.with(token: nil).get(Self.path + WhatsAppOffice.verifyToken)
        #expect(reply.status == 200)
        #expect(reply.text == "1158201444")
        #expect(reply.header("Content-Type")?.hasPrefix("text/plain") == true)
    }

    @Test(arguments: [
        path + "somebody-elses", path, path + WhatsAppOffice.verifyToken + "x",
        "/hooks/whatsapp?hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=\(WhatsAppOffice.verifyToken)",
        "/hooks/whatsapp?hub.challenge=1&hub.verify_token=\(WhatsAppOffice.verifyToken)",
        "/hooks/whatsapp?hub.mode=subscribe&hub.verify_token=\(WhatsAppOffice.verifyToken)",
        "/hooks/whatsapp?hub_mode=subscribe&hub_challenge=1&hub_verify_token=\(WhatsAppOffice.verifyToken)", "/hooks/whatsapp",
    ])
    func refusesAWrongVerification(_ path: String) throws {
        let reply = try WhatsAppOffice.shared.api.with(token: nil).get(path)
        expectProblem(reply, 403, "signature_wrong")
        #expect(!reply.text.contains(WhatsAppOffice.verifyToken), "it says what would be right")
    }

    @Test func verifiesNothingWithoutAWordOfItsOwn() throws {
        let server = try InProcess(messaging: MessagingConfiguration(whatsapp: WhatsAppConfiguration(appSecret: WhatsAppOffice.secret)))
        expectProblem(try server.api.get(Self.path), 403, "signature_wrong")
    }

    /// An empty secret would be one that anybody can guess.
    @Test(arguments: [nil, ""]) func saysThatItIsNotConfigured(_ secret: String?) throws {
        let server = try InProcess(
            messaging: MessagingConfiguration(whatsapp: secret.map { WhatsAppConfiguration(appSecret: $0, verifyToken: WhatsAppOffice.verifyToken) }))
        expectProblem(try server.api.get(Self.path + WhatsAppOffice.verifyToken), 503, "provider_not_configured")
        let webhook = try Webhooks.whatsApp(text: "Stop 12345678", from: WhatsAppOffice.vendor, secret: secret ?? "")
        expectProblem(try webhook.post(to: server.api.port, "/hooks/whatsapp"), 503, "provider_not_configured")
    }

    // MARK: Signatures

    private static let body =
        #"{"object":"whatsapp_business_account","entry":[{"id":"100000000000001","changes":[{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"27110000000","phone_number_id":"200000000000002"},"contacts":[{"profile":{"name":"Test Vendor"},"wa_id":"27711234567"}],"messages":[{"from":"27711234567","id":"wamid.VEVTVC0wMDAx","timestamp":"1784376000","text":{"body":"Stop 12345678"},"type":"text"}]},"field":"messages"}]}]}"#
    private static let digest = "00bf163f06feeb1b4b04ad4bc424b3fa6bede2469a28017ed81a771f4414c638"

    private static func webhook(_ body: String = body, signature: String?) -> Webhook {
        Webhook(body: Array(body.utf8), headers: signature.map { ["X-Hub-Signature-256: \($0)"] } ?? [])
    }

    /// The reference's own vector: secret, body and signature as they are there.
    @Test func takesTheVectorOfTheReference() throws {
        let office = try WhatsAppOffice()
        try office.account()
        let reply = try office.post(Self.webhook(signature: "sha256=" + Self.digest))
        #expect(reply.status == 200)
        #expect(try office.holds().count == 1)
    }

    @Test(arguments: [
        (nil, 401, "signature_missing"), ("", 403, "signature_wrong"), ("sha256=", 403, "signature_wrong"), (digest, 403, "signature_wrong"),
        ("sha256=" + digest.uppercased(), 403, "signature_wrong"), ("SHA256=" + digest, 403, "signature_wrong"),
        ("sha1=" + digest.prefix(40), 403, "signature_wrong"), ("sha256=" + digest + "00", 403, "signature_wrong"),
        ("sha256=" + digest.dropLast(2), 403, "signature_wrong"), ("sha256=" + digest.dropLast() + "9", 403, "signature_wrong"),
        ("sha256=24017450f6cacc167c31d7cde57e9472ef8710bf1edca0beefbaaaf67e133995", 403, "signature_wrong"),
        ("sha256=" + String(repeating: "0", count: 64), 403, "signature_wrong"),
        ("sha256=" + String(repeating: "é", count: 32), 403, "signature_wrong"),
    ])
    func takesNothingWithABadSignature(_ signature: String?, _ status: Int, _ code: String) throws {
        let office = try WhatsAppOffice.shared
        let reply = try office.post(Self.webhook(signature: signature))
        expectProblem(reply, status, code)
        #expect(!reply.text.contains(Self.digest), "it says what would be right")
    }

    @Test func keepsNothingOfWhatIsNotSigned() throws {
        let office = try WhatsAppOffice()
        try office.account()
        let before = try #require(try office.api.metric("vendlock_store_commit_seconds_count"))
        for signature in [nil, "sha256=" + String(repeating: "0", count: 64)] { try office.post(Self.webhook(signature: signature)) }
        #expect(try office.holds().isEmpty && office.outcomes().isEmpty)
        #expect(try office.notes("hold_placed").isEmpty && office.notes("stop_refused").isEmpty)
        #expect(try office.api.metric(#"vendlock_messages_total{provider="whatsapp",outcome="bad_signature"}"#) == 2)
        try office.alert("not signed")
        try office.settle()
        #expect(office.graph.received == 0)
        // The alert's own way: into the outbox, to the channel, done.
        let after = try #require(try office.api.metric("vendlock_store_commit_seconds_count"))
        #expect(after - before <= 3)
        // What was refused leaves no mark: the same message with its signature is the first of its kind.
        try office.post(Self.webhook(signature: "sha256=" + Self.digest))
        #expect(try office.outcomes() == ["locked"])
    }

    @Test func refusesTheSignatureOfAnotherBody() throws {
        let office = try WhatsAppOffice()
        try office.account()
        let other = Self.body.replacing("12345678", with: "12345679")
        expectProblem(try office.post(Self.webhook(other, signature: "sha256=" + Self.digest)), 403, "signature_wrong")
        expectProblem(try office.post(Self.webhook(Self.body + " ", signature: "sha256=" + Self.digest)), 403, "signature_wrong")
        expectProblem(
            try office.post(
                Webhooks.whatsApp(text: "Stop 12345678", from: WhatsAppOffice.vendor, secret: "another secret of thirty-two bytes")), 403,
            "signature_wrong")
        #expect(try office.holds().isEmpty)
    }

    /// Meta signs the escapes as it sends them; the same JSON written otherwise is another body.
    @Test func verifiesTheBytesAndNotWhatTheyMean() throws {
        let office = try WhatsAppOffice.shared
        let escaped = #"{"a":"caf\u00e9 \ud83d\ude00"}"#
        let signature = "sha256=24017450f6cacc167c31d7cde57e9472ef8710bf1edca0beefbaaaf67e133995"
        #expect(try office.post(Self.webhook(escaped, signature: signature)).status == 200)
        let raw = #"{"a":"café 😀"}"#
        expectProblem(try office.post(Self.webhook(raw, signature: signature)), 403, "signature_wrong")
        #expect(
            try office.post(Self.webhook(raw, signature: "sha256=fc658e0ebd72fa9f3a766cec9eed01d5e9223e53df0fd239e3edaa6d516cb386")).status == 200)
    }

    @Test func tellsPeopleOfBadSignaturesOnce() throws {
        let office = try WhatsAppOffice()
        for _ in 0..<20 { try office.post(Self.webhook(signature: nil)) }
        try office.alert("not signed")
        try office.settle()
        #expect(office.slack.texts.count == 1)
        #expect(try office.api.metric(#"vendlock_alerts_total{kind="bad_signature"}"#) == 20)
        // Five minutes later it is news again, with a count of what was held back.
        office.clock.advance(by: .seconds(301))
        try office.post(Self.webhook(signature: nil))
        try office.alert("19 more")
        try office.settle()
        #expect(office.slack.texts.count == 2 && office.slack.violations.isEmpty)
    }

    // MARK: Bodies

    @Test(arguments: [
        ("{", "malformed_json"), ("", "malformed_json"), ("Stop 12345678", "malformed_json"), ("[]", "invalid_body"), ("null", "invalid_body"),
        ("\"Stop 12345678\"", "invalid_body"), (String(repeating: "[", count: 100) + String(repeating: "]", count: 100), "too_deep"),
        (#"{"entry":"# + String(repeating: #"{"a":"#, count: 100) + "1" + String(repeating: "}", count: 101), "too_deep"),
    ])
    func refusesWhatIsSignedAndCannotBeRead(_ body: String, _ code: String) throws {
        expectProblem(try WhatsAppOffice.shared.send(body: body), 400, code)
    }

    /// It will be sent again for days, so people must look, and once is enough.
    @Test func tellsPeopleOfWhatCannotBeReadOnce() throws {
        let office = try WhatsAppOffice()
        for _ in 0..<3 { expectProblem(try office.send(body: "{"), 400, "malformed_json") }
        #expect(try office.api.metric(#"vendlock_messages_total{provider="whatsapp",outcome="unreadable"}"#) == 3)
        try office.alert("cannot be read")
        try office.settle()
        #expect(office.slack.texts.count == 1)
    }

    @Test func refusesBytesThatAreNotUTF8() throws {
        let office = try WhatsAppOffice.shared
        expectProblem(try office.post(Webhooks.signedWhatsApp(body: [0x7B, 0xFF, 0x7D], secret: WhatsAppOffice.secret)), 400, "not_utf8")
    }

    /// WhatsApp sends up to 3 MB.
    @Test func takesAsMuchAsWhatsAppSendsAndNoMore() throws {
        let office = try WhatsAppOffice()
        try office.account()
        let filler = String(repeating: "x", count: 3 << 20)
        let large = Self.body.replacing("Test Vendor", with: filler)
        #expect(try office.send(body: large).status == 200)
        #expect(try office.holds().count == 1)
        let connection = try RawConnection(port: office.api.port)
        try connection.send("POST /hooks/whatsapp HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: \((4 << 20) + 1)\r\n\r\n")
        expectProblem(try connection.reply(), 413, "body_too_large")
    }

    /// Whatever else Meta tells of: it is taken, so that it does not come again, and does nothing.
    @Test(arguments: [
        "{}", #"{"object":"whatsapp_business_account","entry":[]}"#, #"{"entry":"none"}"#, #"{"entry":[{"changes":null}]}"#,
        body.replacing(#""field":"messages""#, with: #""field":"account_update""#),
        body.replacing(#""field":"messages""#, with: #""field":"smb_message_echoes""#),
    ])
    func takesWhatItHasNoUseFor(_ body: String) throws {
        let office = try WhatsAppOffice.shared
        let vendor = try office.newVendor()
        let body = body.replacing("12345678", with: vendor.reference).replacing("27711234567", with: vendor.phone)
        #expect(try office.send(body: body).status == 200)
        #expect(try office.holds(on: vendor.reference).isEmpty && office.outcomes(vendor.reference).isEmpty)
    }
}
