import HTTPServer
import Store
import Wire

/// `/v1/accounts/{ref}/holds`, `/v1/devices/{imei}/holds` and `/v1/accounts/{ref}/locks`
extension BackOffice {
    func holdsEndpoints() -> [Endpoint] {
        holds(at: "/v1/accounts/{ref}/holds", of: "an account", missing: [.invalidReference, .accountNotFound]) { .account(try $0.reference()) }
            + holds(at: "/v1/devices/{imei}/holds", of: "a device", missing: [.invalidIMEI, .deviceNotFound]) { .device(try $0.imei()) }
            + [
                Endpoint(
                    .GET, "/v1/accounts/{ref}/locks", "Each lock, and what its terminals have received and enforce", access: .roles(.readers),
                    parameters: Endpoint.Parameter.paging, answers: [.json(200, "A page of locks, newest first.", "LockList")],
                    problems: [.invalidReference, .invalidQuery, .accountNotFound],
                    work: .worker { call in
                        var list = try holds.locks(of: call.reference(), before: call.request.query("after"), limit: call.limit())
                        list.locks = list.locks.map(try discretion.disclosure(of: call.reference(), to: call.caller).shown)
                        return .json(200, list)
                    })
            ]
    }

    private func holds(
        at path: String, of what: String, missing: [ProblemCode], subject: @escaping @Sendable (Call) throws -> Subject
    ) -> [Endpoint] {
        [
            Endpoint(
                .POST, path, "Lock \(what). The answer comes after the lock is on disk", access: .roles(.lockers), body: "NewHold",
                answers: [.json(201, "The hold.", "Hold")], problems: missing + [.textRequired],
                work: .worker { call in
                    let body = try call.body(NewHoldBody.self)
                    return .json(201, try holds.place(body.kind, on: subject(call), reason: body.reason, by: call.actor))
                }),
            Endpoint(
                .DELETE, path + "/{id}", "Release one hold of \(what); others stand", access: .roles(.seniors), body: "Release",
                answers: [.json(200, "The hold, released.", "Hold")], problems: missing + [.textRequired, .holdNotFound, .alreadyReleased],
                work: .worker { call in
                    let note = try call.body(ReleaseBody.self).note
                    return .json(200, try holds.release(call.request.parameter("id"), on: subject(call), note: note, by: call.actor))
                }),
        ]
    }
}
