import Foundation
import Glibc

/// A directory of one test, gone with all that is in it when the object goes.
package final class TemporaryDirectory: Sendable {
    package let path: String
    private let isMount: Bool

    package init() throws {
        path = try Self.make()
        isMount = false
    }

    /// A file system of its own with so many bytes, to be filled; `nil` where mounting is not permitted.
    package init?(mountedWithBytes size: Int) throws {
        path = try Self.make()
        isMount = mount("tmpfs", path, "tmpfs", 0, "size=\(size)") == 0
        guard isMount else {
            rmdir(path)
            return nil
        }
    }

    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file into the directory and returns its path.
    package func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    private static func make() throws -> String {
        var template = Array("/tmp/vendlock-test.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure("no directory can be made in /tmp") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        // Lazily: a server that is being ended may still have a file open.
        if isMount { umount2(path, Int32(MNT_DETACH)) }
        // What is left over lies in /tmp, where nobody depends on its absence.
        try? FileManager.default.removeItem(atPath: path)
    }
}
