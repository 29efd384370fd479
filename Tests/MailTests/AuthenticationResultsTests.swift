import Mail
import TestSupport
import Testing

/// - Source: RFC 8601, appendix B for the examples.
struct AuthenticationResultsTests {
    private typealias Results = AuthenticationResults

    private func results(_ fields: [String], trusting: [String] = ["example.com"]) throws -> AuthenticationResults {
        try read(header: fields.map { "Authentication-Results: \($0)" }.joined(separator: "\n"), trusting: trusting).results
    }

    private func address(_ text: String) throws -> MailAddress { try #require(MailAddress(text)) }

    @Test func b1HasNoResults() throws {
        let message = try read(
            """
            Received: from mail-router.example.com
                          (mail-router.example.com [192.0.2.1])
                      by server.example.org (8.11.6/8.11.6)
                          with ESMTP id g1G0r1kA003489;
                      Fri, Feb 15 2002 17:19:07 -0800
            From: sender@example.com
            Date: Fri, Feb 15 2002 16:54:30 -0800
            To: receiver@example.org
            Message-Id: <12345.abc@example.com>
            Subject: here's a sample

            Hello!  Goodbye!
            """, trusting: ["server.example.org"])
        #expect(message.results.server == nil)
        #expect(!message.results.proves(message.from.address))
    }

    @Test func b2HasAServerAndNothingElse() throws {
        let results = try results(["example.org 1; none"], trusting: ["example.org"])
        #expect(results.server == "example.org")
        #expect(results.spf.isEmpty && results.dkim.isEmpty && results.dmarc.isEmpty)
        #expect(results.description == "example.org: none")
    }

    @Test func b3HasOneMethod() throws {
        let results = try results(["example.com;\n          spf=pass smtp.mailfrom=example.net"])
        #expect(results.spf.map(\.result) == [.pass])
        #expect(results.spf.first?.mailFrom == "example.net")
        #expect(results.proves(try address("sender@example.net")))
        #expect(!results.proves(try address("sender@example.org")))
    }

    @Test func b4HasTwoFieldsOfOneServer() throws {
        let results = try results([
            "example.com;\n          auth=pass (cram-md5) smtp.auth=sender@example.net;\n          spf=pass smtp.mailfrom=example.net",
            "example.com; iprev=pass\n          policy.iprev=192.0.2.200",
        ])
        #expect(results.spf.map(\.mailFrom) == ["example.net"])
        #expect(results.dkim.isEmpty)
        #expect(results.proves(try address("sender@example.net")))
    }

    @Test func b5ProvesByOneAlthoughTheOtherFailed() throws {
        let results = try results([
            "example.com;\n          dkim=pass (good signature) header.d=example.com",
            "example.com;\n          auth=pass (cram-md5) smtp.auth=sender@example.com;\n          spf=fail smtp.mailfrom=example.com",
        ])
        #expect(results.dkim.map(\.domain) == ["example.com"])
        #expect(results.spf.map(\.result) == [.fail])
        #expect(results.proves(try address("sender@example.com")))
        #expect(results.description == "example.com: spf=fail (example.com) dkim=pass (example.com)")
    }

    @Test func b6TakesOnlyTheServerThatIsTrusted() throws {
        let fields = [
            "example.com;\n      dkim=pass reason=\"good signature\"\n        header.i=@mail-router.example.net;\n"
                + "      dkim=fail reason=\"bad signature\"\n        header.i=@newyork.example.com",
            "example.net;\n      dkim=pass (good signature) header.i=@newyork.example.com",
        ]
        let outer = try results(fields)
        #expect(outer.dkim.map(\.result) == [.pass, .fail])
        #expect(outer.dkim.map(\.identity) == ["mail-router.example.net", "newyork.example.com"])
        #expect(!outer.proves(try address("sender@newyork.example.com")))
        let inner = try results(fields, trusting: ["EXAMPLE.NET"])
        #expect(inner.proves(try address("sender@newyork.example.com")))
    }

    @Test func b7IsReadThroughItsComments() throws {
        let field = """
            foo.example.net (foobar) 1 (baz);
                dkim (Because I like it) / 1 (One yay) = (wait for it) fail
                  policy (A dot can go here) . (like that) expired
                  (this surprised me) = (as I wasn't expecting it) 1362471462
            """
        let results = try results([field], trusting: ["foo.example.net"])
        #expect(results.dkim.map(\.result) == [.fail])
        #expect(results.dkim.map(\.domain) == [nil])
    }

    /// As the large providers write them.
    @Test(arguments: [
        "example.com; dkim=pass header.i=@sender.example header.s=s1 header.b=\"Ab/Cd+E=\"; spf=none",
        "example.com; dkim=pass header.d=sender.example header.s=s1 header.b=Ab/Cd+E=; dmarc=none",
        "example.com; spf=pass (example.com: domain of a@sender.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=a@sender.example",
        "example.com; spf=pass smtp.mailfrom=<a@sender.example> smtp.helo=mail.other.example",
        "example.com; spf=pass smtp.mailfrom=\"a b; dkim=fail\"@sender.example",
        "example.com; dmarc=pass action=none header.from=sender.example;compauth=pass reason=100",
        "example.com;dmarc=pass(p=REJECT sp=REJECT dis=NONE)header.from=Sender.Example.",
        "\"example.com\" 1; x-tls=pass policy.a=b; DKIM = Pass HEADER.D = SENDER.EXAMPLE;",
        "example.com; arc=???broken; nonsense; dkim=fail header.d=x; dkim=pass header.d=sender.example",
    ])
    func provesWhatPassed(_ field: String) throws {
        #expect(try results([field]).proves(address("a@sender.example")))
    }

    @Test(arguments: [
        // Not the server that is trusted, or nothing that is one's name.
        "example.com.evil.example; dkim=pass header.d=sender.example", "evil.example; dkim=pass header.d=sender.example",
        "evil.example example.com; dkim=pass header.d=sender.example", "(example.com); dkim=pass header.d=sender.example",
        "dkim=pass header.d=sender.example", "; dkim=pass header.d=sender.example", "example.com 2; dkim=pass header.d=sender.example",
        // Said, but not as a result.
        "example.com; dkim=fail (dkim=pass header.d=sender.example) header.d=sender.example",
        "example.com; dkim=fail reason=\"; dkim=pass header.d=sender.example\" header.d=sender.example",
        "example.com; spf=fail smtp.mailfrom=\"x; dkim=pass header.d=sender.example\"@evil.example",
        "example.com; (dkim=pass header.d=sender.example)", "example.com; dkim=none; none dkim=pass header.d=sender.example",
        "example.com; dkim=\"pass\" header.d=sender.example", "example.com; dkim/2=pass header.d=sender.example",
        "example.com; xdkim=pass header.d=sender.example", "example.com; dkim=passed header.d=sender.example",
        // A comment or a text that never ends.
        "example.com; dkim=pass header.d=sender.example; spf=none (", "example.com; dkim=pass header.d=sender.example reason=\"",
        // Somebody else's pass, or nobody's.
        "example.com; dkim=pass header.d=evil.example", "example.com; dkim=pass", "example.com; dkim=pass header.d=",
        "example.com; spf=pass smtp.mailfrom=<>",
        "example.com; spf=pass smtp.helo=sender.example", "example.com; dkim=pass header.d=evil.example header.i=@sender.example",
        "example.com; dkim=pass header.d=evil.example header.d=sender.example", "example.com; dkim=pass header.from=sender.example",
        "example.com; dmarc=pass header.from=evil.example", "example.com; dmarc=pass header.d=sender.example",
        "example.com; dmarc=pass header.from=example",
        "example.com; spf=pass smtp.mailfrom=sender.example@evil.example", "example.com; dkim=pass header.d=notsender.example",
        "example.com; dkim=pass header.d=sub.sender.example", "example.com; dkim=pass header.d=example",
        // All that is not a pass.
        "example.com; dkim=fail header.d=sender.example; spf=softfail smtp.mailfrom=sender.example; dmarc=fail header.from=sender.example",
        "example.com; dkim=neutral header.d=sender.example; spf=neutral smtp.mailfrom=sender.example; dmarc=bestguesspass header.from=sender.example",
        "example.com; dkim=temperror header.d=sender.example; spf=permerror smtp.mailfrom=sender.example; dmarc=none header.from=sender.example",
        "example.com; dkim=policy header.d=sender.example; none",
    ])
    func provesNothingElse(_ field: String) throws {
        #expect(try !results([field]).proves(address("a@sender.example")))
    }

    @Test(arguments: [
        ("example.org", "example.org", true), ("example.org", "mail.example.org", true), ("example.org", "a.b.example.org", true),
        ("mail.example.org", "example.org", false), ("a.example.org", "b.example.org", false), ("ample.org", "example.org", false),
        ("shop.co.za", "shop.co.za", true), ("shop.co.za", "till.shop.co.za", true), ("co.za", "shop.co.za", false), ("org.za", "shop.org.za", false),
        ("web.za", "shop.web.za", false), ("gov.za", "a.gov.za", false), ("ac.za", "a.ac.za", false), ("net.za", "a.net.za", false),
        ("co.uk", "a.co.uk", false), ("com.au", "a.com.au", false), ("org", "example.org", false), ("localhost", "localhost", false),
        ("xn--bcher-kva.example", "bücher.example", false), ("bücher.example", "bücher.example", true),
    ])
    func aDomainAnswersForItselfAndThoseBelow(_ domain: String, _ from: String, _ proves: Bool) throws {
        #expect(try results(["example.com; dkim=pass header.d=\(domain)"]).proves(address("a@\(from)")) == proves)
        #expect(try results(["example.com; spf=pass smtp.mailfrom=x@\(domain)"]).proves(address("a@\(from)")) == proves)
        // The server's DMARC has looked at the domain itself.
        #expect(try results(["example.com; dmarc=pass header.from=\(domain)"]).proves(address("a@\(from)")) == (domain == from))
    }

    @Test func aForgedFieldBelowDoesNotCount() throws {
        let forged = "Authentication-Results: mx.example.com; dkim=pass header.d=example.net"
        let message = try read(
            header: "Authentication-Results: mx.example.com; dkim=none; dmarc=fail header.from=example.net\nReceived: from somewhere\n\(forged)")
        #expect(message.results.dkim.map(\.result) == [.none])
        #expect(!message.results.proves(message.from.address))
        // Nor does one with another server's field or any other between.
        for between in ["Authentication-Results: evil.example; none", "X-Spam: no", "Authentication-Results: mx.example.com; ("] {
            #expect(
                try !read(header: "Authentication-Results: mx.example.com; dkim=none\n\(between)\n\(forged)").results.proves(message.from.address))
        }
    }

    /// Of the topmost that is trusted nothing may be known; those below are no better for it.
    @Test(arguments: [
        "mx.example.com; spf=fail smtp.mailfrom=a(b@example.net", "mx.example.com; spf=fail reason=\"x", "mx.example.com (", "mx.example.com 2; none",
        "mx.example.com x y", "mx.example.com",
    ])
    func anUnreadableFieldIsNotPassedOver(_ field: String) throws {
        let message = try read(
            header: "Authentication-Results: \(field)\nReceived: x\nAuthentication-Results: mx.example.com; dkim=pass header.d=example.net")
        #expect(message.results.server == "mx.example.com")
        #expect(!message.results.proves(message.from.address))
    }

    @Test func fieldsAboveTheTrustedOneAreSkipped() throws {
        let message = try read(
            header: "Authentication-Results: inner.example; dkim=fail header.d=example.net\nReceived: x\n"
                + "Authentication-Results: MX.Example.COM;\n\tdkim=pass\n\theader.d=example.net\nReceived: y")
        #expect(message.results.server == "mx.example.com")
        #expect(message.results.proves(message.from.address))
    }

    @Test(arguments: [
        "Authentication-Results : mx.example.com; dkim=pass header.d=example.net",
        "X: y\rAuthentication-Results: mx.example.com; dkim=pass header.d=example.net",
        "X: y\n Authentication-Results: mx.example.com; dkim=pass header.d=example.net",
        "ARC-Authentication-Results: mx.example.com; dkim=pass header.d=example.net",
        "X-Authentication-Results: mx.example.com; dkim=pass header.d=example.net",
    ])
    func whatIsNoSuchFieldDoesNotCount(_ line: String) throws {
        let message = try read(header: line)
        #expect(message.results.server == nil)
    }

    @Test func resultsInTheTextDoNotCount() throws {
        let message = try read("From: sender@example.net\n\nAuthentication-Results: mx.example.com; dkim=pass header.d=example.net\n")
        #expect(message.results.server == nil)
    }

    @Test func nobodyIsTrustedUnlessNamed() throws {
        #expect(try results(["example.com; dkim=pass header.d=example.net"], trusting: []).server == nil)
        #expect(try results(["\"\"; dkim=pass header.d=example.net"], trusting: [""]).server == nil)
    }

    @Test func theMakersFieldsAreRead() throws {
        let from = "vendor@example.org"
        func proves(_ results: [String]) throws -> Bool {
            let message = try Message(
                reading: MailMaker.make(from: from, subject: "x", text: "y", results: results), trusting: ["mx.example.com"])
            return message.results.proves(message.from.address)
        }
        #expect(try proves([MailMaker.passed(by: "mx.example.com", domain: "example.org")]))
        #expect(try !proves([MailMaker.failed(by: "mx.example.com", domain: "example.org")]))
        #expect(try !proves([MailMaker.passed(by: "mx.example.com", domain: "example.net")]))
        #expect(try !proves([MailMaker.passed(by: "mx.example.net", domain: "example.org")]))
    }
}
