import Agent
import Glibc
import Platform
import Testing
import Wire

/// The command line and the configuration, with the real binary.
struct CommandTests {
    @Test(
        arguments: [
            (["--version"], 0, "vendlock-agent 0."), (["--help"], 0, "usage"), (["run", "--help"], 0, "--config"),
            (["enrol", "--help"], 0, "--imei"),
            (["check", "--help"], 0, "OPERATION"), (["status", "--help"], 0, "--json"), (["code", "--help"], 0, "CODE"), ([], 2, "--help"),
            (["chek"], 2, "did you mean check?"), (["run", "--confg", "x"], 2, "did you mean --config?"), (["check"], 2, "airtime_vend"),
            (["check", "airtime_vend", "--amount-cents", "-1"], 2, "whole cents"), (["check", "airtime_vend", "5"], 2, "one word too many"),
            (["enrol", "--server", "https://a.example"], 2, "--channel is missing"), (["code", "123"], 3, "nothing was changed"),
            (["code"], 2, "give the code"),
            (["enrol", "--server", "https://a.example", "--imei", "490154203237519", "--channel", "K", "--code", "1"], 2, "should be 8"),
            (["enrol", "--server", "https://a.example", "--imei", "000000000000000", "--channel", "K", "--code", "1"], 2, "zeros"),
            (["enrol", "--server", "https://a.example", "--imei", "490154203237518", "--channel", "K!", "--code", "1"], 2, "channel"),
            (["enrol", "--server", "http://a.example", "--imei", "490154203237518", "--channel", "K", "--code", "1"], 1, "https://a.example"),
            (["check", "airtime_vend", "--gate-socket", "/nonexistent/gate.sock"], 3, "no answer"),
            (["status", "--gate-socket", "/nonexistent/gate.sock"], 1, "no answer"),
        ] as [([String], Int32, String)])
    func saysWhatToDo(arguments: [String], status: Int32, says: String) {
        let result = Program.agent(arguments)
        #expect(result.status == status)
        let text = result.output + result.errors
        #expect(text.contains(says), "\(text)")
        if status != 0 {
            #expect(result.errors.split(separator: "\n").count == 1, "one line: \(result.errors)")
            #expect(result.errors.hasPrefix("vendlock-agent: "), "\(result.errors)")
        }
    }

    @Test(arguments: [
        ("{\"server\": \"https://a.example\", \"chanel\": \"K\"}", "unknown key \"chanel\"; did you mean \"channel\"?"),
        ("{\"imei\": \"490154203237519\"}", "should be 8"), ("{\"imei\": 490154203237518}", "imei"), ("{\"channel\": \"a b\"}", "channel"),
        ("{\"server\": \"http://lock.example\"}", "https://lock.example"), ("{\"server\": \"ftp://lock.example\"}", "https://"),
        ("{\"account\": \"x\"}", "wallet reference"), ("{", "JSON"), ("[]", "object"),
        ("{\"server\": \"https://a.example\", \"channel\": \"K\", \"state_dir\": \"STATE\"}", "give \"imei\""),
        ("{\"modem_port\": \"ttyUSB2\"}", "/dev/ttyUSB2"),
        ("{\"imei\": \"490154203237518\", \"channel\": \"K\", \"state_dir\": \"STATE\"}", "give \"server\""),
    ])
    func aConfigurationThatCannotBeUsedIsNamed(text: String, says: String) {
        let scratch = Scratch()
        let path = scratch.path + "/agent.json"
        try! AtomicFile.write(Array(text.replacing("STATE", with: scratch.path).utf8), to: path, mode: 0o644)
        let result = Program.agent(["run", "--config", path])
        #expect(result.status == 1)
        #expect(result.errors.contains(says), "\(result.errors)")
        #expect(result.errors.contains(path))
    }

    @Test func aMissingConfigurationThatWasNamedIsAnError() {
        let result = Program.agent(["run", "--config", "/nonexistent/agent.json"])
        #expect(result.status == 1)
        #expect(result.errors.contains("/nonexistent/agent.json"))
    }

    @Test func enrolmentWritesAConfigurationThatRunUnderstands() throws {
        let site = Site()
        let path = site.root + "/new/agent.json"
        let arguments = ["enrol", "--server", site.server.url, "--imei", "49-015420-323751-8", "--channel", "KazTimpaPro", "--config", path]
        // Its state would go to the default directory, so only a refused one can be tried here.
        let refused = Program.agent(arguments + ["--code", "CODE-1", "--channel", ""])
        #expect(refused.status == 2)
        let config = try ConfigFile.parse(
            AgentConfig.self,
            from: AgentConfig.minimal(server: site.server.url, imei: StandInServer.imei, channel: StandInServer.channel), path: path)
        #expect(config.server == site.server.url)
        #expect(config.imei == StandInServer.imei)
        #expect(config.channel == StandInServer.channel)
    }
}
