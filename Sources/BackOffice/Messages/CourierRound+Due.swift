import Messaging
import Platform
import Store
import Wire

/// Which of the due rows go now.
extension CourierRound {
    /// What shares places: a provider that hangs takes no other's, and sending takes none of the look-ups that locks wait for.
    enum Queue: Hashable {
        case provider(String)
        case lookups

        init(_ record: OutboxRecord) {
            self = record.lane.hasPrefix(Job.lookupLane) ? .lookups : .provider(record.provider)
        }

        /// Requests under way at once.
        var places: Int {
            switch self {
            case .provider(Provider.whatsapp.rawValue): 16
            case .provider(Provider.alerts.rawValue): 2
            case .provider, .lookups: 8
            }
        }
    }

    private static let firstLook = 64
    private static let deepestLook = 4096
    private static let deepRest = Duration.milliseconds(250)

    /// - Returns: rows that have a place, and whether others are due that have none.
    func due(at now: Timestamp) throws -> (rows: [OutboxRecord], othersWait: Bool) {
        var limit = Self.firstLook
        while true {
            let found = try environment.store.read { try $0.dueOutbox(now: now, limit: limit) }
            let rows = placed(found)
            let othersWait = rows.count < found.count || found.count == limit
            // Many rows of one provider that is slow may hide those of the others, which must not wait for it.
            let isHidden = rows.count < found.count && found.count == limit
            guard isHidden, limit < Self.deepestLook, mayLookDeep(limit) else {
                for row in rows { paces[pacing(row)]?.take() }
                return (rows, othersWait)
            }
            limit = min(Self.deepestLook, limit * 8)
        }
    }

    /// Reading thousands of rows takes milliseconds, so not in every round.
    private func mayLookDeep(_ limit: Int) -> Bool {
        if limit > Self.firstLook { return true }
        let now = Uptime.now()
        if let lookedDeepAt, now - lookedDeepAt < Self.deepRest { return false }
        lookedDeepAt = now
        return true
    }

    private func placed(_ found: [OutboxRecord]) -> [OutboxRecord] {
        var room: [Queue: Int] = [:]
        return found.filter { record in
            let queue = Queue(record)
            let left = room[queue] ?? self.room(in: queue)
            room[queue] = left - 1
            return left > 0
        }
    }

    private func room(in queue: Queue) -> Int {
        let free = queue.places - underway.values.count { Queue($0.record) == queue }
        guard case .provider(let name) = queue, let provider = Provider(rawValue: name) else { return free }
        return min(free, paces[provider, default: Pace(of: provider)].available(at: Uptime.now()))
    }

    private func pacing(_ record: OutboxRecord) -> Provider { Provider(rawValue: record.provider) ?? .alerts }
}
