import Agent
import AgentCore
import Glibc
import Platform
import Signing
import Testing
import Wire

/// A whole state directory: on its machine, on another one, and as the version before wrote it.
struct StateDirectoryTests {
    private let scratch = Scratch()
    let here = MachineID("0123")
    private let there = MachineID("4567")
    let enrolment = Enrolment(
        server: "https://lock.example", imei: StandInServer.imei, channel: StandInServer.channel, account: nil,
        keys: JWKSet(keys: [JWK(x: Base64URL.encode([UInt8](repeating: 9, count: 32)))]))

    private static let everyEnrolled = [
        "enrolment.json", "enrolment.json.spare", "events", "key.json", "key.json.spare", "modem.json", "modem.json.spare", "state.a", "state.b",
    ]

    var path: String { scratch.path + "/state" }

    func enrolled(on machine: MachineID) throws -> StateDirectory {
        try Directory.create(path, mode: 0o700)
        let directory = StateDirectory(path, machine: machine)
        _ = try directory.keyToEnrol()
        try directory.save(enrolment)
        return directory
    }

    func state(_ revision: Revision, locked: Bool) -> StoredState {
        var state = StoredState(imei: StandInServer.imei, channel: StandInServer.channel, account: nil)
        state.revision = revision
        state.locked = locked
        return state
    }

    private func reads(_ directory: StateDirectory) throws -> StoredState? {
        if case .holds(let state)? = try directory.open()?.state.read() { state } else { nil }
    }

    private func names() -> [String] {
        Program.run("/bin/ls", ["-A", path]).output.split(separator: "\n").map(String.init)
    }

    private func replace(_ old: String, _ new: String, in name: String) throws {
        let text = String(decoding: try File.read("\(path)/\(name)", limit: 65536), as: UTF8.self)
        #expect(text.contains(old))
        try AtomicFile.write(
            Array(text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new).utf8), to: "\(path)/\(name)", mode: 0o600)
    }

    @Test func isWhatEnrolmentMadeIt() throws {
        let directory = try enrolled(on: here)
        #expect(names() == Self.everyEnrolled)
        let files = try #require(try directory.open())
        #expect(files.enrolment == enrolment)
        #expect(try reads(directory) == state(0, locked: false))
        #expect(files.codes.read() == .missing)
        try files.codes.write(CodeMemory(imei: StandInServer.imei, next: 3), key: [1, 2, 3])
        #expect(try directory.open()?.codes.read() == .holds(key: [1, 2, 3], memory: CodeMemory(imei: StandInServer.imei, next: 3)))
    }

    @Test func nothingInItIsTheMachinesOwnIdentifier() throws {
        let file = scratch.path + "/machine-id"
        try AtomicFile.write(Array("0123456789abcdef0123456789abcdef\n".utf8), to: file, mode: 0o644)
        _ = try enrolled(on: .read([file]))
        #expect(Program.run("/bin/grep", ["-r", "-i", "-c", "0123456789abcdef", path]).status == 1)
    }

    @Test func aCopyOnAnotherMachineIsRefusedAndCannotBeEdited() throws {
        let directory = try enrolled(on: here)
        let copy = StateDirectory(path, machine: there)
        for _ in 0..<2 {
            do {
                _ = try copy.open()
                Issue.record("opened")
            } catch {
                #expect(error.description.contains("was made on another machine; enrol this terminal again"))
            }
        }
        // Who writes another machine into the key's file has broken every seal.
        let original = try File.read(directory.key, limit: 4096)
        for machine in ["\"4567\"", "\"none\"", "null"] {
            try replace("\"0123\"", machine, in: "key.json")
            #expect(throws: AgentError.self) { try copy.open() }
            try AtomicFile.write(original, to: directory.key, mode: 0o600)
        }
        #expect(try directory.open() != nil, "at home it still works")
        #expect(throws: AgentError.self) { try StateDirectory(path, machine: .none).open() }
    }

    @Test func onAnotherMachineItIsEnrolledWithANewKeyAndStaysLocked() throws {
        let directory = try enrolled(on: here)
        let before = try #require(try directory.open())
        try before.state.write(state(5, locked: true))
        let copy = StateDirectory(path, machine: there)
        #expect(copy.enrolmentBefore == nil)
        let key = try copy.keyToEnrol()
        #expect(key.publicBytes != before.key.publicBytes)
        try copy.save(enrolment)
        let files = try #require(try copy.open())
        #expect(files.key.publicBytes == key.publicBytes)
        guard case .unreadable = files.state.read() else {
            Issue.record("the lock of before cannot be known")
            return
        }
    }

    @Test func madeWithoutAnIdentifierItWorksAlsoOnceThereIsOne() throws {
        _ = try enrolled(on: .none)
        #expect(try reads(StateDirectory(path, machine: here)) == state(0, locked: false))
    }

    @Test(arguments: ["", "{", "{}", "garbage\n"])
    func aDamagedKeyRefusesAndIsReplacedWhenItIsEnrolledAgain(text: String) throws {
        let directory = try enrolled(on: here)
        for file in [directory.key, directory.key + ".spare"] { try AtomicFile.write(Array(text.utf8), to: file, mode: 0o600) }
        #expect(throws: AgentError.self) { try directory.open() }
        _ = try directory.keyToEnrol()
        try directory.save(enrolment)
        #expect(try directory.open() != nil)
    }

    /// Of the enrolment and the key nothing may be changed that matters; what a flipped bit makes of a file is never an enrolment of another server.
    @Test func everyFlippedBitOfTheEnrolmentIsNoticed() throws {
        let directory = try enrolled(on: here)
        let file = path + "/enrolment.json"
        let whole = try File.read(file, limit: 65536)
        try File.remove(file + ".spare")
        for bit in 0..<(whole.count * 8) {
            var flipped = whole
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            try AtomicFile.write(flipped, to: file, mode: 0o600)
            #expect(directory.enrolmentBefore == nil, "bit \(bit)")
        }
    }

    @Test func enrollingAgainKeepsALockAndAHalfLostStateStaysUnreadable() throws {
        let directory = try enrolled(on: here)
        let files = try #require(try directory.open())
        try files.state.write(state(5, locked: true))
        try directory.save(enrolment)
        #expect(try reads(directory) == state(5, locked: true))
        for lost in ["state.a", "state.b"] {
            try files.state.write(state(6, locked: true))
            try File.remove("\(path)/\(lost)")
            try directory.save(enrolment)
            guard case .unreadable(_, let atLeast)? = try directory.open()?.state.read() else {
                Issue.record("without \(lost) it must be unreadable")
                continue
            }
            #expect(atLeast == 6)
        }
    }

    /// The first enrolment was cut between the two files of the state: it was never finished, so nobody has tampered.
    @Test func aFirstEnrolmentThatWasCutIsFinished() throws {
        try Directory.create(path, mode: 0o700)
        let directory = StateDirectory(path, machine: here)
        _ = try directory.keyToEnrol()
        try directory.save(enrolment)
        try File.remove(path + "/enrolment.json")
        try File.remove(path + "/enrolment.json.spare")
        try File.remove(path + "/state.b")
        try directory.save(enrolment)
        #expect(try reads(directory) == state(0, locked: false))
    }

    // MARK: The version before

    /// As version 0.1 left it, locked at revision 4 with a key for offline codes.
    private func former() throws {
        try Directory.create(path, mode: 0o700)
        let seed = [UInt8](repeating: 5, count: 32)
        let x = Base64URL.encode(try Ed25519PrivateKey(seed: seed).publicBytes)
        let key = #"{"crv":"Ed25519","d":"\#(Base64URL.encode(seed))","kty":"OKP","x":"\#(x)"}"#
        try AtomicFile.write(Array(key.utf8), to: path + "/key.json", mode: 0o600)
        try SealedFile.write(JSON.encode(state(4, locked: true)), to: path + "/state.json", .plain)
        let codes = #"{"key":"AQID","memory":{"imei":"\#(StandInServer.imei)","next":8,"wrong":0},"version":1}"#
        try SealedFile.write(Array(codes.utf8), to: path + "/codes.json", .plain)
        try SpoolFile(path + "/events").replace(with: SpoolImage())
        try SealedFile.write(JSON.encode(enrolment), to: path + "/enrolment.json", .plain)
    }

    @Test func takesOverADirectoryOfTheVersionBeforeOnce() throws {
        try former()
        let directory = StateDirectory(path, machine: here)
        let files = try #require(try directory.open())
        #expect(files.enrolment == enrolment)
        #expect(try reads(directory) == state(4, locked: true))
        #expect(files.codes.read() == .holds(key: [1, 2, 3], memory: CodeMemory(imei: StandInServer.imei, next: 8)))
        #expect(names() == ["codes.a", "codes.b"] + Self.everyEnrolled)
        #expect(throws: AgentError.self) { try StateDirectory(path, machine: there).open() }
        // From now on a file of that kind is nobody's.
        try SealedFile.write(JSON.encode(state(0, locked: false)), to: path + "/state.json", .plain)
        #expect(try reads(directory) == state(4, locked: true))
        try File.remove(path + "/state.b")
        #expect(try reads(directory) == nil)
        try File.remove(path + "/state.a")
        #expect(try reads(directory) == nil)
    }

    /// In the order in which they are written.
    private static let takenOver = [
        "state.a", "state.b", "codes.a", "codes.b", "modem.json", "modem.json.spare", "enrolment.json", "enrolment.json.spare", "key.json",
        "key.json.spare",
    ]

    /// Killed at every point of taking it over, it is the same directory afterwards.
    @Test(arguments: takenOver)
    func isTakenOverAlsoWhenThatWasCut(last: String) throws {
        try former()
        let directory = StateDirectory(path, machine: here)
        var before: [String: [UInt8]] = [:]
        for name in names() { before[name] = try File.read("\(path)/\(name)", limit: 65536) }
        _ = try directory.open()
        // Back to what it was, up to the file that was written last.
        let order = Self.takenOver
        for name in order[(order.firstIndex(of: last)! + 1)...] + ["state.json", "codes.json"] {
            if let old = before[name] {
                try AtomicFile.write(old, to: "\(path)/\(name)", mode: 0o600)
            } else {
                try File.remove("\(path)/\(name)")
            }
        }
        let files = try #require(try directory.open())
        #expect(try reads(directory) == state(4, locked: true))
        #expect(files.codes.read() == .holds(key: [1, 2, 3], memory: CodeMemory(imei: StandInServer.imei, next: 8)))
        #expect(!names().contains("state.json") || last.hasPrefix("key.json"))
    }

    @Test func aDamagedStateOfTheVersionBeforeIsUnreadable() throws {
        try former()
        try AtomicFile.write(Array("{}".utf8), to: path + "/state.json", mode: 0o600)
        guard case .unreadable? = try StateDirectory(path, machine: here).open()?.state.read() else {
            Issue.record("it must be unreadable")
            return
        }
    }
}
