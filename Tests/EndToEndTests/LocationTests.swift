import Glibc
import TestSupport
import Testing

/// The server asks, the terminal asks gpsd, and the position is on the device: all of them real.
@Suite struct LocationTests {
    private static let shop = (lat: -26.2678, lon: 27.8585)

    private func running(_ api: API, on account: String, gpsd port: UInt16) throws -> AgentProcess {
        try api.addAccount(account)
        let agent = try AgentProcess(Names.imei(), on: "KazTimpaPro", server: api.url)
        agent.gpsd = "127.0.0.1:\(port)"
        try api.addDevice(agent.imei, account: account)
        try agent.enrol(code: api.enrolmentCode(for: agent.imei))
        try agent.start()
        try agent.waitUntilItPermits()
        return agent
    }

    private func ask(_ api: API, _ agent: AgentProcess) throws -> String {
        try api.must(202, "POST", "/v1/devices/\(agent.imei)/location-requests")["id"].string ?? ""
    }

    private func answer(_ api: API, _ agent: AgentProcess, to id: String, within limit: Duration = .seconds(40)) throws -> JSONValue {
        do {
            return try eventually("the answer of \(agent.imei)", within: limit) {
                try api.get("/v1/devices/\(agent.imei)/locations").json["locations"].array.first { $0["command"].string == id }
            }
        } catch { throw Failure("\(error): \(agent.log)") }
    }

    @Test func bringsTheTerminalsPositionToTheServer() throws {
        let server = try ServerProcess()
        let api = server.api
        let receiver = try NMEASource(Self.shop)
        let agent = try running(api, on: "LOC-1", gpsd: receiver.port)
        try eventually("gpsd to have a fix") { try answer(api, agent, to: ask(api, agent)).has("lat") }
        let location = try api.get("/v1/devices/\(agent.imei)").json["last_location"]
        #expect(abs(try #require(location["lat"].number) - Self.shop.lat) < 0.0001, "\(location)")
        #expect(abs(try #require(location["lon"].number) - Self.shop.lon) < 0.0001, "\(location)")
        let accuracy = try #require(location["accuracy_m"].number)
        #expect((1...100).contains(accuracy), "HDOP 1.1")
        #expect(location["source"].string == "gpsd" && location.has("fixed_at"))
        let events = try api.get("/v1/devices/\(agent.imei)/locations").json
        #expect(!events.has("request"), "it is settled")
        #expect(agent.permits())
    }

    @Test func saysThatNothingKnowsWhereItIs() throws {
        let server = try ServerProcess()
        let agent = try running(server.api, on: "LOC-2", gpsd: NMEASource.freePort(SOCK_STREAM))
        let found = try answer(server.api, agent, to: ask(server.api, agent))
        #expect(found["why"].string == "no_gpsd" && !found.has("lat") && !found.has("lon"))
        #expect(!(try server.api.get("/v1/devices/\(agent.imei)").json.has("last_location")))
        // The next question is asked anew, and the lock does not mind.
        let lock = try server.api.lock("LOC-2")
        let second = try answer(server.api, agent, to: ask(server.api, agent))
        #expect(second["why"].string == "no_gpsd")
        try agent.waitUntilItRefuses("account_locked")
        try eventually("the lock to be confirmed") {
            try server.api.get("/v1/accounts/LOC-2/locks").json["locks"][0]["terminals"][0].has("enforced_at")
        }
        try server.api.release(lock, of: "LOC-2")
        try agent.waitUntilItPermits()
    }

    @Test func looksForAMinuteWithoutHoldingUpALock() throws {
        let server = try ServerProcess()
        let api = server.api
        let receiver = try NMEASource(nil)
        let agent = try running(api, on: "LOC-3", gpsd: receiver.port)
        let id = try ask(api, agent)
        let lock = try api.lock("LOC-3")
        try agent.waitUntilItRefuses("account_locked", within: .seconds(10))
        #expect(try api.get("/v1/devices/\(agent.imei)/locations").json["request"]["id"].string == id, "it is still looking")
        try api.release(lock, of: "LOC-3")
        try agent.waitUntilItPermits(within: .seconds(10))
        #expect(try answer(api, agent, to: id, within: .seconds(90))["why"].string == "no_fix", "\(receiver.log)")
    }

    @Test func locatesFromTheCommandLine() throws {
        let server = try ServerProcess()
        let api = server.api
        let agent = try running(api, on: "LOC-4", gpsd: NMEASource.freePort(SOCK_STREAM))
        func locate(_ words: String...) throws -> (status: Int32, output: String, errors: String) {
            try Programs.run(
                Programs.server, ["device", "locate", agent.imei] + words,
                environment: ["VENDLOCK_URL": api.url, "VENDLOCK_TOKEN_FILE": server.tokenFile])
        }
        let without = try locate("--wait")
        #expect(without.status == 1 && without.errors.contains("gpsd"), "\(without)")
        let receiver = try NMEASource(Self.shop)
        agent.gpsd = "127.0.0.1:\(receiver.port)"
        try agent.restart()
        try eventually("a fix") {
            let found = try locate("--wait")
            return found.status == 0 && found.output.hasPrefix("-26.26") && found.output.contains("27.858")
        }
        #expect(try locate().output.contains("asked"))
    }
}
