import Foundation
import Glibc
import Synchronization

/// A directory of one test, gone with all that is in it when the object goes.
package final class TemporaryDirectory: Sendable {
    package let path: String
    private let isMount: Bool

    /// What a test process keeps to its end, as the server that many tests share, is removed then.
    private static let standing = Mutex<[String: Bool]>([:])
    private static let removeThemAtExit: Void = {
        atexit {
            let left = TemporaryDirectory.standing.withLock { $0 }
            for (path, isMount) in left { TemporaryDirectory.remove(path, isMount: isMount) }
        }
    }()

    package init() throws {
        path = try Self.make()
        isMount = false
        Self.standing.withLock { $0[path] = false }
    }

    /// A file system of its own with so many bytes, to be filled; `nil` where mounting is not permitted.
    package init?(mountedWithBytes size: Int) throws {
        path = try Self.make()
        isMount = mount("tmpfs", path, "tmpfs", 0, "size=\(size)") == 0
        guard isMount else {
            rmdir(path)
            return nil
        }
        Self.standing.withLock { $0[path] = true }
    }

    /// Only for one that is a file system of its own. An error while a file in it is open for writing.
    package func remount(readOnly: Bool) throws {
        guard isMount, mount("tmpfs", path, nil, UInt(MS_REMOUNT) | (readOnly ? UInt(MS_RDONLY) : 0), nil) == 0 else {
            throw Failure("\(path) cannot be remounted: errno \(errno)")
        }
    }

    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file into the directory and returns its path.
    package func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    private static func make() throws -> String {
        _ = removeThemAtExit
        var template = Array("/tmp/vendlock-test.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure("no directory can be made in /tmp") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func remove(_ path: String, isMount: Bool) {
        // Lazily: a server that is being ended may still have a file open.
        if isMount { umount2(path, Int32(MNT_DETACH)) }
        // What is left over lies in /tmp, where nobody depends on its absence.
        try? FileManager.default.removeItem(atPath: path)
    }

    deinit {
        Self.standing.withLock { $0[path] = nil }
        Self.remove(path, isMount: isMount)
    }
}
