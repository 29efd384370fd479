import Agent
import AgentCore
import Glibc
import Platform
import Signing
import Testing
import Wire

struct FileTests {
    private let scratch = Scratch()

    @Test func aStateIsReadBackAsItWasWritten() throws {
        let file = StateFile(scratch.path + "/state", try Seal(seed: [1], machine: .none))
        var state = StoredState(imei: StandInServer.imei, channel: StandInServer.channel, account: try AccountReference("ACC-1234"))
        state.locked = true
        state.reasons = ["account_locked"]
        state.msg = "Gesluit. \u{1F512}"
        try file.write(state)
        guard case .holds(state) = file.read() else {
            Issue.record("\(file.read())")
            return
        }
    }

    @Test func theSpoolSurvivesACutLastLineAndCountsOn() throws {
        let path = scratch.path + "/events"
        let events = (1...3).map { TerminalEvent(seq: $0, kind: .started, at: Timestamp(unixMilliseconds: 1_795_000_000_000), uptime_ms: $0) }
        let spool = SpoolFile(path)
        try spool.replace(with: SpoolImage(lastSeq: 0, events: []))
        try spool.append(Array(events[..<2]))
        try spool.append([events[2]])
        #expect(SpoolFile(path).read() == SpoolImage(lastSeq: 3, events: events))
        let whole = try File.read(path, limit: 1 << 20)
        try AtomicFile.write(whole.dropLast(5), to: path, mode: 0o600)
        let cut = SpoolFile(path)
        #expect(cut.read() == SpoolImage(lastSeq: 2, events: Array(events[..<2])))
        try cut.append([events[2]])
        #expect(SpoolFile(path).read() == SpoolImage(lastSeq: 3, events: events))
    }

    @Test func aSpoolWithoutItsFirstLineIsDamaged() throws {
        let spool = SpoolFile(scratch.path + "/events")
        #expect(spool.read() == nil)
        try AtomicFile.write(Array("garbage\n".utf8), to: spool.path, mode: 0o600)
        #expect(spool.read() == nil)
    }

    /// Anybody who has the disk can make the checksums: what cannot be counted on from ends no agent.
    @Test(arguments: [-1, TerminalEvent.highestSequence + 1, .max])
    func aSpoolThatCannotBeCountedOnFromIsDamaged(last: Int64) throws {
        let spool = SpoolFile(scratch.path + "/events")
        try spool.replace(with: SpoolImage(lastSeq: last))
        #expect(spool.read() == nil)
        let event = TerminalEvent(seq: .max, kind: .started, at: Timestamp(unixMilliseconds: 0), uptime_ms: 0)
        try spool.replace(with: SpoolImage(lastSeq: 7, events: [event]))
        #expect(spool.read() == SpoolImage(lastSeq: 7))
    }

    @Test func theKeyIsMadeOnceAndIsTheOwnersOnly() throws {
        let path = scratch.path + "/key.json"
        let first = try TerminalKey.loadOrMake(path, on: .none)
        #expect(try TerminalKey.loadOrMake(path, on: .none).signing.publicBytes == first.signing.publicBytes)
        var status = stat()
        stat(path, &status)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test(
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Tue, 29 Feb 2028 23:59:59 GMT", 1_835_481_599),
        ] as [(String, Int64)])
    func readsTheDatesOfServers(text: String, seconds: Int64) { #expect(HTTPDate.unixSeconds(text) == seconds) }

    @Test(arguments: [
        "", "yesterday", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 99 Nov 1994 08:49:37 GMT",
    ])
    func refusesWhatIsNoDate(text: String) { #expect(HTTPDate.unixSeconds(text) == nil) }
}

/// A directory that goes with its test.
final class Scratch {
    let path: String
    init() {
        var template = Array("/tmp/vendlock-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template)!)
    }
    deinit { _ = Program.run("/bin/rm", ["-rf", path]) }
}
