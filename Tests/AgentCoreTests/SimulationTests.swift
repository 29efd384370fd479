import TerminalSimulation
import Testing

/// Hours of selling while everything goes wrong. `tools/bench --only hours` runs ten thousand of them.
struct SimulationTests {
    /// 240 hours.
    @Test func nothingIsSpentThatMayNotBe() {
        var tally = Tally()
        for seed in UInt64(1)...24 {
            var simulation = Simulation(seed: seed)
            simulation.run(hours: 10)
            tally.add(simulation.tally)
        }
        #expect(tally.violations == 0, "\(tally.reports.joined(separator: "\n"))")
        #expect(tally.permitted > 1000 && tally.refused > 1000)
        for what in [
            "lock", "unlock", "outage", "server restart", "kill", "reboot", "suspend", "wall clock set", "replay", "forgotten connection",
            "full disk",
            "code extend", "code unlock", "code lock",
        ] {
            #expect(tally.happened[what, default: 0] > 0, "\(what) never happened: \(tally.happened)")
        }
    }

    /// A simulation that finds nothing must be able to.
    @Test(arguments: Simulation.Fault.allCases) func aShellThatIsWrongIsFoundOut(_ fault: Simulation.Fault) {
        var tally = Tally()
        for seed in UInt64(1)...600 where tally.violations == 0 {
            var simulation = Simulation(seed: seed, fault: fault)
            simulation.run(hours: 10)
            tally.add(simulation.tally)
        }
        #expect(tally.violations > 0)
    }

    @Test func theSameSeedIsTheSameLife() {
        let lives = (0..<2).map { _ in
            var simulation = Simulation(seed: 77)
            simulation.run(hours: 3)
            return simulation.tally
        }
        #expect(lives[0].happened == lives[1].happened && lives[0].permitted == lives[1].permitted)
    }
}
