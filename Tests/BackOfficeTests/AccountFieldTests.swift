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

    @Test(arguments: ["0711234567", "711234567", "7112345", "2771123456", "1234567890"])
    func asksForTheCountryCodeOfANumberWithoutOne(_ number: String) throws {
        let reply = try Shared.api.post("/v1/accounts", #"{"reference":"BAD-0003","owner":{"name":"N"},"linked_number":"\#(number)"}"#)
        expectProblem(reply, 400, "invalid_number")
        #expect(reply.json["detail"].string?.contains("country code") == true)
    }

    @Test(arguments: [("27711234567", "+27711234567"), ("0027711234567", "+27711234567"), ("+2908123456", "+2908123456"), ("+290 8123", "+2908123")])
    func takesAnInternationalNumber(_ number: String, _ kept: String) throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference, number: number)
        #expect(try api.get("/v1/accounts/\(reference)").json["linked_number"].string == kept)
    }
}
