internal import Store
internal import Wire

/// The row that a statement stands on; valid only inside the closure that it is given to. Columns count from 0.
struct Row {
    let statement: Statement
    let operation: String

    func integer(_ column: Int32) -> Int64 { statement.integer(column) }
    func real(_ column: Int32) -> Double { statement.real(column) }
    func text(_ column: Int32) -> String { statement.text(column) }
    func blob(_ column: Int32) -> [UInt8] { statement.blob(column) }
    func bool(_ column: Int32) -> Bool { statement.integer(column) != 0 }
    func time(_ column: Int32) -> Timestamp { Timestamp(unixMilliseconds: statement.integer(column)) }

    /// `nil` for NULL, else what `read` makes of the column.
    func optional<Value>(_ column: Int32, _ read: (Int32) throws -> Value) rethrows -> Value? {
        statement.isNull(column) ? nil : try read(column)
    }

    func imei(_ column: Int32) throws -> IMEI {
        let serial = integer(column)
        guard serial > 0, serial < 100_000_000_000_000 else { throw damaged(column, "\(serial) is not an IMEI") }
        return IMEI(serial: UInt64(serial))
    }

    func reference(_ column: Int32) throws -> AccountReference {
        do { return try AccountReference(text(column)) } catch { throw damaged(column, error.description) }
    }

    func channel(_ column: Int32) throws -> ChannelCode {
        do { return try ChannelCode(text(column)) } catch { throw damaged(column, error.description) }
    }

    /// Codes with spaces between, as `group_concat` gives them; none for NULL.
    func channels(_ column: Int32) throws -> [ChannelCode] {
        do { return try text(column).split(separator: " ").map { try ChannelCode($0) } } catch { throw damaged(column, "\(error)") }
    }

    func holdKind(_ column: Int32) throws -> HoldKind {
        guard let kind = HoldKind(rawValue: text(column)) else { throw damaged(column, "unknown kind of hold") }
        return kind
    }

    func holdKinds(_ column: Int32) throws -> Set<HoldKind> {
        var kinds: Set<HoldKind> = []
        for name in text(column).split(separator: " ") {
            guard let kind = HoldKind(rawValue: String(name)) else { throw damaged(column, "unknown kind of hold") }
            kinds.insert(kind)
        }
        return kinds
    }

    func role(_ column: Int32) throws -> Role {
        guard let role = Role(rawValue: text(column)) else { throw damaged(column, "unknown role") }
        return role
    }

    /// One of the words of an enumeration.
    func word<Word: RawRepresentable<String>>(_ column: Int32, _: Word.Type = Word.self) throws -> Word {
        guard let word = Word(rawValue: text(column)) else { throw damaged(column, "unknown \(Word.self)") }
        return word
    }

    /// Two columns of which one is set: account, then device.
    func subject(_ column: Int32) throws -> Subject {
        statement.isNull(column) ? .device(try imei(column + 1)) : .account(try reference(column))
    }

    /// As `subject`; none is set for the back office.
    func noteSubject(_ column: Int32) throws -> NoteSubject {
        if statement.isNull(column), statement.isNull(column + 1) { return .office }
        return NoteSubject(try subject(column))
    }

    func damaged(_ column: Int32, _ why: String) -> StoreError {
        StoreError(code: .corrupt, operation: operation, detail: "column \(column) of a stored row cannot be read: \(why)")
    }
}
