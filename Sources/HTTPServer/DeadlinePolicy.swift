/// What becomes of a connection that comes up in the table: the rules against slow clients, as one function.
struct DeadlinePolicy: Sendable {
    enum Verdict: Equatable {
        /// Overdue: cut it off.
        case end
        /// A parked request's deadline has come.
        case wake
        /// Parked: ask whether the client is still there, and look again then.
        case probe(again: Ticks)
        case keep(again: Ticks)
    }

    /// For the first complete header, counted from accept.
    let header: Ticks
    /// For a complete body, counted from its header.
    let body: Ticks
    /// For each step of a large body: what comes more slowly holds room that others need. No more than `body`.
    let bodyStep: Ticks
    /// From one answer to the next complete header.
    let idle: Ticks
    /// How often a parked client is looked for.
    let probe: Ticks

    /// Phases change without telling the table, so each connection is looked at at least this often.
    var step: Ticks { min(bodyStep, idle, 10_000) }

    func verdict(on activity: Activity, parkingDeadline: Ticks, now: Ticks) -> Verdict {
        switch activity.phase {
        case .fresh: limit(activity.since + header, now)
        case .receiving: limit(activity.since + body, now)
        case .filling: limit(activity.since + bodyStep, now)
        case .idle: limit(activity.since + idle, now)
        case .serving: .keep(again: now + step)
        case .parked: now >= parkingDeadline ? .wake : .probe(again: min(parkingDeadline, now + probe))
        }
    }

    /// A large body took a step forward; its next one is due in time for the whole body's deadline too.
    func filling(since header: Ticks, now: Ticks) -> Activity { Activity(.filling, since: min(now, header + body - bodyStep)) }

    private func limit(_ end: Ticks, _ now: Ticks) -> Verdict {
        now >= end ? .end : .keep(again: min(end, now + step))
    }
}
