import Synchronization
import Wire

/// References and IMEIs that no other test of this process has.
package enum Names {
    private static let last = Atomic<Int>(0)

    private static func next() -> Int { last.wrappingAdd(1, ordering: .relaxed).newValue }

    package static func reference() -> String { "ACC-\(next())" }

    /// 15 digits; the type approval code 35000000 is nobody's.
    package static func imei() -> String { IMEI(serial: 35_000_000_000_000 + UInt64(next())).description }
}
