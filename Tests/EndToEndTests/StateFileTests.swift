import Foundation
import Glibc
import TestSupport
import Testing

/// State files that are no longer what was written.
@Suite struct StateFileTests {
    enum Damage: CaseIterable {
        case cut, flippedBit, garbage, empty, missing, directory, older, oldest, anothers
    }

    /// A file that is whole and old in `b` is what a power cut leaves when it is the one before; one that is older still is not.
    @Test(
        arguments: [
            (.cut, "a"), (.flippedBit, "a"), (.flippedBit, "b"), (.garbage, "b"), (.empty, "a"), (.missing, "a"), (.missing, "b"), (.missing, "ab"),
            (.directory, "a"), (.older, "a"), (.oldest, "a"), (.oldest, "b"), (.anothers, "ab"),
        ] as [(Damage, String)])
    func aDamagedStateRefusesTellsTheServerAndHealsByTheNextLease(_ damage: Damage, in slots: String) throws {
        let server = try ServerProcess()
        let api = server.api
        try api.addAccount("STATE-1")
        let agent = try AgentProcess(Names.imei(), on: "KazTimpaPro", server: api.url)
        try api.addDevice(agent.imei, account: "STATE-1")
        try agent.enrol(code: api.enrolmentCode(for: agent.imei))
        let oldest = try Data(contentsOf: URL(fileURLWithPath: agent.stateFile("a")))
        try agent.start()
        try agent.waitUntilItPermits()
        // The gate answers before the disk has it.
        try eventually("the lease's state on disk") { try Data(contentsOf: URL(fileURLWithPath: agent.stateFile("b"))) != oldest }
        let older = try Data(contentsOf: URL(fileURLWithPath: agent.stateFile("a")))
        let hold = try api.lock("STATE-1")
        try eventually("the lock to be enforced") { try api.isEnforced(hold, on: "STATE-1", by: agent) }
        try agent.stop()
        for slot in slots {
            let file = URL(fileURLWithPath: agent.stateFile(slot))
            var whole = try Data(contentsOf: file)
            #expect(whole != older)
            switch damage {
            case .cut: try whole.prefix(whole.count / 2).write(to: file)
            case .flippedBit:
                whole[whole.count / 3] ^= 4
                try whole.write(to: file)
            case .garbage:
                var random = SeededGenerator(seed: 5)
                try Data((0..<whole.count).map { _ in UInt8.random(in: 0...255, using: &random) }).write(to: file)
            case .empty: try Data().write(to: file)
            case .missing: unlink(file.path)
            case .directory:
                unlink(file.path)
                mkdir(file.path, 0o700)
            case .older: try older.write(to: file)
            case .oldest: try oldest.write(to: file)
            case .anothers:
                try api.addAccount("STATE-\(slot)")
                let other = try AgentProcess.running(api, account: "STATE-\(slot)")
                try other.waitUntilItPermits()
                try other.stop()
                try Data(contentsOf: URL(fileURLWithPath: other.stateFile(slot))).write(to: file)
            }
        }
        server.process.signal(SIGSTOP)
        try agent.start()
        for operation in ["airtime_vend", "deposit_advance"] { #expect(agent.reason(operation) == "state_unreadable") }
        #expect(agent.permits("balance_enquiry"))
        #expect(try agent.status["reasons"].strings == ["state_unreadable"])
        server.process.signal(SIGCONT)

        try agent.waitUntilItRefuses("account_locked")
        try eventually("the tampering to be on the account") {
            try api.notes(on: "STATE-1").contains { $0.contains(agent.imei) && $0.contains("state_unreadable") }
        }
        try api.release(hold, of: "STATE-1")
        try agent.waitUntilItPermits()
        // Healed on the disk too.
        server.process.signal(SIGSTOP)
        try agent.restart()
        #expect(agent.reason() == "no_lease")
        server.process.signal(SIGCONT)
        try agent.waitUntilItPermits()
    }

    /// Without them a terminal is nobody; each has a spare. Whoever was at one of them is told of, and the lock state is not believed.
    @Test(arguments: ["key.json", "enrolment.json"], [Damage.cut, .flippedBit, .empty, .missing])
    func aDamagedKeyOrEnrolmentRefusesTellsTheServerAndHeals(_ name: String, _ damage: Damage) throws {
        let server = try ServerProcess()
        let api = server.api
        try api.addAccount("STATE-5")
        let agent = try AgentProcess.running(api, account: "STATE-5")
        try agent.waitUntilItPermits()
        let hold = try api.lock("STATE-5")
        try eventually("the lock to be enforced") { try api.isEnforced(hold, on: "STATE-5", by: agent) }
        try agent.stop()
        let file = URL(fileURLWithPath: agent.stateDirectory + "/" + name)
        var whole = try Data(contentsOf: file)
        switch damage {
        case .cut: try whole.prefix(whole.count / 2).write(to: file)
        case .flippedBit:
            whole[whole.count / 3] ^= 4
            try whole.write(to: file)
        case .empty: try Data().write(to: file)
        default: unlink(file.path)
        }
        server.process.signal(SIGSTOP)
        try agent.start()
        try agent.waitUntilItRefuses("state_unreadable")
        server.process.signal(SIGCONT)
        try agent.waitUntilItRefuses("account_locked")
        try eventually("the tampering to be on the account") {
            try api.notes(on: "STATE-5").contains { $0.contains(agent.imei) && $0.contains("state_unreadable") }
        }
        try api.release(hold, of: "STATE-5")
        try agent.waitUntilItPermits()
    }

    /// The power went between the two files: nobody is accused, and the lock holds.
    @Test func aWriteThatWasCutBetweenTheTwoFilesIsFinished() throws {
        let server = try ServerProcess()
        let api = server.api
        try api.addAccount("STATE-3")
        let agent = try AgentProcess.running(api, account: "STATE-3")
        try agent.waitUntilItPermits()
        let b = URL(fileURLWithPath: agent.stateFile("b"))
        try eventually("the lease's state on disk") {
            try !String(decoding: Data(contentsOf: b), as: UTF8.self).contains(#""revision":0"#)
        }
        let older = try Data(contentsOf: b)
        let hold = try api.lock("STATE-3")
        try eventually("the lock to be enforced") { try api.isEnforced(hold, on: "STATE-3", by: agent) }
        try agent.stop()
        let newest = try Data(contentsOf: b)
        try older.write(to: b)
        server.process.signal(SIGSTOP)
        try agent.start()
        #expect(agent.reason() == "account_locked")
        #expect(try Data(contentsOf: b) == newest)
        server.process.signal(SIGCONT)
        try eventually("it to connect") { try agent.status["connected"].bool == true }
        #expect(try !api.notes(on: "STATE-3").contains { $0.contains("tampering") })
    }

    /// Root made them his own, and the agent is not root.
    @Test(.enabled(if: geteuid() == 0, "other users need root")) func filesThatMayNotBeReadAreUnreadable() throws {
        let directory = try TemporaryDirectory()
        chmod(directory.path, 0o711)
        let program = directory.file("vendlock-agent")
        // By a process of its own: a descriptor that another test's process inherits would make the file busy.
        #expect(try Programs.run("cp", [Programs.agent, program]).status == 0)
        let home = directory.file("home")
        mkdir(home, 0o700)
        let server = try ServerProcess()
        let api = server.api
        try api.addAccount("STATE-4")
        let agent = try AgentProcess(Names.imei(), on: "KazTimpaPro", server: api.url, stateDirectory: home + "/state")
        try api.addDevice(agent.imei, account: "STATE-4")
        try agent.enrol(code: api.enrolmentCode(for: agent.imei))
        // As the unit runs it: the directory is the agent's, the two files are not.
        let owned = try Programs.run(
            "sh", ["-c", "chown -R 65534:65534 \(home) && chown 0:0 \(home)/state/state.? && chmod 600 \(home)/state/state.?"])
        #expect(owned.status == 0, "\(owned.errors)")
        chmod(URL(fileURLWithPath: agent.socket).deletingLastPathComponent().path, 0o777)
        agent.wrapper = [
            "python3", "-c",
            "import os, sys; os.setgroups([]); os.setgid(65534); os.setuid(65534); os.execv(sys.argv[1], sys.argv[1:2] + sys.argv[3:])",
            program,
        ]
        server.process.signal(SIGSTOP)
        try agent.start()
        #expect(agent.reason() == "state_unreadable")
        // The gate answers before the files are read.
        try eventually("the reason: \(agent.log)") { agent.log.contains("Permission denied") }
        server.process.signal(SIGCONT)
        try agent.waitUntilItPermits()
        try eventually("the tampering to be on the account") { try api.notes(on: "STATE-4").contains { $0.contains("state_unreadable") } }
    }
}
