/// The way to the server and back: gone for a while, slow, losing, forgetting.
struct SimulatedNetwork {
    var isUp = true
    var loss = 0.01
    /// One way, milliseconds.
    var latency = 20...120
    /// An idle connection older than this is forgotten without a word.
    var forgetsAfter: Duration?

    mutating func becomeAnother(_ random: inout Seeded) {
        loss = [0, 0.01, 0.03, 0.3].randomElement(using: &random) ?? 0
        latency = [1...2, 20...120, 150...400, 1000...9000].randomElement(using: &random) ?? 20...120
        forgetsAfter = [nil, nil, .seconds(60), .seconds(180)].randomElement(using: &random) ?? nil
    }

    /// How long it takes this time; `nil`: it does not arrive.
    func passage(_ random: inout Seeded) -> Duration? {
        guard isUp, !random.chance(loss) else { return nil }
        return .milliseconds(Int.random(in: latency, using: &random))
    }
}
