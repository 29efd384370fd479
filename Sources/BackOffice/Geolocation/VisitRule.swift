import Store
import Wire

/// What two positions say about a visit. Pure.
enum VisitRule {
    /// Metres that telephone and terminal may be apart beyond their accuracies: a shop, its yard, and the way there.
    static let tolerance = 200.0
    /// Metres; a position that is less exact is a cell tower's, and decides nothing.
    static let coarsest = 1000.0
    /// How much older than the visit a terminal's fix may be: it may have found itself just before.
    static let oldestFix = Duration.seconds(120)
    /// How far ahead of ours a receiver's clock may be.
    static let mostAhead = Duration.seconds(300)
    /// How old a telephone's fix may be when the visit begins.
    static let oldestPhoneFix = Duration.seconds(600)

    /// - Parameters:
    ///   - device: the terminal's answer; `nil`: it does not know where it is.
    ///   - begun: when the visit began.
    static func judge(phone: Position, device: Position?, begun: Timestamp, now: Timestamp) -> VisitRecord.State {
        guard let device, device.isOnEarth else { return .noFix }
        // Of a fix without a time nobody knows whether it is of this visit.
        guard let fixed = device.fixed_at, fixed >= begun.adding(.zero - oldestFix), fixed <= now.adding(mostAhead) else { return .stale }
        guard let allowed = allowance(phone, device) else { return .tooCoarse }
        return GreatCircle.distance(phone, device) <= allowed ? .satisfied : .notSatisfied
    }

    /// Metres that the two may be apart; `nil` when one of them is too coarse, or its accuracy unknown.
    static func allowance(_ phone: Position, _ device: Position) -> Double? {
        guard let ofPhone = phone.accuracy_m, let ofDevice = device.accuracy_m, (0...coarsest).contains(ofPhone),
            (0...coarsest).contains(ofDevice)
        else { return nil }
        return tolerance + ofPhone + ofDevice
    }

    /// Throws unless a telephone may have sent this just now.
    static func check(phone: Position, now: Timestamp) throws(Problem) {
        guard phone.isOnEarth else { throw Problem(.invalidPosition, "'lat' is from -90 to 90 degrees, 'lon' from -180 to 180.") }
        guard let accuracy = phone.accuracy_m, accuracy > 0, accuracy.isFinite else {
            throw Problem(.invalidPosition, "Send 'accuracy_m', as the telephone gives it: metres, above 0.")
        }
        guard let fixed = phone.fixed_at else { return }
        guard fixed >= now.adding(.zero - oldestPhoneFix) else {
            throw Problem(.positionTooOld, "The telephone's position is older than 10 minutes. Let it find itself again, at the terminal.")
        }
        guard fixed <= now.adding(mostAhead) else {
            throw Problem(.invalidPosition, "'fixed_at' lies ahead. Set the telephone's clock, and let it find itself again.")
        }
    }
}
