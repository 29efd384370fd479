/// SplitMix64: the same sequence for the same seed, everywhere.
package struct Seeded: RandomNumberGenerator, Sendable {
    private var state: UInt64
    package init(_ seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &self) < probability }

    /// Seconds until something that happens once in `mean` seconds, whenever it happened last.
    mutating func interval(mean: Double) -> Duration { .milliseconds(Int64(-mean * 1000 * logarithm(Double.random(in: 1e-9..<1, using: &self)))) }

    /// The natural logarithm without a C library: a few terms are more than enough here.
    private func logarithm(_ value: Double) -> Double {
        let exponent = Double(value.exponent)
        let ratio = (value.significand - 1) / (value.significand + 1)
        let square = ratio * ratio
        return exponent * 0.693_147_180_559_945 + 2 * ratio * (1 + square * (1 / 3.0 + square * (1 / 5.0 + square / 7)))
    }
}
