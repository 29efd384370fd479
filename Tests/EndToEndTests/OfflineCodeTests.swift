import TestSupport
import Testing

/// Offline codes: the real server gives one, the network is gone, the real agent obeys it, and the server's word is above it afterwards.
@Suite struct OfflineCodeTests {
    private static let configuration = #"{ "lease": { "ttl_s": 3, "wait_s": 1 } }"#

    @Test func aCodeLiftsALockWithoutANetworkAndANewerLockWins() throws {
        let server = try ServerProcess(configuration: Self.configuration)
        try server.api.addAccount("CODE-1")
        let agent = try AgentProcess.running(server.api, account: "CODE-1")
        try server.api.addAccount("CODE-OTHER")
        let other = try AgentProcess.running(server.api, account: "CODE-OTHER")
        try agent.waitUntilItPermits()
        try other.waitUntilItPermits()
        let hold = try server.api.lock("CODE-1")
        // The gate refuses before the lock is on the disk; the server is told when it is.
        try eventually("the lock to be stored") { try server.api.isEnforced(hold, on: "CODE-1", by: agent) }
        // The terminals lose the network, and do not hear that the lock is lifted.
        try agent.kill()
        try other.kill()
        let refused = try server.api.post("/v1/devices/\(agent.imei)/offline-codes", #"{"action":"unlock","note":"x","verified":true}"#)
        #expect(refused.status == 409 && refused.json["code"].string == "lock_state_differs")
        try server.api.must(200, "DELETE", "/v1/accounts/CODE-1/holds/\(hold)", #"{"note":"a mistake"}"#)
        let code = try server.api.offlineCode(for: agent.imei, "unlock", hours: 2)
        try server.kill()
        try agent.start()
        try other.start()

        #expect(agent.reason() == "account_locked")
        let typo = try agent.command("code", String(code.dropLast()) + (code.last == "0" ? "1" : "0"))
        #expect(typo.status == 1 && typo.errors.contains("Read it again"), "a slip of the finger costs no time")
        let foreign = try other.command("code", code)
        #expect(foreign.status == 1 && foreign.errors.contains("not right"))
        let accepted = try agent.command("code", code)
        #expect(accepted.status == 0, "\(accepted.errors)")
        try agent.waitUntilItPermits()
        #expect(try agent.status["lease_ms"].integer ?? 0 > 7_000_000)
        let again = try agent.command("code", code)
        #expect(again.status == 1 && again.errors.contains("not right"))
        let slowed = try agent.command("code", code)
        #expect(slowed.status == 1 && slowed.errors.contains("Too many wrong codes"))
        try agent.restart()
        #expect(try agent.command("code", code).errors.contains("Too many wrong codes"), "a restart does not shorten the wait")
        #expect(agent.permits("airtime_vend"), "what was given is kept over a restart of the agent")

        let next = try server.successor(configuration: Self.configuration, port: server.port)
        try next.api.lock("CODE-1")
        try agent.waitUntilItRefuses("account_locked")
        try eventually("the note of the code") {
            try next.api.must(200, "GET", "/v1/accounts/CODE-1/notes")["notes"].array.contains {
                $0["kind"].string == "code_used" && $0["text"].string?.contains("unlock, 2 h") == true
            }
        }
    }

    @Test func aCodeExtendsTheLeaseAndAnotherLocks() throws {
        let server = try ServerProcess(configuration: Self.configuration)
        try server.api.addAccount("CODE-2")
        let agent = try AgentProcess.running(server.api, account: "CODE-2")
        try agent.waitUntilItPermits()
        let extend = try server.api.offlineCode(for: agent.imei, "extend", hours: 1)
        try agent.kill()
        try server.api.lock("CODE-2")
        let lock = try server.api.offlineCode(for: agent.imei, "lock")
        try server.kill()
        try agent.start()
        #expect(agent.reason() == "no_lease")
        #expect(try agent.command("code", String(extend.prefix(4)), String(extend.dropFirst(4))).status == 0)
        #expect(agent.permits("airtime_vend"))
        #expect(try agent.command("code", lock).status == 0)
        #expect(agent.reason() == "device_locked")
        try agent.restart()
        #expect(agent.reason() == "device_locked")
    }

    @Test func onlySeniorsGiveCodesAndOnlyForAVerifiedVendor() throws {
        let server = try ServerProcess()
        try server.api.addAccount("CODE-3")
        let agent = try AgentProcess.running(server.api, account: "CODE-3")
        try agent.waitUntilItPermits()
        let path = "/v1/devices/\(agent.imei)/offline-codes"
        for body in [
            #"{"action":"extend","hours":1,"note":"x","verified":false}"#, #"{"action":"extend","note":"x","verified":true}"#,
            #"{"action":"extend","hours":73,"note":"x","verified":true}"#, #"{"action":"lock","hours":1,"note":"x","verified":true}"#,
            #"{"action":"wipe","note":"x","verified":true}"#, #"{"action":"extend","hours":1,"note":" ","verified":true}"#,
        ] { #expect(try server.api.post(path, body).status == 400, "\(body)") }
        let good = #"{"action":"extend","hours":1,"note":"x","verified":true}"#
        let token = try server.api.must(201, "POST", "/v1/tokens", #"{"role":"call_centre","name":"desk"}"#)["token"].string
        #expect(try server.api.with(token: token).post(path, good).status == 403)
        // More than the window holds: the last counter serves again, and the terminal still knows it.
        let codes = try (0..<8).map { _ in try server.api.must(201, "POST", path, good) }
        #expect(codes.map { $0["counter"].integer ?? -1 } == [0, 1, 2, 3, 4, 4, 4, 4])
        #expect(try agent.command("code", codes[7]["code"].string ?? "").status == 0)
    }
}
