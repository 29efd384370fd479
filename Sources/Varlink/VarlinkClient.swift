package import Platform

/// A blocking client, for the command line: one call, one reply, each by a deadline.
package final class VarlinkClient {
    private let stream: UnixStream
    private let coder = VarlinkCoder()
    private var framer: VarlinkFramer
    private var arrived: [[UInt8]] = []
    private var buffer = [UInt8](repeating: 0, count: 4096)

    package init(path: String, deadline: Uptime, limit: Int = 64 * 1024) throws(VarlinkError) {
        framer = VarlinkFramer(limit: limit)
        do throws(SystemError) {
            stream = try UnixStream.connect(to: path, deadline: deadline)
        } catch {
            throw VarlinkError(error.isTimeout ? .timeout : .unreachable, error.description)
        }
    }

    /// Calls a method and waits for its reply; `.fault` when that is an error.
    package func call<Reply: Decodable>(
        _ method: String, _ parameters: some Encodable = [String: String](), as type: Reply.Type, more: Bool = false, deadline: Uptime
    ) throws(VarlinkError) -> Reply {
        var message: [UInt8] = []
        coder.encode(Call(method: method, parameters: parameters, more: more ? true : nil), to: &message)
        try run { () throws(SystemError) in try stream.writeAll(message, deadline: deadline) }
        return try next(as: type, deadline: deadline)
    }

    /// The next reply to a call with `more`.
    package func next<Reply: Decodable>(as type: Reply.Type, deadline: Uptime) throws(VarlinkError) -> Reply {
        while arrived.isEmpty {
            switch try run({ () throws(SystemError) in try stream.read(into: &buffer, deadline: deadline) }) {
            case .bytes(let count):
                try framer.feed(buffer[..<count]) { message throws(VarlinkError) in arrived.append(Array(message)) }
            case .wouldBlock: break
            case .closed: throw VarlinkError(.closed, "\(stream.path): the connection was closed before a reply came")
            }
        }
        return try coder.decode(Incoming<Reply>.self, from: arrived.removeFirst()[...]).get()
    }

    private func run<Result>(_ work: () throws(SystemError) -> Result) throws(VarlinkError) -> Result {
        do throws(SystemError) {
            return try work()
        } catch {
            throw VarlinkError(error.isTimeout ? .timeout : .closed, error.description)
        }
    }

    private struct Call<Parameters: Encodable>: Encodable {
        let method: String
        let parameters: Parameters
        let more: Bool?
    }

    /// A reply: its parameters, or the name of its error and what that says.
    private struct Incoming<Reply: Decodable>: Decodable {
        private enum CodingKeys: String, CodingKey { case error, parameters }
        private let result: Swift.Result<Reply, VarlinkError>

        init(from decoder: any Decoder) throws {
            let reply = try decoder.container(keyedBy: CodingKeys.self)
            if let name = try reply.decodeIfPresent(String.self, forKey: .error) {
                result = .failure(VarlinkError(.fault, "the service answered \(name)", fault: name))
            } else if reply.contains(.parameters) {
                result = .success(try reply.decode(Reply.self, forKey: .parameters))
            } else {
                result = .success(try Reply(from: NoParameters()))
            }
        }

        func get() throws(VarlinkError) -> Reply { try result.get() }
    }
}
