import Testing
import Varlink

@Suite struct ServerTests {
    let service: EchoService
    init() throws { service = try EchoService() }

    private func reply(_ text: String) -> String { #"{"parameters":{"text":"\#(text)"}}"# }
    private func call(_ text: String) -> String { #"{"method":"test.Echo.Echo","parameters":{"text":"\#(text)"}}"# }

    @Test func answersACall() throws {
        let client = try RawClient(service)
        try client.send(call("hé"))
        #expect(try client.receive() == [reply("hé")])
    }

    @Test func answersCallsOfOneWriteInOrder() throws {
        let client = try RawClient(service)
        try client.send(call("a"), call("b"), call("c"))
        #expect(try client.receive() == ["a", "b", "c"].map(reply))
    }

    @Test func answersACallThatComesInPieces() throws {
        let client = try RawClient(service)
        for byte in Array(call("slow").utf8) + [0] { try client.sendBytes([byte]) }
        #expect(try client.receive() == [reply("slow")])
    }

    @Test func answersNothingToAOnewayCall() throws {
        let client = try RawClient(service)
        try client.send(
            #"{"method":"test.Echo.Echo","oneway":true,"parameters":{"text":"a"}}"#, #"{"method":"no.such.Method","oneway":true}"#,
            call("b"))
        #expect(try client.receive() == [reply("b")])
    }

    @Test(arguments: [
        (#"{"method":"test.Echo.None"}"#, "org.varlink.service.MethodNotFound", "method", "test.Echo.None"),
        (#"{"method":"org.varlink.service.None"}"#, "org.varlink.service.MethodNotFound", "method", "org.varlink.service.None"),
        (#"{"method":"no.such.Method"}"#, "org.varlink.service.InterfaceNotFound", "interface", "no.such"),
        (#"{"method":"nodots"}"#, "org.varlink.service.InterfaceNotFound", "interface", "nodots"),
        (#"{"method":""}"#, "org.varlink.service.InterfaceNotFound", "interface", ""),
        (
            #"{"method":"org.varlink.service.GetInterfaceDescription","parameters":{"interface":"a.b"}}"#,
            "org.varlink.service.InterfaceNotFound", "interface", "a.b"
        ),
        (#"{"method":"org.varlink.service.GetInterfaceDescription"}"#, "org.varlink.service.InvalidParameter", "parameter", "interface"),
        (#"{"method":"test.Echo.Echo"}"#, "org.varlink.service.InvalidParameter", "parameter", "text"),
        (#"{"method":"test.Echo.Echo","parameters":null}"#, "org.varlink.service.InvalidParameter", "parameter", "text"),
        (#"{"method":"test.Echo.Echo","parameters":[]}"#, "org.varlink.service.InvalidParameter", "parameter", "parameters"),
        (#"{"method":"test.Echo.Echo","parameters":{"text":5}}"#, "org.varlink.service.InvalidParameter", "parameter", "text"),
        (#"{"method":"test.Echo.Echo","parameters":{"text":null}}"#, "org.varlink.service.InvalidParameter", "parameter", "text"),
        (
            #"{"method":"test.Echo.Echo","parameters":{"text":"a","times":"2"}}"#, "org.varlink.service.InvalidParameter", "parameter",
            "times"
        ),
        (
            #"{"method":"test.Echo.Echo","parameters":{"text":"a","times":1e99}}"#, "org.varlink.service.InvalidParameter", "parameter",
            "parameters"
        ),
        (#"{"method":"test.Echo.Echo","parameters":{"text":"unwanted"}}"#, "test.Echo.Unwanted", "text", "unwanted"),
    ])
    func answersWithTheErrorByName(_ message: String, _ name: String, _ key: String, _ value: String) throws {
        let client = try RawClient(service)
        try client.send(message, call("still here"))
        let replies = try client.receive()
        #expect(
            replies.first == #"{"error":"\#(name)","parameters":{"\#(key)":"\#(value)"}}"#
                || replies.first == #"{"parameters":{"\#(key)":"\#(value)"},"error":"\#(name)"}"#)
        #expect(replies.last == reply("still here"))
    }

    @Test(arguments: [
        "", "null", "[]", "5", "\"text\"", "{", "{}", #"{"method":5}"#, #"{"method":"a.B","more":"yes"}"#, #"{"method":"a.B"} {}"#,
        #"{'method':'a.B'}"#,
        #"{"method":"a.B","parameters":"# + String(repeating: "[", count: 40) + String(repeating: "]", count: 40) + "}",
        String(repeating: "[", count: 16_000), String(repeating: "x", count: 17_000), "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ])
    func closesTheConnectionOnWhatIsNoCall(_ message: String) throws {
        let client = try RawClient(service)
        let other = try RawClient(service)
        try client.send(message)
        #expect(try client.receive() == [])
        #expect(client.isClosed)
        try other.send(call("unharmed"))
        #expect(try other.receive() == [reply("unharmed")])
    }

    @Test func closesTheConnectionOnBytesThatAreNotUTF8() throws {
        let client = try RawClient(service)
        try client.sendBytes(Array(#"{"method":"test.Echo.Echo","parameters":{"text":""#.utf8) + [0xC3, 0x28] + Array("\"}}\0".utf8))
        _ = try client.receive()
        #expect(client.isClosed)
    }

    @Test func closesTheConnectionOnAMessageWithoutEnd() throws {
        let client = try RawClient(service)
        try client.sendBytes([UInt8](repeating: UInt8(ascii: " "), count: 1 << 20))
        _ = try client.receive()
        #expect(client.isClosed)
        #expect(service.server.clientCount == 0)
    }

    @Test func allowsNestingUpToTheLimitAndBracketsInStrings() throws {
        let client = try RawClient(service)
        let nested = String(repeating: "[", count: 30) + String(repeating: "]", count: 30)
        try client.send(#"{"method":"test.Echo.Echo","parameters":{"text":"[[\"{{","other":\#(nested)}}"#)
        #expect(try client.receive() == [reply(#"[[\"{{"#)])
    }

    @Test func describesItself() throws {
        let client = try RawClient(service)
        try client.send(
            #"{"method":"org.varlink.service.GetInfo"}"#,
            #"{"method":"org.varlink.service.GetInterfaceDescription","parameters":{"interface":"test.Echo"}}"#,
            #"{"method":"org.varlink.service.GetInterfaceDescription","parameters":{"interface":"org.varlink.service"}}"#)
        let replies = try client.receive()
        #expect(replies[0].contains(#""interfaces":["org.varlink.service","test.Echo"]"#))
        #expect(replies[0].contains(#""url":"https://test.example""#))
        #expect(replies[1].contains("interface test.Echo"))
        #expect(replies[2].contains("method GetInfo() -> ("))
    }

    @Test func forgetsAClientThatLeft() throws {
        do { _ = try RawClient(service) }
        try service.step()
        #expect(service.server.clientCount == 0)
    }
}
