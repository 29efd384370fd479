package import AgentCore
package import Platform
private import Wire

/// `codes.json`: the key for offline codes, and what has become of them; mode 0600.
package struct CodeFile: Sendable {
    private struct Content: Codable {
        var version = 1
        /// base64url.
        var key: String
        var memory: CodeMemory
    }

    package let path: String
    package init(_ path: String) { self.path = path }

    /// `nil` when there is none, or none that can be read: then the server gives another, under which no code of before works.
    package func read() -> (key: [UInt8], memory: CodeMemory)? {
        guard case .intact(let line) = ChecksummedFile.read(path) else { return nil }
        do throws(JSONRefusal) {
            let content = try JSON.decode(Content.self, from: line)
            guard content.version == 1, let key = Base64URL.decode(content.key) else { return nil }
            return (key, content.memory)
        } catch {
            return nil
        }
    }

    /// Durable when it returns, also on a disk that is full.
    package func remove() throws(SystemError) { try File.remove(path) }

    /// Durable when it returns.
    package func write(_ memory: CodeMemory, key: [UInt8]) throws(SystemError) {
        try ChecksummedFile.write(JSON.encode(Content(key: Base64URL.encode(key), memory: memory)), to: path)
    }
}
