internal import Store
internal import Wire

/// A value as SQLite keeps it.
enum SQLiteValue {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// What can stand for a `?` of a statement; `nil` is NULL.
protocol Bindable {
    var sqliteValue: SQLiteValue { get }
}

extension Int64: Bindable { var sqliteValue: SQLiteValue { .integer(self) } }
extension Int: Bindable { var sqliteValue: SQLiteValue { .integer(Int64(self)) } }
extension Double: Bindable { var sqliteValue: SQLiteValue { .real(self) } }
extension Bool: Bindable { var sqliteValue: SQLiteValue { .integer(self ? 1 : 0) } }
extension String: Bindable { var sqliteValue: SQLiteValue { .text(self) } }
extension [UInt8]: Bindable { var sqliteValue: SQLiteValue { .blob(self) } }
/// Unix milliseconds.
extension Timestamp: Bindable { var sqliteValue: SQLiteValue { .integer(unixMilliseconds) } }
/// The 14 digits that identify, as a number.
extension IMEI: Bindable { var sqliteValue: SQLiteValue { .integer(Int64(serial)) } }
extension AccountReference: Bindable { var sqliteValue: SQLiteValue { .text(text) } }
extension ChannelCode: Bindable { var sqliteValue: SQLiteValue { .text(text) } }
extension HoldKind: Bindable { var sqliteValue: SQLiteValue { .text(rawValue) } }
extension Role: Bindable { var sqliteValue: SQLiteValue { .text(rawValue) } }
extension OutboxRecord.State: Bindable { var sqliteValue: SQLiteValue { .text(rawValue) } }
extension IdentityRecord.Kind: Bindable { var sqliteValue: SQLiteValue { .text(rawValue) } }
extension NumberChangeRecord.State: Bindable { var sqliteValue: SQLiteValue { .text(rawValue) } }
extension VisitRecord.State: Bindable { var sqliteValue: SQLiteValue { .text(rawValue) } }
extension UserRecord.PasswordState: Bindable { var sqliteValue: SQLiteValue { .text(rawValue) } }
