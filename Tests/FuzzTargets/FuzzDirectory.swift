import Glibc

/// A directory for the time of a target, in memory where the machine has such a file system: the disk would be what is measured.
final class FuzzDirectory {
    let path: String

    init() throws {
        for parent in ["/dev/shm", "/tmp"] {
            var template = Array("\(parent)/vendlock-fuzz.XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else { continue }
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return
        }
        throw Broken(description: "no directory can be made in /dev/shm or /tmp")
    }

    func file(_ name: String) -> String { path + "/" + name }

    /// Without fsync, unlike the agent: nobody reads it after a power cut.
    func write(_ bytes: [UInt8], to name: String) throws {
        guard let stream = fopen(file(name), "w") else { throw Broken(description: "\(name) cannot be written") }
        defer { fclose(stream) }
        guard fwrite(bytes, 1, bytes.count, stream) == bytes.count else { throw Broken(description: "\(name) cannot be written") }
    }

    /// All that is in it.
    func clear() {
        guard let directory = opendir(path) else { return }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            // What is no file stays: the directory itself and the one above it.
            unlink(file(name))
        }
    }

    deinit {
        clear()
        rmdir(path)
    }
}
