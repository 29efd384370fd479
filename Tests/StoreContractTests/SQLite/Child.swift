import Glibc

/// Other programs, run to their end.
enum Child {
    struct Failed: Error { let program: String, status: Int32 }

    /// Runs a program of the system with its output discarded; throws unless it ends with status 0.
    static func run(_ arguments: String...) throws {
        var identity = pid_t()
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        let code = posix_spawnp(&identity, arguments[0], nil, nil, &words, environ)
        guard code == 0 else { throw Failed(program: arguments[0], status: code) }
        var status: Int32 = 0
        while waitpid(identity, &status, 0) < 0 && errno == EINTR {}
        guard status == 0 else { throw Failed(program: arguments[0], status: status) }
    }

    /// The stock `sqlite3` program on a store's file: a hand past everything that the store guards.
    static func sqlite(_ path: String, _ sql: String) throws {
        try run("sqlite3", "-bail", path, sql)
    }
}

func sizeOfFile(_ path: String) throws -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else { throw Child.Failed(program: "stat", status: errno) }
    return Int(status.st_size)
}
