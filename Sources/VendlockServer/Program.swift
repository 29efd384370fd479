import Glibc
import Platform
import Wire

/// Finds the command that the words name and runs it.
enum Program {
    static let commands: [Command] = [
        OperationCommands.all, StaffCommands.all, AccountCommands.all, AccountFileCommands.all, LookUpCommands.all, NoteCommands.all,
        ChannelCommands.all, DeviceCommands.all,
        LockCommands.all,
        NumberCommands.all, RequestCommands.all, RequestStepCommands.all, MessageCommands.all, AuditCommands.all,
    ].flatMap(\.self)

    static func readEnvironment() -> [String: String] {
        var variables: [String: String] = [:]
        for name in ["VENDLOCK_URL", "VENDLOCK_TOKEN_FILE", "VENDLOCK_DATA", "JOURNAL_STREAM"] {
            if let value = getenv(name) { variables[name] = String(cString: value) }
        }
        return variables
    }

    private static func help() -> String {
        let lines = commands.map { command in
            command.usage.count > 44
                ? "  \(command.usage)\n" + String(repeating: " ", count: 48) + command.about
                : "  " + command.usage + String(repeating: " ", count: 46 - command.usage.count) + command.about
        }
        return """
            vendlock-server \(vendlockVersion): the back office of the vending lock.

            \(lines.joined(separator: "\n"))

            All but serve, backup, restore and audit talk to a running server:
              --url URL          VENDLOCK_URL, else http://\(ServerConfiguration.defaultListen)
              --token-file FILE  VENDLOCK_TOKEN_FILE, else admin-token in VENDLOCK_DATA (\(ServerConfiguration.defaultDirectory))
              --ca-file FILE     the certificate authority of an https server of your own
              --json             the server's answer as JSON
            Exit status: 0 done, 1 refused or failed, 2 usage. See vendlock-server(8).
            """
    }

    private static func find(_ words: [String]) throws -> Command {
        if let command = commands.first(where: { words.starts(with: $0.words) }) { return command }
        guard let first = words.first else { throw CommandLineError("no command: vendlock-server --help lists them") }
        let following = commands.filter { $0.words.first == first }.compactMap { $0.words.dropFirst().first }
        if following.isEmpty {
            throw CommandLineError(
                "'\(first)' is not a command\(Nearest.hint(first, in: commands.map { $0.words[0] })): vendlock-server --help lists them")
        }
        guard words.count > 1 else { throw CommandLineError("\(first) what? One of: \(following.joined(separator: ", "))") }
        throw CommandLineError(
            "'\(first) \(words[1])' is not a command\(Nearest.hint(words[1], in: following)): one of \(following.joined(separator: ", "))")
    }

    /// The arguments without options and their values. Which options are right depends on the command, so its words are found first.
    private static func words(of arguments: [String]) -> [String] {
        let withValue = Set(commands.flatMap(\.options).filter(\.takesValue).map { "--" + $0.name })
        var words: [String] = []
        var rest = arguments.makeIterator()
        while let argument = rest.next() {
            if argument == "--" {
                while let word = rest.next() { words.append(word) }
            } else if withValue.contains(argument) {
                _ = rest.next()
            } else if !argument.hasPrefix("-") {
                words.append(argument)
            }
        }
        return words
    }

    static func run(_ arguments: [String]) throws {
        let words = words(of: arguments)
        if arguments.contains("--version") { return print("vendlock-server \(vendlockVersion)") }
        guard !words.isEmpty || !arguments.contains("--help") else { return print(help()) }
        let family = commands.filter { $0.words.count > words.count && $0.words.starts(with: words) }
        if arguments.contains("--help"), !family.isEmpty {
            return print(family.map { "usage: vendlock-server \($0.usage)" }.joined(separator: "\n"))
        }
        let command = try find(words)
        if arguments.contains("--help") { return print("usage: vendlock-server \(command.usage)\n\n\(command.about)") }
        let parsed = try Arguments(arguments, options: command.options)
        let operands = Array(parsed.words.dropFirst(command.words.count))
        guard parsed.words.starts(with: command.words) else { throw CommandLineError("write the command first: \(command.usage)") }
        try command.run(
            Command.Context(operands: operands, arguments: parsed, environment: readEnvironment(), usage: "vendlock-server \(command.usage)"))
    }
}
