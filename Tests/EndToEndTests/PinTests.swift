import Foundation
import TestSupport
import Testing

/// Terminals that know their server's key.
@Suite struct PinTests {
    private let certificates: Certificates
    private let account = Names.reference()

    init() throws {
        certificates = try Certificates()
        // Of the same authority: the key that comes next, the one after it, and one that is in wrong hands.
        for name in ["next", "later", "stolen"] { try certificates.issue(name) }
    }

    /// A terminal of a server with this configuration, enrolled and permitting.
    private func terminal(_ configuration: String) throws -> (agent: AgentProcess, server: ServerProcess) {
        // Staff work over plain HTTP first; TLS comes with the second start.
        let plain = try ServerProcess()
        try plain.api.addAccount(account)
        let imei = Names.imei()
        try plain.api.addDevice(imei, account: account)
        let code = try plain.api.enrolmentCode(for: imei)
        try plain.stop()
        let server = try plain.successor(configuration: configuration, port: plain.port)
        let agent = try AgentProcess(
            imei, on: "KazTimpaPro", server: "https://127.0.0.1:\(server.port)", caFile: certificates.authority("ours"))
        try agent.enrol(code: code)
        try agent.start()
        try agent.waitUntilItPermits()
        return (agent, server)
    }

    private func pins(of agent: AgentProcess) throws -> [String] {
        let text = try String(contentsOfFile: agent.stateDirectory + "/enrolment.json", encoding: .utf8)
        return try JSONValue(Array(text.split(separator: "\n")[0].utf8))["pins"].strings
    }

    private func pins(_ names: String...) throws -> [String] { try names.map { try certificates.pin($0) } }

    private func notes(_ server: ServerProcess) throws -> String {
        try Programs.run("sqlite3", ["-readonly", server.data + "/store.db", "SELECT text FROM notes"]).output
    }

    @Test func anotherKeyOfTheSameAuthorityIsRefusedAndReportedAndTheBackupKeyIsTaken() throws {
        let (agent, first) = try terminal(certificates.configuration("ours", pins: ["ours", "next"]))
        var server = first
        #expect(try pins(of: agent) == pins("ours", "next"))
        let own = try certificates.pin("ours")
        #expect(server.process.errors.contains("the pin of this server's key is \(own)"))

        // The server's place is taken with a certificate of the right authority.
        try server.stop()
        let impostor = try Front(server.port, "page", certificates.certificate("stolen"), certificates.key("stolen"))
        try agent.waitUntilItRefuses("lease_expired")
        try eventually("the other key to be noticed") { agent.log.contains("tls_pin") }
        #expect(try agent.status["connected"].bool == false)
        try agent.restart()
        try eventually("the other key to be noticed again") { agent.log.contains("tls_pin") }
        #expect(agent.reason() == "no_lease")
        // It has heard nothing at all, the session and the token least.
        #expect(impostor.heard.split(separator: "\n").count == 1, "\(impostor.heard)")
        try impostor.stop()

        // The key that was kept apart; its pin was given in time.
        server = try server.successor(configuration: certificates.configuration("next", pins: ["next", "later"]), port: server.port)
        try agent.waitUntilItPermits()
        try eventually("what was refused to be on the account") { try notes(server).contains("refused a lease: tls_pin") }
        try eventually("the new pins to be kept") { try pins(of: agent) == pins("next", "later") }
        try server.stop()
        server = try server.successor(configuration: certificates.configuration("later", pins: ["later", "ours"]), port: server.port)
        try agent.restart()
        try agent.waitUntilItPermits()
        try agent.stop()
        try server.stop()
    }

    @Test func pinsComeAndGoWithAConnection() throws {
        let (agent, first) = try terminal(certificates.configuration("ours"))
        var server = first
        #expect(try pins(of: agent) == [])
        let file = agent.stateDirectory + "/enrolment.json"
        for names in [["ours", "next"], [], ["next", "ours"]] {
            try server.stop()
            server = try server.successor(configuration: certificates.configuration("ours", pins: names), port: server.port)
            try agent.restart()
            try agent.waitUntilItPermits()
            try eventually("the pins \(names)") { try pins(of: agent) == names.map { try certificates.pin($0) } }
        }
        // The same ones again are not written again.
        let written = try FileManager.default.attributesOfItem(atPath: file)[.systemFileNumber] as? UInt64
        try agent.restart()
        try agent.waitUntilItPermits()
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.systemFileNumber] as? UInt64 == written)

        // Left out, they stay, and the operator is told; so is one who changes to a key that no terminal knows.
        try server.stop()
        server = try server.successor(configuration: certificates.configuration("ours"), port: server.port)
        #expect(server.process.errors.contains("write it as before, or []"), "\(server.process.errors)")
        try server.stop()
        server = try server.successor(configuration: certificates.configuration("stolen", pins: ["stolen", "later"]), port: server.port)
        #expect(server.process.errors.contains("go back to one of those keys"), "\(server.process.errors)")
        try agent.restart()
        try eventually("the unknown key to be noticed") { agent.log.contains("tls_pin") }
        #expect(agent.reason() == "no_lease")
        try agent.stop()

        // The way out: a new code begins anew.
        try server.stop()
        let plain = try server.successor()
        let code = try plain.api.enrolmentCode(for: agent.imei)
        try plain.stop()
        server = try plain.successor(configuration: certificates.configuration("stolen", pins: ["stolen", "later"]), port: server.port)
        try agent.enrol(code: code)
        try agent.start()
        try agent.waitUntilItPermits()
        #expect(try pins(of: agent) == pins("stolen", "later"))
        try agent.stop()
        try server.stop()
    }

    @Test func pinsThatTheConnectionItselfFailsAreNotKept() throws {
        // TLS ends in front of this server, so that it cannot check what it is told to give.
        func configuration(_ names: String...) throws -> String {
            "{ \"tls\": { \"pins\": [\"\(try names.map { try certificates.pin($0) }.joined(separator: "\", \""))\"] } }"
        }
        var server = try ServerProcess(configuration: configuration("ours", "next"))
        try server.api.addAccount(account)
        let imei = Names.imei()
        try server.api.addDevice(imei, account: account)
        let reader = try Front(0, "relay", certificates.certificate("stolen"), certificates.key("stolen"), "\(server.port)")
        let agent = try AgentProcess(imei, on: "KazTimpaPro", server: "https://127.0.0.1:\(reader.port)", caFile: certificates.authority("ours"))
        let refused = try agent.enrolResult(code: server.api.enrolmentCode(for: imei))
        #expect(refused.status == 1)
        #expect(refused.errors.contains(try certificates.pin("stolen")), "\(refused.errors)")
        #expect(refused.errors.contains("ask for a new code"), "\(refused.errors)")
        try reader.stop()

        let honest = try Front(reader.port, "relay", certificates.certificate("ours"), certificates.key("ours"), "\(server.port)")
        try agent.enrol(code: server.api.enrolmentCode(for: imei))
        try agent.start()
        try agent.waitUntilItPermits()

        // A slip of the operator's: the terminal stays with what works, and tells.
        try server.stop()
        server = try server.successor(configuration: configuration("later", "stolen"), port: server.port)
        #expect(server.process.errors.contains("cannot be checked here"), "\(server.process.errors)")
        try agent.restart()
        try agent.waitUntilItPermits()
        try eventually("the pins of another key to be told") { try server.api.notes(on: account).contains { $0.contains("pins_of_another_key") } }
        #expect(try pins(of: agent) == pins("ours", "next"))
        try agent.restart()
        try agent.waitUntilItPermits()
        try agent.stop()
        try honest.stop()
        try server.stop()
    }

    @Test func aServerDoesNotStartWithPinsThatMissItsOwnKey() throws {
        let directory = try TemporaryDirectory()
        func refusal(_ configuration: String) throws -> String {
            let file = try directory.write(configuration, to: "server.json")
            let result = try Programs.run(
                Programs.server, ["serve", "--data", directory.file("data"), "--listen", "127.0.0.1:0", "--config", file])
            #expect(result.status == 2)
            return result.errors
        }
        let own = try certificates.pin("ours")
        #expect(try refusal(certificates.configuration("ours", pins: ["next", "later"])).contains("add \"\(own)\""))
        #expect(try refusal(#"{ "tls": { "pins": ["sha256//short="] } }"#).contains("is no pin"))
        #expect(try refusal(#"{ "tls": { "certificate": "x" } }"#).contains("tls.key is missing"))
        #expect(try refusal(#"{ "tls": {} }"#).contains("tls is empty"))
        let server = try ServerProcess(configuration: certificates.configuration("ours", pins: ["ours"]))
        #expect(server.process.errors.contains("tls.pins has one pin"), "\(server.process.errors)")
        try server.stop()
    }

    @Test func anotherAuthoritysFileIsToldOnce() throws {
        let (agent, server) = try terminal(certificates.configuration("ours"))
        func told() throws -> Int { try notes(server).components(separatedBy: "ca_file_changed").count - 1 }
        let both = try TemporaryDirectory()
        let ours = try String(contentsOfFile: certificates.authority("ours"), encoding: .utf8)
        let foreign = try String(contentsOfFile: certificates.authority("foreign"), encoding: .utf8)
        agent.caFile = try both.write(ours + foreign, to: "ca.pem")
        try agent.restart()
        try agent.waitUntilItPermits()
        try eventually("the change to be told") { try told() == 1 }
        try agent.restart()
        try agent.waitUntilItPermits()
        #expect(try told() == 1)
        try agent.stop()
        try server.stop()
    }

    @Test(arguments: ["redirect", "page"])
    func aLoginPageIsNotTheServerAndIsReported(_ kind: String) throws {
        let (agent, first) = try terminal(certificates.configuration("ours"))
        var server = first
        try server.stop()
        let portal =
            kind == "page"
            ? try Front(server.port, kind, certificates.certificate("ours"), certificates.key("ours")) : try Front(server.port, kind)
        try agent.waitUntilItRefuses("lease_expired")
        try eventually("the page to be noticed") { agent.log.contains("not_vendlock") }
        try portal.stop()
        server = try server.successor(configuration: certificates.configuration("ours"), port: server.port)
        try agent.waitUntilItPermits()
        try eventually("the page to be on the account") { try notes(server).contains("refused a lease: not_vendlock") }
        // One event, however often it answered.
        try agent.stop()
        let told = try notes(server)
        #expect(told.components(separatedBy: "refused a lease").count == 2, "\(told)")
        try server.stop()
    }
}
