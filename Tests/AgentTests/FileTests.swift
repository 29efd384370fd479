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

    /// The piece that was cut does not stay behind, or the next start would take it for tampering.
    @Test(arguments: [1, 5, 30, 60]) func aCutLastLineIsNoTamperingNowAndLater(_ lost: Int) throws {
        let spool = try written(3)
        let whole = try File.read(spool.path, limit: 1 << 20)
        try AtomicFile.write(whole.dropLast(lost), to: spool.path, mode: 0o600)
        let cut = SpoolFile(spool.path)
        #expect(cut.read() == SpoolImage(lastSeq: 2, events: Array(Self.events[..<2])))
        try cut.append(Array(Self.events[2...3]))
        #expect(SpoolFile(spool.path).read() == SpoolImage(lastSeq: 4, events: Self.events))
    }

    private static let events = (1...4).map {
        TerminalEvent(seq: $0, kind: .started, at: Timestamp(unixMilliseconds: 1_795_000_000_000), uptime_ms: $0)
    }

    private func written(_ count: Int) throws -> SpoolFile {
        let spool = SpoolFile(scratch.path + "/events")
        try spool.replace(with: SpoolImage())
        try spool.append(Array(Self.events[..<count]))
        return spool
    }

    /// One flipped bit, whichever: a line before another is missed and told of, the last one, or the end of the one before, is as if it was cut.
    @Test func everyFlippedBitBeforeAWholeLineIsNoticed() throws {
        let spool = try written(3)
        let whole = try File.read(spool.path, limit: 1 << 20)
        let starts = [0] + whole.indices.filter { whole[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
        for bit in (starts[1] * 8)..<(whole.count * 8) {
            var flipped = whole
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            try AtomicFile.write(flipped, to: spool.path, mode: 0o600)
            let image = try #require(spool.read())
            #expect(image.isDamaged == (bit / 8 < starts[3] - 1), "bit \(bit)")
            #expect(image.events.allSatisfy(Self.events.contains) && image.events.count < 3, "bit \(bit)")
        }
    }

    /// Moved out of the way, whatever is in it.
    @Test(arguments: [false, true]) func aSpoolThatIsADirectoryIsDamagedAndCanBeWritten(isEmpty: Bool) throws {
        let spool = SpoolFile(scratch.path + "/events")
        for path in [spool.path, spool.path + ".tmp"] { try Directory.create(isEmpty ? path : path + "/inside", mode: 0o700) }
        #expect(spool.read() == nil)
        #expect(throws: SystemError.self) { try spool.append(Self.events) }
        try spool.replace(with: SpoolImage(lastSeq: 4, events: Self.events))
        #expect(SpoolFile(spool.path).read() == SpoolImage(lastSeq: 4, events: Self.events))
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
