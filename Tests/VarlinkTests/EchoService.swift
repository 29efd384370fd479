import Glibc
import Platform
import Testing
import Varlink

/// A service of one test on a real socket: it echoes, counts and streams.
final class EchoService {
    static let interface = """
        interface test.Echo
        method Echo(text: string, times: ?int) -> (text: string)
        method Fill(bytes: int) -> (text: string)
        method Watch() -> (count: int)
        error Unwanted (text: string)
        """

    struct Input: Codable {
        var text: String
        var times: Int?
    }
    struct Output: Codable, Equatable { var text: String }
    struct Count: Codable, Equatable { var count: Int }
    struct Size: Codable { var bytes: Int }

    let poller: Poller
    let server: VarlinkServer
    let path: String
    private let directory: String

    init(limits: VarlinkServer.Limits = .init()) throws {
        var template = Array("/tmp/vendlock.XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        path = directory + "/s"
        poller = try Poller()
        let service = VarlinkService(
            vendor: "Test", product: "Echo", version: "1", url: "https://test.example", interfaces: ["test.Echo": Self.interface])
        server = try VarlinkServer(
            listener: UnixListener(path, mode: 0o600), poller: poller, service: service, limits: limits, handler: Self.answer)
    }

    deinit {
        unlink(path)
        rmdir(directory)
    }

    /// Does everything that is ready now.
    func step() throws {
        while true {
            let events = try poller.ready(timeout: .zero)
            if events.isEmpty { return }
            try server.handle(events)
        }
    }

    private static func answer(_ call: VarlinkCall, _ id: ConnectionID) -> VarlinkOutcome {
        do throws(VarlinkFault) {
            switch call.member {
            case "Echo":
                let input = try call.parameters(as: Input.self)
                if input.text == "unwanted" { return .error(VarlinkFault("test.Echo.Unwanted", ["text": input.text])) }
                return .reply(Output(text: String(repeating: input.text, count: input.times ?? 1)))
            case "Fill": return .reply(Output(text: String(repeating: "x", count: try call.parameters(as: Size.self).bytes)))
            case "Watch": return .stream(Count(count: 0))
            default: return .error(.methodNotFound(call.method))
            }
        } catch {
            return .error(error)
        }
    }
}

/// A client that sends bytes as they are; the service runs in between.
final class RawClient {
    let stream: UnixStream
    private let service: EchoService
    private var received: [UInt8] = []
    private(set) var isClosed = false

    init(_ service: EchoService) throws {
        self.service = service
        stream = try UnixStream.connect(to: service.path, deadline: Uptime.now() + .seconds(10))
        try service.step()
    }

    /// Sends messages, each with its NUL.
    func send(_ messages: String...) throws { try sendBytes(messages.flatMap { Array($0.utf8) + [0] }) }

    func sendBytes(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty, case .bytes(let count) = try stream.write(rest) {
            rest = rest.dropFirst(count)
            try service.step()
        }
    }

    /// The complete messages that have come, and whether the connection ended.
    func receive() throws -> [String] {
        var buffer = [UInt8](repeating: 0, count: 65536)
        reading: while true {
            try service.step()
            switch try stream.read(into: &buffer) {
            case .bytes(let count): received += buffer[..<count]
            case .wouldBlock: break reading
            case .closed:
                isClosed = true
                break reading
            }
        }
        var messages = received.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
        received = Array((messages.popLast() ?? "").utf8)
        return messages
    }
}
