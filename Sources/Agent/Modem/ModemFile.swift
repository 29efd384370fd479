package import Platform
package import Signing
private import Wire

/// `modem.json`, mode 0600.
package struct ModemFile: Sendable {
    package let path: String
    package init(_ path: String) { self.path = path }

    package enum Content: Sendable, Equatable {
        case holds(ModemMemory)
        case missing
        case damaged(String)
    }

    package func read() -> Content {
        switch ChecksummedFile.read(path) {
        case .missing: return .missing
        case .damaged(let why): return .damaged(why)
        case .intact(let line):
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
    package func write(_ memory: ModemMemory) throws(SystemError) { try ChecksummedFile.write(JSON.encode(memory), to: path) }

    package static func newMemory() throws(CryptoError) -> ModemMemory { ModemMemory(salt: try RandomBytes.make(16)) }
}
