import Foundation
import Glibc
import TestSupport

/// `front.py`: what stands between a terminal and its server, or in the server's place.
final class Front {
    private let process: ChildProcess
    let port: UInt16

    /// - Parameter port: 0 for any that is free.
    init(_ port: UInt16 = 0, _ words: String...) throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "front.py").path
        let process = try ChildProcess("python3", [script, "\(port)"] + words)
        self.process = process
        self.port = try eventually("front.py to listen") {
            if process.hasEnded { throw Failure("front.py: \(process.errors)") }
            guard let line = process.output.split(separator: "\n").first, line.hasPrefix("listening ") else { return nil }
            return UInt16(line.dropFirst(10))
        }
    }

    /// What was sent to it, in plain text.
    var heard: String { process.output }

    func stop() throws {
        process.signal(SIGKILL)
        try process.wait()
    }
}
