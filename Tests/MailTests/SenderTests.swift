import Mail
import Testing

struct SenderTests {
    private static let one: [(String, String?, String)] = [
        ("person@example.org", nil, "person@example.org"), ("<person@example.org>", nil, "person@example.org"),
        ("A Person <person@Example.ORG>", "A Person", "person@example.org"), ("\"Person, A.\" <p@example.org>", "Person, A.", "p@example.org"),
        ("Person, A <p@example.org>", "Person, A", "p@example.org"), ("J. R. Person <P.q+r@example.org>", "J. R. Person", "P.q+r@example.org"),
        ("p@example.org (A Person)", "A Person", "p@example.org"), ("(x (y)) A (z) <p@example.org> (w)", "A", "p@example.org"),
        ("=?utf-8?q?Zo=C3=AB?= <p@example.org>", "Zoë", "p@example.org"), ("=?iso-8859-1?q?Zo=EB?= <p@example.org>", "Zoë", "p@example.org"),
        ("\"=?utf-8?b?Wm/Dqw==?=\" <p@example.org>", "Zoë", "p@example.org"), ("Zoë <p@example.org>", "Zoë", "p@example.org"),
        ("\"quoted name\"@example.org", nil, "\"quoted name\"@example.org"), ("A <\"a@b\"@example.org>", "A", "\"a@b\"@example.org"),
        ("zoë@bücher.example", nil, "zoë@bücher.example"), ("p@BÜCHER.example", nil, "p@bücher.example"),
        ("p@xn--bcher-kva.example", nil, "p@xn--bcher-kva.example"),
        ("p@example.org.", nil, "p@example.org"), (" , p@example.org, ", nil, "p@example.org"),
        // A name that is an address is a name.
        ("\"boss@bank.example\" <thief@evil.example>", "boss@bank.example", "thief@evil.example"),
        ("boss@bank.example <thief@evil.example>", "boss@bank.example", "thief@evil.example"),
        ("\"boss@bank.example>\" <thief@evil.example>", "boss@bank.example>", "thief@evil.example"),
        ("=?utf-8?q?boss=40bank=2Eexample=3E?= <thief@evil.example>", "boss@bank.example>", "thief@evil.example"),
        ("=?utf-8?q?=3Cboss=40bank.example=3E=0D=0AFrom:_x?= <thief@evil.example>", "<boss@bank.example> From: x", "thief@evil.example"),
        ("=?utf-8?q?Smith,_John?= <p@example.org>", "Smith, John", "p@example.org"),
    ]

    @Test(arguments: one) func readsOneMailbox(_ field: String, _ name: String?, _ address: String) throws {
        let message = try read("From: \(field)\nSender: other@example.com\n\nHello")
        #expect(message.from.address.description == address)
        if let name { #expect(message.from.name == name) }
    }

    @Test(arguments: [
        "", "nobody", "A Person", "<>", "A <>", "@example.org", "p@", "p@@example.org", "a@b@example.org", "A <a@b@example.org>", "p @example.org x",
        "A <p@example.org> x", "A <p@example.org> <q@example.org>", "A <<p@example.org>>", "A <p@example.org", "p@example.org>",
        "\"A <p@example.org>",
        "(p@example.org", "Group: p@example.org;", "undisclosed-recipients:;", "A <@route.example:p@example.org>", "p@[192.0.2.1]", "p@exa mple.org",
        "A <p q@example.org>", "A <p@example.org q>", "p@example..org", "p@.example.org", "p@exam\u{202E}ple.org", "p\u{200B}q@example.org",
        "p@exam\u{0}ple.org",
        "p@ban\u{212A}.example", "=?utf-8?q?p=40example.org?=", "A <=?utf-8?q?p=40example.org?=>", "p@example.org\u{7F}", "p@exa\u{A0}mple.org",
        "p@example.org, x",
        "\"a@b\", p@example.org",
        // The end of a comment that never began.
        "A ) <p@example.org>", ") p@example.org", "p@example.org (a))",
    ])
    func refusesWhatIsNotOne(_ field: String) {
        #expect(throws: MailError.self) { try read("From: \(field)\nSender: other@example.com\n\nHello") }
    }

    @Test func refusesALongOne() {
        let long = String(repeating: "a", count: 400)
        #expect(throws: MailError.self) { try read("From: \(long)@example.org\n\nHello") }
        #expect(throws: MailError.self) { try read("From: a@\(long).org\n\nHello") }
    }

    @Test(arguments: ["a@example.org, b@example.com", "A <a@example.org>, B <b@example.com>", "\"A, B\" <a@example.org>,b@example.com"])
    func ofSeveralTheSenderCounts(_ field: String) throws {
        let message = try read("Sender: B <b@example.com>\nFrom: \(field)\n\nHello")
        #expect(message.from.address.description == "b@example.com")
        for sender in ["", "Sender: a@example.org, b@example.com\n", "Sender: nobody\n", "Sender: a@example.org\nSender: b@example.com\n"] {
            #expect(throws: MailError.self, "\(sender)") { try read("\(sender)From: \(field)\n\nHello") }
        }
    }

    @Test func twoFieldsAreNobody() {
        #expect(throws: MailError.self) { try read("From: a@example.org\nSender: a@example.org\nFrom: b@example.org\n\nHello") }
        #expect(throws: MailError.self) { try read("Subject: x\n\nFrom: a@example.org") }
    }

    /// Proved is the address that is shown, not the name, and not one of two.
    @Test func whatIsProvedIsTheAddress() throws {
        let results = "Authentication-Results: mx.example.com; dkim=pass header.d=evil.example; dmarc=pass header.from=evil.example\n"
        let message = try read(results + "From: \"boss@bank.example\" <thief@evil.example>\n\nHello")
        #expect(message.results.proves(message.from.address))
        #expect(message.results.proves(try #require(MailAddress("x@evil.example"))))
        #expect(!message.results.proves(try #require(MailAddress("boss@bank.example"))))
        let two = try read(results + "From: boss@bank.example, thief@evil.example\nSender: boss@bank.example\n\nHello")
        #expect(!two.results.proves(two.from.address))
    }
}
