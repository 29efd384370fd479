import BackOffice
import Glibc
import Platform
import Wire

/// `lock` and `unlock`.
enum LockCommands {
    static let all = [lock, unlock]

    private static let lock = Command(
        words: ["lock"], usage: "lock REF --reason TEXT [--for-vendor]",
        about: "place a staff hold on an account, or the vendor's own, and show which terminals enforce it",
        options: APIClient.options + [.value("reason"), .flag("for-vendor")]
    ) { context in
        let reference = try context.reference(context.operand(0, "REF"))
        try context.noMore(after: 1)
        let client = try context.client()
        // Asked for by the vendor it is the vendor's, and lifted as after a Stop: by the checks of an unlock after theft.
        let kind = context.arguments.has("for-vendor") ? HoldKind.vendor : .staff
        let answer = try client.send("POST", "/v1/accounts/\(reference)/holds", NewHoldBody(kind: kind, reason: try context.required("reason")))
        let hold = try JSON.decode(HoldBody.self, from: answer)
        try context.show(answer, ["\(reference) is locked: the app and the switch are shut"] + terminals(reference, hold.id, client))
    }

    /// What each terminal has confirmed, after giving connected ones a moment to do so.
    private static func terminals(_ reference: AccountReference, _ hold: String, _ client: APIClient) throws -> [String] {
        var terminals: [LockBody.Terminal] = []
        for attempt in 0..<10 {
            terminals = try client.get(LockListBody.self, "/v1/accounts/\(reference)/locks?limit=10").locks.first { $0.id == hold }?.terminals ?? []
            if terminals.allSatisfy({ $0.enforced_at != nil }) || attempt == 9 { break }
            usleep(100_000)
        }
        if terminals.isEmpty { return ["no terminal of this account is enrolled"] }
        return terminals.map { terminal in
            if let time = terminal.time_to_lock_ms { return "  \(terminal.imei) enforces it, after \(time) ms" }
            let last = terminal.last_seen.map(\.description) ?? "never"
            return "  \(terminal.imei) has not confirmed yet; last heard \(last); \(LookUpCommands.stop(of: terminal))"
        }
    }

    private static let unlock = Command(
        words: ["unlock"], usage: "unlock REF --note TEXT", about: "release all holds on an account that the caller may release",
        options: APIClient.options + [.value("note")]
    ) { context in
        let reference = try context.reference(context.operand(0, "REF"))
        try context.noMore(after: 1)
        let note = ReleaseBody(note: try context.required("note"))
        let client = try context.client()
        let holds = try client.get(AccountBody.self, "/v1/accounts/\(reference)").holds
        var released: [String] = []
        var refused: Failure?
        for hold in holds {
            do {
                _ = try client.send("DELETE", "/v1/accounts/\(reference)/holds/\(APIClient.segment(hold.id))", note)
                released.append("released \(hold.kind.rawValue): \(hold.reason)")
            } catch let failure as Failure {
                // The others may still be the caller's to release.
                refused = refused ?? Failure("the \(hold.kind.rawValue) hold stands: \(failure)")
            }
        }
        if let refused { throw Failure((released + ["\(refused)"]).joined(separator: "; ")) }
        let account = try client.call("GET", "/v1/accounts/\(reference)")
        if try JSON.decode(AccountBody.self, from: account).locked {
            throw Failure(
                "\(released.joined(separator: "; ")); but \(reference) is still locked: another hold was placed meanwhile. Look at account show \(reference)."
            )
        }
        try context.show(account, released.isEmpty ? ["\(reference) was not locked: nothing to release"] : released + ["\(reference) is open again"])
    }
}
