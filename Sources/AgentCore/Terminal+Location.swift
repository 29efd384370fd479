import Wire

/// Telling the server where the terminal is: when it asks, and once a day. Nothing here has a say in what may be spent.
extension Terminal {
    /// What an accepted lease asks for. The same command stands in every lease until the server has its answer: it is obeyed once.
    mutating func obey(_ commands: [TerminalCommand]?, _ now: Moment) {
        // Other kinds are a newer server's.
        guard let command = commands?.first(where: { $0.kind == TerminalCommand.geolocate }), command.id != lastCommand,
            (1...Limits.longestCode).contains(command.id.utf8.count)
        else { return }
        lastCommand = command.id
        // A search that is under way serves the new question as well: the server asks one at a time, and has given the old one up.
        switch search?.stage {
        case nil: look(for: command.id, now)
        case .position: search = Search(command: command.id, end: now.sinceBoot + Limits.search)
        case .cell: search?.command = command.id
        }
    }

    /// Once a day without being asked: a terminal that moves is seen to. The first time is somewhere within the first day, so that
    /// terminals that were switched on together do not look together.
    mutating func lookDaily(_ now: Moment) {
        guard startedAt != nil else { return }
        guard let at = nextSearch else {
            nextSearch = now.sinceBoot + .random(upTo: Limits.searchInterval, using: &generator)
            return
        }
        if at <= now.sinceBoot, search == nil { look(for: nil, now) }
    }

    private mutating func look(for command: String?, _ now: Moment) {
        search = Search(command: command, end: now.sinceBoot + Limits.search)
        nextSearch = now.sinceBoot + Limits.searchInterval
        effects.append(.locate)
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

    /// The modem's cell is the next best.
    mutating func locationFailed(_ why: LocationFailure, _ now: Moment) {
        guard search?.stage == .position else { return }
        search?.stage = .cell(why)
        search?.end = now.sinceBoot + Limits.cellSearch
        effects.append(.locateCell)
    }

    /// With the reason why it is no position.
    mutating func cellLocated(_ cell: Cell, _ now: Moment) {
        guard case .cell(let why) = search?.stage else { return }
        answer(now) { event in
            event.cell = cell
            event.source = "cell"
            event.why = why.rawValue
        }
    }

    /// Who has asked hears why; otherwise there is nothing to tell.
    mutating func cellUnknown(_ now: Moment) {
        guard case .cell(let why) = search?.stage else { return }
        guard search?.command != nil else { return search = nil }
        answer(now) { $0.why = why.rawValue }
    }

    /// A receiver under a roof looks for ever.
    mutating func giveUpSearch(_ now: Moment) {
        guard let search, search.end <= now.sinceBoot else { return }
        switch search.stage {
        case .position:
            effects.append(.stopLocating)
            locationFailed(.noFix, now)
        case .cell: cellUnknown(now)
        }
    }

    private mutating func answer(_ now: Moment, _ fill: (inout TerminalEvent) -> Void) {
        guard let search else { return }
        self.search = nil
        spool.record(.location, at: now) { event in
            fill(&event)
            event.command = search.command
        }
    }
}
