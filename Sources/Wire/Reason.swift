/// Why an operation is refused: a stable code, and one sentence for the person at the terminal.
package enum Reason: String, CaseIterable, Codable, Sendable {
    // From the server.
    case accountLocked = "account_locked"
    case deviceLocked = "device_locked"
    case channelNotPermitted = "channel_not_permitted"
    case deviceNotRegistered = "device_not_registered"
    case registeredToAnotherAccount = "registered_to_another_account"
    case tooManyDevices = "too_many_devices"
    case deviceDecommissioned = "device_decommissioned"
    case accountUnknown = "account_unknown"
    // From the terminal itself.
    case notEnrolled = "not_enrolled"
    case noLease = "no_lease"
    case leaseExpired = "lease_expired"
    case stateUnreadable = "state_unreadable"
    case spendCapReached = "spend_cap_reached"

    /// What happened and what to do next, in English.
    package var sentence: String {
        switch self {
        case .accountLocked: "This account is locked. Call support to have it opened again."
        case .deviceLocked: "This terminal is locked. Call support to have it opened again."
        case .channelNotPermitted: "This account may not be used on this kind of device. Call support to add it."
        case .deviceNotRegistered: "This terminal belongs to no account yet. Call support to register it."
        case .registeredToAnotherAccount: "This terminal is registered to another account. Sign in with that account, or call support."
        case .tooManyDevices: "This account is in use on as many devices as it may have. Call support."
        case .deviceDecommissioned: "This terminal has been taken out of service. Call support."
        case .accountUnknown: "The account is not known. Check the wallet reference, or call support."
        case .notEnrolled: "This terminal is not set up yet. Ask support for an enrolment code."
        case .noLease: "This terminal has not reached the server since it started. Check the signal and try again."
        case .leaseExpired: "This terminal has not reached the server for too long. Check the signal and try again."
        case .stateUnreadable: "This terminal's stored lock state is damaged. Connect it to the network and try again."
        case .spendCapReached: "This terminal must reach the server before it can sell more. Check the signal and try again."
        }
    }
}
