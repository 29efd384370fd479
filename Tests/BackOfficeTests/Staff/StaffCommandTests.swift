import TestSupport
import Testing

/// `user …` and `token …`
@Suite struct StaffCommandTests {
    private let directory: TemporaryDirectory
    private let name = "u-" + Names.reference().lowercased()

    init() throws { directory = try TemporaryDirectory() }

    private func run(_ words: [String], as caller: API? = nil) throws -> (status: Int32, output: String, errors: String) {
        let file = try caller?.token.map { try directory.write($0, to: "token") } ?? Shared.tokenFile
        return try Programs.run(Programs.server, words, environment: ["VENDLOCK_URL": Shared.api.url, "VENDLOCK_TOKEN_FILE": file])
    }

    private func done(_ words: [String], as caller: API? = nil, at location: SourceLocation = #_sourceLocation) throws -> String {
        let result = try run(words, as: caller)
        #expect(result.status == 0 && result.errors.isEmpty, "\(words): \(result.errors)", sourceLocation: location)
        return result.output
    }

    private func expectFailure(_ words: [String], _ status: Int32, _ part: String, at location: SourceLocation = #_sourceLocation) throws {
        let result = try run(words)
        #expect(result.status == status && result.output.isEmpty, "\(result.output)", sourceLocation: location)
        #expect(result.errors.hasPrefix("vendlock-server: ") && result.errors.split(separator: "\n").count == 1, sourceLocation: location)
        #expect(result.errors.contains(part), "\(result.errors)", sourceLocation: location)
    }

    private func signIn(_ password: String) throws -> Int {
        try Shared.api.with(token: nil).post("/v1/sessions", #"{"name":"\#(name)","password":"\#(password)"}"#).status
    }

    private func password(_ output: String) throws -> String {
        try String(#require(output.split(separator: "\n").first { $0.hasPrefix("setup password") }?.split(separator: " ").last))
    }

    @Test func addsResetsAndDisablesAUser() throws {
        let first = try password(done(["user", "add", name, "--role", "call_centre"]))
        #expect(try signIn(first) == 201)
        let line = try #require(try done(["user", "list"]).split(separator: "\n").first { $0.hasPrefix(name + " ") })
        #expect(line == "\(name)  call_centre  without one-time codes  has not chosen a password yet")
        let second = try password(done(["user", "reset", name, "--totp"]))
        #expect(try second != first && signIn(second) == 201)
        #expect(try done(["user", "disable", name]).contains("\(name) is disabled"))
        #expect(try signIn(password(done(["user", "reset", name]))) == 401)
        #expect(try done(["user", "list"]).split(separator: "\n").first { $0.hasPrefix(name + " ") }?.contains("disabled since") == true)
    }

    @Test func showsAndRevokesATokenByName() throws {
        let token = try Shared.api.issueToken(role: "auditor", name: name)
        #expect(try done(["token", "list"]).contains("\(name)  auditor  issued "))
        #expect(try done(["token", "revoke", name]) == "\(name) is revoked\n")
        #expect(try token.get("/v1/accounts").status == 401)
        #expect(try done(["token", "list"]).split(separator: "\n").first { $0.hasPrefix(name + " ") }?.contains("revoked") == true)
        try expectFailure(["token", "revoke", name], 1, "token_not_found")
    }

    @Test func saysWhatIsWrong() throws {
        try expectFailure(["user", "add", name, "--role", "snior"], 2, "senior")
        try expectFailure(["user", "add", name], 2, "--role")
        try expectFailure(["user", "add", "--role", "senior"], 2, "NAME")
        try expectFailure(["user", "add", "1x", "--role", "senior"], 1, "invalid_user_name")
        try expectFailure(["user", "disable", name], 1, "user_not_found")
        try expectFailure(["user", "reset", "a/b"], 1, "user_not_found")
        try expectFailure(["user", "list", "x"], 2, "too much")
        try expectFailure(["user"], 2, "add, list, disable, reset")
    }

    /// One hold that the caller may not release keeps nobody from releasing the others.
    @Test func unlockReleasesWhatItMayAndSaysWhatStands() throws {
        let reference = Names.reference()
        try Shared.api.addAccount(reference)
        let senior = try Shared.api.issueToken(role: "senior", name: name)
        try senior.must(200, "PATCH", "/v1/accounts/\(reference)", #"{"linked_number":"+27711234567"}"#)
        try Shared.api.lock(reference, kind: "vendor", reason: "asked by message")
        try Shared.api.lock(reference, kind: "staff", reason: "reported")
        let result = try run(["unlock", reference, "--note", "found"], as: senior)
        #expect(result.status == 1 && result.errors.contains("released staff: reported; the vendor hold stands: "))
        #expect(result.errors.contains("same_person_linked_number") && result.errors.split(separator: "\n").count == 1)
        #expect(try Shared.api.get("/v1/accounts/\(reference)").json["holds"].array.map { $0["kind"].string } == ["vendor"])
    }
}
