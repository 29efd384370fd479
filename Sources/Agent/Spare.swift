import Platform
private import Signing

/// A file without which a terminal is nobody has a copy beside it, so that neither a bad block nor whoever removes one of the two makes the
/// terminal useless.
enum Spare {
    /// More than any of them is.
    private static let limit = 64 * 1024

    static func path(of path: String) -> String { path + ".spare" }

    /// Makes `other` the same as `path`, when it is not.
    static func copy(_ path: String, over other: String) throws(SystemError) {
        var bytes = try File.read(path, limit: limit)
        defer { SecretMemory.wipe(&bytes) }
        guard !isSame(bytes, other) else { return }
        try AtomicFile.write(bytes, to: other, mode: 0o600)
    }

    private static func isSame(_ bytes: [UInt8], _ path: String) -> Bool {
        do throws(SystemError) {
            var there = try File.read(path, limit: limit)
            defer { SecretMemory.wipe(&there) }
            return there == bytes
        } catch {
            return false
        }
    }
}
