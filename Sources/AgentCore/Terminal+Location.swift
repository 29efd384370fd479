import Wire

/// Telling the server where the terminal is. Nothing here has a say in what may be spent.
extension Terminal {
    /// What an accepted lease asks for. The same command stands in every lease until the server has its answer: it is obeyed once.
    mutating func obey(_ commands: [TerminalCommand]?, _ now: Moment) {
        // Other kinds are a newer server's.
        guard let command = commands?.first(where: { $0.kind == TerminalCommand.geolocate }), command.id != lastCommand,
            (1...Limits.longestCode).contains(command.id.utf8.count)
        else { return }
        lastCommand = command.id
        // A search that is under way serves the new question as well: the server asks one at a time, and has given the old one up.
        if search == nil { effects.append(.locate) }
        search = Search(command: command.id, end: now.sinceBoot + Limits.search)
    }

    mutating func located(_ fix: Fix, _ now: Moment) {
        answer(now) { event in
            event.lat = fix.lat
            event.lon = fix.lon
            event.accuracy_m = fix.accuracy
            event.fixed_at = fix.at
            event.source = "gpsd"
        }
    }

    mutating func locationFailed(_ why: LocationFailure, _ now: Moment) {
        answer(now) { $0.why = why.rawValue }
    }

    /// A receiver under a roof looks for ever.
    mutating func giveUpSearch(_ now: Moment) {
        guard let search, search.end <= now.sinceBoot else { return }
        effects.append(.stopLocating)
        locationFailed(.noFix, now)
    }

    private mutating func answer(_ now: Moment, _ fill: (inout TerminalEvent) -> Void) {
        guard let command = search?.command else { return }
        search = nil
        spool.record(.location, at: now) { event in
            fill(&event)
            event.command = command
        }
    }
}
