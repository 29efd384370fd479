import Foundation
import Glibc

/// The programs of this package, as the build left them beside the tests.
package enum Programs {
    package static let directory: String = {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return URL(fileURLWithPath: path).deletingLastPathComponent().path
    }()

    package static var server: String { directory + "/vendlock-server" }
    package static var agent: String { directory + "/vendlock-agent" }

    /// Runs a program to its end.
    package static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String, errors: String) {
        let process = try ChildProcess(program, arguments, environment: environment)
        switch try process.wait() {
        case .exit(let status): return (status, process.output, process.errors)
        case .signal(let number): throw Failure("\(program) was ended by signal \(number): \(process.errors)")
        }
    }
}
