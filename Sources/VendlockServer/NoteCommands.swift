import BackOffice
import Platform
import Wire

/// `notes` and `note`: the Device Account Notes.
enum NoteCommands {
    static let all = [notes, note]

    private static let notes = Command(
        words: ["notes"], usage: "notes REF [--limit N]", about: "what is on an account's record, newest first",
        options: APIClient.options + [.value("limit")]
    ) { context in
        let reference = try context.reference(context.operand(0, "REF"))
        try context.noMore(after: 1)
        let limit = APIClient.segment(context.arguments.value("limit") ?? "20")
        let answer = try context.client().call("GET", "/v1/accounts/\(reference)/notes?limit=\(limit)")
        let list = try JSON.decode(NoteListBody.self, from: answer)
        let lines = list.notes.map { note in
            let times = note.count.map { "  (\($0) times)" } ?? ""
            let ticket = note.ticket.map { "  \($0)" } ?? ""
            return "\(note.at)  \(note.actor)\(ticket)  \(note.text)\(times)"
        }
        try context.show(answer, lines + (list.next == nil ? [] : ["older ones are not shown: --limit 200"]))
    }

    private static let note = Command(
        words: ["note"], usage: "note REF TEXT [--ticket TEXT]", about: "write on an account's record; it stands there for ever",
        options: APIClient.options + [.value("ticket")]
    ) { context in
        let reference = try context.reference(context.operand(0, "REF"))
        let text = try context.operand(1, "TEXT")
        try context.noMore(after: 2)
        let answer = try context.client().send(
            "POST", "/v1/accounts/\(reference)/notes", NewNoteBody(text: text, ticket: context.arguments.value("ticket")))
        try context.show(answer, ["noted on \(reference)"])
    }
}
