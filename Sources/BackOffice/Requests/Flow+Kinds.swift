import Store
import Wire

extension Flow {
    static func of(_ kind: RequestKind) -> Flow {
        switch kind {
        case .multipleChannelAccess: multipleChannelAccess
        case .linkedNumberChange: linkedNumberChange
        case .unlockAfterTheft: unlockAfterTheft
        case .lockedDevice: lockedDevice
        case .geolocationVisit: geolocationVisit
        case .complaint: complaint
        case .enquiry: enquiry
        }
    }

    package static let all = RequestKind.allCases.map(of)

    /// By e-mail only; level 1 asks, the field agent visits a shop that has moved, level 2 decides.
    private static let multipleChannelAccess = Flow(
        kind: .multipleChannelAccess, title: "multiple channel access", opens: [.awaitingEmail, .level1],
        moves: [
            Move(action: .lapse, from: .awaitingEmail, to: [.closed], roles: []),
            Move(action: .answers, from: .level1, to: [.level2, .visit, .closed], roles: .desk),
            Move(action: .visit, from: .visit, to: [.visit], roles: .installers),
            Move(action: .visitSettled, from: .visit, to: [.visit, .level2], roles: []),
            Move(action: .approval, from: .level2, to: [.closed], roles: .seniors, takesSecondPerson: true),
            Move(action: .refusal, from: .level2, to: [.closed], roles: .seniors),
        ])

    /// Its evidence takes the place of level 1's questions. The change's own rules (24 hours in which both numbers lock) are in `NumberChanges`.
    private static let linkedNumberChange = Flow(
        kind: .linkedNumberChange, title: "linked number change", opens: [.level2],
        moves: [
            Move(action: .approval, from: .level2, to: [.closed], roles: .seniors, takesSecondPerson: true),
            Move(action: .refusal, from: .level2, to: [.closed], roles: .seniors),
            Move(action: .cancellation, from: .closed, to: [.closed], roles: .seniors),
        ])

    private static let unlockAfterTheft = Flow(
        kind: .unlockAfterTheft, title: "unlock after theft", opens: [.level1],
        moves: [
            Move(action: .answers, from: .level1, to: [.terminals, .closed], roles: .desk),
            Move(action: .terminals, from: .terminals, to: [.level2], roles: .lockers),
            Move(action: .approval, from: .level2, to: [.closed], roles: .seniors, takesSecondPerson: true),
            Move(action: .refusal, from: .level2, to: [.closed], roles: .seniors),
        ])

    private static let lockedDevice = Flow(
        kind: .lockedDevice, title: "locked device", opens: [.found],
        moves: [
            Move(action: .letter, from: .found, to: [.awaitingOwner], roles: .lockers),
            Move(action: .letter, from: .awaitingOwner, to: [.awaitingOwner], roles: .lockers),
            Move(action: .code, from: .awaitingOwner, to: [.toTry], roles: .lockers),
            Move(action: .attempt, from: .toTry, to: [.awaitingOwner, .closed], roles: .installers),
            Move(action: .givingUp, from: .found, to: [.closed], roles: .seniors),
            Move(action: .givingUp, from: .awaitingOwner, to: [.closed], roles: .seniors),
            Move(action: .givingUp, from: .toTry, to: [.closed], roles: .seniors),
        ])

    private static let geolocationVisit = Flow(
        kind: .geolocationVisit, title: "geolocation visit", opens: [.visit],
        moves: [
            Move(action: .visit, from: .visit, to: [.visit], roles: .installers),
            Move(action: .visitSettled, from: .visit, to: [.visit, .closed], roles: []),
        ])

    /// Money back takes a senior who is somebody else.
    private static let complaint = Flow(
        kind: .complaint, title: "complaint", opens: [.investigation],
        moves: [
            Move(action: .proposal, from: .investigation, to: [.level2, .closed], roles: .desk),
            Move(action: .approval, from: .level2, to: [.closed], roles: .seniors, takesSecondPerson: true),
            Move(action: .refusal, from: .level2, to: [.investigation], roles: .seniors),
        ])

    private static let enquiry = Flow(
        kind: .enquiry, title: "enquiry", opens: [.sorting],
        moves: [Move(action: .sorting, from: .sorting, to: RequestStep.allCases.filter { $0 != .sorting && $0 != .closed }, roles: .desk)])
}
