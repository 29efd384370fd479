import Testing
import Varlink

@Suite struct FramerTests {
    private func messages(_ pieces: [String], limit: Int = 8) throws -> [String] {
        var framer = VarlinkFramer(limit: limit)
        var seen: [String] = []
        for piece in pieces {
            try framer.feed(Array(piece.utf8)[...]) { message throws(VarlinkError) in seen.append(String(decoding: message, as: UTF8.self))
            }
        }
        return seen
    }

    @Test(
        arguments: [
            ([], []), (["abc"], []), (["abc\0"], ["abc"]), (["a", "b", "c\0"], ["abc"]), (["abc", "\0"], ["abc"]),
            (["a\0b\0c\0"], ["a", "b", "c"]), (["a\0b", "c\0d"], ["a", "bc"]), (["\0\0"], ["", ""]), (["12345678\0"], ["12345678"]),
            (["1234", "5678", "\0"], ["12345678"]),
        ] as [([String], [String])])
    func cutsAtEachNUL(_ pieces: [String], _ expected: [String]) throws {
        #expect(try messages(pieces) == expected)
    }

    @Test(arguments: [["123456789"], ["123456789\0"], ["12345678", "9"], ["a\0123456789"], ["1234", "56789\0"]])
    func refusesAMessageThatIsTooLong(_ pieces: [String]) {
        let error = #expect(throws: VarlinkError.self) { try messages(pieces) }
        #expect(error?.code == .tooLong)
    }

    @Test func agreesWithItselfHoweverTheStreamIsCut() throws {
        let stream = Array("first\0second\0\0third\0".utf8)
        for seed in 0..<200 {
            var random = SystemRandomNumberGenerator()
            var framer = VarlinkFramer()
            var seen: [[UInt8]] = []
            var rest = stream[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...rest.count, using: &random)
                try framer.feed(rest.prefix(count)) { message throws(VarlinkError) in seen.append(Array(message)) }
                rest = rest.dropFirst(count)
            }
            #expect(seen == ["first", "second", "", "third"].map { Array($0.utf8) }, "round \(seed)")
        }
    }
}
