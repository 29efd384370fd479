import TestSupport
import Testing

@Suite struct EvidenceTests {
    private static let conversation = NumberOffice.words("last_conversation", "wrote on Monday about a voucher")
    private static let transaction = NumberOffice.words("past_transaction", "airtime for R 20.00")
    private static let notice = NumberOffice.notice(NumberOffice.png, "image/png")
    private static let limit = 2 << 20

    private static let files: [(String, [UInt8])] = [
        ("image/jpeg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16]), ("image/png", NumberOffice.png), ("application/pdf", Array("%PDF-1.7\n".utf8)),
        ("image/webp", Array("RIFF".utf8) + [4, 0, 0, 0] + Array("WEBPVP8 ".utf8)),
    ]

    @Test(arguments: files) func givesThePictureBackAsItCame(_ type: String, _ head: [UInt8]) throws {
        let office = try NumberOffice()
        // As large as is taken, and every byte there is.
        let content = head + (head.count..<Self.limit).map { UInt8(truncatingIfNeeded: $0) }
        let body = NumberOffice.body(to: NumberOffice.new, evidence: [Self.conversation, NumberOffice.notice(content, type), Self.transaction])
        let made = try office.desk.must(201, "POST", office.path + "/number-changes", body)
        let id = try #require(made["id"].string)
        let shown = try office.admin.must(200, "GET", office.path + "/number-changes/\(id)")
        let pieces = shown["evidence"].array
        #expect(Set(pieces.compactMap { $0["kind"].string }) == ["change_notice", "last_conversation", "past_transaction"])
        let texts = pieces.compactMap { $0["text"].string }
        #expect(texts.contains("wrote on Monday about a voucher") && texts.contains("airtime for R 20.00"))
        let piece = try #require(pieces.first { $0["kind"].string == "change_notice" })
        #expect(piece["content_type"].string == type && piece["content_bytes"].integer == Int64(Self.limit))
        let reply = try office.admin.get(office.path + "/number-changes/\(id)/evidence/change_notice")
        #expect(reply.status == 200 && reply.body == content)
        #expect(reply.header("Content-Type") == type)
        #expect(reply.header("Content-Disposition") == "attachment")
        #expect(reply.header("X-Content-Type-Options") == "nosniff")
        for kind in ["last_conversation", "selfie"] {
            expectProblem(try office.admin.get(office.path + "/number-changes/\(id)/evidence/\(kind)"), 404, "evidence_not_found")
        }
        expectProblem(try office.admin.get(office.path + "/number-changes/num_none/evidence/change_notice"), 404, "number_change_not_found")
    }

    /// What was sent, and what the refusal must name.
    private static let bad: [([String], String)] = [
        ([], "change_notice"), ([notice, conversation], "past_transaction"), ([notice, transaction], "last_conversation"),
        ([conversation, transaction], "change_notice"), ([notice, conversation, transaction, transaction], "past_transaction"),
        ([NumberOffice.words("change_notice", "he showed it to me"), conversation, transaction], "content"),
        ([notice, NumberOffice.words("last_conversation", ""), transaction], "last_conversation"),
        ([notice, #"{"kind":"last_conversation"}"#, transaction], "last_conversation"),
        ([notice, NumberOffice.words("last_conversation", "  yes   it "), transaction], "last_conversation"),
        ([notice, conversation, NumberOffice.words("past_transaction", String(repeating: "airtime ", count: 600))], "past_transaction"),
        ([NumberOffice.notice(NumberOffice.png, "image/gif"), conversation, transaction], "image/jpeg"),
        ([NumberOffice.notice(NumberOffice.png, "image/svg+xml"), conversation, transaction], "application/pdf"),
        ([NumberOffice.notice(NumberOffice.png, "text/html"), conversation, transaction], "content_type"),
        ([NumberOffice.notice(NumberOffice.png, "image/jpeg"), conversation, transaction], "image/jpeg"),
        ([NumberOffice.notice(NumberOffice.png, "application/pdf"), conversation, transaction], "application/pdf"),
        ([NumberOffice.notice(Array("RIFF....AVI ".utf8), "image/webp"), conversation, transaction], "image/webp"),
        ([NumberOffice.notice(Array("<script>".utf8), "image/png"), conversation, transaction], "image/png"),
        ([NumberOffice.notice([], "image/png"), conversation, transaction], "content"),
        ([#"{"kind":"change_notice","content_type":"image/png","content":"not Base64!"}"#, conversation, transaction], "Base64"),
        ([NumberOffice.notice(Array("<html>".utf8), "image/png", kind: "last_conversation"), notice, transaction], "last_conversation"),
    ]

    @Test(arguments: bad) func refusesWhatIsNoEvidence(_ evidence: [String], _ part: String) throws {
        let office = try NumberOffice()
        let reply = try office.desk.post(office.path + "/number-changes", NumberOffice.body(to: NumberOffice.new, evidence: evidence))
        expectProblem(reply, 400, "invalid_evidence")
        #expect(reply.json["detail"].string?.contains(part) == true, "\(reply.text)")
        #expect(try office.admin.must(200, "GET", office.path + "/number-changes")["number_changes"] == .array([]))
    }

    @Test func refusesAPictureThatIsTooLarge() throws {
        let office = try NumberOffice()
        let content = NumberOffice.png + [UInt8](repeating: 7, count: Self.limit + 1 - NumberOffice.png.count)
        let evidence = [NumberOffice.notice(content, "image/png"), Self.conversation, Self.transaction]
        let reply = try office.desk.post(office.path + "/number-changes", NumberOffice.body(to: NumberOffice.new, evidence: evidence))
        expectProblem(reply, 400, "invalid_evidence")
        #expect(reply.json["detail"].string?.contains("\(Self.limit)") == true)
    }

    /// Only the head is sent: what is too much is refused before it comes.
    @Test func refusesABodyThatIsTooLarge() throws {
        let office = try NumberOffice()
        let connection = try RawConnection(port: office.desk.port)
        try connection.send(
            "POST \(office.path)/number-changes HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(office.desk.token ?? "")\r\nContent-Length: \((4 << 20) + 1)\r\n\r\n"
        )
        expectProblem(try connection.reply(), 413, "body_too_large")
    }

    @Test func namesTheKindsThatThereAre() throws {
        let office = try NumberOffice()
        let body = NumberOffice.body(to: NumberOffice.new, evidence: [NumberOffice.words("selfie", "here I am")])
        let reply = try office.desk.post(office.path + "/number-changes", body)
        expectProblem(reply, 400, "invalid_body")
        for kind in ["change_notice", "last_conversation", "past_transaction"] { #expect(reply.json["detail"].string?.contains(kind) == true) }
        let silent = NumberOffice.body(to: NumberOffice.new).replacing("lost the SIM card", with: " ")
        expectProblem(try office.desk.post(office.path + "/number-changes", silent), 400, "text_required")
    }
}
