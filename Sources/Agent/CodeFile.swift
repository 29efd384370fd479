package import AgentCore
package import Platform
private import Wire

/// `codes.a` and `codes.b`: the key for offline codes, and what has become of them; mode 0600.
package struct CodeFile: Sendable {
    private struct Content: Codable, Equatable {
        var version = 1
        /// base64url.
        var key: String
        var memory: CodeMemory
    }

    package enum Found: Sendable, Equatable {
        /// The server never gave a key.
        case missing
        case holds(key: [UInt8], memory: CodeMemory)
        /// The server gives another key, under which no code of before works.
        case damaged(String)
    }

    private let slots: SealedSlots<Content>

    /// - Parameter former: the one file that an earlier version wrote in their place; `nil` when there was none.
    package init(_ path: String, _ seal: Seal, former: String? = nil) { slots = SealedSlots(path, seal, former: former) }

    package func read() -> Found {
        switch slots.read() {
        case .missing: return .missing
        case .damaged(let why, _): return .damaged(why)
        case .holds(let content):
            guard content.version == 1, let key = Base64URL.decode(content.key) else { return .damaged("the codes are of another version") }
            return .holds(key: key, memory: content.memory)
        }
    }

    /// Durable when it returns, also on a disk that is full.
    package func remove() throws(SystemError) { try slots.remove() }

    /// Durable when it returns.
    package func write(_ memory: CodeMemory, key: [UInt8]) throws(SystemError) {
        try slots.write(Content(key: Base64URL.encode(key), memory: memory))
    }
}
