import Foundation
import Testing

/// The units as systemd reads them.
struct UnitTests {
    private static let units = ["vendlock-agent", "vendlock-server"]

    private static func path(_ unit: String) -> String { Tree.root.appending(path: "Firmware/systemd/\(unit).service").path }

    /// Each `key=value` line, in order.
    private static func lines(of unit: String) throws -> [String] {
        try String(contentsOfFile: path(unit), encoding: .utf8).split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }

    @Test(arguments: units) func eachIsExposedUnderTwoOfTen(_ unit: String) throws {
        let (status, output) = try analyze(["security", "--offline=true", "--threshold=20", "--no-pager", Self.path(unit)])
        #expect(status == 0, "\(output)")
        // A tool that looked at nothing says nothing.
        #expect(output.contains("Overall exposure level"), "\(output)")
    }

    @Test(arguments: units) func eachIsWatchedAndStartedAgainForEver(_ unit: String) throws {
        let lines = try Self.lines(of: unit)
        for line in [
            "Type=notify", "Restart=always", "StartLimitIntervalSec=0", "LimitCORE=0", "Environment=SWIFT_BACKTRACE=enable=no",
            "CapabilityBoundingSet=",
        ] {
            #expect(lines.contains(line), "\(unit) lacks \(line)")
        }
        #expect(lines.contains { $0.hasPrefix("WatchdogSec=") }, "\(unit) has no watchdog")
        // The start limit belongs to the unit: among the service's keys systemd would ignore it.
        let limit = try #require(lines.firstIndex(of: "StartLimitIntervalSec=0"))
        #expect(limit < (try #require(lines.firstIndex(of: "[Service]"))))
    }

    private func analyze(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["systemd-analyze"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
