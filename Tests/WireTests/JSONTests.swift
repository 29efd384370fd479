import Testing
import Wire

struct JSONTests {
    private struct Body: Decodable {
        var name: String; var inner: Inner?
        struct Inner: Decodable { var count: Int }
    }

    @Test(arguments: [
        ("", JSONRefusal.Code.malformed, "JSON"), ("{", .malformed, "JSON"), ("[]", .wrongShape, "type"), ("{}", .wrongShape, "'name'"),
        (#"{"name":1}"#, .wrongShape, "'name'"), (#"{"name":"a","inner":{"count":"x"}}"#, .wrongShape, "'inner.count'"),
        (String(repeating: "[", count: 33) + String(repeating: "]", count: 33), .tooDeep, "32"),
    ])
    func saysWhatIsWrong(_ text: String, _ code: JSONRefusal.Code, _ part: String) {
        do {
            _ = try JSON.decode(Body.self, from: Array(text.utf8))
            Issue.record("'\(text)' was accepted")
        } catch {
            #expect(error.code == code)
            #expect(error.description.contains(part))
        }
    }

    private struct Named: Decodable { var imei: IMEI?; var account: AccountReference?; var channels: [ChannelCode]?; var cents: Int64? }

    @Test(arguments: [
        (#"{"imei":"490154203237517"}"#, JSONRefusal.Code.invalidIMEI, "'imei'"), (#"{"imei":7}"#, .wrongShape, "'imei'"),
        (#"{"account":"A!"}"#, .invalidReference, "'account'"), (#"{"channels":["K","K!"]}"#, .invalidChannel, "'channels.[1]'"),
        (#"{"cents":1.5}"#, .wrongShape, "number"), (#"{"cents":1e30}"#, .wrongShape, "number"),
        (#"{"cents":99999999999999999999}"#, .wrongShape, "number"), (#"{"cents":1.}"#, .malformed, "JSON"), (#"{"cents":-}"#, .malformed, "JSON"),
        (#"{"cents":1.5"#, .malformed, "JSON"), (#"{"cents":1.5,"imei":null,"more":["a",true,null,{"x":[]},7.]}"#, .malformed, "JSON"),
        (#"{"cents":1.5,"imei":null,"more":["a",true,null,{"x":[]},7.5]}"#, .wrongShape, "number"),
    ])
    func saysWhichKindOfNameOrNumberIsWrong(_ text: String, _ code: JSONRefusal.Code, _ part: String) {
        do {
            _ = try JSON.decode(Named.self, from: Array(text.utf8))
            Issue.record("'\(text)' was accepted")
        } catch {
            #expect(error.code == code, "\(text): \(error)")
            #expect(error.description.contains(part), "\(text): \(error)")
        }
    }

    @Test func refusesWhatIsNotUTF8() {
        #expect(throws: JSONRefusal(code: .notUTF8, description: "The body is not UTF-8. Send JSON in UTF-8.")) {
            try JSON.decode(Body.self, from: Array(#"{"name":""#.utf8) + [0xFF] + Array(#""}"#.utf8))
        }
    }

    @Test func bracketsInsideTextsAreNotDepth() throws {
        let text = #"{"name":""# + String(repeating: "[\\\"{", count: 40) + #""}"#
        #expect(try JSON.decode(Body.self, from: Array(text.utf8)).name.count == 120)
    }

    @Test func aTimeIsRFC3339InUTC() throws {
        let moment = Timestamp(unixMilliseconds: 1_795_291_200_123)
        #expect(moment.description == "2026-11-21T20:00:00.123Z")
        #expect(Timestamp("2026-11-21T20:00:00.123Z") == moment)
        #expect(Timestamp("2026-11-21T22:00:00+02:00") == Timestamp(unixMilliseconds: 1_795_291_200_000))
        for text in ["yesterday", "9999999999-01-01T00:00:00Z", "99999-01-01T00:00:00Z", "2026-13-41T99:99:99Z", ""] {
            #expect(Timestamp(text) == nil)
        }
        #expect(Timestamp(unixMilliseconds: 951_782_400_000).description == "2000-02-29T00:00:00.000Z")
        #expect(Timestamp(unixMilliseconds: .min).description == "0000-01-01T00:00:00.000Z")
        #expect(Timestamp(unixMilliseconds: .max).description == "9999-12-31T23:59:59.999Z")
        #expect(moment.adding(.seconds(-1)).unixMilliseconds == 1_795_291_199_123)
    }
}
