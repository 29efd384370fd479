import Agent
import Modem
import Platform
import Wire

/// `vendlock-agent enrol`: makes the terminal's key and enrols it.
enum Enrol {
    static func perform(_ arguments: Arguments) throws -> Int32 {
        try SealedProcess.begin()
        try arguments.expect(words: 0, "")
        let server = try arguments.require("server")
        let given = try arguments.value("imei").map { _ in
            try value("imei", arguments) { text throws(IMEI.Refusal) in try IMEI(text) }
        }
        let channel = try value("channel", arguments) { text throws(NameRefusal) in try ChannelCode(text) }
        let code = try arguments.require("code")
        try AgentConfig.check(server: server)
        let path = arguments.value("config") ?? AgentConfig.defaultPath
        let isNew = try !File.exists(path)
        let config = isNew ? AgentConfig() : try ConfigFile.load(AgentConfig.self, from: path)
        let imei = try given ?? config.imei ?? asked(port: config.modemPort)
        try agree(config, path, server, imei, channel)

        let directory = StateDirectory(config.stateDirectory)
        let enrolment = try Enroller(directory: directory, caFile: config.caFile)
            .enrol(server: server, imei: imei, channel: channel, code: code, model: config.model)
        if isNew { try AtomicFile.write(AgentConfig.minimal(server: server, imei: imei, channel: channel), to: made(path), mode: 0o644) }
        let account = enrolment.account.map { "account \($0)" } ?? "no account yet"
        print("enrolled \(imei) on \(channel), \(account)\(isNew ? "; wrote \(path)" : "")")
        return Command.Status.done
    }

    private static func asked(port: String?) throws(CommandLineError) -> IMEI {
        let report = ModemLook(port: port, own: nil, wantsCell: false).report()
        guard let imei = report.imei else {
            throw CommandLineError(
                "--imei is missing, and the modem does not say it (\(report.troubles.joined(separator: "; "))); dial *#06# to read it")
        }
        return imei
    }

    /// What the daemon will read must say the same as the command, or it would not be this terminal.
    private static func agree(
        _ config: AgentConfig, _ path: String, _ server: String, _ imei: IMEI, _ channel: ChannelCode
    ) throws(AgentError) {
        func differ(_ key: String, _ theirs: String, _ ours: String) -> AgentError {
            AgentError(.config, "\(path) has \"\(key)\": \"\(theirs)\", and the command \(ours); make them the same")
        }
        if let theirs = config.server, trimmed(theirs) != trimmed(server) { throw differ("server", theirs, server) }
        if let theirs = config.imei, theirs != imei { throw differ("imei", theirs.description, imei.description) }
        if let theirs = config.channel, theirs != channel { throw differ("channel", theirs.text, channel.text) }
    }

    private static func trimmed(_ url: String) -> String { url.hasSuffix("/") ? String(url.dropLast()) : url }

    /// The path, once its directory is there.
    private static func made(_ path: String) throws(SystemError) -> String {
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try Directory.create(String(path[..<slash]), mode: 0o755) }
        return path
    }

    private static func value<Value, Failure: Error & CustomStringConvertible>(
        _ name: String, _ arguments: Arguments, _ read: (String) throws(Failure) -> Value
    ) throws(CommandLineError) -> Value {
        let text = try arguments.require(name)
        do throws(Failure) {
            return try read(text)
        } catch {
            throw CommandLineError("--\(name) \(text): \(error)")
        }
    }
}
