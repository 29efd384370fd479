import LockRules
import Wire

/// Equal events that are counted together instead of being written one by one: refused checks and rejected leases, which a
/// greedy client or a captive portal can cause as often as it likes.
struct Fold: Sendable, Equatable {
    let kind: TerminalEvent.Kind
    let operation: String?
    /// The reason of a refused check, the why of a rejected lease.
    let cause: String
    /// When the first of them happened.
    let since: Moment
    var count = 1
    /// Sum of the amounts asked for; `nil` when none was given.
    var amountCents: Int64?

    func folds(_ other: Fold) -> Bool { kind == other.kind && operation == other.operation && cause == other.cause }

    mutating func add(_ other: Fold) {
        count += other.count
        amountCents = Self.sum(amountCents, other.amountCents)
    }

    func event(seq: Int64) -> TerminalEvent {
        var event = TerminalEvent(seq: seq, kind: kind, at: since.wall, uptime_ms: since.sinceBoot.wholeMilliseconds)
        event.operation = operation
        event.amount_cents = amountCents
        if kind == .leaseRejected { event.why = cause } else { event.reason = cause }
        if count > 1 { event.count = count }
        return event
    }

    /// Amounts come from clients, so that their sum may not fit.
    static func sum(_ left: Int64?, _ right: Int64?) -> Int64? {
        guard let left, let right else { return left ?? right }
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }
}

extension TerminalEvent {
    private static let folding = [Kind.gateRefused.rawValue, Kind.leaseRejected.rawValue]

    var mayFold: Bool { Self.folding.contains(kind) }

    func folds(_ other: TerminalEvent) -> Bool {
        mayFold && kind == other.kind && operation == other.operation && reason == other.reason && why == other.why
    }

    /// This event with an older one of the same kind counted in.
    func counting(_ older: TerminalEvent) -> TerminalEvent {
        var sum = self
        sum.at = older.at
        sum.uptime_ms = older.uptime_ms
        sum.count = (count ?? 1) + (older.count ?? 1)
        sum.amount_cents = Fold.sum(older.amount_cents, amount_cents)
        return sum
    }
}
