import Agent
import AgentCore
import Platform
import Testing

/// Key and enrolment have a copy beside them, without which one bad block would make the terminal useless.
extension StateDirectoryTests {
    enum Damage: CaseIterable { case flipped, cut, empty, missing, directory }

    private func damage(_ name: String, _ damage: Damage) throws {
        let file = "\(path)/\(name)"
        var bytes = try File.read(file, limit: 65536)
        switch damage {
        case .flipped: bytes[bytes.count / 2] ^= 1
        case .cut: bytes.removeLast(bytes.count / 2)
        case .empty: bytes = []
        case .missing: return try File.remove(file)
        case .directory:
            try File.remove(file)
            return try Directory.create(file, mode: 0o700)
        }
        try AtomicFile.write(bytes, to: file, mode: 0o600)
    }

    /// Whoever was at it may have been at the lock state: that is believed no more, and what it says of the revision is kept.
    @Test(arguments: ["key.json", "enrolment.json"], Damage.allCases) func oneDamagedFileIsMendedFromItsSpareAndTold(_ name: String, _ kind: Damage)
        throws
    {
        let directory = try enrolled(on: here)
        try #require(try directory.open()).state.write(state(5, locked: true))
        let whole = try File.read("\(path)/\(name)", limit: 65536)
        try damage(name, kind)
        let files = try #require(try directory.open())
        #expect(files.enrolment == enrolment)
        guard case .unreadable(let why, atLeast: 5) = files.lockState() else {
            Issue.record("\(files.lockState())")
            return
        }
        #expect(why.contains(name))
        #expect(try File.read("\(path)/\(name)", limit: 65536) == whole)
        // Told once: the files are whole again.
        guard case .holds(state(5, locked: true)) = try #require(try directory.open()).lockState() else {
            Issue.record("mended and not believed")
            return
        }
    }

    @Test(arguments: ["key.json", "enrolment.json"], Damage.allCases) func aDamagedSpareIsMendedFromItsFile(_ name: String, _ kind: Damage) throws {
        let directory = try enrolled(on: here)
        try damage(name + ".spare", kind)
        let files = try #require(try directory.open())
        guard case .holds = files.lockState() else {
            Issue.record("\(files.lockState())")
            return
        }
        #expect(try File.read("\(path)/\(name).spare", limit: 65536) == File.read("\(path)/\(name)", limit: 65536))
    }

    @Test(arguments: ["key.json", "enrolment.json"], Damage.allCases) func aFileAndItsSpareTogetherAreLost(_ name: String, _ kind: Damage) throws {
        let directory = try enrolled(on: here)
        try damage(name, kind)
        try damage(name + ".spare", kind)
        if name == "enrolment.json", kind == .missing {
            #expect(try directory.open() == nil)
        } else {
            #expect(throws: AgentError.self) { try directory.open() }
        }
        _ = try directory.keyToEnrol()
        try directory.save(enrolment)
        #expect(try directory.open()?.enrolment == enrolment)
    }

    /// Who is enrolled has a memory of the modem: what is gone was taken away.
    @Test func theMemoryOfTheModemIsMadeOnceAndNotAgain() throws {
        let directory = try enrolled(on: here)
        let modem = try #require(try directory.open()).modem
        guard case .holds = modem.read() else {
            Issue.record("\(modem.read())")
            return
        }
        for file in [modem.path, modem.path + ".spare"] { try File.remove(file) }
        #expect(try directory.open()?.modem.read() == .missing)
        try directory.save(enrolment)
        #expect(try directory.open()?.modem.read() == .missing)
    }
}
