import TestSupport
import Testing

/// The program's `request …` as people of the office type it, against the server of all tests, with one vendor of whom everything is on record.
struct RequestCommandLine {
    typealias Result = (status: Int32, output: String, errors: String)

    let directory: TemporaryDirectory
    let reference = Names.reference()
    let imei = Names.imei()
    private let files: [String: String]

    init() throws {
        directory = try TemporaryDirectory()
        var files: [String: String] = [:]
        for (person, role) in [("desk", "call_centre"), ("senior", "senior"), ("agent", "field_agent"), ("auditor", "auditor")] {
            let token = try #require(try Shared.api.issueToken(role: role, name: "\(person)-\(reference)").token)
            files[person] = try directory.write(token, to: person)
        }
        self.files = files
        let owner =
            #"{"name":"Nomsa","surname":"Khumalo","address":"14 Main Road, Soweto","id_number":"8001015009087","email":"nomsa@shop.example"}"#
        try Shared.api.must(
            201, "POST", "/v1/accounts",
            #"{"reference":"\#(reference)","owner":\#(owner),"linked_number":"+27711234567","locked_channels":["KazTimpaPro"]}"#)
        try Shared.api.addDevice(imei, account: reference)
    }

    func run(_ person: String, _ words: [String]) throws -> Result {
        try Programs.run(Programs.server, ["request"] + words, environment: environment(person))
    }

    /// In a terminal of its own, into which somebody types these lines.
    func type(_ lines: [String], as person: String, _ words: [String]) throws -> Result {
        let typed = try directory.write(lines.map { $0 + "\n" }.joined(), to: "typed")
        let command = ([Programs.server, "request"] + words).joined(separator: " ")
        return try Programs.run("sh", ["-c", "script -qec '\(command)' /dev/null < \(typed)"], environment: environment(person))
    }

    /// With these lines as its input, which is no terminal.
    func pipe(_ text: String, as person: String, _ words: [String]) throws -> Result {
        let input = try directory.write(text, to: "input")
        let command = ([Programs.server, "request"] + words).joined(separator: " ")
        return try Programs.run("sh", ["-c", "\(command) < \(input)"], environment: environment(person))
    }

    private func environment(_ person: String) throws -> [String: String] {
        ["VENDLOCK_URL": try Shared.api.url, "VENDLOCK_TOKEN_FILE": try #require(files[person]), "TZ": "UTC"]
    }

    /// The output of what succeeds in silence otherwise, with these parts in it.
    @discardableResult
    func done(_ person: String, _ words: String..., with parts: [String] = [], at location: SourceLocation = #_sourceLocation) throws -> String {
        let result = try run(person, words)
        #expect(result.status == 0 && result.errors.isEmpty, "\(words): \(result.errors)", sourceLocation: location)
        for part in parts { #expect(result.output.contains(part), "\(part) in: \(result.output)", sourceLocation: location) }
        return result.output
    }

    func refused(
        _ person: String, _ words: String..., status: Int32 = 1, says part: String, at location: SourceLocation = #_sourceLocation
    ) throws {
        try expectOneLine(run(person, words), status, part, at: location)
    }

    func expectOneLine(_ result: Result, _ status: Int32, _ part: String, at location: SourceLocation = #_sourceLocation) {
        #expect(result.status == status && result.output.isEmpty, "\(result.output)\(result.errors)", sourceLocation: location)
        #expect(result.errors.hasPrefix("vendlock-server: ") && result.errors.split(separator: "\n").count == 1, sourceLocation: location)
        #expect(result.errors.contains(part), "\(part) in: \(result.errors)", sourceLocation: location)
    }

    // MARK: The request

    /// Opens one and returns its ticket.
    func open(_ words: [String], by person: String = "desk", at location: SourceLocation = #_sourceLocation) throws -> String {
        let result = try run(person, ["open"] + words)
        #expect(result.status == 0 && result.errors.isEmpty, "\(words): \(result.errors)", sourceLocation: location)
        return String(try #require(result.output.split(separator: ":").first, sourceLocation: location))
    }

    func request(_ ticket: String) throws -> JSONValue { try Shared.api.must(200, "GET", "/v1/requests/\(ticket)") }

    /// All right answers.
    var answers: [String] {
        [
            "--name", "nomsa", "--surname", "KHUMALO", "--address", "14 main road soweto", "--id-number", "800101 5009 087", "--imei", imei,
            "--owner",
            "yes",
        ]
    }

    @discardableResult
    func answer(_ ticket: String, _ more: String..., at location: SourceLocation = #_sourceLocation) throws -> String {
        let result = try run("desk", ["answer", ticket] + answers + more)
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)", sourceLocation: location)
        return result.output
    }
}
