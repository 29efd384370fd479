import Messaging
import Platform

/// A token bucket: how fast a provider is asked.
struct Pace {
    private let perSecond: Double
    private let burst: Double
    private var tokens: Double
    private var filledAt: Uptime

    /// - Parameter now: from then on it fills.
    init(perSecond: Double, burst: Double, at now: Uptime = .now()) {
        filledAt = now
        self.perSecond = perSecond
        self.burst = burst
        tokens = burst
    }

    /// WhatsApp: 80 a second and number; Freshchat's limit depends on the plan and is not published, so about one a second.
    init(of provider: Provider, at now: Uptime = .now()) {
        switch provider {
        case .whatsapp: self.init(perSecond: 70, burst: 70, at: now)
        case .freshchat: self.init(perSecond: 1, burst: 30, at: now)
        case .twilio, .africastalking, .clickatell, .ussd, .email: self.init(perSecond: 10, burst: 20, at: now)
        case .alerts: self.init(perSecond: 1, burst: 5, at: now)
        // For each endpoint: after three days of silence it is not to be run over by what has waited.
        case .webhooks: self.init(perSecond: 20, burst: 50, at: now)
        }
    }

    /// How many requests may go now.
    mutating func available(at now: Uptime) -> Int {
        let seconds = Double((now - filledAt).nanoseconds) / 1e9
        tokens = min(burst, tokens + max(0, seconds) * perSecond)
        filledAt = now
        return max(0, Int(tokens))
    }

    /// One goes. What must not wait may go beyond what is available; then others wait longer.
    mutating func take() { tokens -= 1 }
}
