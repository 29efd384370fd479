import HTTPServer
import Wire

/// `/v1/accounts/{ref}/notes`, `/v1/notes` and `/v1/audit`
extension BackOffice {
    func notesEndpoints() -> [Endpoint] {
        [
            Endpoint(
                .GET, "/v1/accounts/{ref}/notes", "The Device Account Notes, newest first", access: .roles(.readers),
                parameters: Endpoint.Parameter.paging, answers: [.json(200, "A page of notes.", "NoteList")],
                problems: [.invalidReference, .invalidQuery, .accountNotFound],
                work: .worker { call in
                    var list = try notes.list(of: call.reference(), before: call.numberAfter(), limit: call.limit())
                    list.notes = list.notes.map(try discretion.disclosure(of: call.reference(), to: call.caller).shown)
                    return .json(200, list)
                }),
            Endpoint(
                .POST, "/v1/accounts/{ref}/notes", "Add a note; notes are never changed or deleted", access: .roles(.lockers), body: "NewNote",
                answers: [.json(201, "The note.", "Note")], problems: [.invalidReference, .textRequired, .accountNotFound],
                work: .worker { call in
                    let note = try notes.add(call.body(NewNoteBody.self), to: call.reference(), by: call.actor)
                    return .json(201, try discretion.disclosure(of: call.reference(), to: call.caller).shown(note))
                }),
            Endpoint(
                .GET, "/v1/notes", "The notes on the back office itself (tokens issued and revoked, channels added), newest first",
                access: .roles(.auditors),
                parameters: Endpoint.Parameter.paging, answers: [.json(200, "A page of notes.", "NoteList")], problems: [.invalidQuery],
                work: .worker { call in .json(200, try notes.officeList(before: call.numberAfter(), limit: call.limit())) }),
            Endpoint(
                .GET, "/v1/audit", "Verify every note from the first to the last: what was altered, removed, reordered or added",
                access: .roles(.auditors),
                answers: [.json(200, "What was found; 'ok' when nothing was.", "Audit")], problems: [.auditRunning],
                work: .worker { _ in .json(200, try audits.verify()) }),
        ]
    }
}
