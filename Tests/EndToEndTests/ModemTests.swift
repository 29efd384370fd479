import Foundation
import Glibc
import TestSupport
import Testing

/// Who the terminal is by its modem, and that another modem or SIM card is told: real agent, real server, a ModemManager or an AT port.
@Suite struct ModemTests {
    private static func number(_ last: Int) -> String { "8927010000123456\(last)" }

    /// Enrolled and running on `account`, its modem with its own IMEI.
    private func running(
        _ api: API, _ account: String, settings: [String: String] = [:], environment: [String: String]
    ) throws -> AgentProcess {
        try api.addAccount(account)
        let agent = try AgentProcess(Names.imei(), on: "KazTimpaPro", server: api.url)
        agent.environment = environment
        agent.settings = settings
        try api.addDevice(agent.imei, account: account)
        try agent.enrol(code: api.enrolmentCode(for: agent.imei))
        return agent
    }

    private func tampers(_ api: API, _ agent: AgentProcess) throws -> [String] {
        try api.get("/v1/devices/\(agent.imei)/events").json["events"].array.filter { $0["kind"].string == "tamper" }.compactMap { $0["what"].string }
    }

    /// When a connection of the account was last accepted.
    private func connection(_ api: API, _ account: String) throws -> String? {
        try api.get("/v1/accounts/\(account)").json["last_channel"]["at"].string
    }

    /// Has it look at its modem now.
    private func look(_ agent: AgentProcess) throws { try agent.reload() }

    private func waitUntilItRemembersItsSIM(_ agent: AgentProcess) throws {
        for file in ["modem.json", "modem.json.spare"] {
            try eventually("the first look: \(agent.log)") {
                try String(contentsOfFile: agent.stateDirectory + "/" + file, encoding: .utf8).contains("ending")
            }
        }
    }

    @Test func runsAndEnrolsWithTheIMEIThatModemManagerSays() throws {
        let server = try ServerProcess()
        let api = server.api
        let agent = try AgentProcess(Names.imei(), on: "KazTimpaPro", server: api.url)
        let manager = try ModemManagerStandIn([.init(imei: agent.imei)])
        agent.environment = manager.environment
        agent.hasIMEI = false
        try api.addAccount("MODEM-1")
        try api.addDevice(agent.imei, account: "MODEM-1")
        // It runs before it is enrolled, and refuses.
        try agent.start()
        #expect(try agent.status["imei"].string == agent.imei)
        #expect(agent.reason() == "not_enrolled")
        let enrolled = try agent.command(
            "enrol", "--server", api.url, "--channel", agent.channel, "--code", api.enrolmentCode(for: agent.imei))
        #expect(enrolled.status == 0 && enrolled.output.contains(agent.imei), "\(enrolled)")
        try agent.waitUntilItPermits()
        // From now on the enrolment knows who it is, with or without a modem.
        try manager.say([])
        try agent.restart()
        try agent.waitUntilItPermits()
        #expect(try agent.status["imei"].string == agent.imei)
        #expect(try tampers(api, agent).isEmpty)
    }

    @Test func runsWithTheIMEIThatThePortSays() throws {
        let agent = try AgentProcess(Names.imei(), on: "KazTimpaPro", server: "http://127.0.0.1:1")
        var behaviour = PTYModem.Behaviour()
        behaviour.imei = agent.imei
        behaviour.unsolicited = ["RING", "+CREG: 5"]
        behaviour.portion = 2
        let modem = try PTYModem(behaviour)
        agent.environment = ModemCommandTests.noBus
        agent.settings["modem_port"] = "\"\(modem.path)\""
        agent.hasIMEI = false
        try agent.start()
        #expect(try agent.status["imei"].string == agent.imei)
    }

    @Test func anotherModemIsToldAndTheTerminalStaysWhoItIs() throws {
        let server = try ServerProcess()
        let api = server.api
        let manager = try ModemManagerStandIn([])
        let agent = try running(api, "MODEM-2", environment: manager.environment)
        try manager.say([.init(imei: agent.imei)])
        try agent.start()
        try agent.waitUntilItPermits()
        try eventually("the first look: \(agent.log)") { agent.log.contains("Modem: \(agent.imei)") }
        let before = try connection(api, "MODEM-2")
        let stranger = Names.imei()
        try manager.say([.init(path: 4, imei: stranger)])
        try look(agent)
        let what = "imei_changed: the modem says \(stranger)"
        try eventually("the event: \(agent.log)") { try tampers(api, agent) == [what] }
        try eventually("a new connection") { try connection(api, "MODEM-2") != before }
        #expect(try agent.status["imei"].string == agent.imei)
        try agent.waitUntilItPermits()
        #expect(try api.get("/v1/accounts/MODEM-2/notes").json["notes"].array.contains { $0["text"].string?.contains(what) == true })
        #expect(try api.metric("vendlock_alerts_total{kind=\"identity_changed\"}") == 1)
        // Told once, also over a restart; and again only after it was the terminal's own in between.
        try agent.restart()
        try agent.waitUntilItPermits()
        try eventually("a look: \(agent.log)") { agent.log.contains("Modem: \(stranger)") }
        #expect(try tampers(api, agent) == [what])
        try manager.say([.init(path: 5, imei: agent.imei)])
        try look(agent)
        try eventually("a look: \(agent.log)") { agent.log.contains("Modem: \(agent.imei)") }
        try manager.say([.init(path: 6, imei: stranger)])
        try look(agent)
        try eventually("the second event: \(agent.log)") { try tampers(api, agent) == [what, what] }
    }

    @Test func anotherSIMIsToldAndAMissingOneIsNot() throws {
        let server = try ServerProcess()
        let api = server.api
        let agent = try running(api, "MODEM-3", environment: ModemCommandTests.noBus)
        var behaviour = PTYModem.Behaviour()
        behaviour.imei = agent.imei
        behaviour.iccid = Self.number(1111)
        let modem = try PTYModem(behaviour)
        agent.settings["modem_port"] = "\"\(modem.path)\""
        try agent.start()
        try agent.waitUntilItPermits()
        func looks() -> Int { modem.commands.count { $0 == "AT+CIMI" } }
        func lookAgain() throws {
            let before = looks()
            try eventually("a look") {
                try look(agent)
                return looks() > before
            }
        }
        try waitUntilItRemembersItsSIM(agent)
        let remembered = try String(contentsOfFile: agent.stateDirectory + "/modem.json", encoding: .utf8)
        #expect(!remembered.contains(Self.number(1111)) && !remembered.contains("655011234567890"), "its numbers are hashed")
        // Pulled: no change. Another: one.
        modem.change { $0.iccid = nil }
        try lookAgain()
        try eventually("a line: \(agent.log)") { agent.log.contains("without a SIM") }
        let before = try connection(api, "MODEM-3")
        modem.change { $0.iccid = Self.number(2222) }
        try lookAgain()
        try eventually("the event: \(agent.log)") {
            try tampers(api, agent) == ["sim_changed: the SIM card ends in 2222, the one before in 1111"]
        }
        try eventually("a new connection") { try connection(api, "MODEM-3") != before }
        try lookAgain()
        try agent.restart()
        try agent.waitUntilItPermits()
        #expect(try tampers(api, agent).count == 1)
    }

    @Test func aSIMChangedWhileThePowerWasOffIsToldAtTheStart() throws {
        let server = try ServerProcess()
        let api = server.api
        let manager = try ModemManagerStandIn([])
        let agent = try running(api, "MODEM-4", environment: manager.environment)
        try manager.say([.init(imei: agent.imei, iccid: Self.number(1111), imsi: "")])
        try agent.start()
        try waitUntilItRemembersItsSIM(agent)
        try agent.kill()
        try manager.say([.init(path: 7, imei: agent.imei, sim: 7, iccid: Self.number(3333), imsi: "")])
        try agent.start()
        try eventually("the event: \(agent.log)") {
            try tampers(api, agent) == ["sim_changed: the SIM card ends in 3333, the one before in 1111"]
        }
    }

    @Test func damagedMemoryOfTheModemIsTampering() throws {
        let server = try ServerProcess()
        let api = server.api
        let manager = try ModemManagerStandIn([])
        let agent = try running(api, "MODEM-5", environment: manager.environment)
        try manager.say([.init(imei: agent.imei)])
        let file = agent.stateDirectory + "/modem.json"
        try "{}".write(toFile: file, atomically: true, encoding: .utf8)
        try agent.start()
        try eventually("the event: \(agent.log)") { try tampers(api, agent) == ["modem_memory_unreadable"] }
        try agent.waitUntilItPermits()
    }

    /// With the spare it is known what was before; without both it is only known that somebody was at them.
    @Test(arguments: [["modem.json"], ["modem.json", "modem.json.spare"]])
    func aSIMChangedAndItsMemoryRemovedWhileThePowerWasOffIsTold(_ removed: [String]) throws {
        let server = try ServerProcess()
        let api = server.api
        let manager = try ModemManagerStandIn([])
        let agent = try running(api, "MODEM-8", environment: manager.environment)
        try manager.say([.init(imei: agent.imei, iccid: Self.number(1111), imsi: "")])
        try agent.start()
        try waitUntilItRemembersItsSIM(agent)
        try agent.kill()
        for file in removed { unlink(agent.stateDirectory + "/" + file) }
        try manager.say([.init(path: 7, imei: agent.imei, sim: 7, iccid: Self.number(3333), imsi: "")])
        try agent.start()
        let change = removed.count == 1 ? ["sim_changed: the SIM card ends in 3333, the one before in 1111"] : []
        try eventually("the events: \(agent.log)") { Set(try tampers(api, agent)) == Set(["modem_memory_unreadable"] + change) }
        #expect(try api.notes(on: "MODEM-8").contains { $0.contains("modem_memory_unreadable") })
        try agent.waitUntilItPermits()
        // Told once.
        try waitUntilItRemembersItsSIM(agent)
        try agent.restart()
        try eventually("a look: \(agent.log)") { agent.log.contains("Modem: \(agent.imei)") }
        try agent.waitUntilItPermits()
        #expect(try tampers(api, agent).count == 1 + change.count)
    }

    @Test func namesItsCellWhereThereIsNoPosition() throws {
        let server = try ServerProcess()
        let api = server.api
        let manager = try ModemManagerStandIn([])
        let agent = try running(api, "MODEM-6", environment: manager.environment)
        agent.gpsd = "127.0.0.1:\(try NMEASource.freePort(SOCK_STREAM))"
        try manager.say([.init(imei: agent.imei, location: "655,01,123,79D903,0")])
        try agent.start()
        try agent.waitUntilItPermits()
        let located = try Programs.run(
            Programs.server, ["device", "locate", agent.imei, "--wait"],
            environment: ["VENDLOCK_URL": api.url, "VENDLOCK_TOKEN_FILE": server.tokenFile])
        #expect(located.status == 0 && located.output.contains("655-01") && located.output.contains("no position"), "\(located) \(agent.log)")
        let device = try api.get("/v1/devices/\(agent.imei)").json
        #expect(device["last_cell"]["mcc"].string == "655" && device["last_cell"]["lac"].integer == 0x123 && !device.has("last_location"))
        #expect(device["last_cell"]["id"].integer == 0x79D903)
        let location = try api.get("/v1/devices/\(agent.imei)/locations").json["locations"][0]
        #expect(location["source"].string == "cell" && location["why"].string == "no_gpsd" && location.has("command"))
        let shown = try Programs.run(
            Programs.server, ["device", "show", agent.imei], environment: ["VENDLOCK_URL": api.url, "VENDLOCK_TOKEN_FILE": server.tokenFile])
        #expect(shown.output.contains("cell        655-01"), "\(shown)")
    }

    /// A modem that hangs holds up neither gate nor lock.
    @Test func aMuteModemHoldsUpNothing() throws {
        let server = try ServerProcess()
        let api = server.api
        let modem = try PTYModem()
        modem.change { $0.isMute = true }
        let agent = try running(api, "MODEM-7", settings: ["modem_port": "\"\(modem.path)\""], environment: ModemCommandTests.noBus)
        agent.gpsd = "127.0.0.1:\(try NMEASource.freePort(SOCK_STREAM))"
        try agent.start()
        try agent.waitUntilItPermits()
        try eventually("a question") { !modem.commands.isEmpty }
        _ = try api.lock("MODEM-7")
        try agent.waitUntilItRefuses("account_locked", within: .seconds(5))
        #expect(try agent.stop() == .exit(0))
    }
}
