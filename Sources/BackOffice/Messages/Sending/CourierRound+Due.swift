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
        /// One of the systems that are told of events, by its lane: no two share anything.
        case endpoint(String)

        init(_ record: OutboxRecord) {
            if record.lane.hasPrefix(Job.lookupLane) {
                self = .lookups
            } else if record.provider == Provider.webhooks.rawValue {
                self = .endpoint(record.lane)
            } else {
                self = .provider(record.provider)
            }
        }

        /// Whose pace counts: a look-up is a request to Freshchat.
        var paced: Queue { self == .lookups ? .provider(Provider.freshchat.rawValue) : self }

        /// `nil` for the row of a provider that only a newer program knows.
        var pace: Pace? {
            switch self {
            case .provider(let name): Provider(rawValue: name).map { Pace(of: $0) }
            case .lookups: Pace(of: .freshchat)
            case .endpoint: Pace(of: .webhooks)
            }
        }

        /// Requests under way at once.
        var places: Int {
            switch self {
            case .provider(Provider.whatsapp.rawValue): 16
            case .provider(Provider.alerts.rawValue): 2
            case .provider, .lookups: 8
            case .endpoint: 1
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
                for row in rows { paces[Queue(row).paced]?.take() }
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
        guard queue != .lookups, let pace = queue.pace else { return free }
        return min(free, paces[queue, default: pace].available(at: Uptime.now()))
    }
}
