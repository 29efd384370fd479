import TestSupport
import Testing

/// `account add`, `account change`, `notes`, `note` and `channel …` as people type them.
@Suite struct AccountChangeCommandTests {
    private let reference = Names.reference()
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func run(_ words: String..., role: String? = nil) throws -> (status: Int32, output: String, errors: String) {
        var token = try Shared.tokenFile
        if let role {
            let value = try #require(try Shared.api.issueToken(role: role, name: "\(role)-\(reference)-\(words.count)").token)
            token = try directory.write(value, to: role)
        }
        return try Programs.run(Programs.server, words, environment: ["VENDLOCK_URL": Shared.api.url, "VENDLOCK_TOKEN_FILE": token])
    }

    @Test func keepsWhatIsOnRecordOfTheOwner() throws {
        let added = try run(
            "account", "add", reference, "--owner", "Nomsa", "--surname", "Dlamini", "--address", "12 Vilakazi Street", "--id-number",
            "8001015009087",
            "--email", "nomsa@shop.example", "--channel", "KazTimpaPro")
        #expect(added.status == 0 && added.output.contains("12 Vilakazi Street") && added.output.contains("nomsa@shop.example"), "\(added)")
        #expect(try run("account", "change", reference, "--email", "n@shop.example", "--language", "zu").status == 0)
        let account = try Shared.api.get("/v1/accounts/\(reference)").json
        #expect(account["owner"]["email"].string == "n@shop.example" && account["owner"]["surname"].string == "Dlamini")
        #expect(account["language"].string == "zu")
        let refused = try run("account", "change", reference, "--address", "4 Moroka Road", role: "call_centre")
        #expect(refused.status == 1 && refused.errors.contains("role_may_not"), "\(refused)")
        let shown = try run("account", "show", reference, role: "call_centre")
        #expect(!shown.output.contains("Vilakazi") && shown.output.contains("not shown"), "\(shown)")
        #expect(try run("account", "change", reference).status == 2)
    }

    @Test func writesAndReadsTheRecord() throws {
        try Shared.api.addAccount(reference)
        #expect(try run("note", reference, "called: the shop is shut", "--ticket", "VL-1042").output == "noted on \(reference)\n")
        let notes = try run("notes", reference)
        #expect(notes.output.contains("VL-1042  called: the shop is shut") && notes.output.contains("Account created"), "\(notes)")
        #expect(try run("notes", reference, "--limit", "1").output.contains("older ones"))
        #expect(try run("note", reference).status == 2)
    }

    @Test func addsToTheCatalogue() throws {
        let code = "Test" + reference.filter(\.isNumber)
        #expect(try run("channel", "add", code).output == "added: \(code)\n")
        #expect(try run("channel", "list").output.split(separator: "\n").contains { $0 == code })
        #expect(try run("channel", "add", code).errors.contains("channel_exists"))
    }
}
