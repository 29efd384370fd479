import Agent
import AgentCore
import Modem
import Platform
import Signing
import Wire

extension FuzzTarget {
    /// The files that a terminal finds when it starts, one of which is the input: `s` a slot of the state, `c` of the codes, `e` the enrolment,
    /// `k` the key, `m` the modem's, `v` the events. In capitals what is in them: under the right seal, in both slots, each event behind its right checksum.
    /// `P`: the state as the version before wrote it, whose checksum anybody can make.
    static let state = FuzzTarget(name: "state") {
        let disk = try FuzzedDisk()
        return { bytes in
            let (kind, rest) = kind(of: bytes)
            try disk.put(kind, rest)
            try disk.start(mayBeExtended: kind == "C")
        }
    }
}

/// The state directory of an enrolled terminal.
private final class FuzzedDisk {
    private static let machine = MachineID("0123456789abcdef0123456789abcdef")

    private let directory: FuzzDirectory
    private let files: StateDirectory
    private let key: TerminalKey
    /// What the agent itself would have written, by name.
    private var good: [String: [UInt8]] = [:]
    /// As the version before wrote it.
    private var former: [String: [UInt8]] = [:]

    init() throws {
        directory = try FuzzDirectory()
        files = StateDirectory(directory.path, machine: Self.machine)
        let seed = Base64URL.encode([UInt8](repeating: 7, count: 32))
        let pair = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\(Base64URL.encode(try FuzzNames.key().publicBytes))\",\"d\":\"\(seed)\""
        try directory.write(Array("\(pair),\"machine\":\"\(Self.machine)\"}".utf8), to: "key.json")
        key = try TerminalKey.load(files.key, on: Self.machine)
        let keys = JWKSet(keys: [try FuzzNames.key().publicKey.jwk])
        let enrolment = Enrolment(
            server: "https://lock.example", imei: FuzzNames.imei, channel: try FuzzNames.channelCode(), account: nil, keys: keys)
        try files.save(enrolment)
        guard let enrolled = try files.open() else { throw Broken(description: "a terminal that was enrolled is not") }
        try enrolled.codes.write(CodeMemory(imei: FuzzNames.imei, next: 3), key: [UInt8](repeating: 5, count: OfflineCodeKey.length))
        for name in ["key.json", "enrolment.json", "state.a", "state.b", "codes.a", "codes.b", "events"] {
            good[name] = try File.read(directory.file(name), limit: 1 << 16)
        }
        former["key.json"] = Array("\(pair)}".utf8)
        former["enrolment.json"] = Self.line(JSON.encode(enrolment), .plain)
        former["events"] = good["events"]
    }

    private static func line(_ json: [UInt8], _ seal: Seal) -> [UInt8] { json + [0x0A] + seal.tag(of: json) + [0x0A] }
    private static func event(_ json: [UInt8]) -> [UInt8] { Array(Seal.plain.tag(of: json)[..<8]) + [0x20] + json + [0x0A] }
    private static func record(_ json: [UInt8]) -> [UInt8] { Array("{\"content\":".utf8) + json + Array(",\"previous\":\"x\"}".utf8) }

    func put(_ kind: Character, _ bytes: [UInt8]) throws {
        var disk = kind == "P" ? former : good
        let json = FuzzTargets.line(of: bytes).first
        switch kind {
        case "s": disk["state.a"] = bytes
        case "c": disk["codes.a"] = bytes
        case "e": disk["enrolment.json"] = bytes
        case "k": disk["key.json"] = bytes
        case "m": disk["modem.json"] = bytes
        case "v": disk["events"] = bytes
        case "E": disk["enrolment.json"] = Self.line(json, key.seal)
        case "M": disk["modem.json"] = Self.line(json, key.seal)
        case "P": disk["state.json"] = Self.line(json, .plain)
        case "V": disk["events"] = bytes.split(separator: 0x0A).flatMap { Self.event(Array($0)) }
        case "S": for slot in ["state.a", "state.b"] { disk[slot] = Self.line(Self.record(json), key.seal) }
        case "C": for slot in ["codes.a", "codes.b"] { disk[slot] = Self.line(Self.record(json), key.seal) }
        default: break
        }
        directory.clear()
        for (name, content) in disk { try directory.write(content, to: name) }
    }

    /// As the agent's loop does, then a life.
    func start(mayBeExtended: Bool) throws {
        var start = Start(stored: .notEnrolled, spool: nil, bootID: "boot")
        var codeKey: [UInt8]?
        do throws(AgentError) {
            guard let enrolled = try files.open(), enrolled.enrolment.imei == FuzzNames.imei else { return }
            start.stored = enrolled.state.read()
            if case .holds(var memory) = enrolled.modem.read() { _ = memory.take(ModemReport(), own: FuzzNames.imei) }
            if case .holds(let key, let memory) = enrolled.codes.read() { (codeKey, start.codes) = (key, memory) }
        } catch {
            return
        }
        if case .holds(let state) = start.stored { try FuzzedTerminal.survives(state) }
        start.spool = files.spool.read()
        if let spool = start.spool { try hold(spool.events.allSatisfy { $0.seq <= spool.lastSeq }, "an event is above the highest number: \(spool)") }
        var terminal = try FuzzedTerminal(start)
        let decision = try terminal.ask("airtime_vend", amountCents: 100)
        try hold(!decision.permitted || mayBeExtended, "files permit what only a lease can: \(decision)")
        // Some milliseconds each, so that only inputs which are about codes do it.
        if mayBeExtended, let codeKey, let key = OfflineCodeKey(codeKey, imei: FuzzNames.imei) {
            try terminal.enterCode { try key.code(of: "0123456789", from: $0) }
        }
        try terminal.live()
    }
}
