import FoundationEssentials
import Mail
import TestSupport
import Testing

/// Mail that means harm, and mail that is broken: read as far as it can be.
struct HostileTests {
    /// As much as the caller lets through.
    private static let size = 4 * 1024 * 1024

    /// A unit repeated until it is enough to show what grows faster than the message.
    private static func filled(_ start: String, _ unit: String, size: Int = size / 32) -> [UInt8] {
        Array((start + String(repeating: unit, count: size / unit.utf8.count)).utf8)
    }

    private static let from = "From: a@example.org\n"
    private static let multipart = "Content-Type: multipart/mixed; boundary=b\n\n"

    private static let html = "Content-Type: text/html\n\n"

    /// The header's rest and a beginning, then what comes again and again.
    private static let bodies: [(String, String)] = [
        (multipart, "--b\n\n"), (multipart, "--b\n\nx\n"), ("Content-Type: multipart/mixed; boundary=b\n\n--b\n", "a:\n"), ("\n", "\n"), ("\n", "> "),
        ("\n", "On 1\n"), ("\n", "From: x\nTo: y\n"), ("\n", "--"), ("\n", "\r"), ("\n", "\u{0}"), ("\n", "a\u{301}"), ("\n", "VL-"),
        ("Content-Type: message/rfc822\n\n", "Content-Type: message/rfc822\n\n"), (html, "<"), (html, "<a \""), (html, "<!--"), (html, "<script>"),
        (html, "&"), (html, "<blockquote><p>"), (html, "<a ='"), (html, "<br>"), (html, "<p title=\"x\" "), (html, "</"), (html, "<a b=\"'"),
        ("Content-Transfer-Encoding: base64\n\n", "="), ("Content-Transfer-Encoding: quoted-printable\n\n", "="),
        ("Content-Transfer-Encoding: uuencode\n\nbegin 644 x\n", "M"), ("Content-Type: text/plain; charset=iso-2022-jp\n\n", "\u{1B}$B"),
        ("Content-Type: text/plain; charset=euc-kr\n\n", "\u{80}"), ("Content-Type: text/plain; charset=utf-16\n\n", "x\u{D7FF}y"),
    ]

    @Test(arguments: bodies)
    func isReadAsFarAsItGoes(_ start: String, _ unit: String) throws {
        let message = try Message(reading: Self.filled(Self.from + start, unit), trusting: ["mx.example.com"])
        #expect(message.from.address.description == "a@example.org")
        #expect(message.text.unicodeScalars.count <= 20_000 && message.quoted.unicodeScalars.count <= 20_000)
        #expect(message.attachments.count <= 200)
    }

    private static let fields: [(String, String)] = [
        ("From: ", "a:"), ("From: ", "("), ("From: ", "<"), ("From: ", "a,"), ("From: ", "a@b,"), ("From: ", "\""), ("From: ", "=?"),
        ("From: ", "\\"),
        ("Subject: ", "=?utf-8?q?a?= "), ("Subject: ", "=?"), ("References: ", "<a> "), ("References: ", "<"), ("Message-ID: ", "<"),
        ("Date: ", "1 "), ("Date: ", "("),
        ("Authentication-Results: mx.example.com; ", "dkim=pass; "), ("Authentication-Results: mx.example.com; dkim=pass ", "a.b=c "),
        ("Authentication-Results: mx.example.com; ", "("), ("Authentication-Results: mx.example.com; ", ";"), ("Authentication-Results: ", "x "),
        ("Content-Type: text/plain", "; a=b"), ("Content-Type: text/plain", "; a*1=b"), ("Content-Type: multipart/mixed; boundary=", "b"),
        ("Content-Type: ", "("), ("Content-Disposition: ", "; filename*=x'y'z"), ("Auto-Submitted: ", "("), ("X: y", "\n z"), ("Precedence: ", "\t"),
    ]

    @Test(arguments: fields)
    func aLongFieldIsReadOrRefused(_ name: String, _ unit: String) {
        let long = String(decoding: Self.filled(name, unit, size: 100 * 1024), as: UTF8.self)
        let text = long + "\n" + (name == "From: " ? "" : Self.from) + "\n--b\nHello"
        do {
            let message = try Message(reading: Array(text.utf8), trusting: ["mx.example.com"])
            #expect(message.from.address.description == "a@example.org")
        } catch {
            #expect(error.code == .from && name == "From: ")
        }
    }

    @Test func tooLongAHeaderIsRefused() {
        for unit in ["a:\n", "a: \(String(repeating: "x", count: 1000))\n"] {
            let bytes = Self.filled(Self.from, unit, size: Self.size / 8)
            #expect(throws: MailError(code: .headerTooLarge)) { try Message(reading: bytes, trusting: []) }
        }
    }

    @Test func partsBeyondTheLimitAreNotRead() throws {
        let part = "--b\nContent-Type: image/png\n\nx\n"
        let many = try Message(reading: Array((Self.from + Self.multipart + String(repeating: part, count: 250) + "--b--\n").utf8), trusting: [])
        #expect(many.attachments.count == 200)
        #expect(many.isCut)
        let all = try Message(reading: Array((Self.from + Self.multipart + String(repeating: part, count: 200) + "--b--\n").utf8), trusting: [])
        #expect(all.attachments.count == 200)
        #expect(!all.isCut)
    }

    @Test func partsWithinPartsAreReadToALimit() throws {
        var text = Self.from
        for level in 0..<1000 { text += "Content-Type: multipart/mixed; boundary=b\(level)\n\n--b\(level)\n" }
        let message = try Message(reading: Array((text + "\nHello").utf8), trusting: [])
        #expect(message.isCut)
        #expect(message.attachments.count == 1)
    }

    @Test func anHonestLongMessageIsReadWhole() throws {
        let bytes = MailMaker.make(
            from: "a@example.org", subject: "x", text: "Hello",
            files: [.init(name: "a.bin", type: "application/octet-stream", bytes: [UInt8](repeating: 1, count: 3_000_000))])
        #expect(bytes.count <= Self.size)
        let message = try Message(reading: bytes, trusting: [])
        #expect(message.text == "Hello")
        #expect(message.attachments.map(\.byteCount) == [3_000_000])
        #expect(!message.isCut)
    }

    /// Any damage to a good message is refused as a message or read as one.
    @Test(arguments: 0..<40) func damagedMailNeverEndsTheProcess(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let good = MailMaker.make(
            from: "=?utf-8?q?Zo=C3=AB?= <a@example.org>", subject: "Zoë VL-7", text: "Hello\n> VL-8\nOn 1 wrote:\nx",
            results: [MailMaker.passed(by: "mx.example.com", domain: "example.org")], html: "<p>Hello &amp; <blockquote>x</blockquote>",
            files: [.init(name: "a.bin", type: "image/png", bytes: [1, 2, 3])])
        for _ in 0..<20 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(Array("\r\n\0\"(<>;:=?@-".utf8).randomElement(using: &random) ?? 0, at: place)
                default:
                    bytes.replaceSubrange(
                        place..<min(place + 20, bytes.count), with: good[Int.random(in: 0..<good.count - 40, using: &random)...].prefix(40))
                }
            }
            do {
                let message = try Message(reading: bytes, trusting: ["mx.example.com"])
                #expect(!message.from.address.domain.isEmpty && !message.subject.contains("\n"))
            } catch {
                #expect(error.code == .from)
            }
        }
    }

    @Test(arguments: [
        [], [0], Array("\n".utf8), Array("\r\n\r\n".utf8), Array("From ".utf8), Array("From: a@b".utf8.dropLast(2)),
        [UInt8](repeating: 0xFF, count: 100),
    ])
    func whatIsNoMailIsRefused(_ bytes: [UInt8]) {
        #expect(throws: MailError(code: .from)) { try Message(reading: bytes, trusting: []) }
    }
}
