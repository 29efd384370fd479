import FoundationEssentials
import Mail
import TestSupport
import Testing
import Wire

struct MessageTests {
    @Test func readsAMessage() throws {
        let message = try read(
            """
            Return-Path: <vendor@example.org>
            Authentication-Results: mx.example.com; dkim=pass header.d=example.org
            From: "A Vendor" <vendor@example.org>
            To: locks@example.com
            Subject: Re: [VL-1042] two
             channels
            Date: Sat, 18 Jul 2026 12:00:00 +0200
            Message-ID: <one@example.org>
            In-Reply-To: <zero@example.com>
            References: <first@example.com>
             <zero@example.com>

            I need both. See vl 1043 too.

            > VL-999
            """)
        #expect(message.messageID == "one@example.org")
        #expect(message.from.name == "A Vendor")
        #expect(message.from.address.localPart == "vendor" && message.from.address.domain == "example.org")
        #expect(message.subject == "Re: [VL-1042] two channels")
        #expect(message.text == "I need both. See vl 1043 too.")
        #expect(message.quoted == "> VL-999")
        #expect(message.sentAt == 1_784_368_800_000)
        #expect(message.inReplyTo == ["zero@example.com"])
        #expect(message.references == ["first@example.com", "zero@example.com"])
        #expect(message.tickets.map(\.number) == [1042, 1043])
        #expect(message.attachments.isEmpty && !message.isAutomatic && !message.isCut)
        #expect(message.results.proves(message.from.address))
    }

    @Test func readsWhatTheMakerMakes() throws {
        let file = MailMaker.File(name: "shop.jpg", type: "image/jpeg", bytes: [UInt8](repeating: 7, count: 1000))
        let bytes = MailMaker.make(
            from: "A Vendor <vendor@example.org>", subject: "Zoë's shop: नमस्ते, a subject that is longer than one encoded word can be",
            text: "Both, please: Timpa and app.\r\n\r\n> earlier", results: [MailMaker.passed(by: "mx.example.com", domain: "example.org")],
            id: "made@example.org", inReplyTo: "x@example.com", html: "<p>Something else</p>", files: [file])
        let message = try Message(reading: bytes, trusting: ["mx.example.com"])
        #expect(message.subject == "Zoë's shop: नमस्ते, a subject that is longer than one encoded word can be")
        #expect(message.text == "Both, please: Timpa and app.")
        #expect(message.quoted == "> earlier")
        #expect(message.messageID == "made@example.org")
        #expect(message.inReplyTo == ["x@example.com"] && message.references == ["x@example.com"])
        #expect(message.attachments.map(\.name) == ["shop.jpg"])
        #expect(message.attachments.map(\.type) == ["image/jpeg"])
        #expect(message.attachments.map(\.byteCount) == [1000])
        #expect(message.results.proves(message.from.address))
    }

    private static let decodesTheSubjectCases: [(String, String)] = [
        ("", ""), ("Subject:", ""), ("Subject: =?utf-8?q?caf=C3=A9?= =?utf-8?q?_x?=", "café x"), ("Subject: =?windows-1252?q?=8050?=", "€50"),
        ("Subject: =?utf-8?b?broken", "=?utf-8?b?broken"), ("Subject: =?x-nobody-knows?q?plain?=", "plain"), ("Subject: a\u{0}b\u{7}c", "a b c"),
        ("Subject: =?utf-8?q?a=0D=0AFrom:_b?=", "a From: b"), ("Subject: a\rFrom: b", "a From: b"), ("Subject: one\nSubject: two", "one"),
        ("Subject: \u{202E}gpj.exe\u{202C}", "gpj.exe"), ("SUBJECT: x", "x"), ("Subject: a\n \t b", "a b"),
        ("Subject: \u{645}\u{631}\u{62D}\u{628}\u{627}", "مرحبا"),
    ]

    @Test(arguments: decodesTheSubjectCases)
    func decodesTheSubject(_ line: String, _ subject: String) throws {
        #expect(try read(header: line.isEmpty ? "To: x" : line).subject == subject)
    }

    @Test func cutsALongSubject() throws {
        let subject = try read(header: "Subject: " + String(repeating: "long ", count: 10_000)).subject
        #expect(subject.unicodeScalars.count <= 500 && subject.hasPrefix("long long"))
    }

    private static let knowsWhatAProgramWroteCases: [(String, Bool)] = [
        ("Auto-Submitted: auto-replied", true), ("Auto-Submitted: Auto-Generated (x); a=b", true), ("Auto-Submitted: no", false),
        ("Auto-Submitted: (x) No", false), ("Auto-Submitted: (", true), ("Auto-Submitted: no\nAuto-Submitted: auto-replied", true),
        ("Precedence: bulk", true), ("Precedence: Junk", true), ("Precedence: list", true), ("Precedence: auto_reply", true),
        ("Precedence: first-class", false), ("Return-Path: <>", true), ("Return-Path:  < >", false), ("Return-Path: <a@example.org>", false),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=b", true), ("Content-Type: multipart/mixed; boundary=b", false),
    ]

    @Test(arguments: knowsWhatAProgramWroteCases)
    func knowsWhatAProgramWrote(_ line: String, _ isAutomatic: Bool) throws {
        #expect(try read(header: line).isAutomatic == isAutomatic)
    }

    @Test(
        arguments: [
            ("Date: Fri, 21 Nov 1997 09:55:06 -0600", 880_127_706_000), ("Date: 21 Nov 97 15:55 GMT", 880_127_700_000), ("Date: yesterday", nil),
            ("Date:", nil),
            ("Date: Thu, 99 Nov 2025 10:00:00 +0200", nil), ("Date: Thu, 1 Jan 99999999999 10:00:00 +0200", nil), ("To: x", nil),
        ] as [(String, Int64?)])
    func readsTheDate(_ line: String, _ at: Int64?) throws {
        #expect(try read(header: line).sentAt == at)
    }

    private static let readsTheIdentifierCases: [(String, String?)] = [
        ("Message-ID: <a@b>", "a@b"), ("Message-Id:\n <a@b>", "a@b"), ("Message-ID: a@b", nil), ("Message-ID: <>", nil), ("Message-ID: <a b>", nil),
        ("Message-ID: <a", nil), ("To: x", nil),
    ]

    @Test(arguments: readsTheIdentifierCases)
    func readsTheIdentifier(_ line: String, _ identifier: String?) throws {
        #expect(try read(header: line).messageID == identifier)
    }

    @Test func aTicketInQuotedMailDoesNotCount() throws {
        let message = try read(
            "From: a@example.org\nSubject: hello\n\nYes\n\nOn 18 July 2026, Locks <locks@example.com> wrote:\n\nYour ticket is VL-7\n")
        #expect(message.tickets.isEmpty)
        #expect(message.quoted.contains("VL-7"))
    }

    @Test(arguments: [
        "From: a@example.org\nSubject: x\n\nHello", "From a@example.org Sat Jul 18 12:00:00 2026\nFrom: a@example.org\nSubject: x\n\nHello",
        "From: a@example.org\nSubject: x\nHello",
    ])
    func takesEveryLineEnd(_ text: String) throws {
        for end in ["\n", "\r\n"] {
            let message = try Message(
                reading: Array(text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: end).utf8), trusting: [])
            #expect(message.from.address.description == "a@example.org")
            #expect(message.subject == "x")
            #expect(message.text == "Hello")
        }
        let old = try Message(reading: Array(text.replacing("\n", with: "\r").utf8), trusting: [])
        #expect(old.text == "Hello")
    }
}
