import Platform
import Wire

/// One command of the command line: its words, its options and what it does.
struct Command: Sendable {
    let words: [String]
    let usage: String
    let about: String
    let options: [Arguments.Option]
    let run: @Sendable (Context) throws -> Void

    /// What a running command works with.
    struct Context {
        /// The words after the command's own.
        let operands: [String]
        let arguments: Arguments
        let environment: [String: String]
        let usage: String

        func client() throws -> APIClient { try APIClient(arguments, environment: environment) }

        var wantsJSON: Bool { arguments.has("json") }

        func operand(_ index: Int, _ name: String) throws -> String {
            guard operands.indices.contains(index) else { throw CommandLineError("\(name) is missing: \(usage)") }
            return operands[index]
        }

        func noMore(after count: Int) throws {
            if operands.count > count { throw CommandLineError("'\(operands[count])' is too much: \(usage)") }
        }

        func required(_ option: String) throws -> String {
            guard let value = arguments.value(option), !value.trimmedOfSpaces.isEmpty else {
                throw CommandLineError("--\(option) is missing: \(usage)")
            }
            return value
        }

        func reference(_ text: String) throws -> AccountReference {
            do { return try AccountReference(text) } catch { throw CommandLineError("'\(text)': \(error)") }
        }

        func imei(_ text: String) throws -> IMEI {
            do { return try IMEI(text) } catch { throw CommandLineError("'\(text)': \(error)") }
        }

        func channel(_ text: String) throws -> ChannelCode {
            do { return try ChannelCode(text) } catch { throw CommandLineError("'\(text)': \(error)") }
        }

        /// The server's answer as it came, or the lines for a person.
        func show(_ body: [UInt8], _ lines: @autoclosure () throws -> [String]) throws {
            if wantsJSON {
                print(String(decoding: body, as: UTF8.self))
            } else {
                for line in try lines() { print(line) }
            }
        }
    }
}

extension String {
    fileprivate var trimmedOfSpaces: Substring { trimmingPrefix(while: \.isWhitespace) }
}
