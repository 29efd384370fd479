import TestSupport
import Testing

/// Networks in which somebody else answers. An answer replayed from yesterday is in `ReplayTests`, a change of pins in `PinTests`.
@Suite struct HostileNetworkTests {
    /// Somebody who answers in the server's place, on the router.
    private func stranger(in scene: Scene, showing certificate: String, _ role: String...) throws -> ChildProcess {
        let files = [scene.certificates.certificate(certificate), scene.certificates.key(certificate)]
        let words = [Script.path("stranger.py"), "\(Network.portalPort)"] + files + role
        let process = try scene.network.router.start(Script.python, words)
        try eventually("the stranger to listen") {
            if process.hasEnded { throw Failure("stranger.py: \(process.errors)") }
            return process.output.contains("listening")
        }
        return process
    }

    /// The terminal does not believe whom it meets: its lease runs out, and what costs nothing goes on.
    private func isRefused(_ agent: AgentProcess, by stranger: () throws -> Bool) throws {
        try agent.waitUntilItRefuses("lease_expired")
        try eventually("the terminal to try", within: .seconds(60)) {
            #expect(!agent.permits())
            return try stranger()
        }
        #expect(agent.permits("balance_enquiry"))
        #expect(try agent.status["connected"].bool == false)
    }

    enum Portal: CaseIterable { case ofAnotherAuthority, ofTheRightAuthorityForAnotherName }

    @Test(arguments: Portal.allCases) func aCaptivePortalIsNoServer(_ portal: Portal) async throws {
        try await onItsOwnThread {
            let scene = try Scene()
            let agent = try scene.tradingTerminal()
            if portal == .ofTheRightAuthorityForAnotherName { try scene.certificates.issue("portal", by: "ours", for: ["DNS:portal.test"]) }
            let stranger = try stranger(in: scene, showing: portal == .ofAnotherAuthority ? "foreign" : "portal", "portal")
            try scene.network.divert()
            try isRefused(agent) { stranger.output.contains("refused") }
            // The code is not given away.
            let newcomer = try scene.terminal()
            let code = try scene.office.api.enrolmentCode(for: newcomer.imei)
            #expect(try newcomer.enrolResult(code: code).status == 1)
            #expect(!stranger.output.contains("asked"))
            try scene.network.noTrouble()
            try agent.waitUntilItPermits()
            try scene.isTold(portal == .ofAnotherAuthority ? "tls_certificate" : "tls_name", by: agent)
            #expect(try newcomer.enrolResult(code: code).status == 0)
            try scene.lockArrives(at: agent)
        }
    }

    /// With the right certificate, as if the vendor had bought one for the portal: still no server.
    @Test func aPortalWithTheServersOwnCertificateIsNoServer() async throws {
        try await onItsOwnThread {
            let scene = try Scene()
            let agent = try scene.tradingTerminal()
            let hold = try scene.office.api.lock(scene.account)
            try scene.waitUntilEnforced(hold, by: agent)
            let stranger = try stranger(in: scene, showing: "ours", "portal")
            try scene.network.divert()
            try eventually("the page to be shown a few times", within: .seconds(60)) {
                #expect(agent.reason() == "account_locked")
                return stranger.output.split(separator: "\n").filter { $0 == "asked" }.count > 3
            }
            try scene.network.noTrouble()
            try scene.lift(hold, from: agent)
            try scene.isTold("not_vendlock", by: agent)
        }
    }

    enum Inspection: CaseIterable {
        case byAnAuthorityThatIsNotTrusted
        /// As where the proxy's authority was put into the terminal.
        case byATrustedAuthorityAgainstPins, byATrustedAuthorityWithoutPins
    }

    @Test(arguments: Inspection.allCases) func aProxyThatInspectsTLSReadsNothingThatAPinProtects(_ inspection: Inspection) async throws {
        try await onItsOwnThread {
            let scene = try Scene(pins: inspection == .byATrustedAuthorityAgainstPins ? ["ours", "foreign"] : nil)
            // The office's next key is of the other authority; the proxy's is neither.
            try scene.certificates.issue("proxy", by: "foreign", for: ["DNS:\(Network.name)"])
            let agent = try scene.terminal()
            if inspection != .byAnAuthorityThatIsNotTrusted { agent.caFile = try scene.certificates.bundle("ours", "foreign") }
            try scene.enrol(agent)
            try agent.start()
            try agent.waitUntilItPermits()
            let stranger = try stranger(
                in: scene, showing: "proxy", "inspect", try #require(scene.office.addresses.v4), scene.certificates.authority("ours"),
                Network.name)
            try scene.network.divert()
            guard inspection != .byATrustedAuthorityWithoutPins else {
                // What pins are for. It reads, and has no key to make a lease with: locks still come.
                try eventually("a lease to be read", within: .seconds(60)) { stranger.output.contains("read a lease") }
                return try scene.lift(scene.lockArrives(at: agent), from: agent)
            }
            // A wrong key is noticed with the handshake done: the proxy has reached the server by then, and still hears nothing.
            let end = inspection == .byAnAuthorityThatIsNotTrusted ? "refused" : "gone"
            try isRefused(agent) { stranger.output.contains(end) }
            #expect(!stranger.output.contains("asked"))
            try scene.network.noTrouble()
            try agent.waitUntilItPermits()
            try scene.isTold(inspection == .byAnAuthorityThatIsNotTrusted ? "tls_certificate" : "tls_pin", by: agent)
        }
    }

    /// A new process, which has no address of the name in its memory.
    private func again(_ agent: AgentProcess) throws {
        try agent.stop()
        try agent.start()
    }

    enum Tenancy: CaseIterable { case thatKnowsTheTerminal, thatDoesNot }

    /// The name leads to another tenant's server, with a certificate of the same authority for the same name.
    @Test(arguments: Tenancy.allCases) func anotherTenantsServerIsNotObeyed(_ tenancy: Tenancy) async throws {
        try await onItsOwnThread {
            let scene = try Scene()
            let agent = try scene.tradingTerminal()
            let hold = try scene.office.api.lock(scene.account)
            try scene.waitUntilEnforced(hold, by: agent)
            let other = try Office(2, in: scene.network, scene.certificates)
            if tenancy == .thatKnowsTheTerminal {
                // It was sold on: the same key is enrolled there, and nothing is locked.
                let before = try agent.copy()
                before.network = agent.network
                try other.api.addDevice(agent.imei)
                try scene.network.resolve(to: other.addresses)
                try before.enrol(code: other.api.enrolmentCode(for: agent.imei))
            }
            try scene.network.resolve(to: other.addresses)
            try again(agent)
            try eventually("the other server to be asked") { agent.log.contains("not heard") }
            if tenancy == .thatKnowsTheTerminal { #expect(agent.log.contains("unknown_key"), "\(agent.log)") }
            #expect(agent.reason() == "account_locked")
            // A terminal that was not locked spends nothing either.
            try scene.network.resolve(to: scene.office.addresses)
            try again(agent)
            try scene.office.api.release(hold, of: scene.account)
            try agent.waitUntilItPermits()
            try scene.network.resolve(to: other.addresses)
            try again(agent)
            try eventually("the other server to be asked") { agent.log.contains("not heard") }
            #expect(agent.reason() == "no_lease")
            try scene.network.resolve(to: scene.office.addresses)
            try again(agent)
            try agent.waitUntilItPermits()
            try scene.isTold(tenancy == .thatKnowsTheTerminal ? "unknown_key" : "unauthorized", by: agent)
        }
    }
}
