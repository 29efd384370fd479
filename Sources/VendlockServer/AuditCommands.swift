import BackOffice
import Platform
import Store
import StoreSQLite
import Wire

/// `audit verify` and `audit export`: on the data directory itself, also while a server runs on it; nothing is changed.
enum AuditCommands {
    static let all = [verify, export]

    private static let verify = Command(
        words: ["audit", "verify"], usage: "audit verify [--data DIR]",
        about: "verify every note from the first to the last, and name those that were altered, removed, reordered or added",
        options: OperationCommands.storeOptions + [.flag("json")]
    ) { context in
        try context.noMore(after: 0)
        let store = try store(context)
        var bar = ProgressBar()
        let verification = try NoteVerification(of: store, chain: .stored) { bar.show("verified", Int($0), of: Int($1)) }
        bar.finish()
        let body = AuditBody(verification, at: Timestamp(unixMilliseconds: WallClock.now()))
        let count = "\(body.notes) notes of \(body.subjects) subjects"
        try context.show(JSON.encode(body), body.ok ? ["\(count): each follows from the one before it, and none is missing"] : lines(body))
        guard body.ok else {
            throw Failure("\(count): \(body.findings.count) findings, see the output. Compare with a backup or an export from before.")
        }
    }

    private static func lines(_ body: AuditBody) -> [String] {
        body.findings.map { finding in
            let place = [finding.note.map { "note \($0)" }, finding.at.map { "\($0)" }, finding.kind].compactMap(\.self).joined(separator: ", ")
            return "\(finding.what)  \(finding.subject)  \(place)\n  \(finding.detail)"
        } + (body.further_subjects.map { ["and \($0) more subjects with faults"] } ?? [])
    }

    private static let export = Command(
        words: ["audit", "export"], usage: "audit export FILE.jsonl [--data DIR]",
        about: "write all notes with their hashes to a new file, JSON, one to a line; tools/verify-notes verifies it without us",
        options: OperationCommands.storeOptions
    ) { context in
        let path = try context.operand(0, "FILE.jsonl")
        try context.noMore(after: 1)
        guard try !File.exists(path) else { throw Failure("there is a file at \(path) already. Name another, or move it away.") }
        let store = try store(context)
        let file = try AppendFile(path, mode: 0o600)
        var bar = ProgressBar()
        do {
            try NoteExport.run(store, write: { try file.append($0) }, progress: { bar.show("written", Int($0), of: Int($1)) })
            try file.synchronise()
        } catch {
            try File.remove(path)
            throw error
        }
        bar.finish()
        print("all notes are in \(path), \(file.size) bytes")
    }

    private static func store(_ context: Command.Context) throws -> any ReadableStore {
        try SQLiteStore.readOnly(path: OperationCommands.directory(context).store)
    }
}
