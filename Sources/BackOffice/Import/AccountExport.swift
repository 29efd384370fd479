import Store
import Wire

/// Writes accounts in the form that `AccountImports` reads. Holds, notes, keys and closed accounts are not in it: it is no backup.
struct AccountExport: Sendable {
    let environment: Environment

    /// Accounts of one page; together they are the most that one answer holds in memory.
    static let longestPage = 10_000

    struct Page: Sendable {
        var bytes: [UInt8]
        /// The reference behind which the next page begins; absent on the last.
        var next: AccountReference?
    }

    /// The heading, with a byte order mark for spreadsheets, is on the first page only, so that the pages one after another are one file.
    /// Who has taken a copy of the accounts is on the back office's record.
    func page(after: AccountReference?, limit: Int, by actor: Actor) throws -> Page {
        var writer = CSVWriter()
        if after == nil {
            writer.write(AccountColumn.allCases.map(\.rawValue))
            let now = environment.now
            try environment.store.write { writer in
                _ = try writer.appendNote(actor.officeNote(at: now, kind: "accounts_exported", text: "The accounts were exported to a file."))
            }
        }
        let next = try environment.store.read { reader in
            let accounts = try reader.accounts(matching: nil, after: after, limit: limit)
            for account in accounts where account.closedAt == nil {
                let devices = try reader.devices(of: account.reference).filter { $0.registeredTo == account.reference }
                writer.write(AccountColumn.allCases.map { SpreadsheetText.protected(Self.cell($0, account, devices)) })
            }
            return accounts.count == limit ? accounts.last?.reference : nil
        }
        return Page(bytes: (after == nil ? [0xEF, 0xBB, 0xBF] : []) + writer.bytes, next: next)
    }

    private static func cell(_ column: AccountColumn, _ account: AccountRecord, _ devices: [DeviceRecord]) -> String {
        switch column {
        case .reference: account.reference.text
        case .ownerName: account.owner.name
        case .ownerSurname: account.owner.surname ?? ""
        case .ownerAddress: account.owner.address ?? ""
        case .ownerIDNumber: account.owner.id_number ?? ""
        case .ownerEmail: account.owner.email ?? ""
        case .linkedNumber: account.linkedNumber ?? ""
        case .language: account.language
        case .lockedChannels: account.lockedChannels.map(\.text).joined(separator: " ")
        case .devices: devices.map(\.imei.description).joined(separator: " ")
        }
    }
}
