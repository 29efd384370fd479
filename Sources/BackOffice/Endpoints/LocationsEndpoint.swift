import HTTPServer
import Wire

/// `/v1/devices/{imei}/location-requests`, `/v1/devices/{imei}/locations` and `/v1/visits`
extension BackOffice {
    func locationsEndpoints() -> [Endpoint] {
        [
            Endpoint(
                .POST, "/v1/devices/{imei}/location-requests", "Ask the terminal where it is; it hears it at once when it is connected",
                access: .roles(.installers),
                answers: [.json(202, "The question, or the one that stands already. Its answer is among the locations.", "LocationRequest")],
                problems: [.invalidIMEI, .deviceNotFound, .notEnrolled],
                work: .worker { call in .json(202, try locationRequests.ask(call.imei(), by: call.actor)) }),
            Endpoint(
                .GET, "/v1/devices/{imei}/locations", "What the terminal said about where it is, newest first", access: .roles(.readers),
                parameters: Endpoint.Parameter.paging, answers: [.json(200, "A page of locations.", "LocationList")],
                problems: [.invalidIMEI, .invalidQuery, .deviceNotFound],
                work: .worker { call in .json(200, try devices.locations(of: call.imei(), before: call.numberAfter(), limit: call.limit())) }),
            Endpoint(
                .GET, "/v1/visits", "Visits of field agents, newest first", access: .roles(.readers),
                parameters: [.query("account", ##"{"$ref":"#/components/schemas/Reference"}"##, "Only those of this account.")]
                    + Endpoint.Parameter.limit,
                answers: [.json(200, "The newest visits.", "VisitList")], problems: [.invalidReference, .invalidQuery, .accountNotFound],
                work: .worker { call in
                    var list = try visits.list(of: call.request.query("account").map(Call.reference), limit: call.limit())
                    // They name terminals, and whoever asks an owner for one must not see it.
                    let checked = try discretion.checked(list.visits.compactMap(\.account), for: call.caller)
                    list.visits.removeAll { $0.account.map(checked.contains) == true }
                    return .json(200, list)
                }),
        ]
    }
}
