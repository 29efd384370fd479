import Messaging
import Platform
import Store
import Wire

/// Puts a saying into words, from what the store knows at this moment, in the account's language.
struct Wording: Sendable {
    /// What is to be sent: a text, and the template that says the same where only a template may go.
    struct Words: Sendable, Equatable {
        var text: String
        /// Without the configured prefix.
        var template: String
        var language: String
        /// The template's parameters, in the order in which the README lists them.
        var parameters: [String]
    }

    let lastSeen: LastSeen
    /// Seconds a lease runs: a terminal that is not reached stops by then.
    /// Where vendors write to.
    let email: String?

    /// - Returns: `nil` when what it tells of is gone, or not so any more: a lock that was released while the answer waited.
    func words(for saying: Saying, sms: Bool, now: Timestamp, in reader: any StoreReader) throws -> Words? {
        switch saying {
        case .lock(let id, let already, let teach): return try lock(id, already: already, teach: teach, sms: sms, now: now, in: reader)
        case .allStopped(let id): return try allStopped(id, sms: sms, now: now, in: reader)
        case .refused(let language): return plain(language, sms ? .smsRefused : .refused, "refused")
        case .hint(let language): return plain(language, sms ? .smsHint : .hint, "hint")
        case .resend(let language): return plain(language, sms ? .smsHint : .resend, "hint")
        case .drill(let id): return try drill(id, sms: sms, now: now, in: reader)
        case .numberChangeOld(let id):
            return try numberChange(id, sms ? .smsNumberChangeOld : .numberChangeOld, "number_change_old", now: now, in: reader)
        case .numberChangeNew(let id, let oldCoolsOff):
            return try numberChange(id, sms || !oldCoolsOff ? .smsNumberChangeNew : .numberChangeNew, "number_change_new", now: now, in: reader)
        case .numberChangeCancelled(let id):
            return try numberChange(id, .numberChangeCancelled, "number_change_cancelled", now: now, in: reader)
        case .request(let ticket, let key, _): return try request(ticket, key, in: reader)
        }
    }

    private func plain(_ language: String, _ key: TextKey, _ template: String) -> Words {
        let catalogue = Catalogue.of(language)
        return Words(text: catalogue.text(key), template: template, language: catalogue.language, parameters: [])
    }

    // MARK: Locks

    private func lock(_ id: String, already: Bool, teach: Bool, sms: Bool, now: Timestamp, in reader: any StoreReader) throws -> Words? {
        guard let hold = try reader.hold(id), case .account(let reference) = hold.subject, let account = try reader.account(reference) else {
            return nil
        }
        guard let since = try reader.standingHolds(on: hold.subject).map(\.requestedAt).min() else { return nil }
        let catalogue = Catalogue.of(account.language)
        let deliveries = try reader.deliveries(ofHold: id)
        let stopped = deliveries.filter { $0.enforcedAt != nil }.count
        let facts = [
            "reference": reference.text, "time": time(since, now), "done": String(stopped), "total": String(deliveries.count),
        ]
        let short = catalogue.text(already ? .smsAlreadyLocked : .smsLocked, facts)
        let parameters = [reference.text, facts["time", default: ""], String(stopped), facts["total", default: ""]]
        var lines = [short]
        if !sms {
            lines = [catalogue.text(already ? .alreadyLocked : .locked, facts)]
            for delivery in deliveries { lines.append(try line(for: delivery, catalogue, now, in: reader)) }
            if deliveries.isEmpty { lines.append(catalogue.text(.noTerminals)) }
            lines.append(catalogue.text(.onlyStaffUnlock))
            if teach { lines.append(catalogue.text(.teach, facts)) }
        }
        return Words(
            text: lines.joined(separator: "\n"), template: already ? "already_locked" : "locked", language: catalogue.language, parameters: parameters
        )
    }

    private func line(for delivery: DeliveryRecord, _ catalogue: Catalogue, _ now: Timestamp, in reader: any StoreReader) throws -> String {
        let device = try reader.device(delivery.imei)
        var facts = ["terminal": Self.name(of: delivery.imei, device)]
        if let enforced = delivery.enforcedAt {
            facts["time"] = time(enforced, now)
            return catalogue.text(.terminalStopped, facts)
        }
        guard let device, let heard = lastSeen.time(of: device), let until = try lastSeen.spendingEnd(of: device, in: reader, now: now) else {
            return catalogue.text(.terminalNever, facts)
        }
        facts["time"] = time(heard, now)
        facts["until"] = time(until, now)
        return catalogue.text(until > now ? .terminalWaiting : .terminalStoppedByItself, facts)
    }

    /// `Timpa Pro …1481`: the vendor knows the model, and the end of the number tells two of one model apart.
    static func name(of imei: IMEI, _ device: DeviceRecord?) -> String {
        let tail = "…" + String(imei.description.suffix(4))
        return device?.model.map { "\($0) \(tail)" } ?? tail
    }

    private func allStopped(_ id: String, sms: Bool, now: Timestamp, in reader: any StoreReader) throws -> Words? {
        guard let hold = try reader.hold(id), case .account(let reference) = hold.subject, let account = try reader.account(reference) else {
            return nil
        }
        guard try !reader.standingHolds(on: hold.subject).isEmpty else { return nil }
        let catalogue = Catalogue.of(account.language)
        let enforced = try reader.deliveries(ofHold: id).compactMap(\.enforcedAt)
        let last = time(enforced.max() ?? now, now)
        let text = catalogue.text(
            sms ? .smsAllStopped : .allStopped, ["reference": reference.text, "count": String(enforced.count), "time": last])
        return Words(text: text, template: "all_stopped", language: catalogue.language, parameters: [reference.text, last])
    }

    /// One screen or one SMS on how the lock of this hold stands.
    func short(_ hold: HoldRecord, already: Bool, now: Timestamp, in reader: any StoreReader) throws -> String {
        try lock(hold.id, already: already, teach: false, sms: true, now: now, in: reader)?.text ?? ""
    }

    // MARK: Drills and numbers

    private func drill(_ id: String, sms: Bool, now: Timestamp, in reader: any StoreReader) throws -> Words? {
        guard let drill = try reader.drill(id), let account = try reader.account(drill.account) else { return nil }
        // Of a locked account "nothing was locked" would be heard as "it is open".
        if let hold = try reader.standingHolds(on: .account(drill.account)).first {
            return try lock(hold.id, already: true, teach: false, sms: sms, now: now, in: reader)
        }
        let catalogue = Catalogue.of(account.language)
        let terminals = try reader.drillTerminals(id)
        let answered = terminals.compactMap(\.confirmedAt)
        // Where none answered, how long they were waited for.
        let end = answered.max() ?? drill.finishedAt ?? now
        let milliseconds = end.unixMilliseconds - drill.requestedAt.unixMilliseconds
        let facts = [
            "reference": drill.account.text, "done": String(answered.count), "total": String(terminals.count),
            "seconds": Self.seconds(max(0, milliseconds)),
        ]
        let key: TextKey = sms ? .smsDrill : terminals.isEmpty ? .drillNoTerminals : .drillDone
        return Words(
            text: catalogue.text(key, facts), template: "drill", language: catalogue.language,
            parameters: ["reference", "done", "total", "seconds"].map { facts[$0, default: ""] })
    }

    /// Four characters at most, so that an SMS stays one: `0.02`, `12.3`.
    private static func seconds(_ milliseconds: Int64) -> String {
        let (hundredths, tenths) = ((milliseconds + 5) / 10, (milliseconds + 50) / 100)
        guard hundredths >= 1000 else { return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)" }
        return "\(tenths / 10).\(tenths % 10)"
    }

    private func numberChange(
        _ id: String, _ key: TextKey, _ template: String, now: Timestamp, in reader: any StoreReader
    ) throws -> Words? {
        guard let change = try reader.numberChange(id), let account = try reader.account(change.account) else { return nil }
        let catalogue = Catalogue.of(account.language)
        let facts = [
            "number": "…" + change.newNumber.suffix(4), "until": change.coolingUntil.map { time($0, now) } ?? "",
            "reference_tail": "…" + change.account.text.suffix(4),
        ]
        let parameters =
            switch template {
            case "number_change_old": [facts["number", default: ""], facts["until", default: ""]]
            case "number_change_new": [facts["reference_tail", default: ""]]
            default: [String]()
            }
        return Words(text: catalogue.text(key, facts), template: template, language: catalogue.language, parameters: parameters)
    }

    private func time(_ moment: Timestamp, _ now: Timestamp) -> String {
        LocalTime.text(moment.unixMilliseconds, now: now.unixMilliseconds)
    }
}
