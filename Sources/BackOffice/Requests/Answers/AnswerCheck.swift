import Store
import Wire

/// What level 1 asks and what the answers must be, from the account as it stands.
struct AnswerCheck: Sendable {
    /// Any of the values is right; a field without any is not on record and is not asked.
    private let expected: [AnswerField: [String]]

    /// - Parameter opened: when the request was: a device that was registered since proves nothing.
    init(of account: AccountRecord, opened: Timestamp, in reader: any StoreReader) throws {
        let devices = try reader.devices(of: account.reference)
        let registered = devices.filter { $0.registeredTo == account.reference && ($0.registeredAt ?? $0.createdAt) <= opened }.map(\.imei)
        let last = account.lastChannel.map { [$0.imei] } ?? []
        expected = [
            .name: [account.owner.name], .surname: Self.known(account.owner.surname), .address: Self.known(account.owner.address),
            .id_number: Self.known(account.owner.id_number), .imei: (registered.isEmpty ? last : registered).map(\.description),
        ].filter { !$0.value.isEmpty }
    }

    private static func known(_ value: String?) -> [String] {
        guard let value, !value.trimmed.isEmpty else { return [] }
        return [value]
    }

    /// In the order of the questions.
    var asked: [AnswerField] { AnswerField.allCases.filter { expected[$0] != nil } }
    var notOnRecord: [AnswerField] { AnswerField.allCases.filter { expected[$0] == nil } }

    func agrees(_ field: AnswerField, _ given: String) -> Bool {
        expected[field, default: []].contains { AnswerComparison.agrees(field, given: given, stored: $0) }
    }

    /// For whoever may see it: once the answer is given.
    func stored(_ field: AnswerField) -> String? { expected[field].map { $0.joined(separator: ", ") } }
}
