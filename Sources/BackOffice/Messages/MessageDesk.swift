import Messaging
import PhoneNumbers
import Platform
import Store
import Wire

/// Everything that has to do with messages, composed once.
struct MessageDesk: Sendable {
    let environment: Environment
    let configuration: MessagingConfiguration
    let outbox: Outbox
    let alerts: Alerts
    let wording: Wording
    let settlement: Settlement
    let watches: LockWatches
    let drills: Drills
    let intake: Intake
    let freshchat: FreshchatClient?
    let freshchatIntake: FreshchatIntake
    private let clockWatch = ClockWatch()

    /// How long messages and what was sent are kept: longer than any provider repeats (WhatsApp: 7 days).
    private static let kept = Duration.seconds(90 * 24 * 3600)
    /// Of something that waits in the outbox; beyond, people are told.
    private static let oldestWaiting = Duration.seconds(300)

    init(environment: Environment, configuration: MessagingConfiguration, lastSeen: LastSeen, numbers: PhoneNumberReader) {
        self.environment = environment
        self.configuration = configuration
        outbox = Outbox(configuration: configuration)
        alerts = Alerts(environment: environment, outbox: outbox)
        wording = Wording(lastSeen: lastSeen, email: configuration.email?.address)
        settlement = Settlement(environment: environment, outbox: outbox, alerts: alerts)
        watches = LockWatches(outbox: outbox, alerts: alerts)
        drills = Drills(environment: environment, outbox: outbox)
        intake = Intake(environment: environment, outbox: outbox, drills: drills, alerts: alerts)
        freshchat = configuration.freshchat.map { FreshchatClient($0) }
        freshchatIntake = FreshchatIntake(
            environment: environment, configuration: configuration.freshchat, client: freshchat, intake: intake, outbox: outbox, alerts: alerts,
            numbers: numbers, patience: configuration.lookUpPatience)
    }

    /// What time alone brings about. Called every second.
    func tick() throws {
        let now = environment.now
        if let back = clockWatch.setBack(wall: now, uptime: .now()) {
            // What waits for four seconds would wait for those and as long as the clock was set back.
            let count = try environment.store.write { try $0.hastenOutbox(by: back, now: now) }
            Log.warning("the clock was set back by \(back.components.seconds) s: \(count) waiting messages are due as much earlier")
        }
        try watches.remind(of: environment.store, now: now)
        try drills.endLate(now: now)
        let summary = try environment.store.read { try $0.outboxSummary(besides: [.alerts, .webhooks].map(\Provider.rawValue)) }
        if let oldest = summary.oldest, oldest.adding(Self.oldestWaiting) < now {
            alerts.raise(.outboxAge, "\(summary.open) messages wait to be sent, the oldest since \(oldest).")
        }
    }

    /// Called now and then: what is older than anybody asks for goes.
    func forget() {
        let limit = Timestamp(unixMilliseconds: environment.now.unixMilliseconds - Self.kept.components.seconds * 1000)
        environment.store.writeLater { try $0.forgetMessages(before: limit) }
    }
}
