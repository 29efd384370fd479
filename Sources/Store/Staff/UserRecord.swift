package import Wire

/// A member of staff. Never deleted: notes name them.
package struct UserRecord: Sendable, Equatable {
    /// Where the password comes from, and what it is good for.
    package enum PasswordState: String, Sendable {
        /// Made by the server for the first sign-in; its owner has to replace it.
        case setup
        /// A setup password that has been signed in with: good for nothing but to be replaced.
        case spent
        /// Chosen by its owner.
        case own
    }

    package var name: String
    package var role: Role
    /// scrypt with its parameters and salt.
    package var password: String
    package var passwordState: PasswordState
    /// Absent until codes are set up.
    package var totpSecret: [UInt8]?
    /// When a first code was given: from then on each sign-in needs one.
    package var totpConfirmedAt: Timestamp?
    /// The step of the last code: that one and those before it work no more.
    package var totpLastStep: Int64?
    package var createdAt: Timestamp
    package var disabledAt: Timestamp?

    package init(
        name: String, role: Role, password: String, passwordState: PasswordState, totpSecret: [UInt8]? = nil, totpConfirmedAt: Timestamp? = nil,
        totpLastStep: Int64? = nil, createdAt: Timestamp, disabledAt: Timestamp? = nil
    ) {
        self.name = name
        self.role = role
        self.password = password
        self.passwordState = passwordState
        self.totpSecret = totpSecret
        self.totpConfirmedAt = totpConfirmedAt
        self.totpLastStep = totpLastStep
        self.createdAt = createdAt
        self.disabledAt = disabledAt
    }
}
