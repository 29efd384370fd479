import Foundation
import TestSupport
import Testing

/// `account import`, `account export`, `account close`, `account reopen`, `device move`.
/// On a server of their own: one import runs at a time.
@Suite struct AccountCommandTests {
    private let server: ServerProcess

    init() throws { server = try ServerProcess() }

    private func run(_ words: [String]) throws -> (status: Int32, output: String, errors: String) {
        try Programs.run(Programs.server, words, environment: ["VENDLOCK_URL": server.api.url, "VENDLOCK_TOKEN_FILE": server.tokenFile])
    }

    private func expectDone(_ words: [String], contains parts: [String] = [], at location: SourceLocation = #_sourceLocation) throws {
        let result = try run(words)
        #expect(result.status == 0 && result.errors == "", "\(words): \(result.errors)", sourceLocation: location)
        for part in parts { #expect(result.output.contains(part), "\(words): \(result.output)", sourceLocation: location) }
    }

    @Test func importsAndExportsFiles() throws {
        let directory = try TemporaryDirectory()
        let (first, second) = (Names.reference(), Names.reference())
        let file = try directory.write(
            "reference,owner_name,linked_number,language,locked_channels\r\n"
                + "\(first),\"Vendor, \"\"The\"\"\",+27710000008,zu,KazTimpaPro KazangMobi2\r\n\(second),Another,,,\r\n", to: "a.csv")
        try expectDone(["account", "import", file, "--dry-run"], contains: ["2", "nothing was changed"])
        #expect(try server.api.get("/v1/accounts/\(first)").status == 404)
        try expectDone(["account", "import", file], contains: ["2 accounts created"])
        let account = try server.api.get("/v1/accounts/\(first)").json
        #expect(account["owner"]["name"].string == #"Vendor, "The""#)
        #expect(account["locked_channels"].strings == ["KazTimpaPro", "KazangMobi2"])
        #expect(try server.api.get("/v1/accounts/\(second)").json.has("linked_number") == false)
        let copy = directory.file("copy.csv")
        try expectDone(["account", "export", copy], contains: [copy])
        let bytes = Array(try #require(FileManager.default.contents(atPath: copy)))
        #expect(bytes.starts(with: Array("\u{FEFF}reference,owner_name,".utf8)))
        #expect(String(decoding: bytes, as: UTF8.self).contains("\(first),\"Vendor, \"\"The\"\"\""))
        #expect(try run(["account", "export"]).output.contains(second))
        let again = try run(["account", "export", copy])
        #expect(again.status == 1 && again.errors.contains("already"))
        #expect(try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int == 0o600)
    }

    @Test func refusesABadFileAndNamesTheLine() throws {
        let directory = try TemporaryDirectory()
        let fresh = Names.reference()
        let files = [
            "reference,owner_name\n\(fresh),One\nA!,Two\n": "line 3, reference", "reference,owner_name\n\(fresh),\n": "line 2, owner_name",
            "reference,owner_name\n\(fresh)\n": "line 2", "reference,owner_name,colour\n\(fresh),One,red\n": "colour",
            "owner_name\nOne\n": "'reference'", "": "empty", "reference,owner_name\n\"\(fresh),One\n": "line 2",
        ]
        for (text, part) in files {
            let result = try run(["account", "import", try directory.write(text, to: "bad.csv")])
            #expect(result.status == 1 && result.output.isEmpty)
            #expect(result.errors.split(separator: "\n").count == 1 && result.errors.contains(part), "\(result.errors)")
        }
        #expect(try run(["account", "import", directory.file("none.csv")]).status == 1)
        #expect(try server.api.get("/v1/accounts/\(fresh)").status == 404)
        let mixed = try directory.write("reference,owner_name\n\(fresh),One\nA!,Two\nB!,\n", to: "mixed.csv")
        let refused = try run(["account", "import", mixed])
        #expect(refused.status == 1 && refused.errors.contains("3 errors") && refused.errors.contains("line 4, owner_name"), "\(refused.errors)")
        try expectDone(["account", "import", mixed, "--skip-bad"], contains: ["1 accounts created", "2 rows left out", "line 3, reference"])
    }

    @Test func closesAndReopens() throws {
        let reference = Names.reference()
        try server.api.addAccount(reference)
        #expect(try run(["account", "close", reference]).status == 2)
        try expectDone(["account", "close", reference, "--note", "shop is gone"], contains: ["CLOSED", "LOCKED"])
        let unlock = try run(["unlock", reference, "--note", "n"])
        #expect(unlock.status == 1 && unlock.errors.contains("account_closed"))
        try expectDone(["account", "reopen", reference, "--note", "it came back"], contains: ["not locked"])
    }

    @Test func movesADevice() throws {
        let (first, second, imei) = (Names.reference(), Names.reference(), Names.imei())
        try server.api.addAccount(first)
        try server.api.addAccount(second)
        try server.api.addDevice(imei, account: first)
        #expect(try run(["device", "move", imei, "--account", second]).status == 2)
        try expectDone(["device", "move", imei, "--account", second, "--note", "sold on", "--ticket", "T-1"], contains: ["registered to \(second)"])
        let again = try run(["device", "move", imei, "--account", second, "--note", "n"])
        #expect(again.status == 1 && again.errors.contains("already_there"))
    }
}
