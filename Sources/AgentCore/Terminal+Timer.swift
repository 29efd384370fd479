/// The one timer: the earliest moment at which something changes by time alone.
extension Terminal {
    mutating func setTimer(_ now: Moment) {
        let next = moments(after: now.sinceBoot).min()
        guard next != timer || next.map({ $0 <= now.sinceBoot }) == true else { return }
        timer = next
        effects.append(.setTimer(at: next))
    }

    private func moments(after now: Duration) -> [Duration] {
        if link == .unenrolled { return [now + Limits.enrolmentLook] }
        var moments = [flush.at, spool.retryAt].compactMap(\.self)
        if lock.wanted != nil, let storeRetryAt { moments.append(storeRetryAt) }
        if case .waiting(let until, _) = link { moments.append(until) }
        if case .waiting(let until) = report, !spool.events.isEmpty { moments.append(until) }
        if let end = search?.end { moments.append(end) } else if let nextSearch { moments.append(nextSearch) }
        if let end = lease?.end, end > now { moments.append(end) }
        if let end = extended?.end, end > now { moments.append(end) }
        return moments
    }
}
