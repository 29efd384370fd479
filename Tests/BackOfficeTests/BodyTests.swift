import TestSupport
import Testing

/// What is wrong in a body has the code that the endpoint lists for it, and names the field.
@Suite struct BodyTests {
    private static let imei = "490154203237518"
    private static let wrong: [(String, String, String, String, String)] = [
        ("POST", "/v1/devices", #"{"imei":"490154203237517"}"#, "invalid_imei", "'imei'"),
        ("POST", "/v1/devices", #"{"imei":"\#(imei)","account":"A!"}"#, "invalid_reference", "'account'"),
        ("POST", "/v1/accounts", #"{"reference":"A!","owner":{"name":"N"}}"#, "invalid_reference", "'reference'"),
        (
            "POST", "/v1/accounts", #"{"reference":"BAD-0002","owner":{"name":"N"},"locked_channels":["KazTimpaPro","Kaz!"]}"#, "unknown_channel",
            "'locked_channels"
        ),
        ("PUT", "/v1/accounts/BAD-0002/locked-channels", #"{"channels":["Kaz!"],"ticket":"T"}"#, "unknown_channel", "'channels"),
        (
            "POST", "/v1/authorizations", #"{"account":"A!","imei":"\#(imei)","channel":"KazTimpaPro","operation":"sync"}"#, "invalid_reference",
            "'account'"
        ),
        ("POST", "/v1/authorizations", #"{"account":"ACC-1","imei":"1","channel":"KazTimpaPro","operation":"sync"}"#, "invalid_imei", "'imei'"),
        (
            "POST", "/v1/authorizations", #"{"account":"ACC-1","imei":"\#(imei)","channel":"","operation":"sync"}"#, "unknown_channel",
            "'channel'"
        ),
        (
            "POST", "/v1/enrolments", #"{"code":"C","imei":"1","channel":"KazTimpaPro","public_key":{"kty":"OKP","crv":"Ed25519","x":"A"}}"#,
            "invalid_imei", "'imei'"
        ),
        // Not a text at all is no IMEI that was mistyped.
        ("POST", "/v1/devices", #"{"imei":490154203237518}"#, "invalid_body", "'imei'"),
    ]

    @Test(arguments: wrong)
    func saysWhatIsWrongAndWhere(_ method: String, _ path: String, _ body: String, _ code: String, _ field: String) throws {
        let api = try Shared.api
        let reply = try api.call(method, path, body)
        expectProblem(reply, 400, code)
        #expect(reply.json["detail"].string?.contains(field) == true, "\(reply.text)")
        // The document says that it can happen.
        let documented = path.replacing("BAD-0002", with: "{ref}")
        let item = try api.get("/openapi.json").json["paths"][documented][method.lowercased()]
        let codes = item["responses"]["400"]["content"]["application/problem+json"]["schema"]["allOf"][1]["properties"]["code"]["enum"].strings
        #expect(codes.contains(code))
    }

    @Test(arguments: ["1.5", "1e30", "9223372036854775808", "-9223372036854775809", "99999999999999999999999"])
    func callsANumberThatDoesNotFitNoBrokenJSON(_ number: String) throws {
        let body = #"{"account":"ACC-1","imei":"\#(Self.imei)","channel":"KazTimpaPro","operation":"airtime_vend","amount_cents":\#(number)}"#
        let reply = try Shared.api.post("/v1/authorizations", body)
        expectProblem(reply, 400, "invalid_body")
        #expect(reply.json["detail"].string?.contains("number") == true, "\(reply.text)")
    }
}
