import TestSupport

/// What staff see of a lock, and of an account's notes.
extension API {
    /// The terminals of one lock, by IMEI.
    func terminals(of hold: String, on reference: String) throws -> [String: JSONValue] {
        let locks = try must(200, "GET", "/v1/accounts/\(reference)/locks")["locks"].array
        guard let lock = locks.first(where: { $0["id"].string == hold }) else { return [:] }
        return Dictionary(lock["terminals"].array.map { ($0["imei"].string ?? "", $0) }) { first, _ in first }
    }

    func isEnforced(_ hold: String, on reference: String, by agent: AgentProcess) throws -> Bool {
        try terminals(of: hold, on: reference)[agent.imei]?["enforced_at"].string != nil
    }

    /// The holds that stand.
    func holds(on reference: String) throws -> [String] {
        try must(200, "GET", "/v1/accounts/\(reference)")["holds"].array.compactMap { $0["id"].string }
    }

    func releaseAll(on reference: String) throws {
        for hold in try holds(on: reference) { try release(hold, of: reference) }
    }

    func notes(on reference: String) throws -> [String] {
        try must(200, "GET", "/v1/accounts/\(reference)/notes?limit=200")["notes"].array.compactMap { $0["text"].string }
    }

    /// A code as a senior reads it out to a verified vendor.
    func offlineCode(for imei: String, _ action: String, hours: Int? = nil) throws -> String {
        let hours = hours.map { ",\"hours\":\($0)" } ?? ""
        let body = "{\"action\":\"\(action)\"\(hours),\"note\":\"no coverage\",\"verified\":true}"
        return try must(201, "POST", "/v1/devices/\(imei)/offline-codes", body)["code"].string ?? ""
    }

    /// The second gate.
    func authorizes(_ agent: AgentProcess, _ operation: String, on reference: String) throws -> JSONValue {
        try must(
            200, "POST", "/v1/authorizations",
            #"{"account":"\#(reference)","imei":"\#(agent.imei)","channel":"\#(agent.channel)","operation":"\#(operation)","amount_cents":5000}"#)
    }
}
