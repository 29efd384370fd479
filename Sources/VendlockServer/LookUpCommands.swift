import BackOffice
import Platform
import Store
import Wire

/// `account find` and `locks`: what is looked up while a vendor is on the telephone.
enum LookUpCommands {
    static let all = [find, locks]

    private static let mostFound = 50

    private static let find = Command(
        words: ["account", "find"], usage: "account find TEXT", about: "accounts by part of the reference, a name, the linked number or an IMEI",
        options: APIClient.options
    ) { context in
        _ = try context.operand(0, "TEXT")
        let text = APIClient.segment(context.operands.joined(separator: " "))
        let answer = try context.client().call("GET", "/v1/accounts?query=\(text)&limit=\(mostFound)")
        let list = try JSON.decode(AccountListBody.self, from: answer)
        let rows = list.accounts.map { account in
            [
                account.reference.text, account.closed_at != nil ? "CLOSED" : account.locked ? "LOCKED" : "not locked",
                account.linked_number ?? "no number", [account.owner.name, account.owner.surname].compactMap(\.self).joined(separator: " "),
            ]
        }
        let more = list.next == nil ? [] : ["more than \(mostFound): write more of it"]
        try context.show(answer, rows.isEmpty ? ["no such account"] : Columns.aligned(rows) + more)
    }

    private static let locks = Command(
        words: ["locks"], usage: "locks REF", about: "how each lock on an account stands, and which terminals have confirmed it",
        options: APIClient.options
    ) { context in
        let reference = try context.reference(context.operand(0, "REF"))
        try context.noMore(after: 1)
        let answer = try context.client().call("GET", "/v1/accounts/\(reference)/locks?limit=10")
        let standing = try JSON.decode(LockListBody.self, from: answer).locks.filter { $0.released_at == nil }
        try context.show(answer, standing.isEmpty ? ["no lock stands on \(reference)"] : standing.flatMap(lines))
    }

    private static func lines(_ lock: LockBody) -> [String] {
        let head = "locked by \(lock.kind.rawValue) since \(time(lock.requested_at)): \(lock.reason)"
        guard !lock.terminals.isEmpty else { return [head, "  no terminal of this account is enrolled"] }
        return [head]
            + lock.terminals.map { terminal in
                let last = terminal.last_seen.map(time) ?? "never"
                return terminal.enforced_at.map { "  \(terminal.imei) has stopped, confirmed at \(time($0))" }
                    ?? "  \(terminal.imei) has not confirmed; last heard \(last); \(stop(of: terminal))"
            }
    }

    /// When a terminal that has not confirmed a lock stops by itself.
    static func stop(of terminal: LockBody.Terminal) -> String {
        guard let end = terminal.spends_until else { return "it has sold nothing yet" }
        if let hours = terminal.unused_code_hours {
            return "it stops by itself when its lease runs out, but an offline code of \(hours) h was given and not used"
        }
        return end.unixMilliseconds < WallClock.now() ? "it has stopped by itself at \(time(end))" : "it stops by itself by \(time(end))"
    }

    /// By the clock on this machine's wall.
    private static func time(_ moment: Timestamp) -> String { LocalTime.text(moment.unixMilliseconds, now: WallClock.now()) }
}
