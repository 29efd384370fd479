import Agent
import AgentCore
import Wire

extension FuzzTarget {
    /// What gpsd sends.
    static let gpsd = FuzzTarget(name: "gpsd") {
        { bytes in
            var reader = GPSDLines()
            let whole = reader.receive(bytes)
            reader = GPSDLines()
            let cut = pieces(of: bytes).flatMap { reader.receive($0) }
            try hold(whole == cut, "in pieces it is read otherwise")

            var search = GPSDSearch()
            var fixes = 0
            for line in whole {
                try hold(line.count <= GPSDLines.longest, "a line is longer than it may be")
                let report = GPSDReport(line: line)
                if case .fix = report { fixes += 1 }
                guard let fix = search.receive(report) else { continue }
                try hold(fixes >= 3, "a position is believed at once")
                try hold((-90...90).contains(fix.lat) && (-180...180).contains(fix.lon), "it is not on Earth: \(fix)")
                var terminal = try FuzzedTerminal()
                try terminal.connect()
                try terminal.receive(.located(fix))
                try terminal.live()
                break
            }
        }
    }
}
