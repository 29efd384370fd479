import Foundation
import Glibc
import Synchronization

/// A modem with an AT port on a pseudo-terminal: a small one that works, and misbehaves as it is told to.
///
/// - Source: 3GPP TS 27.007; the noise and the late answers are those of real modems.
package final class PTYModem: Sendable {
    package struct Behaviour: Sendable {
        package var imei = "350000000000006"
        /// `nil`: no SIM.
        package var iccid: String? = "89270100001234567890"
        package var imsi = "655011234567890"
        package var registration = "2,1,\"1F00\",\"0079D903\",7"
        package var operatorCode = "65501"
        /// How the IMEI is said.
        package var form: @Sendable (String) -> String = { $0 }
        /// Bytes that are written at once; `nil`: all.
        package var portion: Int?
        package var delay = Duration.zero
        /// Unsolicited lines before each answer.
        package var unsolicited: [String] = []
        /// Bytes that it sends when it is opened, or hears its first command.
        package var greeting: [UInt8] = []
        /// Hears, and says nothing.
        package var isMute = false
        /// Gone with this command.
        package var hangsUpAt: String?
        package init() {}
    }

    /// Where it is opened.
    package let path: String
    private let behaviour: Mutex<Behaviour>
    private let heard = Mutex<[String]>([])
    private let controller: Int32
    /// Kept open, so that the pseudo-terminal outlives its callers.
    private let line: Int32

    package init(_ behaviour: Behaviour = Behaviour()) throws {
        var ends: (Int32, Int32) = (-1, -1)
        var name = [CChar](repeating: 0, count: 128)
        var settings = termios()
        cfmakeraw(&settings)
        guard openpty(&ends.0, &ends.1, &name, &settings, nil) == 0 else { throw Failure("no pseudo-terminal: errno \(errno)") }
        controller = ends.0
        line = ends.1
        for end in [ends.0, ends.1] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.behaviour = Mutex(behaviour)
        let thread = Thread { [weak self, controller] in
            // What reads at the other end hears an error, as when a USB modem is pulled.
            defer { close(controller) }
            var begun: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 256)
            var echoes = true
            var isFirst = true
            while true {
                let count = read(controller, &buffer, buffer.count)
                guard count > 0, let self else { return }
                for byte in buffer[..<count] {
                    guard byte == UInt8(ascii: "\r") else {
                        begun.append(byte)
                        continue
                    }
                    let command = String(decoding: begun, as: UTF8.self)
                    begun = []
                    guard self.answer(command, &echoes, &isFirst) else { return }
                }
            }
        }
        thread.start()
    }

    // The thread hears of it, and closes the other end.
    deinit { close(line) }

    /// The commands that it has heard.
    package var commands: [String] { heard.withLock { $0 } }

    package func change(_ change: @Sendable (inout Behaviour) -> Void) { behaviour.withLock { change(&$0) } }

    private func answer(_ command: String, _ echoes: inout Bool, _ isFirst: inout Bool) -> Bool {
        heard.withLock { $0.append(command) }
        let behaviour = behaviour.withLock { $0 }
        if command == behaviour.hangsUpAt { return false }
        if behaviour.isMute { return true }
        var bytes: [UInt8] = []
        if isFirst { bytes += behaviour.greeting }
        isFirst = false
        if echoes { bytes += Array((command + "\r").utf8) }
        if command == "ATE0" { echoes = false }
        for line in behaviour.unsolicited { bytes += Array("\r\n\(line)\r\n".utf8) }
        for line in Self.lines(of: command, behaviour) { bytes += Array("\r\n\(line)\r\n".utf8) }
        if behaviour.delay > .zero { usleep(UInt32(behaviour.delay / .microseconds(1))) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let portion = rest.prefix(behaviour.portion ?? rest.count)
            let count = portion.withUnsafeBytes { write(controller, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
            if behaviour.portion != nil { usleep(200) }
        }
        return true
    }

    private static func lines(of command: String, _ modem: Behaviour) -> [String] {
        switch command {
        case "AT", "ATE0", "AT+CMEE=1", "AT+COPS=3,2", "AT+CEREG=2", "AT+CREG=2": ["OK"]
        case "AT+CGSN": [modem.form(modem.imei), "OK"]
        case "AT+CEREG?": ["+CEREG: \(modem.registration)", "OK"]
        case "AT+CREG?": ["+CREG: 2,0", "OK"]
        case "AT+COPS?": ["+COPS: 0,2,\"\(modem.operatorCode)\",7", "OK"]
        case "AT+CIMI": modem.iccid == nil ? ["+CME ERROR: 10"] : [modem.imsi, "OK"]
        case "AT+CCID": modem.iccid.map { ["+CCID: \($0)", "OK"] } ?? ["+CME ERROR: 10"]
        default: ["+CME ERROR: 4"]
        }
    }
}
