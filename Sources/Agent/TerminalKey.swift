private import Platform
package import Signing
private import Wire

/// `key.json`: the terminal's Ed25519 key as a private JWK (RFC 8037), with the machine that it was made on; mode 0600. It never leaves the terminal.
/// `key.json.spare` is its copy.
package struct TerminalKey: Sendable {
    private struct PrivateJWK: Codable {
        var kty = "OKP"
        var crv = "Ed25519"
        var x: String
        var d: String
        /// Absent: an earlier version wrote it.
        var machine: String?
    }

    package let signing: Ed25519PrivateKey
    /// Of the other files in its directory.
    package let seal: Seal
    /// Whether it says which machine it belongs to.
    package let isBound: Bool
    /// What is wrong with the file, when it was read from its spare.
    package private(set) var damage: String?

    private enum Refusal: Error {
        /// Nothing that is there could ever be used.
        case unusable(String)
        case system(String)

        var why: String {
            switch self {
            case .unusable(let why), .system(let why): why
            }
        }
    }

    /// - Parameter machine: a key that was made on another one is refused.
    package static func load(_ path: String, on machine: MachineID) throws(AgentError) -> TerminalKey {
        do throws(Refusal) {
            return try read(path, machine)
        } catch {
            switch error {
            case .unusable(let why): throw AgentError(.malformed, "\(why); enrol this terminal again")
            case .system(let why): throw AgentError(.system, "the terminal's key cannot be read: \(why)")
            }
        }
    }

    private static func read(_ path: String, _ machine: MachineID) throws(Refusal) -> TerminalKey {
        do throws(Refusal) {
            return try readOne(path, machine)
        } catch {
            do throws(Refusal) {
                var key = try readOne(Spare.path(of: path), machine)
                key.damage = error.why
                return key
            } catch _ {
                // Of the two, the file itself is the one to tell of.
                throw error
            }
        }
    }

    private static func readOne(_ path: String, _ machine: MachineID) throws(Refusal) -> TerminalKey {
        do {
            var (file, seed) = try content(path)
            defer { SecretMemory.wipe(&seed) }
            // One that was made where no machine has an identifier is bound to none.
            let made = file.machine.map { MachineID($0) }
            if let made, made != machine, made != .none {
                let cause = machine == .none ? "a machine that had an identifier, and this one has none" : "another machine"
                throw Refusal.unusable("\(path) was made on \(cause)")
            }
            guard seed.count == 32 else { throw Refusal.unusable("\(path) holds no Ed25519 key") }
            let key = try Ed25519PrivateKey(seed: seed)
            guard Base64URL.encode(key.publicBytes) == file.x else { throw Refusal.unusable("\(path): the two halves do not belong together") }
            return TerminalKey(signing: key, seal: try Seal(seed: seed, machine: made ?? machine), isBound: made != nil)
        } catch let error as Refusal {
            throw error
        } catch let error as JSONRefusal {
            throw .unusable("\(path) is damaged: \(error)")
        } catch let error as SystemError where error.isDirectory {
            throw .unusable("\(error)")
        } catch {
            throw .system("\(error)")
        }
    }

    /// What is in the file, its `d` apart: a decoder of JSON would leave texts in memory that nobody can wipe.
    /// - Returns: no bytes when there is no such text.
    private static func content(_ path: String) throws -> (file: PrivateJWK, seed: [UInt8]) {
        var bytes = try File.read(path, limit: 4096)
        defer { SecretMemory.wipe(&bytes) }
        guard let place = secret(in: bytes) else { return (try JSON.decode(PrivateJWK.self, from: bytes), []) }
        let seed = Base64URL.decode(bytes[place]) ?? []
        for position in place { bytes[position] = UInt8(ascii: "A") }
        return (try JSON.decode(PrivateJWK.self, from: bytes), seed)
    }

    /// Between the quotes of the value of `d`. What is no JSON may have several, and is refused afterwards.
    private static func secret(in bytes: [UInt8]) -> Range<Int>? {
        func skipSpace(_ place: Int) -> Int { bytes[place...].firstIndex { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } ?? bytes.endIndex }
        let name = Array("\"d\"".utf8), quote = UInt8(ascii: "\"")
        for start in bytes.indices where bytes[start...].starts(with: name) {
            let colon = skipSpace(start + name.count)
            guard colon < bytes.endIndex, bytes[colon] == UInt8(ascii: ":") else { continue }
            let first = skipSpace(colon + 1)
            guard first < bytes.endIndex, bytes[first] == quote, let last = bytes[(first + 1)...].firstIndex(of: quote) else { continue }
            return first + 1..<last
        }
        return nil
    }

    /// The key that is there, else a new one, durable with its spare when it returns: after a lost answer the same key is enrolled with a new code. One that is
    /// damaged or another machine's is replaced, and the server says that this takes its reset.
    package static func loadOrMake(_ path: String, on machine: MachineID) throws(AgentError) -> TerminalKey {
        do {
            if try File.exists(path) || File.exists(Spare.path(of: path)) {
                do throws(Refusal) {
                    return try read(path, machine)
                } catch .unusable(let why) {
                    Log.warning("\(why): this terminal gets a new key.")
                } catch .system(let why) {
                    throw AgentError(.system, "the terminal's key cannot be read: \(why)")
                }
            }
            var seed = try Ed25519PrivateKey.newSeed()
            defer { SecretMemory.wipe(&seed) }
            let key = try Ed25519PrivateKey(seed: seed)
            let file = PrivateJWK(x: Base64URL.encode(key.publicBytes), d: Base64URL.encode(seed), machine: machine.description)
            try AtomicFile.write(JSON.encode(file), to: path, mode: 0o600)
            try Spare.copy(path, over: Spare.path(of: path))
            return TerminalKey(signing: key, seal: try Seal(seed: seed, machine: machine), isBound: true)
        } catch let error as AgentError {
            throw error
        } catch {
            throw AgentError(.system, "the terminal's key cannot be made: \(error)")
        }
    }

    /// Writes into an earlier version's file which machine it belongs to.
    package static func bind(_ path: String, to machine: MachineID) throws {
        var (file, seed) = try content(path)
        defer { SecretMemory.wipe(&seed) }
        file.d = Base64URL.encode(seed)
        file.machine = machine.description
        try AtomicFile.write(JSON.encode(file), to: path, mode: 0o600)
    }
}
