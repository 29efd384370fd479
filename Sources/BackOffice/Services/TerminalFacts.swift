package import LockRules
import Store
package import Wire

/// What is known in memory of one terminal signed in to one account (or none): the facts of its lock state and what a poll needs beside them.
///
/// A class, because a server keeps one for each of its terminals: a reference in the table costs a tenth of the value.
package final class TerminalFacts: Sendable {
    package let claiming: AccountReference?
    package let facts: LockFacts
    /// First 8 bytes of SHA-256 of the enrolled key: a session is bound to the key it was made with. Absent when not enrolled.
    let keyTag: UInt64?
    /// The highest revision of a lock that this terminal has not confirmed yet; 0 when it has confirmed all.
    let openRevision: Revision
    /// The same for locks not yet handed to it.
    let undeliveredRevision: Revision
    /// The highest revision of a drill that this terminal has not confirmed yet; 0 when there is none.
    let drillRevision: Revision
    /// What it is being asked; almost always nothing.
    let command: OpenCommand?
    /// The first of its offline codes that a lock of now leaves; 0 without a key.
    let nextCode: Int64
    /// Whether it may be answered "unlocked": registered, or signed in with a seat on the account.
    let hasSeat: Bool
    /// Whether every change of these facts names this device (`StoreWriter.touch`): it belongs to the account, or to none.
    /// Others (an IMEI nobody knows, a sign-in that another has replaced) must be read anew each time.
    let mayBeKept: Bool

    init(_ imei: IMEI, _ claiming: AccountReference?, _ reader: any StoreReader) throws {
        let device = try reader.device(imei)
        let open = try reader.openDeliveries(to: imei)
        self.claiming = claiming
        facts = try reader.lockFacts(imei: imei, claiming: claiming)
        keyTag = device?.publicKey.map(SessionToken.keyTag)
        openRevision = open.map(\.revision).max() ?? 0
        undeliveredRevision = open.filter { $0.deliveredAt == nil }.map(\.revision).max() ?? 0
        drillRevision = try reader.openDrillRevision(of: imei)
        command = try reader.locationRequest(of: imei).map(OpenCommand.init)
        nextCode = try reader.codeKey(of: imei).map { OfflineCodes.floor(of: $0, isLocked: true) } ?? 0
        let isSignedIn = device.map { $0.registeredTo != nil || $0.claimed == claiming } ?? false
        mayBeKept = isSignedIn
        hasSeat = isSignedIn && (device?.registeredTo != nil || device?.seatedAt != nil)
    }
}
