import Foundation
import TestSupport
import Testing

/// `audit verify`, `audit export` and `GET /v1/audit`, over the store of a real server.
@Suite struct AuditTests {
    private static let verifier = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../tools/verify-notes").standardized
        .path

    private func sqlite(_ server: ServerProcess, _ sql: String) throws {
        let result = try Programs.run("sqlite3", [server.data + "/store.db", sql])
        guard result.status == 0 else { throw Failure("sqlite3: \(result.errors)") }
    }

    private func serverWithNotes() throws -> ServerProcess {
        let server = try ServerProcess()
        try server.api.addAccount("AUDIT-1")
        for text in ["Sê \\\"een\\\"", "two\\nlines", "three 日本"] {
            try server.api.must(201, "POST", "/v1/accounts/AUDIT-1/notes", #"{"text":"\#(text)","ticket":"T-1"}"#)
        }
        try server.api.addDevice(Names.imei(), account: "AUDIT-1")
        return server
    }

    private func verify(_ server: ServerProcess, _ more: [String] = []) throws -> (status: Int32, output: String, errors: String) {
        try Programs.run(Programs.server, ["audit", "verify", "--data", server.data] + more)
    }

    @Test func findsNothingBesideARunningServerAndAfterwards() throws {
        let server = try serverWithNotes()
        for _ in 0..<2 {
            let result = try verify(server)
            #expect(result.status == 0 && result.output.contains("none is missing"), "\(result.output)\(result.errors)")
            try server.stop()
        }
        let body = try JSONValue(Array(verify(server, ["--json"]).output.utf8))
        #expect(body["ok"].bool == true && body["findings"] == .array([]))
    }

    @Test func namesANoteThatWasChangedInTheFile() throws {
        let server = try serverWithNotes()
        #expect(try server.api.must(200, "GET", "/v1/audit")["ok"].bool == true)
        let note = try server.api.must(200, "GET", "/v1/accounts/AUDIT-1/notes")["notes"].array.first { $0["kind"].string == "text" }
        let id = try #require(note?["id"].integer)
        try sqlite(server, "UPDATE notes SET text = 'nothing' WHERE id = \(id)")
        let result = try verify(server)
        #expect(result.status == 1)
        for part in ["altered", "account:AUDIT-1", "note \(id)", "text", note?["at"].string ?? "-"] {
            #expect(result.output.contains(part), "\(result.output)")
        }
        #expect(result.errors.hasPrefix("vendlock-server: ") && result.errors.split(separator: "\n").count == 1)
        let answer = try server.api.must(200, "GET", "/v1/audit")
        #expect(answer["ok"].bool == false && answer["findings"][0]["note"].integer == id && answer["findings"][0]["kind"].string == "text")
        let auditor = try server.api.issueToken(role: "auditor", name: "auditor")
        #expect(try auditor.get("/v1/audit").status == 200)
        #expect(try server.api.issueToken(role: "senior", name: "senior").get("/v1/audit").status == 403)
    }

    @Test func exportsWhatAnotherProgramVerifies() throws {
        let server = try serverWithNotes()
        let directory = try TemporaryDirectory()
        let file = directory.file("notes.jsonl")
        let result = try Programs.run(Programs.server, ["audit", "export", file, "--data", server.data])
        #expect(result.status == 0 && result.output.contains(file), "\(result.errors)")
        let good = try Programs.run("python3", [Self.verifier, file])
        #expect(good.status == 0 && good.output.contains("none is missing"), "\(good.output)\(good.errors)")
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        let notes = try lines.map { try JSONValue(Array($0.utf8)) }
        #expect(notes.contains { $0["text"].string == "Sê \"een\"" && $0["role"].string == "admin" && $0["subject"].string == "account:AUDIT-1" })
        #expect(notes.contains { $0["head"].string == "account:AUDIT-1" && $0["count"].integer == 5 })
        for bad in [
            lines.filter { !$0.contains("two\\u000alines") && !$0.contains("two\\nlines") },
            lines.map { Substring($0.replacing("three", with: "four")) },
            lines.filter { !$0.contains("three") }, lines.filter { !$0.contains("\"head\"") },
        ] {
            #expect(bad != lines)
            let copy = try directory.write(bad.joined(separator: "\n") + "\n", to: "bad.jsonl")
            let refused = try Programs.run("python3", [Self.verifier, copy])
            #expect(refused.status == 1 && refused.output.contains("account:AUDIT-1"), "\(refused.output)\(refused.errors)")
        }
        #expect(try Programs.run(Programs.server, ["audit", "export", file, "--data", server.data]).status == 1, "a file is not written over")
        #expect(try Programs.run(Programs.server, ["audit", "verify", "--data", directory.path]).errors.contains("--data"))
    }
}
