import Foundation
import TestSupport
import Testing

/// The vending application's side, in C, against the real agent.
@Suite struct VendgateTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// Built in a copy, so that nobody else's build is in the way.
    private struct Terminal {
        let directory: TemporaryDirectory
        let program: String

        init() throws {
            directory = try TemporaryDirectory()
            for folder in ["Firmware/vendgate", "tools/terminal"] {
                let copy = directory.file(folder)
                let above = URL(fileURLWithPath: copy).deletingLastPathComponent().path
                try FileManager.default.createDirectory(atPath: above, withIntermediateDirectories: true)
                try FileManager.default.copyItem(atPath: VendgateTests.root + "/" + folder, toPath: copy)
                try? FileManager.default.removeItem(atPath: copy + "/build")
            }
            for folder in ["Firmware/vendgate", "tools/terminal"] {
                let made = try Programs.run("make", ["-s", "-C", directory.file(folder)])
                guard made.status == 0 else { throw Failure("make -C \(folder): \(made.errors)") }
            }
            program = directory.file("tools/terminal/build/terminal")
        }

        func vend(_ agent: AgentProcess, _ operation: String) throws -> (status: Int32, output: String, errors: String) {
            try Programs.run(program, ["--socket", agent.socket, "--timeout-ms", "5000", "--vend", operation, "--amount-cents", "5000"])
        }

        func enter(_ agent: AgentProcess, _ code: String) throws -> (status: Int32, output: String, errors: String) {
            try Programs.run(program, ["--socket", agent.socket, "--timeout-ms", "10000", "--code", code])
        }
    }

    @Test func aVendingTerminalSellsIsRefusedIsToldOfItsMistakeAndHearsOfSilence() throws {
        let terminal = try Terminal()
        let server = try ServerProcess()
        try server.api.addAccount("VEND-1")
        let agent = try AgentProcess.running(server.api, account: "VEND-1")
        try agent.waitUntilItPermits()

        let sold = try terminal.vend(agent, "airtime_vend")
        #expect(sold.status == 0 && sold.output.contains("vended airtime_vend"), "\(sold)")
        let unknown = try terminal.vend(agent, "airtime_vned")
        #expect(unknown.status == 2, "\(unknown)")

        let hold = try server.api.lock("VEND-1")
        try agent.waitUntilItRefuses("account_locked")
        for operation in ["airtime_vend", "deposit_advance"] {
            let refused = try terminal.vend(agent, operation)
            #expect(refused.status == 1 && refused.output.contains("account_locked"), "\(refused)")
        }
        #expect(try terminal.vend(agent, "balance_enquiry").status == 0)
        let state = try Programs.run(terminal.program, ["--socket", agent.socket, "--state"])
        #expect(state.status == 0 && state.output.contains("account_locked"), "\(state)")

        try agent.kill()
        let silent = try terminal.vend(agent, "airtime_vend")
        #expect(silent.status == 3, "\(silent)")
        // An agent that is there and does not answer is no better.
        try agent.start()
        agent.process?.signal(SIGSTOP)
        let stuck = try Programs.run(terminal.program, ["--socket", agent.socket, "--timeout-ms", "200", "--vend", "airtime_vend"])
        #expect(stuck.status == 3, "\(stuck)")
        agent.process?.signal(SIGCONT)
        try server.api.release(hold, of: "VEND-1")
        try eventually("the terminal to sell again") { try terminal.vend(agent, "airtime_vend").status == 0 }
    }

    @Test func aVendorTypesAnOfflineCodeAndSellsWithoutANetwork() throws {
        let terminal = try Terminal()
        let server = try ServerProcess()
        try server.api.addAccount("VEND-2")
        let agent = try AgentProcess.running(server.api, account: "VEND-2")
        try agent.waitUntilItPermits()
        let code = try server.api.offlineCode(for: agent.imei, "extend", hours: 1)
        try server.kill()
        try agent.restart()
        #expect(try terminal.vend(agent, "airtime_vend").output.contains("no_lease"))

        // A digit was misheard: the check digit finds it, and nobody has to wait.
        let misheard = try terminal.enter(agent, String(code.dropLast()) + (code.last == "0" ? "1" : "0"))
        #expect(misheard.status == 1 && misheard.output.contains("Read it again"), "\(misheard)")
        #expect(try terminal.vend(agent, "airtime_vend").status == 1)
        let accepted = try terminal.enter(agent, code.prefix(4) + "-" + code.dropFirst(4).prefix(4) + " " + code.dropFirst(8))
        #expect(accepted.status == 0 && accepted.output.hasPrefix("code accepted: "), "\(accepted)")
        #expect(try terminal.vend(agent, "airtime_vend").status == 0)
        let again = try terminal.enter(agent, code)
        #expect(again.status == 1 && again.output.contains("not right"), "\(again)")
        let slowed = try terminal.enter(agent, code)
        #expect(slowed.status == 1 && slowed.output.contains("Wait"), "\(slowed)")
        #expect(try terminal.enter(agent, String(repeating: "1", count: 65)).status == 2)
        try agent.kill()
        #expect(try terminal.enter(agent, code).status == 3)
    }
}
