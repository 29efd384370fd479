import Platform
import Testing
import Varlink

/// Many clients that want everything, and one that asks now and then.
@Suite struct CrowdTests {
    private static let echo = Array(#"{"method":"test.Echo.Echo","parameters":{"text":"a"}}"#.utf8) + [0]

    @Test func whoHasWaitedLongestIsServedFirst() throws {
        var limits = VarlinkServer.Limits()
        limits.turn = 2
        let service = try EchoService(limits: limits)
        let honest = try RawClient(service)
        let greedy = try (0..<40).map { _ in try RawClient(service) }
        // None of these has been served when the honest one asks.
        for client in greedy { for _ in 0..<20 { _ = try client.stream.write(Self.echo[...]) } }
        for _ in 0..<30 { try service.server.handle(service.poller.ready(timeout: .zero)) }
        _ = try honest.stream.write(Self.echo[...])
        // One call of `handle`, however many wait.
        try service.server.handle(service.poller.ready(timeout: .zero))
        var buffer = [UInt8](repeating: 0, count: 4096)
        guard case .bytes = try honest.stream.read(into: &buffer) else { return #expect(Bool(false), "the honest client has to wait") }
    }

    @Test func whatIsKeptForAllTogetherIsBounded() throws {
        var limits = VarlinkServer.Limits()
        limits.memory = 64 * 1024
        let service = try EchoService(limits: limits)
        let honest = try RawClient(service)
        let half = [UInt8](repeating: UInt8(ascii: "["), count: 16_000)
        let hoarders = try (0..<20).map { _ in
            let client = try RawClient(service)
            try client.sendBytes(half)
            return client
        }
        // Four of 16,000 bytes fit.
        #expect(service.server.clientCount == 5)
        try honest.sendBytes(Self.echo)
        #expect(try honest.receive().count == 1)
        withExtendedLifetime(hoarders) {}
    }
}
