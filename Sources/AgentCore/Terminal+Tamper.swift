import Wire

/// What somebody does to this terminal: told to the server, which is who acts on it.
extension Terminal {
    mutating func tampered(_ what: String, _ now: Moment) { spool.record(.tamper, at: now) { $0.what = what.clipped(to: Limits.longestMessage) } }

    /// Another modem or another SIM. The terminal stays who it was enrolled as, it cannot speak for another; but it presents itself anew.
    mutating func identityChanged(_ what: String, _ now: Moment) {
        tampered(what, now)
        effects.append(.log(.warning, "This terminal has changed: \(what)."))
        switch link {
        case .unenrolled, .stopped, .connecting: break
        // The server is not heard, or asks for patience: the connection takes the poll's turn.
        case .waiting(let until, _): link = .waiting(until: until, nil)
        case .polling, .storing: connect(now)
        }
    }
}
