import BackOffice
import Store
import Wire

/// The board in 80 characters: the steps side by side, the requests below them.
enum RequestBoardLines {
    private static let width = 80
    private static let gap = 2
    private static let mostColumns = 4
    /// Nothing needs more: two marks, ticket, IMEI.
    private static let widest = 30

    static func lines(_ board: RequestBoardBody) -> [String] {
        guard !board.columns.isEmpty else { return ["no request is open"] }
        let bands = (board.columns.count + mostColumns - 1) / mostColumns
        let perBand = (board.columns.count + bands - 1) / bands
        let starts = stride(from: 0, to: board.columns.count, by: perBand)
        let cell = min(widest, (width - gap * (perBand - 1)) / perBand)
        let lines = starts.flatMap { start in
            band(Array(board.columns[start..<min(start + perBand, board.columns.count)]), cell) + [""]
        }
        return lines + legend(board)
    }

    private static func band(_ columns: [RequestBoardBody.Column], _ cell: Int) -> [String] {
        let isLate = columns.contains { $0.overdue > 0 }
        let cells = columns.map { column in
            [RequestWords.shown(column.step), RequestWords.title(column.waiting_for), "\(column.open) open"]
                + (isLate ? [column.overdue > 0 ? "\(column.overdue) OVERDUE" : ""] : []) + [String(repeating: "-", count: cell)] + cards(column)
        }
        let height = cells.map(\.count).max() ?? 0
        return (0..<height).map { row in
            let line = cells.map { Columns.padded($0.indices.contains(row) ? $0[row] : "", cell) }
            return String(line.joined(separator: String(repeating: " ", count: gap)).trimmingSuffix(" "))
        }
    }

    private static func cards(_ column: RequestBoardBody.Column) -> [String] {
        let rest = column.open - column.requests.count
        return column.requests.map(card) + (rest > 0 ? ["  \(rest) older"] : [])
    }

    /// A locked device is known by its IMEI, everything else by the account.
    private static func card(_ request: RequestBody) -> String {
        let about = request.kind == .lockedDevice ? request.imei?.description : request.account?.text
        return "\(request.overdue ? "!" : " ")\(request.has_news ? "*" : " ")\(request.ticket) \(about ?? "no account")"
    }

    private static func legend(_ board: RequestBoardBody) -> [String] {
        let requests = board.columns.flatMap(\.requests)
        let words = [
            requests.contains(where: \.overdue) ? "! waits too long" : nil,
            requests.contains(where: \.has_news) ? "* something came that nobody has acted on" : nil,
        ].compactMap(\.self)
        return words.isEmpty ? ["vendlock-server request show TICKET shows one"] : [words.joined(separator: "   ")]
    }
}
