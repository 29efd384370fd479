package import Store
package import Wire

/// Knows what each caller may be shown now.
///
/// It is asked after what is shown was read: an account whose check begins in between is hidden then.
package struct Discretion: Sendable {
    /// Whether a check of the account is open and waits for its owner's answers.
    package typealias IsChecking = @Sendable (AccountReference, any StoreReader) throws -> Bool

    let environment: Environment
    let isChecking: IsChecking

    func disclosure(of reference: AccountReference, to caller: Caller?) throws -> Disclosure {
        guard Self.restricts(caller) else { return Disclosure(caller: caller?.role, isChecking: false) }
        return Disclosure(caller: caller?.role, isChecking: try environment.store.read { try isChecking(reference, $0) })
    }

    /// Those of the accounts that are being checked, for a caller to whom that matters; none for others.
    func checked(_ references: some Sequence<AccountReference>, for caller: Caller?) throws -> Set<AccountReference> {
        guard Self.restricts(caller) else { return [] }
        return try environment.store.read { reader in Set(try Set(references).filter { try isChecking($0, reader) }) }
    }

    private static func restricts(_ caller: Caller?) -> Bool { caller?.role == .callCentre }
}
