/// What other systems can be told of; the names are those of the configuration and of the payload's `type`.
package enum WebhookEvent: String, Sendable, CaseIterable {
    /// A hold was placed.
    case accountLocked = "account.locked"
    /// A terminal has confirmed a hold of the account.
    case accountEnforced = "account.enforced"
    /// A hold was released; another may keep the account locked.
    case accountUnlocked = "account.unlocked"
    case accountChannelsChanged = "account.channels_changed"
    case deviceLocked = "device.locked"
    /// A terminal has confirmed a hold of its own.
    case deviceEnforced = "device.enforced"
    case deviceUnlocked = "device.unlocked"
    /// The linked number is another one; which, is not said.
    case numberChanged = "number.changed"
    /// A request of a vendor came to another step.
    case requestMoved = "request.moved"
}
