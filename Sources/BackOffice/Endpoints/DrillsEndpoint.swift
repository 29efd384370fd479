import HTTPServer
import Wire

/// `/v1/accounts/{ref}/drills`
extension BackOffice {
    func drillsEndpoints() -> [Endpoint] {
        let missing: [ProblemCode] = [.invalidReference, .accountNotFound]
        return [
            Endpoint(
                .POST, "/v1/accounts/{ref}/drills", "Send a new revision the whole way to each terminal and back, without locking anything",
                access: .roles(.lockers), answers: [.json(201, "The drill; GET it for the terminals' times.", "Drill")], problems: missing,
                work: .worker { call in .json(201, try shown(desk.drills.start(call.reference(), by: call.actor), to: call)) }),
            Endpoint(
                .GET, "/v1/accounts/{ref}/drills", "Drills, newest first", access: .roles(.readers), parameters: Endpoint.Parameter.limit,
                answers: [.json(200, "The newest drills.", "DrillList")], problems: missing + [.invalidQuery],
                work: .worker { call in
                    var list = try desk.drills.list(of: call.reference(), limit: call.limit())
                    list.drills = list.drills.map(try discretion.disclosure(of: call.reference(), to: call.caller).shown)
                    return .json(200, list)
                }),
            Endpoint(
                .GET, "/v1/accounts/{ref}/drills/{id}", "One drill, and how long each terminal took", access: .roles(.readers),
                answers: [.json(200, "The drill.", "Drill")], problems: [.invalidReference, .drillNotFound],
                work: .worker { call in .json(200, try shown(desk.drills.show(call.request.parameter("id"), of: call.reference()), to: call)) }),
        ]
    }
}
