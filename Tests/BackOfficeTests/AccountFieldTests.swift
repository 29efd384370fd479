import TestSupport
import Testing

/// What an account's number and language may be.
@Suite struct AccountFieldTests {
    @Test(arguments: ["en_ZA", "e", "english", "en-", "-en", "en-ZAF", "en\\nzu", "zu ", "", "1n", "\u{435}n"])
    func refusesALanguageThatIsNoTag(_ language: String) throws {
        let api = try Shared.api
        let reference = Names.reference()
        let reply = try api.post("/v1/accounts", #"{"reference":"\#(reference)","owner":{"name":"N"},"language":"\#(language)"}"#)
        expectProblem(reply, 400, "invalid_body")
        #expect(reply.json["detail"].string?.contains("'language'") == true)
        try api.addAccount(reference)
        expectProblem(try api.patch("/v1/accounts/\(reference)", #"{"language":"\#(language)"}"#), 400, "invalid_body")
        #expect(try api.get("/v1/accounts/\(reference)").json["language"].string == "en")
    }

    @Test(arguments: ["zu", "nso", "en-ZA", "zh-Hant", "sr-Latn-RS", "es-419"]) func takesALanguageTag(_ language: String) throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let changed = try api.must(200, "PATCH", "/v1/accounts/\(reference)", #"{"language":"\#(language)"}"#)
        #expect(changed["language"].string == language)
    }

    @Test(arguments: ["7112345", "2771123456", "1234567890", "+2908123456", "call 0711234567", "0711234567 ext. 5", "0800 FLOWERS", "+27"])
    func asksForTheCountryCodeOfWhatIsNoNumberHere(_ number: String) throws {
        let reply = try Shared.api.post("/v1/accounts", #"{"reference":"BAD-0003","owner":{"name":"N"},"linked_number":"\#(number)"}"#)
        expectProblem(reply, 400, "invalid_number")
        let detail = try #require(reply.json["detail"].string)
        #expect(detail.contains("'\(number)'") && detail.contains("country code") && detail.contains("number of ZA"))
    }

    private static let taken: [(String, String?)] = [
        // Of the server's region, South Africa.
        ("082 123 4567", "+27821234567"), ("0711234567", "+27711234567"), ("711234567", "+27711234567"), ("+27 (0)82 123-4567", "+27821234567"),
        ("+270821234567", "+27821234567"), ("082\u{A0}123\u{2011}4567", "+27821234567"),
        // Of any other, with the country code.
        ("27711234567", "+27711234567"), ("0027711234567", "+27711234567"), ("+260 571234567", "+260571234567"), ("+290 8123", "+2908123"),
        ("", nil), (" \u{A0}", nil),
    ]

    @Test(arguments: taken) func takesANumber(_ number: String, _ kept: String?) throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference, number: number)
        #expect(try api.get("/v1/accounts/\(reference)").json["linked_number"].string == kept)
    }

    @Test func linksANumberWhereThereIsNone() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let path = "/v1/accounts/\(reference)"
        #expect(try !api.must(200, "PATCH", path, #"{"linked_number":""}"#).has("linked_number"))
        expectProblem(try api.patch(path, #"{"linked_number":"082123456"}"#), 400, "invalid_number")
        #expect(try api.must(200, "PATCH", path, #"{"linked_number":"0821234567"}"#)["linked_number"].string == "+27821234567")
        #expect(try api.must(200, "PATCH", path, #"{"linked_number":"+27 (0)82 123 4567","language":"zu"}"#)["language"].string == "zu")
        let notes = try api.get(path + "/notes").json["notes"].array.compactMap { $0["text"].string }
        #expect(notes.contains { $0.contains("linked number from none to +27821234567") })
        #expect(notes.count { $0.contains("linked number") } == 1, "the same again is no change")
    }

    @Test(arguments: ["+27821234568", ""]) func refusesAnotherNumberOrNoneWithoutARequest(_ number: String) throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference, number: "0821234567")
        let before = try api.get("/v1/accounts/\(reference)").json
        let reply = try api.patch("/v1/accounts/\(reference)", #"{"linked_number":"\#(number)","language":"zu"}"#)
        expectProblem(reply, 409, "number_change_needs_request")
        #expect(reply.json["detail"].string?.contains("POST /v1/accounts/\(reference)/number-changes") == true)
        #expect(try api.get("/v1/accounts/\(reference)").json == before, "nothing of it is done")
        let note = try api.get("/v1/accounts/\(reference)/notes").json["notes"][0]
        #expect(note["kind"].string == "number_change_refused" && note["text"].string?.contains("number_change_needs_request") == true)
        #expect(note["actor"].string == "token:admin" && note["role"].string == "admin" && note["via"].string == "api")
    }
}
