import PhoneNumbers
import Store
import Wire

/// The columns of a file of accounts.
package enum AccountColumn: String, CaseIterable, Sendable {
    case reference
    case ownerName = "owner_name"
    case ownerSurname = "owner_surname"
    case ownerAddress = "owner_address"
    case ownerIDNumber = "owner_id_number"
    case ownerEmail = "owner_email"
    case linkedNumber = "linked_number"
    case language
    /// Codes with spaces between.
    case lockedChannels = "locked_channels"
    /// IMEIs of the registered devices, with spaces between.
    case devices

    static let required: [AccountColumn] = [.reference, .ownerName]
}

/// One account as a file has it, checked as far as the file alone tells.
struct AccountRow: Codable, Sendable, Equatable {
    /// Of the file.
    let line: Int
    var reference: AccountReference
    var owner: AccountRecord.Owner
    var linkedNumber: String?
    var language: String
    var lockedChannels: [ChannelCode]
    var devices: [IMEI]
}

/// One thing that is wrong with a file, as the API answers it.
package struct RowError: Codable, Sendable, Equatable {
    package var line: Int
    /// Absent where the whole row is meant.
    package var column: String?
    package var code: String
    package var detail: String
}

/// Reads a file of accounts row by row.
struct AccountSheet {
    private var reader: CSVReader
    /// The column that each cell belongs to.
    private let columns: [AccountColumn]
    private let numbers: PhoneNumberReader
    private let catalogue: [ChannelCode]

    /// - Throws: `RowError` about the heading.
    init(_ bytes: [UInt8], numbers: PhoneNumberReader, catalogue: [ChannelCode]) throws {
        guard !bytes.starts(with: [0xFF, 0xFE]), !bytes.starts(with: [0xFE, 0xFF]) else {
            throw RowError(line: 1, code: "not_utf8", detail: "The file is in UTF-16. Save it as 'CSV UTF-8' and try again.")
        }
        reader = CSVReader(bytes)
        self.numbers = numbers
        self.catalogue = catalogue
        guard let heading = try Self.next(&reader) else {
            throw RowError(line: 1, code: "missing_column", detail: "The file is empty. Its first line names the columns: \(Self.allColumns).")
        }
        columns = try Self.columns(of: heading)
    }

    /// The next row, or what is wrong with it; `nil` at the end.
    ///
    /// - Throws: `RowError` where the rest of the file cannot be read.
    mutating func next() throws -> Outcome? {
        while let record = try Self.next(&reader) {
            // Spreadsheets leave rows of separators where rows were emptied.
            if record.faults.isEmpty, record.cells.allSatisfy(\.trimmed.isEmpty) { continue }
            return row(record)
        }
        return nil
    }

    enum Outcome {
        case row(AccountRow)
        /// At least one.
        case errors([RowError])
    }

    private static let allColumns = AccountColumn.allCases.map(\.rawValue).joined(separator: ", ")

    private static func next(_ reader: inout CSVReader) throws -> CSVReader.Record? {
        do {
            return try reader.next()
        } catch {
            throw RowError(
                line: error.line, column: "cell \(error.cell + 1)", code: "open_quote",
                detail: "A quote that begins in line \(error.line) is never closed. Close it, or write a quote that belongs to the text twice.")
        }
    }

    private static func columns(of heading: CSVReader.Record) throws -> [AccountColumn] {
        if let fault = heading.faults.first { throw error(fault, column: "cell \(fault.cell + 1)") }
        var columns: [AccountColumn] = []
        for cell in heading.cells {
            let name = cell.trimmed.lowercased()
            guard let column = AccountColumn(rawValue: name) else {
                throw RowError(
                    line: heading.line, column: String(name.prefix(64)), code: "unknown_column",
                    detail: "There is no column '\(name.prefix(64))'. The columns are \(allColumns).")
            }
            guard !columns.contains(column) else {
                throw RowError(line: heading.line, column: name, code: "duplicate_column", detail: "The column '\(name)' is there twice. Keep one.")
            }
            columns.append(column)
        }
        for column in AccountColumn.required where !columns.contains(column) {
            throw RowError(
                line: heading.line, column: column.rawValue, code: "missing_column",
                detail: "The column '\(column.rawValue)' is missing. The first line names the columns: \(allColumns).")
        }
        return columns
    }

    private static func error(_ fault: CSVReader.Fault, column: String) -> RowError {
        switch fault.kind {
        case .tooLong:
            RowError(
                line: fault.line, column: column, code: "cell_too_long",
                detail: "The cell has more than \(CSVReader.longestCell / 1024) KiB. Shorten it, or look for a quote that is missing.")
        case .notUTF8:
            RowError(line: fault.line, column: column, code: "not_utf8", detail: "The cell is not UTF-8. Save the file as 'CSV UTF-8' and try again.")
        case .textAfterQuote:
            RowError(
                line: fault.line, column: column, code: "text_after_quote",
                detail: "There is text behind the closing quote. Write a quote that belongs to the text twice.")
        }
    }

    // MARK: A row

    private func row(_ record: CSVReader.Record) -> Outcome {
        guard record.cells.count == columns.count else {
            let detail =
                "The row has \(record.cells.count) cells where the first line has \(columns.count). Quote cells that have the separator in them."
            return .errors([RowError(line: record.line, code: "wrong_cell_count", detail: detail)])
        }
        var errors = record.faults.map { Self.error($0, column: columns[$0.cell].rawValue) }
        var values: [AccountColumn: String] = [:]
        for (column, cell) in zip(columns, record.cells) {
            let value = SpreadsheetText.unprotected(cell).trimmed
            if !value.isEmpty { values[column] = value }
        }
        /// What `read` makes of a cell, or `nil` with its error kept.
        func read<Value>(_ column: AccountColumn, _ read: (String) throws -> Value) -> Value? {
            guard !errors.contains(where: { $0.column == column.rawValue }) else { return nil }
            let text = values[column] ?? ""
            do {
                if Self.numeric.contains(column), SpreadsheetText.isRounded(text) { throw Self.rounded(text) }
                return try read(text)
            } catch {
                errors.append(Self.error(error, line: record.line, column: column))
                return nil
            }
        }
        let reference = read(.reference) { try Call.reference($0) }
        let name = read(.ownerName) { name in
            guard !name.isEmpty else { throw Problem(.textRequired, "The owner's name is empty. Give it.") }
            return name
        }
        let idNumber = read(.ownerIDNumber) { $0 }
        let number = read(.linkedNumber) { try LinkedNumber.normalized($0, by: numbers) }
        let language = read(.language) { $0.isEmpty ? "en" : try LanguageTag.checked($0) }
        let channels = read(.lockedChannels) { try Self.channels($0, catalogue) }
        let devices = read(.devices) { try Self.imeis($0) }
        guard errors.isEmpty, let reference, let name, idNumber != nil, let number, let language, let channels, let devices else {
            return .errors(errors)
        }
        return .row(
            AccountRow(
                line: record.line, reference: reference,
                owner: AccountRecord.Owner(
                    name: name, surname: values[.ownerSurname], address: values[.ownerAddress], id_number: values[.ownerIDNumber],
                    email: values[.ownerEmail]),
                linkedNumber: number, language: language, lockedChannels: channels, devices: devices))
    }

    private static let numeric: Set<AccountColumn> = [.reference, .ownerIDNumber, .linkedNumber, .devices]

    private static func rounded(_ text: String) -> RowError {
        RowError(
            line: 0, code: "rounded_number",
            detail: "'\(text)' is a number that a spreadsheet has rounded: its last digits are lost. "
                + "Format the column as text, enter the whole number again, and save once more.")
    }

    private static func error(_ error: any Error, line: Int, column: AccountColumn) -> RowError {
        switch error {
        case let row as RowError: RowError(line: line, column: column.rawValue, code: row.code, detail: row.detail)
        case let problem as Problem: RowError(line: line, column: column.rawValue, code: problem.code, detail: problem.detail)
        default: RowError(line: line, column: column.rawValue, code: ProblemCode.invalidBody.rawValue, detail: "\(error)")
        }
    }

    private static func channels(_ text: String, _ catalogue: [ChannelCode]) throws -> [ChannelCode] {
        var channels: [ChannelCode] = []
        for code in text.split(whereSeparator: \.isWhitespace) {
            guard let channel = catalogue.first(where: { $0.text == code }) else { throw Problem.unknownChannel(String(code), catalogue: catalogue) }
            if !channels.contains(channel) { channels.append(channel) }
        }
        return channels
    }

    private static func imeis(_ text: String) throws -> [IMEI] {
        var imeis: [IMEI] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            if SpreadsheetText.isRounded(String(word)) { throw rounded(String(word)) }
            let imei: IMEI
            do { imei = try IMEI(word) } catch { throw Problem(.invalidIMEI, "'\(word)': \(error)") }
            guard !imeis.contains(imei) else { throw RowError(line: 0, code: "duplicate_imei", detail: "The IMEI \(imei) is there twice.") }
            imeis.append(imei)
        }
        return imeis
    }
}

extension RowError: Error {}
