import Platform
import Testing
import Varlink

@Suite struct LimitTests {
    private static let echo = #"{"method":"test.Echo.Echo","parameters":{"text":"a"}}"#

    @Test func holdsBackAClientThatCallsAndNeverReads() throws {
        let service = try EchoService()
        let client = try RawClient(service)
        let other = try RawClient(service)
        let call = Array(#"{"method":"test.Echo.Fill","parameters":{"bytes":10000}}"#.utf8) + [0]
        var sent = 0
        while case .bytes = try client.stream.write(call[...]), sent < 100_000 {
            sent += 1
            try service.step()
        }
        // The kernel's buffers are full in both directions, or the server has dropped it.
        try other.send(Self.echo)
        #expect(try other.receive().count == 1)
        // It reads after all: whatever was answered is whole.
        #expect(try client.receive().allSatisfy { $0.hasSuffix("}}") })
    }

    @Test func dropsAClientWhoseRepliesToOneWriteAreTooMany() throws {
        let service = try EchoService()
        let client = try RawClient(service)
        try client.send(#"{"method":"test.Echo.Fill","parameters":{"bytes":2000000}}"#)
        #expect(service.server.clientCount == 0)
    }

    @Test func letsTheNewestIn() throws {
        var limits = VarlinkServer.Limits()
        limits.clients = 256
        let service = try EchoService(limits: limits)
        let clients = try (0..<300).map { _ in try RawClient(service) }
        #expect(service.server.clientCount == 256)
        for (index, client) in clients.enumerated() where index >= 44 {
            try client.send(Self.echo)
            #expect(try client.receive().count == 1, "client \(index)")
        }
        for client in clients[..<44] {
            _ = try client.receive()
            #expect(client.isClosed)
        }
    }

    @Test func dropsTheOneThatWasIdleLongestAndNoWatcher() throws {
        var limits = VarlinkServer.Limits()
        limits.clients = 3
        let service = try EchoService(limits: limits)
        let watcher = try RawClient(service)
        try watcher.send(#"{"method":"test.Echo.Watch","more":true}"#)
        let first = try RawClient(service)
        let second = try RawClient(service)
        try first.send(Self.echo)
        let third = try RawClient(service)
        #expect(try watcher.receive().count == 1)
        #expect(try first.receive().count == 1)
        #expect(try second.receive() == [] && second.isClosed)
        #expect(!watcher.isClosed && !first.isClosed)
        try third.send(Self.echo)
        #expect(try third.receive().count == 1)
    }

    @Test func survivesRandomBytes() throws {
        let service = try EchoService()
        var random = Seeded(state: 42)
        let valid = Array(#"{"method":"test.Echo.Echo","parameters":{"text":"a","times":2},"more":true}"#.utf8) + [0]
        for _ in 0..<2000 {
            let client = try RawClient(service)
            var bytes = valid + valid
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            try client.sendBytes(bytes)
            _ = try client.receive()
        }
        // The last ones may hang up a moment later.
        for _ in 0..<100 where service.server.clientCount > 0 { try service.step() }
        #expect(service.server.clientCount == 0)
    }

    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) ^ (state << 31)
        }
    }
}
