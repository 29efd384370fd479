import Glibc
import Platform
import Testing

/// A directory of one test, with all that is in it, gone when the object goes.
final class Scratch {
    let path: String
    private var mounted = false

    init() throws {
        var template = Array("/tmp/vendlock.XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Puts a file system of 64 KiB here; false where that is not permitted.
    func becomeSmall() -> Bool {
        mounted = mount("tmpfs", path, "tmpfs", 0, "size=64k") == 0
        return mounted
    }

    /// The names in the directory.
    func names() -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    deinit {
        if mounted { umount(path) }
        for name in names() where unlink(file(name)) != 0 {
            rmdir(file(name) + "/inside")
            rmdir(file(name))
        }
        rmdir(path)
    }
}

func mode(of path: String) -> UInt32 {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
}
