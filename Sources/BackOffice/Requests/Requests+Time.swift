import Messaging
import Store
import Wire

/// What time alone does with requests: reminders, ends, alerts.
extension Requests {
    /// Called every second.
    ///
    /// - Returns: whether there was anything to do.
    func tick() throws -> Bool {
        let now = environment.now
        let due = try environment.store.read { try $0.dueRequests(now: now, limit: 100) }
        var failure: (any Error)?
        // One that cannot be read holds up no other.
        for request in due { do { try look(at: request.number, now: now) } catch { failure = failure ?? error } }
        if let failure { throw failure }
        return !due.isEmpty
    }

    private func look(at number: Int64, now: Timestamp) throws {
        try environment.store.write { [outbox, alerts] writer in
            guard let request = try writer.request(number), let at = request.lookAt, at <= now else { return }
            let waiting = Flow.waiting(at: request.step)
            let details = try RequestDetails(stored: request.details)
            func move(_ action: RequestAction) -> RequestMove {
                RequestMove(action, on: request, details, by: .system, telling: outbox, now: now, in: writer)
            }
            if let reminder = waiting.reminder, request.reminders < waiting.reminders {
                var move = move(.reminder)
                move.request.reminders += 1
                move.request.dueAt = now.adding(waiting.patience)
                move.request.lookAt = move.request.dueAt
                try move.tell(reminder)
                return try move.finish(
                    "Reminder \(move.request.reminders), after \(waiting.patience.components.seconds / 86_400) days without an answer.")
            }
            if waiting.lapses {
                var move = move(.lapse)
                move.close(.lapsed)
                try move.tell(.requestLapsed)
                return try move.finish("Ended: nothing came from the vendor.")
            }
            var silent = request
            silent.lookAt = nil
            try writer.updateRequest(silent)
            try alerts.raise(
                .requestOverdue,
                "Request \(TicketNumber(number)) (\(Flow.of(request.kind).title)) waits at '\(request.step.rawValue)' for \(waiting.party.rawValue) since \(request.movedAt).",
                about: TicketNumber(number).description, in: writer)
        }
    }
}
