import Signing
import TestSupport
import Testing
import Wire

/// The back office's own record: who may use it, and who said so.
@Suite struct OfficeNoteTests {
    @Test func recordsWhoIssuesAndRevokesAToken() throws {
        let server = try ServerProcess()
        let second = try server.api.issueToken(role: "admin", name: "second")
        _ = try second.issueToken(role: "call_centre", name: "desk-1")
        try second.must(200, "DELETE", "/v1/tokens/desk-1")
        let auditor = try server.api.issueToken(role: "auditor", name: "auditor")
        let notes = try auditor.must(200, "GET", "/v1/notes")["notes"].array
        #expect(
            notes.map { $0["text"].string } == [
                "Token 'auditor' issued with role auditor.", "Token 'desk-1' with role call_centre revoked.",
                "Token 'desk-1' issued with role call_centre.", "Token 'second' issued with role admin.", "Token 'admin' issued with role admin.",
            ])
        #expect(notes.map { $0["kind"].string } == ["token_issued", "token_revoked", "token_issued", "token_issued", "token_issued"])
        #expect(notes.map { $0["actor"].string } == ["token:admin", "token:second", "token:second", "token:admin", "system"])
        #expect(
            notes.prefix(4).allSatisfy { $0["role"].string == "admin" && $0["via"].string == "api" && $0["source_address"].string == "127.0.0.1" })
        // The first administrator's token is the server's own doing.
        let first = try #require(notes.last)
        #expect(first["via"].string == "system" && !first.has("role"))
    }

    /// As a stranger would check it, over two pages.
    @Test func chainsThem() throws {
        let server = try ServerProcess()
        _ = try server.api.issueToken(role: "senior", name: "a")
        try server.api.must(200, "DELETE", "/v1/tokens/a")
        let newest = try server.api.must(200, "GET", "/v1/notes?limit=2")
        let older = try server.api.must(200, "GET", "/v1/notes?after=\(newest["next"].string ?? "")")
        let notes = (newest["notes"].array + older["notes"].array).reversed()
        #expect(notes.count == 3)
        var previous = String(repeating: "0", count: 64)
        for note in notes {
            let moment = try #require(note["at"].string.flatMap { Timestamp($0) })
            let fields = [
                "vendlock-note-1", previous, "office", String(moment.unixMilliseconds), note["actor"].string, note["role"].string,
                note["via"].string, note["source_address"].string, note["kind"].string, note["text"].string, note["ticket"].string,
            ]
            let canonical = fields.map { field in field.map { "\($0.utf8.count):\($0)," } ?? "-," }.joined()
            previous = Digest.hex(Digest.sha256(Array(canonical.utf8)))
            #expect(note["hash"].string == previous)
        }
    }

    @Test func writesNothingOfWhatWasRefused() throws {
        let server = try ServerProcess()
        let before = try server.api.get("/v1/notes").text
        expectProblem(try server.api.post("/v1/tokens", #"{"role":"admin","name":"admin"}"#), 409, "token_exists")
        expectProblem(try server.api.delete("/v1/tokens/nobody"), 404, "token_not_found")
        #expect(try server.api.get("/v1/notes").text == before)
    }
}
