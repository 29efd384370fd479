import Testing
import Varlink

@Suite struct StreamTests {
    let service: EchoService
    init() throws { service = try EchoService() }

    private static let watch = #"{"method":"test.Echo.Watch","more":true}"#
    private static let echo = #"{"method":"test.Echo.Echo","parameters":{"text":"a"}}"#

    private func count(_ count: Int) -> Set<String> {
        [#"{"parameters":{"count":\#(count)},"continues":true}"#, #"{"continues":true,"parameters":{"count":\#(count)}}"#]
    }

    @Test func pushesToThoseWhoAskedForMore() throws {
        let watcher = try RawClient(service)
        let other = try RawClient(service)
        try watcher.send(Self.watch)
        #expect(count(0).contains(try watcher.receive().joined()))
        service.server.pushAll("test.Echo.Watch", EchoService.Count(count: 1))
        service.server.pushAll("test.Echo.Other", EchoService.Count(count: 2))
        #expect(count(1).contains(try watcher.receive().joined()))
        #expect(try other.receive() == [])
    }

    @Test func givesOneReplyToThoseWhoDidNot() throws {
        let client = try RawClient(service)
        try client.send(#"{"method":"test.Echo.Watch"}"#)
        service.server.pushAll("test.Echo.Watch", EchoService.Count(count: 1))
        try client.send(Self.echo)
        #expect(try client.receive() == [#"{"parameters":{"count":0}}"#, #"{"parameters":{"text":"a"}}"#])
    }

    @Test func answersCallsBehindAStreamWhenItEnded() throws {
        let service = try EchoService()
        let client = try RawClient(service)
        try client.send(Self.watch, Self.echo)
        #expect(try client.receive().count == 1)
        let id = try #require(service.server.streaming("test.Echo.Watch").first)
        #expect(service.server.push(id, EchoService.Count(count: 7), continues: false))
        #expect(try client.receive() == [#"{"parameters":{"count":7}}"#, #"{"parameters":{"text":"a"}}"#])
        #expect(!service.server.push(id, EchoService.Count(count: 8), continues: false))
    }

    @Test func forgetsAWatcherThatLeft() throws {
        do {
            let watcher = try RawClient(service)
            try watcher.send(Self.watch)
        }
        try service.step()
        #expect(service.server.clientCount == 0)
        service.server.pushAll("test.Echo.Watch", EchoService.Count(count: 1))
    }

    @Test func dropsAWatcherThatNeverReads() throws {
        let watcher = try RawClient(service)
        try watcher.send(Self.watch)
        var pushes = 0
        while service.server.clientCount == 1, pushes < 100_000 {
            service.server.pushAll("test.Echo.Watch", EchoService.Count(count: pushes))
            pushes += 1
        }
        #expect(service.server.clientCount == 0)
        let other = try RawClient(service)
        try other.send(Self.echo)
        #expect(try other.receive().count == 1)
    }
}
