package import Platform

/// A small file of one JSON line and that line's seal, so that a cut, altered or foreign one shows.
package enum SealedFile {
    /// 64 KiB: more than any of ours is.
    private static let limit = 64 * 1024

    package enum Content: Sendable, Equatable {
        case missing
        case damaged(String)
        case intact(line: [UInt8], tag: [UInt8])
    }

    package static func read(_ path: String, _ seal: Seal) -> Content {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.read(path, limit: limit)
        } catch {
            return error.isMissing ? .missing : .damaged(error.description)
        }
        guard !bytes.isEmpty else { return .damaged("\(path) is empty") }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == 3, lines[2].isEmpty else { return .damaged("\(path) is cut or altered") }
        let line = Array(lines[0])
        let tag = Array(lines[1])
        guard seal.tag(of: line) == tag else { return .damaged("\(path) is altered, or another terminal's") }
        return .intact(line: line, tag: tag)
    }

    /// Durable when it returns.
    package static func write(_ line: [UInt8], to path: String, _ seal: Seal) throws(SystemError) {
        precondition(!line.contains(UInt8(ascii: "\n")), "one line of JSON")
        try AtomicFile.write(line + [UInt8(ascii: "\n")] + seal.tag(of: line) + [UInt8(ascii: "\n")], to: path, mode: 0o600)
    }
}
