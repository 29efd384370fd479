/// A command line taken apart: words and GNU long options, in any order.
package struct Arguments: Equatable, Sendable {
    package struct Option: Equatable, Sendable {
        /// Without the dashes.
        package let name: String
        package let takesValue: Bool

        /// `--name`.
        package static func flag(_ name: String) -> Option { Option(name: name, takesValue: false) }
        /// `--name VALUE` or `--name=VALUE`.
        package static func value(_ name: String) -> Option { Option(name: name, takesValue: true) }
    }

    /// What is not an option, in order: subcommands first.
    package private(set) var words: [String] = []
    private var given: [String: [String]] = [:]

    /// Takes apart the arguments after the program's name. After `--` everything is a word.
    package init(_ arguments: some Sequence<String>, options: [Option]) throws(CommandLineError) {
        var rest = arguments.makeIterator()
        while let argument = rest.next() {
            if argument == "--" {
                while let word = rest.next() { words.append(word) }
            } else if argument.hasPrefix("--") {
                try take(argument, options) { rest.next() }
            } else if argument.hasPrefix("-"), argument != "-" {
                throw CommandLineError("unknown option \(argument): options are written with two dashes")
            } else {
                words.append(argument)
            }
        }
    }

    /// Whether the option was given at all.
    package func has(_ name: String) -> Bool { given[name] != nil }
    /// The option's value; of a repeated one the last.
    package func value(_ name: String) -> String? { given[name]?.last }
    /// All values of a repeated option, in order.
    package func values(_ name: String) -> [String] { given[name] ?? [] }

    private mutating func take(_ argument: String, _ options: [Option], next: () -> String?) throws(CommandLineError) {
        let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let option = options.first(where: { $0.name == name }) else {
            let near = Nearest.word(to: name, in: options.lazy.map(\.name))
            throw CommandLineError("unknown option --\(name)" + (near.map { "; did you mean --\($0)?" } ?? ""))
        }
        if !option.takesValue {
            guard parts.count == 1 else { throw CommandLineError("option --\(name) takes no value") }
            given[name, default: []] += []
        } else if parts.count == 2 {
            given[name, default: []].append(String(parts[1]))
        } else {
            // As in getopt_long(3), what follows is the value, dashes or not; but another known option is a slip.
            guard let value = next(), !options.contains(where: { value == "--" + $0.name }) else {
                throw CommandLineError("option --\(name) needs a value: write --\(name) VALUE")
            }
            given[name, default: []].append(value)
        }
    }
}
