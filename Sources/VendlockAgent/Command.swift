import Agent
import Platform
import Wire

/// The commands, by the first word.
enum Command: String, CaseIterable {
    case run, enrol, check, status, code, modem

    /// Exit statuses of CONTRACT.md section 2.
    enum Status {
        static let done: Int32 = 0
        static let refused: Int32 = 1
        static let usage: Int32 = 2
        static let noAnswer: Int32 = 3
    }

    static func run(_ arguments: [String]) -> Int32 {
        switch arguments.first {
        case nil:
            complain("no command; see vendlock-agent --help")
            return Status.usage
        case "--help"?, "-h"?, "help"?:
            print(Help.program)
            return Status.done
        case "--version"?:
            print("vendlock-agent \(vendlockVersion)")
            return Status.done
        case let word?:
            guard let command = Command(rawValue: word) else {
                let hint = Nearest.word(to: word, in: allCases.map(\.rawValue)).map { "; did you mean \($0)?" } ?? ""
                complain("'\(word)' is not a command\(hint) See vendlock-agent --help")
                return Status.usage
            }
            return command.run(with: Array(arguments.dropFirst()))
        }
    }

    private func run(with arguments: [String]) -> Int32 {
        if arguments.contains("--help") {
            print(Help.text(for: self))
            return Status.done
        }
        do {
            let parsed = try Arguments(arguments, options: options)
            switch self {
            case .run: return try Run.perform(parsed)
            case .enrol: return try Enrol.perform(parsed)
            case .check: return try Check.perform(parsed)
            case .status: return try StatusReport.perform(parsed)
            case .code: return try EnterCode.perform(parsed)
            case .modem: return try AskModem.perform(parsed)
            }
        } catch let error as CommandLineError {
            Self.complain("\(error); see vendlock-agent \(rawValue) --help")
            return Status.usage
        } catch {
            Self.complain("\(error)")
            return Status.refused
        }
    }

    private var options: [Arguments.Option] {
        switch self {
        case .run: [.value("config")]
        case .enrol: [.value("server"), .value("imei"), .value("channel"), .value("code"), .value("config")]
        case .check: [.value("amount-cents"), .value("reference"), .value("config"), .value("gate-socket"), .flag("json")]
        case .status: [.value("config"), .value("gate-socket"), .flag("json")]
        case .code: [.value("config"), .value("gate-socket")]
        case .modem: [.value("config"), .value("port"), .value("imei"), .flag("cell"), .flag("json")]
        }
    }

    static func complain(_ sentence: String) { Log.failure(of: "vendlock-agent", sentence) }
}

extension Arguments {
    func expect(words count: Int, _ otherwise: String) throws(CommandLineError) {
        guard words.count == count else { throw CommandLineError(words.count > count ? "'\(words[count])' is one word too many" : otherwise) }
    }

    func require(_ name: String) throws(CommandLineError) -> String {
        guard let value = value(name), !value.isEmpty else { throw CommandLineError("--\(name) is missing") }
        return value
    }

    /// The configuration; the default one may be missing, one that is named may not.
    func config() throws -> (config: AgentConfig, path: String) {
        if let path = value("config") { return (try ConfigFile.load(AgentConfig.self, from: path), path) }
        let path = AgentConfig.defaultPath
        guard try File.exists(path) else { return (AgentConfig(), path) }
        return (try ConfigFile.load(AgentConfig.self, from: path), path)
    }

    /// Where the gate is: named, else of the configuration.
    func gateSocket() throws -> String {
        if let path = value("gate-socket") { return path }
        return try config().config.gateSocket
    }
}
