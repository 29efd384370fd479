import Glibc
import TerminalSimulation

// Simulated hours of many terminals, for the benchmark: `simulated-hours HOURS [SEED]`. One line of JSON; ends with 1 when there was a violation.

func complain(_ text: String) {
    let line = Array((text + "\n").utf8)
    _ = write(2, line, line.count)
}

/// Hours of one terminal; then comes the next, with another seed.
let life = 100

guard (2...3).contains(CommandLine.arguments.count), let hours = Int(CommandLine.arguments[1]), hours > 0,
    let first = CommandLine.arguments.count < 3 ? 1 : UInt64(CommandLine.arguments[2])
else {
    complain("usage: simulated-hours HOURS [SEED]")
    exit(2)
}
var tally = Tally()
for (number, begun) in stride(from: 0, to: hours, by: life).enumerated() {
    var simulation = Simulation(seed: first &+ UInt64(number))
    simulation.run(hours: min(life, hours - begun))
    tally.add(simulation.tally)
}
for report in tally.reports { complain(report) }
let happened = tally.happened.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
print(
    "{\"hours\": \(Int(tally.hours)), \"violations\": \(tally.violations), \"permitted\": \(tally.permitted), \"refused\": \(tally.refused), "
        + happened.joined(separator: ", ") + "}")
exit(tally.violations == 0 ? 0 : 1)
