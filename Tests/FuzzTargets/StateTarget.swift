import Agent
import AgentCore
import Platform
import Signing
import Wire

extension FuzzTarget {
    /// The files that a terminal finds when it starts, one of which is the input: `s` the state, `e` the enrolment, `c` the codes, `k` the key,
    /// `v` the events. In capitals with its right checksum, as whoever has the disk could make it.
    static let state = FuzzTarget(name: "state") {
        let disk = try FuzzedDisk()
        return { bytes in
            let (kind, rest) = kind(of: bytes)
            try disk.reset()
            try disk.put(kind, rest)
            try disk.start(mayBeExtended: kind == "C")
        }
    }
}

/// The state directory of an enrolled terminal.
private final class FuzzedDisk {
    private static let names: [Character: String] = ["s": "state.json", "e": "enrolment.json", "c": "codes.json", "k": "key.json", "v": "events"]

    private let directory: FuzzDirectory
    private let files: StateDirectory
    /// What the agent itself would have written.
    private var good: [String: [UInt8]] = [:]

    init() throws {
        directory = try FuzzDirectory()
        files = StateDirectory(directory.path)
        _ = try TerminalKey.loadOrMake(files.key)
        let keys = JWKSet(keys: [try FuzzNames.key().publicKey.jwk])
        try files.save(
            Enrolment(server: "https://lock.example", imei: FuzzNames.imei, channel: FuzzNames.channelCode(), account: nil, keys: keys))
        try files.codes.write(CodeMemory(imei: FuzzNames.imei, next: 3), key: [UInt8](repeating: 5, count: OfflineCodeKey.length))
        for name in Self.names.values { good[name] = try File.read(directory.file(name), limit: 1 << 16) }
    }

    func reset() throws {
        for (name, bytes) in good { try directory.write(bytes, to: name) }
    }

    func put(_ kind: Character, _ bytes: [UInt8]) throws {
        let lower = Character(kind.lowercased())
        guard let name = Self.names[lower] else { return }
        var bytes = bytes
        if kind != lower {
            let lines = bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) }
            bytes = lower == "v" ? lines.flatMap(Self.event) : lines.first.map(Self.checked) ?? []
        }
        try directory.write(bytes, to: name)
    }

    private static func checked(_ line: [UInt8]) -> [UInt8] { line + Array("\n\(Digest.hex(Digest.sha256(line)))\n".utf8) }
    private static func event(_ line: [UInt8]) -> [UInt8] { Array(Digest.hex(Digest.sha256(line).prefix(4)).utf8) + [0x20] + line + [0x0A] }

    /// As the agent's loop does, then a life.
    func start(mayBeExtended: Bool) throws {
        let codes = files.codes.read()
        do throws(AgentError) {
            guard try files.enrolment()?.imei == FuzzNames.imei else { return }
            _ = try TerminalKey.load(files.key)
        } catch {
            return
        }
        let stored = files.state.read()
        if case .holds(let state) = stored { try FuzzedTerminal.survives(state) }
        let spool = files.spool.read()
        if let spool { try hold(spool.events.allSatisfy { $0.seq <= spool.lastSeq }, "an event is above the highest number: \(spool)") }
        var terminal = try FuzzedTerminal(Start(stored: stored, spool: spool, bootID: "boot", codes: codes?.memory))
        let decision = try terminal.ask("airtime_vend", amountCents: 100)
        try hold(!decision.permitted || mayBeExtended, "files permit what only a lease can: \(decision)")
        if let codes, let key = OfflineCodeKey(codes.key, imei: FuzzNames.imei) {
            try terminal.enterCode { try key.code(of: "0123456789", from: $0) }
        }
        try terminal.live()
        try terminal.connect()
    }
}
