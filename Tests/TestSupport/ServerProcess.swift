import Foundation
import Glibc

/// The real `vendlock-server`, built beside the tests, on a free port with a data directory of its own.
package final class ServerProcess: Sendable {
    package let process: ChildProcess
    package let port: UInt16
    /// Its data directory; stays when the process ends.
    package let data: String
    private let token: String
    /// Kept as long as the server or one that follows it on the same data.
    private let directory: TemporaryDirectory

    /// Starts it and returns when it listens.
    ///
    /// - Parameters:
    ///   - data: an existing data directory; absent: a new one that goes with this object.
    ///   - configuration: the text of its configuration file.
    ///   - port: absent: any that is free; given to start again where terminals know it.
    ///   - network: where it listens, on every address; absent: on the loopback address of the tests' own network.
    package convenience init(
        data: String? = nil, configuration: String? = nil, port: UInt16 = 0, arguments: [String] = [], environment: [String: String] = [:],
        network: NetworkNamespace? = nil
    ) throws {
        try self.init(
            in: TemporaryDirectory(), data: data, configuration: configuration, port: port, arguments: arguments, environment: environment,
            network: network)
    }

    private init(
        in directory: TemporaryDirectory, data: String?, configuration: String?, port: UInt16, arguments: [String],
        environment: [String: String] = [:], network: NetworkNamespace? = nil
    ) throws {
        self.directory = directory
        let data = data ?? directory.file("data")
        self.data = data
        var words = (network?.wrapper ?? []) + [Programs.server]
        words += ["serve", "--data", data, "--listen", "\(network == nil ? "127.0.0.1" : "[::]"):\(port)"]
        if let configuration { words += ["--config", try directory.write(configuration, to: "server.json")] }
        let process = try ChildProcess(words[0], words.dropFirst() + arguments, environment: environment)
        self.process = process
        let listening = try eventually("the server to listen: \(process.errors)") { () -> UInt16? in
            for line in process.errorLines {
                guard let scheme = line.range(of: "://"), line.contains("listens on") else { continue }
                let address = line[scheme.upperBound...].prefix { $0 != "," }
                return address.split(separator: ":").last.flatMap { UInt16($0) }
            }
            if process.hasEnded { throw Failure("the server ended: \(process.errors)") }
            return nil
        }
        self.port = listening
        guard let token = FileManager.default.contents(atPath: data + "/admin-token") else {
            throw Failure("the server wrote no administrator's token")
        }
        self.token = String(decoding: token, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// With the administrator's token of `data`.
    package var api: API { API(port: port, token: token, of: self) }

    package var tokenFile: String { data + "/admin-token" }

    /// Asks it to stop, as systemd does, and waits until it has.
    @discardableResult
    package func stop() throws -> ChildProcess.End {
        process.signal(SIGTERM)
        return try process.wait()
    }

    /// Ends it as a crash would.
    package func kill() throws {
        process.signal(SIGKILL)
        try process.wait()
    }

    /// Starts another on the same data; this one must have ended.
    package func successor(configuration: String? = nil, port: UInt16 = 0) throws -> ServerProcess {
        try ServerProcess(in: directory, data: data, configuration: configuration, port: port, arguments: [])
    }
}
