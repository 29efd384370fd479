package import Platform
private import Signing

/// A small file of one JSON line and the SHA-256 of that line in hexadecimal, so that a cut or altered one shows.
package enum ChecksummedFile {
    /// 64 KiB: more than any of ours is.
    private static let limit = 64 * 1024

    package enum Content: Sendable, Equatable {
        case missing
        case damaged(String)
        case intact([UInt8])
    }

    package static func read(_ path: String) -> Content {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.read(path, limit: limit)
        } catch {
            return error.isMissing ? .missing : .damaged(error.description)
        }
        guard !bytes.isEmpty else { return .damaged("\(path) is empty") }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == 3, lines[2].isEmpty else { return .damaged("\(path) is cut or altered") }
        guard Array(Digest.hex(Digest.sha256(Array(lines[0]))).utf8) == Array(lines[1]) else {
            return .damaged("\(path) does not match its checksum")
        }
        return .intact(Array(lines[0]))
    }

    package static func write(_ line: [UInt8], to path: String) throws(SystemError) {
        precondition(!line.contains(UInt8(ascii: "\n")), "one line of JSON")
        let sum = Digest.hex(Digest.sha256(line))
        try AtomicFile.write(line + Array("\n\(sum)\n".utf8), to: path, mode: 0o600)
    }
}
