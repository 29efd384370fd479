import BackOffice
import FoundationEssentials
import Platform
import Wire

/// `number …`: changes of an account's linked number.
enum NumberCommands {
    static let all = [
        change, list,
        decision("approve", "approval", "link the new number; never by the one who asked") { change in
            let old = change.old_number.map {
                "; \($0) may lock too until \(change.cooling_until.map(\.description) ?? "now"), unless it was suspended"
            }
            return "\(change.new_number) is linked to \(change.account)" + (old ?? "")
        },
        decision("refuse", "refusal", "turn a request down") { "refused: \($0.new_number) is not linked to \($0.account)" },
        decision("cancel", "cancellation", "undo an approved change during its 24 hours") { change in
            "cancelled: \(change.old_number ?? "no number") is linked to \(change.account) again"
        },
        confirm,
    ]

    private static let change = Command(
        words: ["number", "change"], usage: "number change REF --to MSISDN --reason TEXT --notice FILE --conversation TEXT --transaction TEXT",
        about: "ask for a change of the linked number: the notice is a picture or PDF, the others are words",
        options: APIClient.options + [.value("to"), .value("reason"), .value("notice"), .value("conversation"), .value("transaction")]
    ) { context in
        let reference = try context.reference(context.operand(0, "REF"))
        try context.noMore(after: 1)
        let number = try context.required("to")
        let reason = try context.required("reason")
        let notice = try context.required("notice")
        let words = [(EvidenceKind.lastConversation, try context.required("conversation")), (.pastTransaction, try context.required("transaction"))]
        let evidence = try [picture(notice)] + words.map { NewNumberChangeBody.Piece(kind: $0.0, text: $0.1) }
        let answer = try context.client().send(
            "POST", "/v1/accounts/\(reference)/number-changes", NewNumberChangeBody(new_number: number, reason: reason, evidence: evidence))
        let made = try JSON.decode(NumberChangeBody.self, from: answer)
        try context.show(
            answer,
            [
                "requested: \(made.old_number ?? "none") -> \(made.new_number)",
                "another person approves it: vendlock-server number approve \(reference) \(made.id) --note TEXT",
            ])
    }

    private static func picture(_ path: String) throws -> NewNumberChangeBody.Piece {
        let content: [UInt8]
        do {
            content = try File.read(path, limit: EvidencePicture.limit)
        } catch  where error.isTooLarge {
            throw Failure("\(path) has more than \(EvidencePicture.limit) bytes. Send a smaller picture.")
        } catch {
            throw Failure("\(error). Name the picture of the change notice with --notice.")
        }
        guard let kind = EvidencePicture(of: content) else { throw Failure("\(path) is no JPEG, PNG, WebP or PDF file. Send the picture itself.") }
        return NewNumberChangeBody.Piece(kind: .changeNotice, content_type: kind.rawValue, content: Data(content).base64EncodedString())
    }

    private static let list = Command(
        words: ["number", "list"], usage: "number list REF", about: "the linked number and the requests to change it", options: APIClient.options
    ) { context in
        let reference = try context.reference(context.operand(0, "REF"))
        try context.noMore(after: 1)
        let client = try context.client()
        let answer = try client.call("GET", "/v1/accounts/\(reference)/number-changes")
        try context.show(answer, linked(client.get(AccountBody.self, "/v1/accounts/\(reference)")) + lines(answer))
    }

    private static func linked(_ account: AccountBody) -> [String] {
        var lines = ["linked number   \(account.linked_number ?? "none")"]
        if let since = account.linked_number_suspended_at {
            lines.append("suspended since \(since): it may not lock; number confirm lifts that")
        }
        if let previous = account.previous_number { lines.append("locks too       \(previous.number)  until \(previous.until)") }
        return lines
    }

    private static func lines(_ answer: [UInt8]) throws -> [String] {
        try JSON.decode(NumberChangeListBody.self, from: answer).number_changes.map { change in
            var words = [
                change.id, change.state, "\(change.old_number ?? "none") -> \(change.new_number)",
                "requested by \(change.requested_by) at \(change.requested_at)",
            ]
            if let by = change.decided_by, let at = change.decided_at { words.append("\(change.state) by \(by) at \(at)") }
            return words.joined(separator: "  ")
        }
    }

    private static func decision(
        _ word: String, _ call: String, _ about: String, _ line: @escaping @Sendable (NumberChangeBody) -> String
    ) -> Command {
        Command(
            words: ["number", word], usage: "number \(word) REF ID --note TEXT", about: about, options: APIClient.options + [.value("note")]
        ) { context in
            let reference = try context.reference(context.operand(0, "REF"))
            let id = try context.operand(1, "ID")
            try context.noMore(after: 2)
            let note = ReleaseBody(note: try context.required("note"))
            let answer = try context.client().send("POST", "/v1/accounts/\(reference)/number-changes/\(APIClient.segment(id))/\(call)", note)
            try context.show(answer, [line(JSON.decode(NumberChangeBody.self, from: answer))])
        }
    }

    private static let confirm = Command(
        words: ["number", "confirm"], usage: "number confirm REF --note TEXT",
        about: "lift the suspension of a linked number that WhatsApp reported as changed", options: APIClient.options + [.value("note")]
    ) { context in
        let reference = try context.reference(context.operand(0, "REF"))
        try context.noMore(after: 1)
        let note = ReleaseBody(note: try context.required("note"))
        let answer = try context.client().send("DELETE", "/v1/accounts/\(reference)/linked-number/suspension", note)
        let account = try JSON.decode(AccountBody.self, from: answer)
        try context.show(answer, ["\(account.linked_number ?? "the linked number") may lock \(reference) again"])
    }
}
