import Signing
import TestSupport
import Testing
import Wire

@Suite struct NoteTests {
    @Test func keepsWhatStaffWriteNewestFirst() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        for number in 1...5 {
            let note = try api.must(201, "POST", "/v1/accounts/\(reference)/notes", #"{"text":"call \#(number): «molo»","ticket":"T-\#(number)"}"#)
            #expect(note["text"].string == "call \(number): «molo»" && note["ticket"].string == "T-\(number)")
        }
        let notes = try api.must(200, "GET", "/v1/accounts/\(reference)/notes")["notes"].array
        #expect(notes.prefix(5).map { $0["ticket"].string } == ["T-5", "T-4", "T-3", "T-2", "T-1"])
        #expect(notes.allSatisfy { $0.has("actor") && $0.has("at") && $0.has("via") && $0.has("hash") })
        var seen: [JSONValue] = []
        var after: String?
        repeat {
            let page = try api.must(200, "GET", "/v1/accounts/\(reference)/notes?limit=2" + (after.map { "&after=\($0)" } ?? ""))
            seen += page["notes"].array
            after = page["next"].string
        } while after != nil && seen.count < 20
        #expect(seen == notes)
    }

    @Test(arguments: [#"{"text":""}"#, #"{"text":" "}"#, #"{"ticket":"T"}"#, "{}", #"{"text":["x"]}"#]) func refusesANoteWithoutText(_ body: String)
        throws
    {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let reply = try api.post("/v1/accounts/\(reference)/notes", body)
        #expect(reply.status == 400)
        expectProblemForm(reply)
    }

    @Test(arguments: ["PUT", "PATCH", "DELETE"]) func hasNoWayToChangeOrDeleteANote(_ method: String) throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let id = try api.must(201, "POST", "/v1/accounts/\(reference)/notes", #"{"text":"stays"}"#)["id"].integer ?? 0
        let reply = try api.call(method, "/v1/accounts/\(reference)/notes", #"{"text":"gone"}"#)
        expectProblem(reply, 405, "method_not_allowed")
        let allowed = Set((reply.header("Allow") ?? "").split(separator: ",").map { $0.drop { $0 == " " } })
        #expect(allowed.isSuperset(of: ["GET", "POST"]) && allowed.isDisjoint(with: ["PUT", "PATCH", "DELETE"]))
        #expect((404...405).contains(try api.call(method, "/v1/accounts/\(reference)/notes/\(id)", #"{"text":"gone"}"#).status))
        #expect(try api.get("/v1/accounts/\(reference)/notes").json["notes"][0]["text"].string == "stays")
    }

    /// As a stranger would check it: from the answers alone and the chain's published form.
    @Test func chainsTheNotesSoThatAGapShows() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference, channels: ["KazTimpaPro", "KazangMobi2"])
        let terminal = try TestTerminal.connected(api, account: reference)
        try api.release(api.lock(reference, reason: "stolen: “R500” – naïve"), of: reference)
        try api.must(201, "POST", "/v1/accounts/\(reference)/notes", #"{"text":"line one\nline two, 3:x,","ticket":"T:1"}"#)
        terminal.claims = Names.reference()
        _ = try terminal.connect()
        let notes = try api.must(200, "GET", "/v1/accounts/\(reference)/notes?limit=200")["notes"].array.reversed()
        #expect(notes.count >= 6)
        var previous = String(repeating: "0", count: 64)
        for note in notes {
            let moment = try #require(note["at"].string.flatMap { Timestamp($0) })
            let fields = [
                "vendlock-note-1", previous, "account:\(reference)", String(moment.unixMilliseconds), note["actor"].string, note["role"].string,
                note["via"].string, note["source_address"].string, note["kind"].string, note["text"].string, note["ticket"].string,
            ]
            let canonical = fields.map { field in field.map { "\($0.utf8.count):\($0)," } ?? "-," }.joined()
            previous = Digest.hex(Digest.sha256(Array(canonical.utf8)))
            #expect(note["hash"].string == previous, "\(note["kind"].string ?? "")")
        }
    }

    @Test func recordsWhoWhenWhyAndThroughWhat() throws {
        let api = try Shared.api
        let reference = Names.reference()
        let name = "desk-\(reference)"
        try api.addAccount(reference)
        let desk = try api.issueToken(role: "call_centre", name: name)
        try desk.lock(reference, reason: "rang in")
        let note = try api.get("/v1/accounts/\(reference)/notes").json["notes"][0]
        #expect(note["actor"].string?.contains(name) == true)
        #expect(note["role"].string == "call_centre")
        #expect(note["via"].string == "api")
        #expect(note["source_address"].string == "127.0.0.1")
        #expect(note["text"].string?.contains("rang in") == true)
    }
}
