import Glibc
import Testing

@testable import Platform

@Suite struct SocketTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private var soon: Uptime { Uptime.now() + .seconds(10) }

    @Test(arguments: [UInt32(0o600), 0o660]) func givesTheSocketFileItsMode(_ wanted: UInt32) throws {
        let listener = try UnixListener(scratch.file("s"), mode: wanted)
        #expect(mode(of: listener.path) == wanted)
    }

    @Test func removesTheSocketFileAtTheEnd() throws {
        do { _ = try UnixListener(scratch.file("s"), mode: 0o600) }
        #expect(scratch.names() == [])
    }

    @Test func givesTheSocketFileToAGroup() throws {
        let listener = try UnixListener(scratch.file("s"), mode: 0o660, group: "root")
        #expect(mode(of: listener.path) == 0o660)
    }

    @Test func refusesAGroupThatDoesNotExistAndLeavesNothing() throws {
        let error = #expect(throws: SystemError.self) { try UnixListener(scratch.file("s"), mode: 0o660, group: "no-such-group") }
        #expect(error?.description == "cannot find group no-such-group: No such file or directory (errno 2)")
        #expect(scratch.names() == [])
    }

    @Test func replacesASocketFileThatNobodyAnswersOn() throws {
        let path = scratch.file("s")
        let other = scratch.file("t")
        do {
            let first = try UnixListener(path, mode: 0o600)
            #expect(link(path, other) == 0)
            withExtendedLifetime(first) {}
        }
        let second = try UnixListener(other, mode: 0o600)
        _ = try UnixStream.connect(to: second.path, deadline: soon)
    }

    @Test func leavesASocketThatAnswers() throws {
        let first = try UnixListener(scratch.file("s"), mode: 0o600)
        let error = #expect(throws: SystemError.self) { try UnixListener(first.path, mode: 0o600) }
        #expect(error?.isBusy == true)
        _ = try UnixStream.connect(to: first.path, deadline: soon)
    }

    @Test func leavesAFileThatIsNoSocket() throws {
        try AtomicFile.write([1], to: scratch.file("s"), mode: 0o600)
        #expect(throws: SystemError.self) { try UnixListener(scratch.file("s"), mode: 0o600) }
        #expect(try File.read(scratch.file("s"), limit: 1) == [1])
    }

    @Test func refusesAPathThatDoesNotFit() {
        #expect(throws: SystemError.self) { try UnixListener("/tmp/" + String(repeating: "x", count: 103), mode: 0o600) }
        #expect(throws: SystemError.self) { try UnixListener("", mode: 0o600) }
    }

    @Test func carriesBytesBothWaysAndKnowsThePeer() throws {
        let listener = try UnixListener(scratch.file("s"), mode: 0o600)
        #expect(try listener.accept() == nil)
        let client = try UnixStream.connect(to: listener.path, deadline: soon)
        let server = try #require(try listener.accept())
        #expect(try server.peer() == Peer(pid: getpid(), uid: getuid(), gid: getgid()))
        var buffer = [UInt8](repeating: 0, count: 16)
        #expect(try server.read(into: &buffer) == .wouldBlock)
        try client.writeAll([1, 2, 3], deadline: soon)
        #expect(try server.read(into: &buffer) == .bytes(3))
        #expect(buffer.prefix(3) == [1, 2, 3])
        try server.writeAll([4], deadline: soon)
        #expect(try client.read(into: &buffer, deadline: soon) == .bytes(1))
    }

    @Test func noticesThatTheOtherEndIsGone() throws {
        var (near, far): (UnixStream, UnixStream?) = try UnixStream.pair()
        withExtendedLifetime(far) {}
        far = nil
        var buffer = [UInt8](repeating: 0, count: 16)
        #expect(try near.read(into: &buffer) == .closed)
        #expect(try near.write([1]) == .closed)
    }

    @Test func givesUpAtTheDeadline() throws {
        let (near, far) = try UnixStream.pair()
        var buffer = [UInt8](repeating: 0, count: 16)
        let error = #expect(throws: SystemError.self) { try near.read(into: &buffer, deadline: Uptime.now() + .milliseconds(5)) }
        #expect(error?.isTimeout == true)
        let full = #expect(throws: SystemError.self) {
            try near.writeAll([UInt8](repeating: 0, count: 4_000_000), deadline: Uptime.now() + .milliseconds(5))
        }
        #expect(full?.isTimeout == true)
        withExtendedLifetime(far) {}
    }

    @Test func givesUpOnAListenerThatIsFull() throws {
        let listener = try UnixListener(scratch.file("s"), mode: 0o600, backlog: 0)
        var clients: [UnixStream] = []
        let error = #expect(throws: SystemError.self) {
            for _ in 0..<8 { clients.append(try UnixStream.connect(to: listener.path, deadline: Uptime.now() + .milliseconds(5))) }
        }
        #expect(error?.isTimeout == true)
    }

    @Test func saysThatNobodyListens() throws {
        let error = #expect(throws: SystemError.self) { try UnixStream.connect(to: scratch.file("none"), deadline: soon) }
        #expect(error?.isMissing == true)
    }
}
