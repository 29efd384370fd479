import TestSupport
import Testing

/// Whom a terminal believes to be its server.
@Suite struct TLSTests {
    @Test func aTerminalTrustsItsOwnAuthorityAndNoOther() throws {
        let certificates = try Certificates()
        // Staff work over plain HTTP first; TLS comes with the second start.
        let plain = try ServerProcess()
        try plain.api.addAccount("TLS-1")
        let imei = Names.imei()
        let stranger = Names.imei()
        try plain.api.addDevice(imei, account: "TLS-1")
        try plain.api.addDevice(stranger)
        let code = try plain.api.enrolmentCode(for: imei)
        let strangersCode = try plain.api.enrolmentCode(for: stranger)
        try plain.stop()
        var server = try plain.successor(configuration: try certificates.configuration("ours"), port: plain.port)
        let url = "https://127.0.0.1:\(server.port)"

        // Without the authority there is no enrolment, and the code is not given away.
        let careful = try AgentProcess(stranger, on: "KazTimpaPro", server: url)
        let refused = try careful.enrolResult(code: strangersCode)
        #expect(refused.status == 1)
        #expect(refused.errors.split(separator: "\n").count == 1, "\(refused.errors)")

        let agent = try AgentProcess(imei, on: "KazTimpaPro", server: url, caFile: certificates.authority("ours"))
        try agent.enrol(code: code)
        try agent.start()
        try agent.waitUntilItPermits()
        let lock = try curl(certificates, server, "POST", "/holds", #"{"kind":"staff","reason":"stolen"}"#)
        try agent.waitUntilItRefuses("account_locked")
        let id = try #require(lock["id"].string)
        _ = try curl(certificates, server, "DELETE", "/holds/\(id)", #"{"note":"found again"}"#)
        try agent.waitUntilItPermits()

        // The same terminal without the authority has no session and spends nothing.
        try agent.stop()
        let copy = try agent.copy()
        copy.caFile = nil
        try copy.start()
        try eventually("the server not to be trusted") { copy.log.contains("not heard") }
        #expect(copy.reason() == "no_lease")
        #expect(try copy.status["connected"].bool == false)
        try copy.stop()

        // A server with another authority's certificate is nobody, whatever it holds.
        try agent.start()
        try agent.waitUntilItPermits()
        try server.kill()
        server = try server.successor(configuration: try certificates.configuration("foreign"), port: server.port)
        try agent.waitUntilItRefuses("lease_expired")
        #expect(try agent.status["connected"].bool == false)
        try agent.restart()
        try eventually("the server not to be trusted") { agent.log.contains("not heard") }
        #expect(agent.reason() == "no_lease")
        try server.stop()
        server = try server.successor(configuration: try certificates.configuration("ours"), port: server.port)
        try agent.waitUntilItPermits()
        try agent.stop()
        try server.stop()
    }

    private func curl(_ certificates: Certificates, _ server: ServerProcess, _ method: String, _ path: String, _ body: String) throws -> JSONValue {
        let result = try Programs.run(
            "curl",
            [
                "-sS", "--cacert", certificates.authority("ours"), "-X", method, "-H", "Authorization: Bearer \(server.api.token ?? "")", "-H",
                "Content-Type: application/json", "-d", body, "https://127.0.0.1:\(server.port)/v1/accounts/TLS-1\(path)",
            ])
        guard result.status == 0 else { throw Failure("curl: \(result.errors)") }
        return try JSONValue(Array(result.output.utf8))
    }
}
