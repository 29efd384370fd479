/// What a simulation has met.
package struct Tally: Sendable {
    package internal(set) var hours = 0.0
    package internal(set) var permitted = 0
    package internal(set) var refused = 0
    /// How often each thing happened: "outage", "reboot", "lock" …
    package internal(set) var happened: [String: Int] = [:]
    package internal(set) var violations = 0
    /// The first few, each with its seed and what came before it.
    package internal(set) var reports: [String] = []

    package init() {}

    mutating func count(_ what: String) { happened[what, default: 0] += 1 }

    package mutating func add(_ other: Tally) {
        hours += other.hours
        permitted += other.permitted
        refused += other.refused
        happened.merge(other.happened) { $0 + $1 }
        violations += other.violations
        reports = Array((reports + other.reports).prefix(5))
    }
}
