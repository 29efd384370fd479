import Store
package import Wire

/// What terminals report: durable before it is acknowledged, counted once.
package struct Events: Sendable {
    private let environment: Environment
    private let lastSeen: LastSeen
    private let visits: Visits
    private let alerts: Alerts

    init(environment: Environment, lastSeen: LastSeen, visits: Visits, alerts: Alerts) {
        self.environment = environment
        self.lastSeen = lastSeen
        self.visits = visits
        self.alerts = alerts
    }

    package func receive(_ batch: EventBatch, from imei: IMEI, address: String) throws -> EventAcknowledgement {
        let events = batch.events
        guard (1...EventBatch.mostEvents).contains(events.count) else {
            throw Problem(.invalidBody, "Send 1 to \(EventBatch.mostEvents) events at once.")
        }
        guard events.allSatisfy({ (1...TerminalEvent.highestSequence).contains($0.seq) && (1...64).contains($0.kind.utf8.count) }),
            zip(events, events.dropFirst()).allSatisfy({ $0.seq < $1.seq })
        else { throw Problem(.invalidBody, "Each event needs a 'kind', and a 'seq' above 0, above the one before it, and of 53 bits at most.") }
        let now = environment.now
        let (last, fresh) = try environment.store.write { [visits, alerts] writer in
            let before = try writer.lastEventSequence(of: imei)
            let (last, _) = try writer.appendEvents(events, of: imei, at: now)
            let fresh = events.filter { $0.seq > before }
            let subject = try writer.device(imei)?.governing.map(Subject.account) ?? .device(imei)
            for event in fresh {
                try OfflineCodes.used(event, imei: imei, at: now, in: writer)
                try visits.settled(by: event, imei: imei, now: now, in: writer)
                guard let text = Self.note(for: event, imei: imei) else { continue }
                try writer.appendNote(Actor.terminal(imei, address: address).note(on: subject, at: now, kind: event.kind, text: text))
                if Self.isOtherModem(event) { try alerts.raise(.identityChanged, text, about: imei.description, in: writer) }
            }
            return (last, fresh)
        }
        lastSeen.heard(imei, at: now)
        for event in fresh where event.kind == TerminalEvent.Kind.gateRefused.rawValue {
            // A terminal may send any text; only known reasons become labels.
            let reason = event.reason.flatMap(Reason.init(rawValue:))?.rawValue ?? "other"
            environment.metrics.gateRefusals.increment(reason, by: max(1, min(event.count ?? 1, 1_000_000)))
        }
        return EventAcknowledgement(acknowledged: last)
    }

    /// What staff should find on the account: signs of an attack, not the daily refusals.
    private static func note(for event: TerminalEvent, imei: IMEI) -> String? {
        switch TerminalEvent.Kind(rawValue: event.kind) {
        case .tamper: "Terminal \(imei) reports tampering: \((event.what ?? "unknown").prefix(200))."
        case .leaseRejected: rejectionNote(event, imei: imei)
        case .codeUsed: codeNote(event, imei: imei)
        default: nil
        }
    }

    /// A terminal with another modem or SIM card: repaired, or in the wrong hands.
    private static func isOtherModem(_ event: TerminalEvent) -> Bool {
        guard event.kind == TerminalEvent.Kind.tamper.rawValue, let what = event.what else { return false }
        return what.hasPrefix("imei_changed") || what.hasPrefix("sim_changed")
    }

    private static func rejectionNote(_ event: TerminalEvent, imei: IMEI) -> String {
        let why = (event.why ?? "unknown").prefix(200)
        let meaning =
            switch event.why {
            case "tls_pin": " (what answered in the server's place had another key than the pinned ones)"
            case "tls_certificate": " (what answered in the server's place had a certificate of nobody it trusts, or out of date)"
            case "tls_name": " (what answered in the server's place had another host's certificate)"
            case "unauthorized": " (what answered did not know this terminal: another tenant's server, or its enrolment here had ended)"
            case "not_vendlock": " (what answered in the server's place was no vendlock server: a network's login page, for example)"
            default: ""
            }
        let times = event.count.map { $0 > 1 ? ", \($0) times" : "" } ?? ""
        return "Terminal \(imei) refused a lease: \(why)\(meaning)\(times)."
    }

    private static func codeNote(_ event: TerminalEvent, imei: IMEI) -> String {
        let what = OfflineCodes.words(String((event.action ?? "unknown").prefix(64)), event.hours ?? 0)
        return "Terminal \(imei) used offline code \(event.counter.map(String.init) ?? "unknown"): \(what)."
    }
}
