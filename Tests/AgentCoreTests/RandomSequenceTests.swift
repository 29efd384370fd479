@testable import AgentCore
import LockRules
import Testing
import Wire

/// Seeded random lives of a terminal: a server that changes its mind, forged answers, lost ones, full disks, kills, reboots and damage, and
/// offline codes: right, wrong, old ones, typed again and again.
/// After each step the invariants are checked against what the test itself knows.
struct RandomSequenceTests {
    @Test(arguments: UInt64(1)...40)
    func theInvariantsHoldAfterEveryStep(seed: UInt64) {
        var world = World(seed: seed)
        for step in 0..<1000 {
            world.step()
            if let broken = world.broken() {
                Issue.record("seed \(seed), step \(step): \(broken)\n\(world.history.suffix(12).joined(separator: "\n"))")
                return
            }
        }
        #expect(world.permitted > 0, "a run in which nothing was ever permitted shows nothing")
        if let difference = world.disagreement() { Issue.record("seed \(seed), in the end: \(difference)") }
    }

    /// What the lives are to show has happened in them.
    @Test func codesOfEveryKindAreAcceptedAndRefusedInThem() {
        var seen: [String: Int] = [:]
        for seed in UInt64(1)...40 {
            var world = World(seed: seed)
            for _ in 0..<1000 { world.step() }
            seen.merge(world.codes.seen) { $0 + $1 }
        }
        for what in [
            "extend", "unlock", "lock", "wrong", "old", "slowed", "not stored", "killed", "ended by a lock", "no use under a lock",
            "sold on an extension", "an extension ended by the server",
            "a key asked for",
        ] {
            #expect(seen[what, default: 0] >= 10, "\(what): \(seen)")
        }
    }
}
