import BackOffice

extension FuzzTarget {
    /// A file of accounts: what is read is written, and read again.
    static let csv = FuzzTarget(name: "csv") {
        { bytes in
            let (records, _) = read(bytes)
            var writer = CSVWriter()
            // An empty line is none, so that a record of one empty cell does not come back.
            let kept = records.filter { $0 != [""] }
            // The writer's own separator has to be the one that is seen most in its first line.
            writer.write(["a", "b", "c"])
            for record in kept { writer.write(record) }
            let (again, isWhole) = read(writer.bytes)
            try hold(isWhole, "what was written has a quote without end")
            try hold(Array(again.dropFirst()) == kept, "\(kept) is read back as \(again.dropFirst())")
            for cell in kept.joined() {
                let shown = SpreadsheetText.protected(cell)
                try hold(SpreadsheetText.unprotected(shown) == cell, "\(cell.debugDescription) comes back as another")
            }
        }
    }

    private static func read(_ bytes: [UInt8]) -> (records: [[String]], isWhole: Bool) {
        var reader = CSVReader(bytes)
        var records: [[String]] = []
        do throws(CSVReader.OpenQuote) {
            while let record = try reader.next() { records.append(record.cells) }
            return (records, true)
        } catch {
            return (records, false)
        }
    }
}
