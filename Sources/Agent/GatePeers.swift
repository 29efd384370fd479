package import Platform

/// Who may ask the gate, by the user that the kernel names, and who else has tried.
package struct GatePeers {
    package enum Verdict: Equatable {
        case welcome
        /// `report`: what to tell the server; `nil` within an hour of the last time.
        case refused(report: String?)
    }

    /// Between two reports about one user.
    static let silence = Duration.seconds(3600)
    /// Users that are reported within that time; more can only be made by who rules the terminal anyway.
    static let mostReported = 32

    /// `nil`: whomever the socket's mode lets in.
    private let users: Set<UInt32>?
    private var reported: [UInt32: Uptime] = [:]

    /// Besides these, root and the agent's own user are answered: they could be any of them.
    package init(_ users: [GateUser]?) throws(SystemError) {
        guard let users else {
            self.users = nil
            return
        }
        var numbers: Set<UInt32> = [0, UserName.own]
        for user in users { numbers.insert(try user.number()) }
        self.users = numbers
    }

    package func admits(_ peer: Peer) -> Bool { users?.contains(peer.uid) ?? true }

    package mutating func verdict(on peer: Peer, at now: Uptime) -> Verdict {
        guard !admits(peer) else { return .welcome }
        reported = reported.filter { now < $0.value + Self.silence }
        guard reported[peer.uid] == nil, reported.count < Self.mostReported else { return .refused(report: nil) }
        reported[peer.uid] = now
        return .refused(report: "gate_peer uid=\(peer.uid) pid=\(peer.pid) \(Self.program(peer))")
    }

    /// As much as the system shows: whoever is not root sees of another user's process no file, and where processes are hidden not even its name.
    private static func program(_ peer: Peer) -> String {
        if let path = peer.executable { return "exe=\(plain(path))" }
        return peer.name.map { "exe=hidden, calls itself \(plain($0))" } ?? "exe=hidden"
    }

    /// A path may hold anything but NUL.
    private static func plain(_ path: String) -> String {
        String(String.UnicodeScalarView(path.unicodeScalars.lazy.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }).prefix(200))
    }
}
