import Glibc
import HTTPClient
import TestSupport
import Testing

/// Whether a request that brought no response may have reached the server: what was certainly not heard may be sent again.
@Suite struct ArrivalTests {
    private func failure(
        _ url: String, timeout: Duration = .seconds(20), options: HTTPClientOptions = HTTPClientOptions()
    ) throws -> HTTPClientError {
        let request = HTTPClientRequest(method: "POST", url: url, body: Array("once".utf8), timeout: timeout)
        return try #require(#expect(throws: HTTPClientError.self) { try HTTPExchange.perform(request, options: options) })
    }

    @Test func aRefusedConnectionWasNotHeard() throws {
        let server = RawServer { _ in .silence }
        server.stop()
        let error = try failure(server.url)
        #expect(error.code == .connect)
        #expect(!error.mayHaveArrived && !error.isSilence && !error.isSlowConnection)
    }

    @Test func aNameWithoutAddressWasNotHeard() throws {
        let error = try failure("https://no-such-host.invalid/")
        #expect(error.code == .resolve)
        #expect(!error.mayHaveArrived)
    }

    @Test func aConnectionThatIsNeverMadeWasNotHeard() throws {
        let queue = FullQueue()
        defer { queue.close() }
        let error = try failure(queue.url, options: HTTPClientOptions(connectTimeout: .milliseconds(100)))
        #expect(error.code == .timeout)
        #expect(!error.mayHaveArrived && error.isSilence && !error.isSlowConnection)
    }

    @Test func aHandshakeThatIsNeverAnsweredWasNotHeard() throws {
        let server = RawServer { _ in .silence }
        defer { server.stop() }
        let error = try failure("https://127.0.0.1:\(server.port)/", timeout: .milliseconds(200))
        #expect(error.code == .timeout)
        try eventually("the connection") { server.connections == 1 }
        #expect(!error.mayHaveArrived && !error.isSilence && error.isSlowConnection)
    }

    @Test func anAddressThatCannotBeCalledWasNotHeard() throws {
        #expect(try !failure("http://192.0.2.1/").mayHaveArrived)
    }

    @Test func anAnswerThatNeverCameMayHaveBeenHeard() throws {
        let server = RawServer { _ in .silence }
        defer { server.stop() }
        let error = try failure(server.url, timeout: .milliseconds(200))
        #expect(error.code == .timeout)
        try eventually("the request") { server.requests.count == 1 }
        #expect(error.mayHaveArrived && !error.isSilence && !error.isSlowConnection)
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n",
    ])
    func aConnectionThatEndsAfterTheRequestMayHaveBeenHeard(_ bytes: String) throws {
        let server = RawServer { _ in .last(bytes) }
        defer { server.stop() }
        #expect(try failure(server.url).mayHaveArrived)
        #expect(server.requests.count == 1)
    }

    @Test func theLoopSaysItToo() throws {
        let silent = RawServer { _ in .silence }
        defer { silent.stop() }
        let gone = RawServer { _ in .silence }
        gone.stop()
        for (url, mayHaveArrived) in [(silent.url, true), (gone.url, false)] {
            let loop = TransferLoop()
            _ = try loop.start(HTTPClientRequest(method: "POST", url: url, timeout: .milliseconds(200)))
            var result: Result<HTTPClientResponse, HTTPClientError>?
            while result == nil { result = loop.poll(extraFD: -1, timeout: .seconds(1)).finished.first?.result }
            let error = #expect(throws: HTTPClientError.self) { try result?.get() }
            #expect(error?.mayHaveArrived == mayHaveArrived, "\(url)")
        }
    }
}

/// A listener that accepts nobody and whose queue is full: the kernel drops what else comes, so a connection is never made.
private struct FullQueue {
    private let listener: Int32
    private var waiting: [Int32] = []
    let url: String

    init() {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                precondition(
                    bind(listener, address, length) == 0 && listen(listener, 0) == 0 && getsockname(listener, address, &length) == 0,
                    "a free port on 127.0.0.1")
            }
        }
        url = "http://127.0.0.1:\(address.sin_port.bigEndian)/"
        // A queue of length 0 holds one connection; the others fill what the kernel allows beside it.
        for _ in 0..<4 {
            let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            withUnsafePointer(to: address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = connect(client, $0, length) }
            }
            waiting.append(client)
        }
    }

    func close() {
        for descriptor in waiting + [listener] { _ = Glibc.close(descriptor) }
    }
}
