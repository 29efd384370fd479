import TestSupport
import Testing

/// `number …`
@Suite struct NumberCommandTests {
    private let directory: TemporaryDirectory
    private let notice: String
    private let reference = Names.reference()

    init() throws {
        directory = try TemporaryDirectory()
        notice = try directory.write("%PDF-1.7\nI have a new number.\n", to: "notice")
        try Shared.api.addAccount(reference, number: "+27711234567")
    }

    private func run(_ words: [String], as caller: API? = nil) throws -> (status: Int32, output: String, errors: String) {
        let file = try caller?.token.map { try directory.write($0, to: "token") } ?? Shared.tokenFile
        return try Programs.run(Programs.server, words, environment: ["VENDLOCK_URL": Shared.api.url, "VENDLOCK_TOKEN_FILE": file])
    }

    private func done(_ words: [String], as caller: API? = nil, at location: SourceLocation = #_sourceLocation) throws -> String {
        let result = try run(words, as: caller)
        #expect(result.status == 0 && result.errors.isEmpty, "\(words): \(result.errors)", sourceLocation: location)
        return result.output
    }

    private func expectOneLine(
        _ result: (status: Int32, output: String, errors: String), _ status: Int32, _ part: String, at location: SourceLocation = #_sourceLocation
    ) {
        #expect(result.status == status && result.output.isEmpty, "\(result.output)\(result.errors)", sourceLocation: location)
        #expect(result.errors.hasPrefix("vendlock-server: ") && result.errors.split(separator: "\n").count == 1, sourceLocation: location)
        #expect(result.errors.contains(part), "\(result.errors)", sourceLocation: location)
    }

    private func change(to number: String = "+27821234567", notice: String? = nil) -> [String] {
        [
            "number", "change", reference, "--to", number, "--reason", "lost the SIM card", "--notice", notice ?? self.notice, "--conversation",
            "wrote on Monday about a voucher", "--transaction", "airtime for R 20.00",
        ]
    }

    private var requests: [JSONValue] { get throws { try Shared.api.get("/v1/accounts/\(reference)/number-changes").json["number_changes"].array } }

    @Test func changesANumberAsTwoPeople() throws {
        let senior = try Shared.api.issueToken(role: "senior", name: "senior-\(reference)")
        let asked = try done(change())
        let id = try #require(try requests.first?["id"].string)
        #expect(asked.contains("+27711234567 -> +27821234567") && asked.contains("vendlock-server number approve \(reference) \(id) --note"))
        let picture = try Shared.api.get("/v1/accounts/\(reference)/number-changes/\(id)/evidence/change_notice")
        #expect(picture.header("Content-Type") == "application/pdf" && picture.text == "%PDF-1.7\nI have a new number.\n")
        expectOneLine(try run(["number", "approve", reference, id, "--note", "n"]), 1, "same_person")
        #expect(try done(["number", "approve", reference, id, "--note", "called"], as: senior).contains("+27821234567"))
        let list = try done(["number", "list", reference])
        for part in ["linked number   +27821234567", "locks too       +27711234567  until", "\(id)  approved", "token:senior-\(reference)"] {
            #expect(list.contains(part), "\(list)")
        }
        #expect(try done(["number", "cancel", reference, id, "--note", "was not her"], as: senior).contains("+27711234567"))
        #expect(try Shared.api.get("/v1/accounts/\(reference)").json["linked_number"].string == "+27711234567")
        expectOneLine(try run(["number", "cancel", reference, id, "--note", "n"]), 1, "number_change_not_approved")
    }

    @Test func refusesARequestAndConfirmsNothing() throws {
        let made = try JSONValue(Array(done(change() + ["--json"]).utf8))
        let id = try #require(made["id"].string)
        #expect(made["state"].string == "requested")
        expectOneLine(try run(change(to: "+27821234568")), 1, "number_change_open")
        #expect(try done(["number", "refuse", reference, id, "--note", "not her"]).contains("+27821234567"))
        expectOneLine(try run(["number", "refuse", reference, id, "--note", "n"]), 1, "number_change_decided")
        expectOneLine(try run(["number", "confirm", reference, "--note", "n"]), 1, "number_not_suspended")
        let list = try JSONValue(Array(done(["number", "list", reference, "--json"]).utf8))
        #expect(try list["number_changes"].array == requests && list["number_changes"].array.count == 1)
    }

    @Test func confirmsASuspendedNumber() throws {
        let secret = "a secret of these tests"
        let server = try ServerProcess(configuration: #"{"whatsapp":{"app_secret":"\#(secret)"}}"#)
        let environment = ["VENDLOCK_URL": server.api.url, "VENDLOCK_TOKEN_FILE": server.tokenFile]
        try server.api.addAccount("ACC-SUSP", number: "+27711234567")
        try Webhooks.whatsApp([.changedNumber(from: "27711234567", to: "27821234567")], secret: secret).post(to: server.port, "/hooks/whatsapp")
        let list = try Programs.run(Programs.server, ["number", "list", "ACC-SUSP"], environment: environment)
        #expect(list.status == 0 && list.output.contains("suspended since"), "\(list)")
        let confirmed = try Programs.run(Programs.server, ["number", "confirm", "ACC-SUSP", "--note", "called her"], environment: environment)
        #expect(confirmed.status == 0 && confirmed.output.contains("+27711234567"), "\(confirmed)")
        #expect(try !server.api.get("/v1/accounts/ACC-SUSP").json.has("linked_number_suspended_at"))
    }

    @Test func refusesAFileThatIsNoNotice() throws {
        let text = try directory.write("I have a new number.\n", to: "notice.png")
        expectOneLine(try run(change(notice: text)), 1, "JPEG")
        expectOneLine(try run(change(notice: directory.file("none"))), 1, "--notice")
        let large = try directory.write("%PDF-1.7\n" + String(repeating: "x", count: 2 << 20), to: "large.pdf")
        expectOneLine(try run(change(notice: large)), 1, "2097152")
        expectOneLine(try run(change(to: "082")), 1, "invalid_number")
        #expect(try requests.isEmpty)
    }

    @Test(arguments: ["to", "reason", "notice", "conversation", "transaction"]) func namesTheOptionThatIsMissing(_ option: String) throws {
        var words = change()
        let place = try #require(words.firstIndex(of: "--" + option))
        words.removeSubrange(place...place + 1)
        expectOneLine(try run(words), 2, "--\(option)")
    }

    @Test(arguments: [
        (["number"], "approve"), (["number", "chnge", "ACC-1"], "change"), (["number", "list"], "REF"), (["number", "list", "A!"], "A!"),
        (["number", "approve", "ACC-1", "--note", "n"], "ID"), (["number", "approve", "ACC-1", "num_1"], "--note"),
        (["number", "refuse", "ACC-1", "num_1", "num_2", "--note", "n"], "num_2"), (["number", "cancel", "ACC-1", "num_1", "--nte", "n"], "--note"),
        (["number", "confirm", "ACC-1"], "--note"),
    ]) func explainsATypingMistakeInOneLine(_ words: [String], _ part: String) throws {
        expectOneLine(try run(words), 2, part)
    }

    @Test func standsInTheHelp() throws {
        let help = try done(["--help"])
        for word in ["change", "list", "approve", "refuse", "cancel", "confirm"] {
            #expect(help.contains("number \(word) REF"))
            #expect(try done(["number", word, "--help"]).contains("number \(word)"))
        }
        #expect(help.contains("drill REF") && help.contains("messages [REF]"))
    }
}
