private import CLinux
private import Synchronization

/// One-line messages on standard error.
package enum Log {
    /// The numbers are those of syslog(3), which the journal reads from a `<6>` in front.
    package enum Level: Int, Sendable {
        case error = 3
        case warning = 4
        case info = 6
    }

    private static let forJournal = Atomic<Bool>(false)

    /// Told by the executable what `JOURNAL_STREAM` holds; priorities are written only when it names this standard error.
    /// - Source: systemd.exec(5)
    package static func useJournal(stream: String?) {
        var status = stat()
        guard let stream, fstat(STDERR_FILENO, &status) == 0 else { return }
        forJournal.store(stream == "\(status.st_dev):\(status.st_ino)", ordering: .relaxed)
    }

    package static func info(_ message: String) { write(.info, message) }
    package static func warning(_ message: String) { write(.warning, message) }
    package static func error(_ message: String) { write(.error, message) }
    /// Why a command ends, under the program's name instead of the level, as commands do.
    package static func failure(of program: String, _ message: String) { write(.error, message, of: program) }

    private static func write(_ level: Level, _ message: String, of program: String? = nil) {
        let line = Array(line(level, message, of: program, forJournal: forJournal.load(ordering: .relaxed)).utf8)
        // One write, so that lines of several threads do not mix. There is nowhere to report its failure to.
        _ = line.withUnsafeBytes { CLinux.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// `warning: text` with a line feed; other control characters become spaces, so that no message forges another line.
    static func line(_ level: Level, _ message: String, of program: String? = nil, forJournal: Bool) -> String {
        var text = forJournal ? "<\(level.rawValue)>" : ""
        if let program { text += "\(program): " } else if level != .info, !forJournal { text += "\(level): " }
        text.unicodeScalars += message.unicodeScalars.lazy.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        return text + "\n"
    }
}
