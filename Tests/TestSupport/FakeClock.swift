import Foundation
import Glibc

/// A wall clock of a process's own, which a test may set while it runs.
///
/// Not libfaketime, whose `timerfd_settime` also shifts what is set on the boot clock (0.9.10).
package final class FakeClock {
    package enum Time: Sendable, CustomStringConvertible {
        /// Off by so many days.
        case days(Int)
        /// Runs on from ten seconds after the beginning of 1970: a clock whose battery was empty.
        case reset

        package var description: String {
            switch self {
            case .days(let days): "\(days) days off"
            case .reset: "in 1970"
            }
        }

        fileprivate var offset: Int64 {
            switch self {
            case .days(let days): Int64(days) * 86_400
            case .reset: 10 - Int64(Glibc.time(nil))
            }
        }
    }

    private static let library = Result {
        let directory = try TemporaryDirectory()
        let source = URL(fileURLWithPath: #filePath).deletingPathExtension().appendingPathExtension("c").path
        let result = try Programs.run("gcc", ["-O1", "-shared", "-fPIC", "-o", directory.file("clock.so"), source])
        guard result.status == 0 else { throw Failure("gcc: \(result.errors)") }
        return directory
    }

    private let directory: TemporaryDirectory
    private let library: String

    package init(_ time: Time) throws {
        directory = try TemporaryDirectory()
        library = try Self.library.get().file("clock.so")
        try Data(count: 8).write(to: URL(fileURLWithPath: directory.file("offset")))
        try set(time)
    }

    /// At once, also for a process that runs.
    package func set(_ time: Time) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: directory.file("offset")))
        // In place: the process has the file mapped.
        try file.write(contentsOf: withUnsafeBytes(of: time.offset) { Data($0) })
        try file.close()
    }

    package var environment: [String: String] { ["LD_PRELOAD": library, "FAKE_CLOCK": directory.file("offset")] }
}
