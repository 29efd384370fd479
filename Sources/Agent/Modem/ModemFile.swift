package import Platform
package import Signing
private import Wire

/// `modem.json`, sealed, mode 0600.
package struct ModemFile: Sendable {
    package let path: String
    private let seal: Seal

    package init(_ path: String, _ seal: Seal) {
        self.path = path
        self.seal = seal
    }

    package enum Content: Sendable, Equatable {
        case holds(ModemMemory)
        case missing
        case damaged(String)
    }

    package func read() -> Content {
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
    package func write(_ memory: ModemMemory) throws(SystemError) { try SealedFile.write(JSON.encode(memory), to: path, seal) }

    package static func newMemory() throws(CryptoError) -> ModemMemory { ModemMemory(salt: try RandomBytes.make(16)) }
}
