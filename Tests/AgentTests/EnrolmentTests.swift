import Agent
import AgentCore
import Glibc
import Synchronization
import Testing
import Wire

struct EnrolmentTests {
    @Test func afterALostAnswerANewCodeEnrolsTheSameKey() throws {
        let site = Site()
        site.server.set { $0.dropsEnrolments = 1 }
        let lost = site.enrol()
        #expect(lost.status == 1)
        #expect(lost.errors.contains("ask for a new code; this terminal keeps its key"), "\(lost.errors)")
        #expect(!lost.errors.contains("same command"))
        let repeated = site.enrol()
        #expect(repeated.status == 1)
        #expect(repeated.errors.contains("ask for a new code; this terminal keeps its key"), "\(repeated.errors)")
        #expect(repeated.errors.contains("enrolment_code_used"))
        site.server.set { $0.codes = ["CODE-2"] }
        let done = site.enrol(code: "CODE-2")
        #expect(done.status == 0, "\(done.errors)")
        #expect(done.output.contains("ACC-1234"))
        let keys = site.server.state.withLock { $0.enrolmentKeys }
        #expect(keys.count == 3)
        #expect(Set(keys).count == 1)
        var status = stat()
        stat(site.state + "/key.json", &status)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test func aServerThatWasNotReachedLeavesTheCodeGood() {
        let site = Site()
        let url = site.server.url
        site.server.stop()
        let result = Program.agent(
            ["enrol", "--server", url, "--imei", "490154203237518", "--channel", "KazTimpaPro", "--code", "CODE-1", "--config", site.config])
        #expect(result.status == 1)
        #expect(result.errors.contains("same command again"), "\(result.errors)")
        #expect(!result.errors.contains("new code"))
    }

    @Test func theHelpSaysThatACodeWorksOnce() {
        let help = Program.agent(["enrol", "--help"]).output
        #expect(help.contains("ask for a new code; this terminal keeps its key"))
        #expect(!help.contains("same command"))
    }

    @Test func aWrongCodeChangesNothing() throws {
        let site = Site()
        let result = site.enrol(code: "WRONG")
        #expect(result.status == 1)
        #expect(result.errors.contains("ask for a new one"))
        #expect(result.errors.contains("code_unknown"))
        #expect(try StateDirectory(site.state).enrolment() == nil)
    }

    @Test func aSecondKeyIsRefusedWithWhatToDo() {
        let site = Site()
        site.server.set { $0.publicKey = JWK(x: Base64URL.encode([UInt8](repeating: 7, count: 32))) }
        let result = site.enrol()
        #expect(result.status == 1)
        #expect(result.errors.contains("already_enrolled"))
        #expect(result.errors.contains("vendlock-server device reset 490154203237518"), "\(result.errors)")
    }

    @Test func anotherIMEIOrChannelThanTheConfigurationsIsRefused() {
        let site = Site()
        let result = Program.agent(
            [
                "enrol", "--server", site.server.url, "--imei", "352099001761481", "--channel", "KazTimpaPro", "--code", "CODE-1", "--config",
                site.config,
            ])
        #expect(result.status == 1)
        #expect(result.errors.contains("\"imei\""))
    }

    @Test func aRunningAgentNoticesThatItIsEnrolled() {
        let site = Site()
        site.start()
        #expect(site.reason == "not_enrolled")
        site.enrol()
        #expect(eventually { site.isPermitted })
        site.place(locked: true)
    }

    @Test func enrollingAgainDoesNotLiftALock() {
        let site = Site()
        site.enrol()
        site.server.place(locked: true)
        site.start()
        #expect(eventually { site.reason == "account_locked" })
        site.end(SIGKILL)
        site.server.set { $0.codes = ["CODE-2"] }
        #expect(site.enrol(code: "CODE-2").status == 0)
        site.server.set { $0.mood = .silent }
        site.start()
        #expect(site.reason == "account_locked")
    }
}

extension Site {
    func place(locked: Bool) { server.place(locked: locked) }
}
