import BackOffice
import Platform
import Store
import Wire

/// The file of `account import`: CSV (RFC 4180), UTF-8, a heading line. Read whole and checked whole before anything is sent.
enum AccountFile {
    struct Row {
        let line: Int
        let body: NewAccountBody
    }

    private static let columns = ["reference", "owner", "number", "language", "channels"]

    static func read(_ path: String) throws -> [Row] {
        let bytes = try File.read(path, limit: 64 << 20)
        guard var text = String(validating: bytes, as: UTF8.self) else { throw Failure("\(path) is not UTF-8. Save it as UTF-8 and try again.") }
        if text.hasPrefix("\u{FEFF}") { text.removeFirst() }
        let records = try CSV.records(of: text)
        guard let heading = records.first?.fields.map({ $0.lowercased() }), heading.prefix(2) == ["reference", "owner"],
            heading.allSatisfy(columns.contains)
        else { throw Failure("\(path) must begin with the line: \(columns.joined(separator: ","))") }
        return try records.dropFirst().map { record in
            guard record.fields.count == heading.count else {
                throw Failure("line \(record.line): \(record.fields.count) columns where the heading has \(heading.count)")
            }
            let values = Dictionary(uniqueKeysWithValues: zip(heading, record.fields))
            do {
                let owner = values["owner", default: ""]
                guard !owner.isEmpty else { throw Failure("the owner is empty") }
                return Row(
                    line: record.line,
                    body: NewAccountBody(
                        reference: try AccountReference(values["reference", default: ""]), owner: AccountRecord.Owner(name: owner),
                        linked_number: values["number"], language: values["language"].flatMap { $0.isEmpty ? nil : $0 },
                        locked_channels: try values["channels", default: ""].split(separator: " ").map { try ChannelCode($0) }))
            } catch { throw Failure("line \(record.line): \(error)") }
        }
    }
}

/// Comma-separated values with quoted fields.
/// - Source: RFC 4180.
enum CSV {
    struct Record {
        let line: Int
        let fields: [String]
    }

    static func records(of text: String) throws -> [Record] {
        var records: [Record] = []
        var fields: [String] = [], field = "", isQuoted = false, wasQuoted = false
        var line = 1, start = 1
        func finish() {
            fields.append(field)
            if fields != [""] { records.append(Record(line: start, fields: fields)) }
            (fields, field, wasQuoted) = ([], "", false)
            start = line
        }
        var rest = text[...]
        while let character = rest.popFirst() {
            if character.isNewline { line += 1 }
            switch character {
            case "\"" where isQuoted && rest.first == "\"":
                field.append("\"")
                rest.removeFirst()
            case "\"" where isQuoted: isQuoted = false
            case "\"" where field.isEmpty && !wasQuoted: (isQuoted, wasQuoted) = (true, true)
            case "," where !isQuoted: (fields, field, wasQuoted) = (fields + [field], "", false)
            case _ where character.isNewline && !isQuoted: finish()
            default: field.append(character)
            }
        }
        guard !isQuoted else { throw Failure("line \(start): a quoted field has no closing quote") }
        if !field.isEmpty || !fields.isEmpty { finish() }
        return records
    }
}
