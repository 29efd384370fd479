package import Wire

/// What the lock state of one (IMEI, channel, claimed account) is computed from: stored facts, nothing derived.
package struct LockFacts: Sendable, Equatable {
    package struct Device: Sendable, Equatable {
        package var registeredTo: AccountReference?
        package var holds: Set<HoldKind>
        package var isDecommissioned: Bool
        package var revision: Revision

        package init(registeredTo: AccountReference?, holds: Set<HoldKind>, isDecommissioned: Bool, revision: Revision) {
            self.registeredTo = registeredTo
            self.holds = holds
            self.isDecommissioned = isDecommissioned
            self.revision = revision
        }
    }

    package struct Account: Sendable, Equatable {
        package var reference: AccountReference
        package var lockedChannels: [ChannelCode]
        package var holds: Set<HoldKind>
        package var revision: Revision
        /// BCP 47, for the sentence shown at the terminal.
        package var language: String

        package init(
            reference: AccountReference, lockedChannels: [ChannelCode], holds: Set<HoldKind>, revision: Revision, language: String = "en"
        ) {
            self.reference = reference
            self.lockedChannels = lockedChannels
            self.holds = holds
            self.revision = revision
            self.language = language
        }

        /// Two devices where two channels are open, else one.
        package var maxDevices: Int { lockedChannels.count >= 2 ? 2 : 1 }
    }

    /// `nil`: the IMEI is not known to the back office.
    package var device: Device?
    /// The account the device signs in to, if it names one.
    package var claimed: AccountReference?
    /// The account that governs (registered, else claimed), as stored; `nil` when there is none of that reference.
    package var account: Account?
    /// How many other devices of that account come before this one: registered ones first, then those that signed in earlier.
    package var devicesBefore: Int

    package init(device: Device?, claimed: AccountReference?, account: Account?, devicesBefore: Int) {
        self.device = device
        self.claimed = claimed
        self.account = account
        self.devicesBefore = devicesBefore
    }

    /// The reference that governs: the one the device is registered to, else the one it claims.
    package var governing: AccountReference? { device?.registeredTo ?? claimed }
}
