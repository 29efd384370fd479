import Glibc
import Platform
import Testing
import Varlink

@Suite struct ClientTests {
    private var soon: Uptime { Uptime.now() + .seconds(10) }

    /// Runs a service on a thread of its own for the length of `body`.
    private func withService(_ body: (String) throws -> Void) throws {
        final class Context {
            let service: EchoService
            let stop: Wakeup
            init(_ service: EchoService, _ stop: Wakeup) {
                self.service = service
                self.stop = stop
            }
        }
        let stop = try Wakeup()
        let service = try EchoService()
        let path = service.path
        try service.poller.register(stop.descriptor, token: 1, interest: .read)
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Context(service, stop)).toOpaque()
        pthread_create(
            &thread, nil,
            { context in
                let context = Unmanaged<Context>.fromOpaque(context!).takeRetainedValue()
                do {
                    while try !context.stop.taken() { try context.service.server.handle(context.service.poller.ready(timeout: nil)) }
                } catch {
                    Issue.record(error)
                }
                return nil
            }, context)
        defer {
            stop.wake()
            pthread_join(thread, nil)
        }
        try body(path)
    }

    @Test func callsAndGetsTheReply() throws {
        try withService { path in
            let client = try VarlinkClient(path: path, deadline: soon)
            for times in 1...3 {
                let reply = try client.call(
                    "test.Echo.Echo", EchoService.Input(text: "ab", times: times), as: EchoService.Output.self, deadline: soon)
                #expect(reply.text == String(repeating: "ab", count: times))
            }
        }
    }

    @Test func getsTheErrorByName() throws {
        try withService { path in
            let client = try VarlinkClient(path: path, deadline: soon)
            let error = #expect(throws: VarlinkError.self) {
                try client.call("test.Echo.Echo", EchoService.Input(text: "unwanted"), as: EchoService.Output.self, deadline: soon)
            }
            #expect(error == VarlinkError(.fault, "the service answered test.Echo.Unwanted", fault: "test.Echo.Unwanted"))
        }
    }

    @Test func givesUpAtTheDeadlineOfAStreamThatBringsNothing() throws {
        try withService { path in
            let client = try VarlinkClient(path: path, deadline: soon)
            #expect(try client.call("test.Echo.Watch", as: EchoService.Count.self, more: true, deadline: soon) == .init(count: 0))
            let error = #expect(throws: VarlinkError.self) {
                try client.next(as: EchoService.Count.self, deadline: Uptime.now() + .milliseconds(5))
            }
            #expect(error?.code == .timeout)
        }
    }

    @Test func saysThatTheReplyIsOfAnotherForm() throws {
        try withService { path in
            let client = try VarlinkClient(path: path, deadline: soon)
            let error = #expect(throws: VarlinkError.self) {
                try client.call("test.Echo.Echo", EchoService.Input(text: "a"), as: EchoService.Count.self, deadline: soon)
            }
            #expect(error?.code == .malformed)
        }
    }

    @Test func saysThatTheServiceIsGone() throws {
        try withService { path in
            let client = try VarlinkClient(path: path, deadline: soon)
            let error = #expect(throws: VarlinkError.self) {
                try client.call("test.Echo.Fill", EchoService.Size(bytes: 2_000_000), as: EchoService.Output.self, deadline: soon)
            }
            #expect([.closed, .tooLong].contains(error?.code))
        }
    }

    @Test func saysThatNobodyListens() {
        let error = #expect(throws: VarlinkError.self) { try VarlinkClient(path: "/tmp/vendlock-none/s", deadline: soon) }
        #expect(error?.code == .unreachable)
    }
}
