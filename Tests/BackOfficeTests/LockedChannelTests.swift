import TestSupport
import Testing
import Wire

@Suite struct LockedChannelTests {
    private static let catalogue = [
        "KazAndroid", "KazangAndroid2", "KazangMobi", "KazangMobi2", "KazangPOS", "KazangStore", "KazTimpaPro", "KazTimpaX",
    ]

    private func connectedAccount() throws -> (String, TestTerminal) {
        let reference = Names.reference()
        try Shared.api.addAccount(reference, channels: ["KazTimpaPro", "KazangMobi2"])
        return (reference, try TestTerminal.connected(Shared.api, account: reference))
    }

    @Test(arguments: catalogue) func takesEachChannelOfTheContract(_ channel: String) throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference, channels: [])
        let account = try api.must(200, "PUT", "/v1/accounts/\(reference)/locked-channels", #"{"channels":["\#(channel)"],"ticket":"T-1"}"#)
        #expect(account["locked_channels"].strings == [channel])
        let terminal = try TestTerminal.enrolled(api, account: reference, on: channel)
        #expect(try terminal.connect().locked == false)
    }

    @Test func refusesToDropTheLastChannelConnectedWithoutAReason() throws {
        let api = try Shared.api
        let (reference, terminal) = try connectedAccount()
        let path = "/v1/accounts/\(reference)/locked-channels"
        let before = try api.get("/v1/accounts/\(reference)").json
        for force in ["", #","force_reason":"""#, #","force_reason":"  ""#, #","force_reason":null"#] {
            expectProblem(try api.put(path, #"{"channels":["KazangMobi2"],"ticket":"T-2"\#(force)}"#), 409, "drops_last_channel")
        }
        #expect(try api.get("/v1/accounts/\(reference)").json == before)
        #expect(try terminal.poll(after: nil).locked == false)
        let account = try api.must(200, "PUT", path, #"{"channels":["KazangMobi2"],"ticket":"T-2","force_reason":"terminal was lost"}"#)
        #expect(account["locked_channels"].strings == ["KazangMobi2"])
        #expect(try terminal.poll(after: nil).reasons == ["channel_not_permitted"])
        let note = try api.get("/v1/accounts/\(reference)/notes").json["notes"][0]
        #expect(note["ticket"].string == "T-2")
        for part in ["KazTimpaPro", "KazangMobi2", "terminal was lost"] { #expect(note["text"].string?.contains(part) == true) }
    }

    private static let bad: [(String, String)] = [
        (#"{"channels":[],"ticket":"T"}"#, "empty_channels"), (#"{"channels":["KazTimpaPro","KazNothing"],"ticket":"T"}"#, "unknown_channel"),
        (#"{"channels":["kaztimpapro"],"ticket":"T"}"#, "unknown_channel"), (#"{"channels":["KazTimpaPro"]}"#, "invalid_body"),
        (#"{"channels":["KazTimpaPro"],"ticket":" "}"#, "text_required"), (#"{"ticket":"T"}"#, "invalid_body"),
        (#"{"channels":"KazTimpaPro","ticket":"T"}"#, "invalid_body"),
    ]

    @Test(arguments: bad) func refusesABadSetAndChangesNothing(_ body: String, _ code: String) throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let before = try api.get("/v1/accounts/\(reference)").json
        expectProblem(try api.put("/v1/accounts/\(reference)/locked-channels", body), 400, code)
        #expect(try api.get("/v1/accounts/\(reference)").json == before)
    }

    @Test func takesAChannelNamedTwiceAsOne() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference, channels: [])
        let account = try api.must(
            200, "PUT", "/v1/accounts/\(reference)/locked-channels", #"{"channels":["KazTimpaPro","KazTimpaPro"],"ticket":"T"}"#)
        #expect(account["locked_channels"].strings == ["KazTimpaPro"])
        _ = try TestTerminal.connected(api, account: reference)
        // One channel, so one device.
        #expect(try TestTerminal.enrolled(api, claims: reference).connect().reasons == ["too_many_devices"])
    }

    @Test func locksEverythingOutWhereNoChannelIsOpen() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference, channels: [])
        #expect(try TestTerminal.enrolled(api, account: reference).connect().reasons == ["channel_not_permitted"])
    }
}
