import Glibc
import Messaging
import PhoneNumbers
import Store
import Wire

/// One dialogue with a vendor who has no data and no airtime: dial, type the reference, read what became of it.
///
/// Nothing is kept between two screens: the carrier sends all that was typed each time, and may give up at any moment. A lock stands from the
/// moment it is on disk, whether or not the last screen is ever seen.
struct USSDSession: Sendable {
    let environment: Environment
    let desk: MessageDesk

    /// Screens that ask before the session ends: well inside the carrier's 180 seconds.
    private static let mostTries = 3
    /// While many wait, the others are answered at once: locks through everything else need the server's workers too.
    private let waits = Places(16)

    /// - Returns: `nil` for the notice that the session is over, which is answered with nothing.
    func answer(_ request: USSDRequest, from address: String) throws -> USSDAnswer? {
        if request.isEnd {
            environment.metrics.messages.increment(Provider.ussd.rawValue, "ended")
            return nil
        }
        let language = try environment.store.read { reader in
            guard let number = SenderIdentity(.init(phone: request.phone)).number, let first = try reader.accounts(linkedTo: number.e164).first
            else { return "en" }
            return try reader.account(first)?.language ?? "en"
        }
        let catalogue = Catalogue.of(language)
        guard let typed = request.inputs.last else { return .proceed(catalogue.text(.ussdAsk)) }
        // `Stop 12345678` and `12345678 test` are typed too.
        let text = if case .stop = StopReader.read(typed) { typed } else { "stop \(typed)" }
        guard case .stop = StopReader.read(text) else {
            return request.inputs.count >= Self.mostTries ? .end(catalogue.text(.smsRefused)) : .proceed(catalogue.text(.ussdAgain))
        }
        let message = InboundMessage(
            provider: .ussd, id: "\(request.sessionID)/\(request.inputs.joined(separator: "*"))", sender: .init(phone: request.phone),
            content: .text(text))
        guard let result = try desk.intake.take([message], from: address, answering: .caller).first else { return .end(catalogue.text(.smsRefused)) }
        if let drill = result.drill { return .end(try drillText(drill)) }
        guard let hold = result.hold else { return .end(catalogue.text(.smsRefused)) }
        return .end(try lockText(hold, already: (result.before ?? result.outcome) != .locked, phone: request.phone))
    }

    private func lockText(_ hold: HoldRecord, already: Bool, phone: String) throws -> String {
        try wait { try $0.deliveries(ofHold: hold.id).allSatisfy { $0.enforcedAt != nil } }
        let now = environment.now
        // What the screen cannot say yet comes by SMS.
        if !already, let provider = desk.configuration.sends(.africastalking) ? .africastalking : desk.configuration.smsProvider {
            let address = ReplyAddress(provider: provider, to: phone)
            try environment.store.write { writer in
                guard let watch = try writer.lockWatch(ofHold: hold.id), watch.finishedAt == nil else { return }
                try LockWatches.answer(hold.id, to: address, reply: nil, in: writer)
            }
        }
        return try environment.store.read { try desk.wording.short(hold, already: already, now: now, in: $0) }
    }

    private func drillText(_ id: String) throws -> String {
        try wait { try $0.drillTerminals(id).allSatisfy { $0.confirmedAt != nil } }
        return try environment.store.read { try desk.wording.words(for: .drill(id: id), sms: true, now: environment.now, in: $0)?.text ?? "" }
    }

    /// Looks every 20 ms, on this worker's own thread, until `isDone` or the screen must go out.
    private func wait(until isDone: (any StoreReader) throws -> Bool) throws {
        _ = try waits.with {
            let end = ContinuousClock.now + desk.configuration.screenPatience
            while try !environment.store.read(isDone), ContinuousClock.now < end { usleep(20_000) }
        }
    }
}
