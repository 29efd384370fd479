import FoundationEssentials
import Testing

@testable import Varlink

@Suite struct JSONWriterTests {
    private struct Inner: Codable, Equatable {
        var flag: Bool
        var absent: Int?
        var least: Int64
    }

    private struct Sample: Codable, Equatable, JSONWritable {
        var text: String
        var missing: String?
        var inner: Inner
        var list: [String]
        var last: UInt64

        func write(to json: inout JSONWriter) {
            json.member("text", text)
            json.member("missing", missing)
            json.member("inner") { json in
                json.member("flag", inner.flag)
                json.member("absent", inner.absent)
                json.member("least", inner.least)
            }
            json.member("list", list)
            json.member("last", last)
        }
    }

    private struct Reply: Decodable {
        var parameters: Sample
        var continues: Bool?
    }

    @Test(
        arguments: [
            "", "plain", "\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}", "é ж 漢 🎉 \u{2028}", String(repeating: "\\\"", count: 500),
        ], [true, false])
    func writesWhatADecoderReadsBack(_ text: String, _ continues: Bool) throws {
        let sample = Sample(
            text: text, missing: continues ? text : nil, inner: .init(flag: continues, least: .min), list: [text, "b"], last: .max)
        var bytes: [UInt8] = [1, 0]
        VarlinkCoder().encode(reply: sample, continues: continues, to: &bytes)
        #expect(bytes.starts(with: [1, 0]))
        #expect(bytes.last == 0)
        let reply = try JSONDecoder().decode(Reply.self, from: Data(bytes.dropFirst(2).dropLast()))
        #expect(reply.parameters == sample)
        #expect(reply.continues == (continues ? true : nil))
    }

    @Test func writesEmptyListsAndObjects() {
        var json = JSONWriter(to: [])
        json.object { json in
            json.member("a") { _ in }
            json.member("b", [String]())
            json.member("c", 1)
        }
        #expect(String(decoding: json.bytes, as: UTF8.self) == #"{"a":{},"b":[],"c":1}"#)
    }
}
