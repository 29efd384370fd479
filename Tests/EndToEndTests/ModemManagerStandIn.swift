import Foundation
import Glibc
import TestSupport

/// A ModemManager on a D-Bus of its own; what it says can be changed at any time.
final class ModemManagerStandIn {
    struct Modem: Encodable {
        var path = 0
        var imei = "350000000000006"
        var state = 8
        /// Number of the SIM's object; `nil`: none.
        var sim: Int? = 0
        var iccid = "89270100001234567890"
        var imsi = "655011234567890"
        /// `nil`: not registered.
        var location: String?
        /// What is switched on of a location's sources.
        var enabled = 0
        /// Whether polkit says no to questions for the location.
        var forbidden = false
    }

    /// `DBUS_SYSTEM_BUS_ADDRESS` of whoever is to find it.
    let address: String
    private let directory: TemporaryDirectory
    private let process: ChildProcess

    init(_ modems: [Modem]) throws {
        directory = try TemporaryDirectory()
        let file = directory.file("modems.json")
        try Self.write(modems, to: file)
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "modem-manager.py").path
        // Debian's own, which has its packages for D-Bus.
        let process = try ChildProcess("/usr/bin/python3", [script, file])
        self.process = process
        address = try eventually("a bus: \(process.errors)") {
            if process.hasEnded { throw Failure("no ModemManager: \(process.errors)") }
            return process.output.split(separator: "\n").first.map(String.init)
        }
    }

    // Its bus ends with it.
    deinit {
        process.signal(SIGINT)
        _ = try? process.wait()
    }

    var environment: [String: String] { ["DBUS_SYSTEM_BUS_ADDRESS": address] }

    /// The calls of `Setup`, as `Setup 1 False`.
    var setups: [String] { process.output.split(separator: "\n").dropFirst().map(String.init) }

    func say(_ modems: [Modem]) throws { try Self.write(modems, to: directory.file("modems.json")) }

    private static func write(_ modems: [Modem], to file: String) throws {
        try JSONEncoder().encode(["modems": modems]).write(to: URL(fileURLWithPath: file), options: .atomic)
    }
}
