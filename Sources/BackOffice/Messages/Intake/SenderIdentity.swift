import Messaging
import PhoneNumbers
import Store
import Wire

/// Who a message is from, in the terms that accounts are linked by.
struct SenderIdentity: Sendable, Equatable {
    let number: PhoneNumber?
    let userID: String?
    /// E.164, else the user id, else what the provider gave: what attempts are counted by.
    let key: String

    /// - Parameter place: what attempts are counted by where the provider tells neither number nor user id.
    init(_ sender: InboundMessage.Sender, place: String? = nil) {
        number = sender.phone.flatMap(PhoneNumberReader.number(international:))
        userID = sender.userID
        key = number?.e164 ?? sender.userID ?? sender.phone ?? place ?? "unknown"
    }

    /// Whether the back office has linked this sender to the account.
    func mayLock(_ account: AccountRecord, identities: [IdentityRecord], now: Timestamp) -> Bool {
        if let number, identities.contains(where: { $0.kind == .previous && $0.identity == number.e164 && $0.isValid(at: now) }) { return true }
        // A suspended number takes the user ids that were seen with it along.
        guard let linked = account.linkedNumber, !identities.contains(where: { $0.kind == .suspended && $0.identity == linked }) else { return false }
        if let number, number.e164 == linked || number == PhoneNumberReader.number(international: linked) { return true }
        guard let userID else { return false }
        return identities.contains { $0.kind == .userID && $0.identity == userID && $0.isValid(at: now) }
    }

    /// Whether the user id is seen for the first time beside the linked number, or was to end with a former one.
    func teachesUserID(_ account: AccountRecord, identities: [IdentityRecord]) -> String? {
        guard let userID, let number, number.e164 == account.linkedNumber else { return nil }
        // Beside a suspended number it may be somebody else's.
        let isKnown = identities.contains {
            ($0.identity == userID && $0.until == nil) || ($0.kind == .suspended && $0.identity == account.linkedNumber)
        }
        return isKnown ? nil : userID
    }
}

extension IdentityRecord {
    func isValid(at now: Timestamp) -> Bool { until.map { now < $0 } ?? true }
}
