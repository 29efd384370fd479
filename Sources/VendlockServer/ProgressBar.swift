import Glibc

/// Shows on the error output how far something is: a bar on a terminal, elsewhere a line for each tenth of what takes long.
struct ProgressBar {
    private let isTerminal = isatty(STDERR_FILENO) != 0
    private var isShown = false
    /// What the last line outside a terminal said.
    private var last = ""
    private let began = ContinuousClock.now
    private static let width = 40
    /// Who reads a log is not told of what is done at once.
    private static let silence = Duration.seconds(2)

    mutating func show(_ what: String, _ done: Int, of total: Int) {
        if isTerminal {
            let full = total > 0 ? done * Self.width / total : 0
            let bar = total > 0 ? "[" + String(repeating: "#", count: full) + String(repeating: " ", count: Self.width - full) + "] " : ""
            Output.note("\r\u{1B}[K\(what) \(bar)\(done)" + (total > 0 ? " of \(total)" : ""))
            isShown = true
        } else if total > 0, began.duration(to: .now) > Self.silence {
            let line = "\(what): \(done * 10 / total * 10) %"
            if line != last { Output.note(line + "\n") }
            last = line
        }
    }

    /// Leaves the terminal's line empty.
    func finish() { if isTerminal, isShown { Output.note("\r\u{1B}[K") } }
}

/// The program's own output, in bytes and at once.
enum Output {
    static func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure("the output could not be written: \(String(cString: strerror(errno)))") }
            rest = rest.dropFirst(count)
        }
    }

    /// On the error output. What cannot be shown is not needed.
    static func note(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
