private import CLinux

/// systemd, where it started this process and wants to hear from it: that it is ready, that its loop goes round, that it ends.
///
/// The protocol is a datagram of text lines, so that a terminal needs no libsystemd: it would be one more library to keep up to date for
/// twenty lines. Nothing here waits: what the manager's queue has no room for goes with the next notice. For one thread, the loop's own: a
/// watchdog that another thread feeds says nothing about the loop.
/// - Source: sd_notify(3), sd_watchdog_enabled(3)
package final class ServiceManager {
    package enum Notice: String, Sendable {
        case ready = "READY=1"
        /// Until the next `ready`.
        case reloading = "RELOADING=1"
        case stopping = "STOPPING=1"
    }

    private static let feed = "WATCHDOG=1"

    private let socket: Descriptor?
    /// Of the socket, for as long as that is open; `nil`: there is no manager.
    private let number: Int32?
    /// Half of what the manager waits for; `nil`: it does not watch, or watches another process.
    private let interval: Duration?
    private var fedAt: Uptime?
    /// What the manager has not been told yet, oldest first.
    private var unsent: [String] = []

    /// - Parameters:
    ///   - socket: `NOTIFY_SOCKET`; absent: nobody is told anything.
    ///   - watchdog: `WATCHDOG_USEC` and `WATCHDOG_PID`.
    package init(socket: String?, watchdog: (microseconds: String?, pid: String?) = (nil, nil)) throws(SystemError) {
        guard let socket, !socket.isEmpty else {
            self.socket = nil
            number = nil
            interval = nil
            return
        }
        let opened = try check("connect to NOTIFY_SOCKET", socket) { vendlock_notify_socket(socket) }
        number = opened
        self.socket = Descriptor(owning: opened)
        let isForUs = watchdog.pid.map { $0 == "\(getpid())" } ?? true
        let microseconds = watchdog.microseconds.flatMap { Int64($0) } ?? 0
        interval = isForUs && microseconds > 0 ? .microseconds(microseconds) / 2 : nil
    }

    /// As the environment says; what that names must be there.
    package convenience init(environment: [String: String]) throws(SystemError) {
        try self.init(socket: environment["NOTIFY_SOCKET"], watchdog: (environment["WATCHDOG_USEC"], environment["WATCHDOG_PID"]))
    }

    package func tell(_ notice: Notice) {
        unsent.append(notice.rawValue)
        send()
    }

    /// The loop has gone round: feeds the watchdog when that is due, and says what is still to be said.
    package func turned(at now: Uptime) {
        if let interval, now >= (fedAt ?? now - interval) + interval {
            fedAt = now
            if unsent.last != Self.feed { unsent.append(Self.feed) }
        }
        send()
    }

    /// How long the loop may sleep; `nil`: as long as it likes.
    package func longestSleep(at now: Uptime) -> Duration? {
        // A queue that was full is tried again soon.
        if !unsent.isEmpty { return .seconds(1) }
        return interval.map { interval in fedAt.map { max(.zero, $0 + interval - now) } ?? .zero }
    }

    private func send() {
        guard let number else { return unsent = [] }
        while let text = unsent.first {
            let bytes = Array(text.utf8)
            guard bytes.withUnsafeBytes({ CLinux.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }) < 0 else {
                unsent.removeFirst()
                continue
            }
            let code = vendlock_errno()
            if code == EINTR { continue }
            // A manager that is gone hears nothing any more; one whose queue is full will.
            if code != EAGAIN, code != ENOBUFS { unsent = [] }
            return
        }
    }
}
