import Foundation
import Glibc
import TestSupport

/// The real gpsd on a free port of the loopback address, and the receiver that it listens to: sentences over UDP, a fix each 100 ms.
///
/// - Source: gpsd(8), `udp://` sources; NMEA 0183.
final class NMEASource: @unchecked Sendable {
    let port: UInt16
    private let gpsd: ChildProcess
    private let socket: Int32
    private let thread: Thread
    private let stopped = DispatchSemaphore(value: 0)

    /// - Parameter position: degrees; `nil`: a receiver that finds none.
    init(_ position: (lat: Double, lon: Double)?) throws {
        port = try Self.freePort(SOCK_STREAM)
        let source = try Self.freePort(SOCK_DGRAM)
        gpsd = try ChildProcess(
            "gpsd", ["-N", "-n", "-S", String(port), "udp://127.0.0.1:\(source)"], environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
        let socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        self.socket = socket
        let stopped = stopped
        thread = Thread {
            // The receiver's own pace; it ends with the test.
            while stopped.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
                for sentence in Self.epoch(position, at: Date()) { Self.send(sentence, over: socket, to: source) }
            }
            close(socket)
        }
        thread.start()
    }

    deinit { stopped.signal() }

    var log: String { gpsd.errors }

    /// GGA, GSA and RMC, as a receiver sends them for one moment.
    private static func epoch(_ position: (lat: Double, lon: Double)?, at date: Date) -> [String] {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "UTC")!
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second, .nanosecond], from: date)
        let time = String(format: "%02d%02d%02d.%02d", parts.hour!, parts.minute!, parts.second!, parts.nanosecond! / 10_000_000)
        let day = String(format: "%02d%02d%02d", parts.day!, parts.month!, parts.year! % 100)
        guard let position else {
            return ["GPGGA,\(time),,,,,0,00,99.9,,M,,M,,", "GPGSA,A,1,,,,,,,,,,,,,99.9,99.9,99.9", "GPRMC,\(time),V,,,,,,,\(day),,,N"]
        }
        let place = degrees(position.lat, "%02d%07.4f", "N", "S") + "," + degrees(position.lon, "%03d%07.4f", "E", "W")
        return [
            "GPGGA,\(time),\(place),1,08,1.1,1274.3,M,18.7,M,,", "GPGSA,A,3,04,05,09,12,17,22,24,29,,,,,1.9,1.1,1.5",
            "GPRMC,\(time),A,\(place),000.0,084.4,\(day),,,A",
        ]
    }

    private static func degrees(_ value: Double, _ form: String, _ positive: String, _ negative: String) -> String {
        let whole = Int(abs(value))
        return String(format: form, whole, (abs(value) - Double(whole)) * 60) + "," + (value < 0 ? negative : positive)
    }

    private static func send(_ sentence: String, over socket: Int32, to port: UInt16) {
        let line = Array(("$" + sentence + String(format: "*%02X\r\n", sentence.utf8.reduce(0, ^))).utf8)
        var address = loopback(port)
        // A datagram that nobody takes yet is sent again with the next moment.
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(socket, line, line.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        sockaddr_in(
            sin_family: sa_family_t(AF_INET), sin_port: port.bigEndian, sin_addr: in_addr(s_addr: UInt32(0x7F00_0001).bigEndian),
            sin_zero: (0, 0, 0, 0, 0, 0, 0, 0))
    }

    /// One that nothing has at this moment.
    static func freePort(_ type: __socket_type) throws -> UInt16 {
        let probe = Glibc.socket(AF_INET, Int32(type.rawValue), 0)
        defer { close(probe) }
        var address = loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(probe, $0, length) == 0 && getsockname(probe, $0, &length) == 0 }
        }
        guard isBound else { throw Failure("no free port: errno \(errno)") }
        return UInt16(bigEndian: address.sin_port)
    }
}
