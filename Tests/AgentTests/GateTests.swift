import Agent
import Glibc
import Platform
import Testing
import Varlink
import Wire

/// The gate as any Varlink client sees it.
struct GateTests {
    private let site: Site
    private let client: VarlinkClient
    private let deadline = Uptime.now() + .seconds(30)

    init() throws {
        site = Site()
        #expect(site.enrol().succeeded)
        site.start()
        let ready = site
        #expect(eventually { ready.isPermitted })
        client = try VarlinkClient(path: site.socket, deadline: deadline)
    }

    @Test func aMonitorHearsOfEachChange() throws {
        let first = try client.call("io.vendlock.Gate.Monitor", as: StateReply.self, more: true, deadline: deadline).state
        #expect(!first.locked)
        site.place(locked: true)
        var state = try client.next(as: StateReply.self, deadline: deadline).state
        while !state.locked { state = try client.next(as: StateReply.self, deadline: deadline).state }
        #expect(state.reasons == ["account_locked"])
        #expect(state.revision == site.server.revision)
    }

    @Test(arguments: ["airtime", "", "AIRTIME_VEND"])
    func anUnknownOperationIsAnError(operation: String) throws {
        let error = #expect(throws: VarlinkError.self) {
            _ = try client.call("io.vendlock.Gate.Check", CheckParameters(operation: operation), as: CheckReply.self, deadline: deadline)
        }
        #expect(error?.fault == "io.vendlock.Gate.UnknownOperation")
    }

    @Test func wrongParametersAreErrorsAndNeverPermissions() throws {
        struct Wrong: Encodable {
            var operation: String?
            var amount_cents: String?
        }
        for wrong in [Wrong(), Wrong(operation: "airtime_vend", amount_cents: "5")] {
            let error = #expect(throws: VarlinkError.self) {
                _ = try client.call("io.vendlock.Gate.Check", wrong, as: CheckReply.self, deadline: deadline)
            }
            #expect(error?.fault == "org.varlink.service.InvalidParameter")
        }
        let negative = #expect(throws: VarlinkError.self) {
            _ = try client.call(
                "io.vendlock.Gate.Check", CheckParameters(operation: "airtime_vend", amount_cents: -1), as: CheckReply.self, deadline: deadline)
        }
        #expect(negative?.fault == "org.varlink.service.InvalidParameter")
        // The connection is still good.
        #expect(
            try client.call("io.vendlock.Gate.Check", CheckParameters(operation: "airtime_vend"), as: CheckReply.self, deadline: deadline).decision
                .permitted)
    }

    @Test func describesItself() throws {
        struct Reply: Decodable { let description: String }
        let reply = try client.call(
            "org.varlink.service.GetInterfaceDescription", ["interface": "io.vendlock.Gate"], as: Reply.self, deadline: deadline)
        #expect(reply.description.contains("method Check(operation: string"))
    }
}
