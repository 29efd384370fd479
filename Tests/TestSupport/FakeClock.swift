import Foundation

/// A wall clock of a process's own, which a test may set while it runs; the boot clock stays the machine's.
/// - Source: the README of libfaketime
package final class FakeClock {
    private let directory: TemporaryDirectory
    private let library: String

    /// - Parameter time: as faketime(1) takes it: `@1970-01-01 00:00:10` runs on from there, `-30d` is off by so much.
    package init(_ time: String) throws {
        directory = try TemporaryDirectory()
        let root = "/usr/lib"
        let found = try FileManager.default.contentsOfDirectory(atPath: root).map { "\(root)/\($0)/faketime/libfaketime.so.1" }
            .first { FileManager.default.fileExists(atPath: $0) }
        guard let found else { throw Failure("libfaketime is missing: tools/prepare test installs it") }
        library = found
        try set(time)
    }

    package func set(_ time: String) throws {
        // Renamed into its place: the process reads it at each look at the clock.
        try Data((time + "\n").utf8).write(to: URL(fileURLWithPath: directory.file("time")), options: .atomic)
    }

    package var environment: [String: String] {
        [
            "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": directory.file("time"), "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        ]
    }
}
