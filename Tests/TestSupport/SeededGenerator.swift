import Foundation

/// SplitMix64: the same sequence for the same seed, so that a failure can be had again.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// The seeds of a test's runs: always the same one, or those that `VENDLOCK_SEEDS` names ("1 2 3") to look further or to have a failure again.
package enum Seeds {
    package static func given(otherwise seed: UInt64) -> [UInt64] {
        let named = ProcessInfo.processInfo.environment["VENDLOCK_SEEDS"]?.split(separator: " ").compactMap { UInt64($0) } ?? []
        return named.isEmpty ? [seed] : named
    }
}
