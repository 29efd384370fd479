import Glibc
import TestSupport
import Testing

/// A state directory, key and all, that was carried to another terminal.
@Suite(.enabled(if: geteuid() == 0, "another machine needs root")) struct CopiedStateTests {
    private let home: Machine
    private let thiefs: Machine

    init() throws {
        home = try Machine("\(String(repeating: "0a", count: 15))\(Int.random(in: 10...99))")
        thiefs = try Machine("\(String(repeating: "0b", count: 15))\(Int.random(in: 10...99))")
    }

    private func enrolled(_ api: API, account: String) throws -> AgentProcess {
        try api.addAccount(account)
        let agent = try AgentProcess(Names.imei(), on: "KazTimpaPro", server: api.url)
        agent.wrapper = home.wrapper
        try api.addDevice(agent.imei, account: account)
        try agent.enrol(code: api.enrolmentCode(for: agent.imei))
        try agent.start()
        try agent.waitUntilItPermits()
        try agent.stop()
        return agent
    }

    @Test func onAnotherMachineItSpendsNothingAndDoesNotConnect() throws {
        let server = try ServerProcess()
        let api = server.api
        let agent = try enrolled(api, account: "COPY-1")
        let starts = try Programs.run("sqlite3", ["-readonly", server.data + "/store.db", "SELECT count(*) FROM events WHERE kind = 'started'"])
            .output
        let copy = try agent.copy()
        copy.wrapper = thiefs.wrapper
        try copy.start()
        for operation in ["airtime_vend", "deposit_advance"] { #expect(copy.reason(operation) == "not_enrolled") }
        #expect(copy.log.contains("was made on another machine; enrol this terminal again"), "\(copy.log)")
        // It looks again and again whether it is enrolled, and never says hello.
        try copy.stop()
        #expect(try copy.stop() == .exit(0))
        let after = try Programs.run("sqlite3", ["-readonly", server.data + "/store.db", "SELECT count(*) FROM events WHERE kind = 'started'"]).output
        #expect(after == starts)

        // The copy is whole: at home it works.
        let back = try agent.copy()
        back.wrapper = home.wrapper
        try back.start()
        try back.waitUntilItPermits()
        try back.stop()

        // A new board in an honest terminal: staff end the old enrolment, and it gets a new key.
        let refused = try copy.enrolResult(code: api.enrolmentCode(for: agent.imei))
        #expect(refused.status == 1 && refused.errors.contains("already_enrolled"), "\(refused.errors)")
        try api.must(200, "DELETE", "/v1/devices/\(agent.imei)/enrolment", #"{"note":"new board"}"#)
        try copy.enrol(code: api.enrolmentCode(for: agent.imei))
        try copy.start()
        try copy.waitUntilItPermits()
    }

    @Test func onATerminalWithAnotherIMEIItDoesNotRun() throws {
        let server = try ServerProcess()
        let api = server.api
        let agent = try enrolled(api, account: "COPY-2")
        let other = Names.imei()
        try api.addDevice(other, account: "COPY-2")
        let thief = try AgentProcess(other, on: "KazTimpaPro", server: api.url, stateDirectory: agent.stateDirectory)
        thief.wrapper = home.wrapper
        do {
            try thief.start()
            #expect(thief.reason() == "not_enrolled")
        } catch {}  // No gate is no permission.
        #expect(!thief.permits())
        #expect(thief.log.contains("enrolled as \(agent.imei)"), "\(thief.log)")
    }
}
