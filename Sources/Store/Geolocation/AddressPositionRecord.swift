package import Wire

/// Where an account's address was found to be, by the last visit that was satisfied.
package struct AddressPositionRecord: Sendable, Equatable {
    package var account: AccountReference
    package var position: Position
    package var at: Timestamp
    package var visit: String

    package init(account: AccountReference, position: Position, at: Timestamp, visit: String) {
        self.account = account
        self.position = position
        self.at = at
        self.visit = visit
    }
}
