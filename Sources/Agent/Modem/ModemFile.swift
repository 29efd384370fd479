package import Platform
package import Signing
private import Wire

/// `modem.json`, sealed, mode 0600, with a `Spare`.
///
/// Enrolment writes the first, so that from then on missing files are damaged ones: who removes them to hide another SIM card is told of.
package struct ModemFile: Sendable {
    package let path: String
    private let seal: Seal

    package init(_ path: String, _ seal: Seal) {
        self.path = path
        self.seal = seal
    }

    package enum Content: Sendable, Equatable {
        case holds(ModemMemory)
        /// Neither file is there.
        case missing
        /// `survivor`: what the spare holds.
        case damaged(String, survivor: ModemMemory? = nil)
    }

    /// Mends the spare of a file that is whole.
    package func read() -> Content {
        let spare = Spare.path(of: path)
        let found = read(path)
        switch (found, read(spare)) {
        case (.holds, let other):
            if other != found { mend(spare) }
            return found
        case (.missing, .holds(let memory)): return .damaged("\(path) is missing", survivor: memory)
        case (.missing, let other): return other
        case (.damaged(let why, _), .holds(let memory)): return .damaged(why, survivor: memory)
        case (.damaged, _): return found
        }
    }

    private func mend(_ spare: String) {
        do throws(SystemError) {
            try Spare.copy(path, over: spare)
        } catch {
            Log.warning("\(path) and its spare are not the same, and cannot be made so: \(error).")
        }
    }

    private func read(_ path: String) -> Content {
        switch SealedFile.read(path, seal) {
        case .missing: return .missing
        case .damaged(let why): return .damaged(why)
        case .intact(let line, _):
            do throws(JSONRefusal) {
                let memory = try JSON.decode(ModemMemory.self, from: line)
                guard memory.version == ModemMemory.currentVersion else { return .damaged("\(path) is of another version (\(memory.version))") }
                return .holds(memory)
            } catch {
                return .damaged("\(path): \(error)")
            }
        }
    }

    /// Durable when it returns.
    package func write(_ memory: ModemMemory) throws(SystemError) {
        try SealedFile.write(JSON.encode(memory), to: path, seal)
        try Spare.copy(path, over: Spare.path(of: path))
    }

    /// The first of a terminal that is new; what is there already stays.
    package func begin() throws {
        if case .missing = read() { try write(Self.newMemory()) }
    }

    package static func newMemory() throws(CryptoError) -> ModemMemory { ModemMemory(salt: try RandomBytes.make(16)) }
}
