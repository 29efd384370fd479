import Synchronization

/// Counts for `/metrics` and the text they are shown in. No account, number or IMEI is ever a label.
/// - Source: Prometheus text exposition format 0.0.4.
package final class Metrics: Sendable {
    package final class Counter: Sendable {
        private let value = Atomic<Int>(0)
        package func increment(by amount: Int = 1) { value.wrappingAdd(amount, ordering: .relaxed) }
        package var count: Int { value.load(ordering: .relaxed) }
    }

    /// A counter for each set of label values, made on first use.
    package final class LabelledCounter: Sendable {
        private let counts = Mutex<[[String]: Int]>([:])
        package func increment(_ labels: String..., by amount: Int = 1) { counts.withLock { $0[labels, default: 0] += amount } }
        package var all: [(labels: [String], count: Int)] {
            counts.withLock { $0.map { ($0.key, $0.value) } }.sorted { $0.labels.lexicographicallyPrecedes($1.labels) }
        }
    }

    package final class Histogram: Sendable {
        let bounds: [Double]
        private let state: Mutex<(counts: [Int], sum: Double)>
        init(bounds: [Double]) {
            self.bounds = bounds
            state = Mutex((Array(repeating: 0, count: bounds.count + 1), 0))
        }
        package func observe(_ seconds: Double) {
            state.withLock {
                $0.counts[bounds.firstIndex { seconds <= $0 } ?? bounds.count] += 1
                $0.sum += seconds
            }
        }
        package var snapshot: (counts: [Int], sum: Double) { state.withLock { $0 } }
    }

    package let polls = Counter()
    package let leasesSigned = Counter()
    package let locks = LabelledCounter()
    package let gateRefusals = LabelledCounter()
    package let problems = LabelledCounter()
    /// By provider and outcome: `locked`, `refused`, `sent`, `bad_signature` …
    package let messages = LabelledCounter()
    /// Passwords hashed at sign-in, of names that there are not too.
    package let passwordHashes = Counter()
    /// By kind.
    package let alerts = LabelledCounter()
    package let timeToLock = Histogram(bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300])

    package init() {}
}

/// Writes one metric after another.
struct MetricsText {
    private(set) var text = ""

    mutating func counter(_ name: String, _ help: String, _ value: Int) {
        head(name, help, "counter")
        text += "\(name) \(value)\n"
    }

    mutating func gauge(_ name: String, _ help: String, _ value: Int) {
        head(name, help, "gauge")
        text += "\(name) \(value)\n"
    }

    mutating func family(_ name: String, _ help: String, _ type: String, labels: [String], _ values: [(labels: [String], count: Int)]) {
        head(name, help, type)
        for value in values {
            let pairs = zip(labels, value.labels).map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
            text += "\(name){\(pairs)} \(value.count)\n"
        }
    }

    mutating func histogram(_ name: String, _ help: String, bounds: [Double], counts: [Int], sum: Double) {
        head(name, help, "histogram")
        var total = 0
        for (bound, count) in zip(bounds, counts) {
            total += count
            text += "\(name)_bucket{le=\"\(bound)\"} \(total)\n"
        }
        total += counts.last ?? 0
        text += "\(name)_bucket{le=\"+Inf\"} \(total)\n\(name)_sum \(sum)\n\(name)_count \(total)\n"
    }

    private mutating func head(_ name: String, _ help: String, _ type: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
