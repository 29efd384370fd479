import Messaging
import Testing

struct FormDataTests {
    private func read(_ body: String) -> [String] { FormData(body: Array(body.utf8)).fields.map { "\($0.name)→\($0.value)" } }

    @Test(arguments: [
        ("a=1&b=2", ["a→1", "b→2"]), ("b=2&a=1&b=1", ["b→2", "a→1", "b→1"]), ("text=STOP+12345678", ["text→STOP 12345678"]),
        ("from=%2B27711234567", ["from→+27711234567"]), ("a=", ["a→"]), ("a", ["a→"]), ("=x", ["→x"]), ("a=b=c", ["a→b=c"]), ("", []),
        ("&&a=1&", ["a→1"]), ("%61%3D=%26", ["a=→&"]), ("a=%e2%82%AC", ["a→€"]), ("a=%f0%9f%94%92", ["a→🔒"]),
        ("a=100%&b=%zz&c=%4", ["a→100%", "b→%zz", "c→%4"]), ("a=%00", ["a→\u{0}"]), ("a=%FFb", ["a→\u{FFFD}b"]), ("a=%2", ["a→%2"]),
        ("a=%2B%2b", ["a→++"]),
    ])
    func readsTheFieldsInTheirOrder(_ body: String, _ expected: [String]) {
        #expect(read(body) == expected)
    }

    @Test func repairsBytesThatAreNoUTF8() {
        #expect(FormData(body: [0x61, 0x3D, 0xC3, 0x26, 0x62, 0x3D, 0x31]).fields == [.init("a", "\u{FFFD}"), .init("b", "1")])
    }

    @Test func findsTheFirstOfANameAndOnlyThatSpelling() {
        let form = FormData([.init("A\u{30A}", "decomposed"), .init("k", "1"), .init("k", "2"), .init("empty", "")])
        #expect(form.first("k") == "1")
        #expect(form.first("empty") == "")
        #expect(form.first("K") == nil)
        #expect(form.first("\u{C5}") == nil)
        #expect(form.first("A\u{30A}") == "decomposed")
    }

    @Test func writesWhatEveryReaderTakes() {
        let form = FormData([.init("To", "+27711234567"), .init("Body", "é & =%*-._~\n"), .init("", "")])
        #expect(String(decoding: form.body, as: UTF8.self) == "To=%2B27711234567&Body=%C3%A9+%26+%3D%25*-._%7E%0A&=")
        #expect(FormData(body: form.body) == form)
    }

    @Test func everyByteComesBack() {
        let text = String(String.UnicodeScalarView((0..<0x500).compactMap { Unicode.Scalar($0) }))
        let form = FormData([.init(text, text)])
        #expect(FormData(body: form.body).fields.first.map { Array($0.value.utf8) } == Array(text.utf8))
    }
}
