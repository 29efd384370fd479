import Foundation
import Glibc
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

    /// Given in good times and kept: once the lock is here, it is worth nothing, with the server gone as well.
    @Test(arguments: ["unlock", "extend"]) func aCodeFromBeforeALockIsWorthNothingAfterIt(_ action: String) throws {
        let server = try ServerProcess(configuration: Self.configuration)
        try server.api.addAccount("CODE-4")
        let agent = try AgentProcess.running(server.api, account: "CODE-4")
        try agent.waitUntilItPermits()
        let code = try server.api.offlineCode(for: agent.imei, action, hours: 72)
        let hold = try server.api.lock("CODE-4")
        try eventually("the lock to be stored") { try server.api.isEnforced(hold, on: "CODE-4", by: agent) }
        server.process.signal(SIGSTOP)
        let answer = try agent.command("code", code)
        #expect(answer.status == 1 && answer.errors.contains("not right"), "\(answer.errors)")
        #expect(agent.reason() == "account_locked")
        try agent.restart()
        #expect(agent.reason() == "account_locked")
        // Lifted again, a new one works; the count went on.
        server.process.signal(SIGCONT)
        try server.api.release(hold, of: "CODE-4")
        try agent.waitUntilItPermits()
        let next = try server.api.offlineCode(for: agent.imei, "extend", hours: 1)
        // The wrong try before makes every code wait.
        try eventually("the new code to be taken") { try agent.command("code", next).status == 0 }
    }

    /// The office is told how long a terminal that it cannot reach may sell.
    @Test func theOfficeIsToldHowLongACodeLetsATerminalSell() throws {
        let server = try ServerProcess(configuration: Self.configuration)
        let api = server.api
        try api.addAccount("CODE-5")
        let agent = try AgentProcess.running(api, account: "CODE-5")
        try agent.waitUntilItPermits()
        let code = try api.offlineCode(for: agent.imei, "extend", hours: 72)
        try agent.kill()
        let hold = try api.lock("CODE-5")
        var terminal = try #require(try api.terminals(of: hold, on: "CODE-5")[agent.imei])
        #expect(terminal["unused_code_hours"].integer == 72)
        try api.release(hold, of: "CODE-5")
        try agent.start()
        try agent.waitUntilItPermits()
        #expect(try agent.command("code", code).status == 0)
        try eventually("the note of the code") { try api.notes(on: "CODE-5").contains { $0.contains("used offline code") } }
        try agent.kill()
        let next = try api.lock("CODE-5")
        terminal = try #require(try api.terminals(of: next, on: "CODE-5")[agent.imei])
        #expect(terminal["unused_code_hours"].integer == nil)
        let end = try #require(
            try terminal["spends_until"].string.map { try Date($0, strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true)) })
        #expect(abs(end.timeIntervalSinceNow - 72 * 3600) < 600, "\(end)")
        // Once the lock is there, it is over.
        try agent.start()
        try eventually("the lock to be stored") { try api.isEnforced(next, on: "CODE-5", by: agent) }
        #expect(try api.terminals(of: next, on: "CODE-5")[agent.imei]?["spends_until"].string == nil)
    }

    /// Who puts both files back has the codes work again until the server is heard, which notices.
    @Test func oldFilesOfCodesAreNoticedAndTheirCodesAreWorthNothing() throws {
        let server = try ServerProcess(configuration: Self.configuration)
        try server.api.addAccount("CODE-6")
        let agent = try AgentProcess.running(server.api, account: "CODE-6")
        try agent.waitUntilItPermits()
        let code = try server.api.offlineCode(for: agent.imei, "extend", hours: 1)
        try agent.stop()
        let files = ["codes.a", "codes.b"].map { agent.stateDirectory + "/" + $0 }
        for file in files { try FileManager.default.copyItem(atPath: file, toPath: file + ".old") }
        try agent.start()
        #expect(try agent.command("code", code).status == 0)
        try eventually("the note of the code") { try server.api.notes(on: "CODE-6").contains { $0.contains("used offline code") } }
        try agent.stop()
        for file in files {
            try FileManager.default.removeItem(atPath: file)
            try FileManager.default.moveItem(atPath: file + ".old", toPath: file)
        }
        try agent.start()
        try eventually("the note of the old files") { try server.api.notes(on: "CODE-6").contains { $0.contains("old files were put back") } }
        try agent.waitUntilItPermits()
        #expect(try agent.command("code", code).errors.contains("not right"))
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
