import FoundationEssentials
import Glibc

/// A directory of its own for one test, removed with it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("\(FileManager.default.temporaryDirectory.path)/vendlock-store.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit {
        // A directory that stays behind in /tmp harms no test.
        try? FileManager.default.removeItem(atPath: path)
    }

    var store: String { path + "/store.sqlite" }
}
