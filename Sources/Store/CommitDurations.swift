/// Counts of commit durations per bucket, cumulative from the start of the process.
package struct CommitDurations: Sendable, Equatable {
    /// Upper bounds in seconds; the last bucket (above all bounds) is `counts.last`.
    package static let bounds: [Double] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]
    package var counts = [Int](repeating: 0, count: Self.bounds.count + 1)
    package var sum = 0.0

    package init() {}

    package mutating func add(seconds: Double) {
        counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
        sum += seconds
    }
}
