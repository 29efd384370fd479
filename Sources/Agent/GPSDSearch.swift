package import AgentCore

/// Which of the receivers' reports is believed: the third in a row of one receiver, each with a later time.
///
/// A receiver that repeats its last position, or has just begun to find one, is not.
/// - Source: gpsd_json(5) advises three fixes in a row before the time is believed.
package struct GPSDSearch: Sendable {
    private struct Run { var count: Int, last: Fix }

    private static let needed = 3
    /// Receivers that are told apart; no terminal has more.
    private static let mostDevices = 8
    private var runs: [String: Run] = [:]

    package init() {}

    /// - Returns: the position, once there is one.
    package mutating func receive(_ report: GPSDReport) -> Fix? {
        switch report {
        case .other: return nil
        case .noFix(let device): runs[device] = nil
        case .fix(let fix, let device):
            guard var run = runs[device] else {
                if runs.count < Self.mostDevices { runs[device] = Run(count: 1, last: fix) }
                return nil
            }
            // One epoch brings several reports of the same time: the last is the most complete.
            if fix.at > run.last.at { run.count += 1 } else if fix.at < run.last.at { run.count = 1 }
            run.last = fix
            runs[device] = run
            if run.count >= Self.needed { return fix }
        }
        return nil
    }
}
