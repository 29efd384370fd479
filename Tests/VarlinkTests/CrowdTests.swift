import Glibc
import Platform
import TestSupport
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

    /// Those who come in one call of `handle` push each other out; the first has its answer by then.
    @Test func whoComesIsAnsweredBeforeItLosesItsPlace() throws {
        var limits = VarlinkServer.Limits()
        limits.clients = 4
        limits.few = 100
        let service = try EchoService(limits: limits)
        let comers = try (0..<20).map { _ in
            let stream = try UnixStream.connect(to: service.path, deadline: Uptime.now() + .seconds(10))
            _ = try stream.write(Self.echo[...])
            return stream
        }
        try service.server.handle(service.poller.ready(timeout: .zero))
        var buffer = [UInt8](repeating: 0, count: 4096)
        for stream in comers {
            guard case .bytes = try stream.read(into: &buffer) else { return #expect(Bool(false), "let in and not answered") }
        }
        #expect(service.server.clientCount == 4)
    }

    /// A process with few connections keeps them: who has many makes room for those who come.
    @Test func whoHasManyMakesRoom() throws {
        var limits = VarlinkServer.Limits()
        limits.clients = 8
        let service = try EchoService(limits: limits)
        let honest = try OtherProcess(service.path)
        try service.turn(until: { service.server.clientCount == 1 })
        // Of this process: more than there is room for, each newer than the honest one.
        let greedy = try (0..<30).map { _ in try RawClient(service) }
        for client in greedy.suffix(7) { _ = try client.stream.write(Self.echo[...]) }
        #expect(service.server.clientCount == 8)
        try honest.ask()
        try service.turn(until: { honest.hasItsAnswer || honest.hasEnded })
        #expect(honest.hasItsAnswer, "\(honest.errors)")
    }
}

/// A client with a process of its own, which asks when it is told to.
private final class OtherProcess {
    private static let script = """
        import signal, socket, sys
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
        gate = socket.socket(socket.AF_UNIX)
        gate.connect(sys.argv[1])
        print("in", flush=True)
        signal.sigwait([signal.SIGUSR1])
        gate.sendall(b'{"method":"test.Echo.Echo","parameters":{"text":"a"}}\\0')
        print("answered" if gate.recv(4096) else "closed", flush=True)
        """
    private let process: ChildProcess

    init(_ path: String) throws {
        process = try ChildProcess("python3", ["-c", Self.script, path])
        try eventually("the other process to connect") { process.output.contains("in") }
    }

    func ask() throws { process.signal(SIGUSR1) }
    var hasItsAnswer: Bool { process.output.contains("answered") }
    var hasEnded: Bool { process.hasEnded }
    var errors: String { process.errors + process.output }
}

extension EchoService {
    /// Turn after turn until then, or for 20 seconds.
    fileprivate func turn(until isOver: () -> Bool) throws {
        let end = ContinuousClock.now + .seconds(20)
        while !isOver(), ContinuousClock.now < end { try server.handle(poller.ready(timeout: .milliseconds(10))) }
    }
}
