import Store
import Wire

extension VisitRecord {
    /// Where its notes stand.
    var subject: Subject { account.map(Subject.account) ?? .device(imei) }

    /// The note of how it ended: who, when, both positions, how exact, how far apart.
    /// - Parameter why: the terminal's own reason for having no position.
    func outcome(why: String?) -> String {
        var sentences = ["Visit \(id) of \(by) at \(at) to terminal \(imei): \(verdict(why: why))", "Telephone at \(phone.text)."]
        if let device {
            sentences.append("Terminal at \(device.text)" + (device.fixed_at.map { ", fixed at \($0)." } ?? ", time of the fix unknown."))
        }
        if let distanceMetres {
            let allowed = device.flatMap { VisitRule.allowance(phone, $0) }.map { "; \(Position.metres($0)) at most are taken" } ?? ""
            sentences.append("They are \(Position.metres(distanceMetres)) apart\(allowed).")
        }
        if account != nil {
            sentences.append(
                addressDistanceMetres.map { "The telephone was \(Position.metres($0)) from the address's last known position." }
                    ?? "No earlier position of the address is known.")
        }
        return sentences.joined(separator: " ")
    }

    private func verdict(why: String?) -> String {
        switch state {
        case .waiting: "waiting for the terminal."
        case .satisfied: "satisfied, the positions agree."
        case .notSatisfied: "not satisfied, the positions disagree."
        case .tooCoarse: "nothing decided, a position is not exact enough. Try again in the open."
        case .stale: "nothing decided, the terminal's position is of another time. Try again."
        case .noFix: "nothing decided, the terminal does not know where it is (\((why ?? "no_fix").prefix(64)))."
        case .noAnswer: "nothing decided, the terminal did not answer within an hour. See that it is on and connected, and try again."
        }
    }
}
