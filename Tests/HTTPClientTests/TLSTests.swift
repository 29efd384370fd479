import Glibc
import HTTPClient
import Platform
import Testing

/// `openssl s_server`, for a number of connections; its page says whether the TLS session was resumed.
private final class TLSServer {
    let directory: String
    let port: Int
    private let output: UnsafeMutablePointer<FILE>

    init(connections: Int) throws {
        var template = Array("/tmp/vendlock.XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let make =
            "cd \(directory) && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -out cert -days 2 "
            + "-subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null"
        let serve =
            "exec timeout 60 openssl s_server -accept 127.0.0.1:0 -cert cert -key key -www -naccept \(connections) </dev/null 2>/dev/null"
        output = try #require(popen("\(make) && \(serve)", "r"))
        var found: Int?
        var line = [CChar](repeating: 0, count: 256)
        while found == nil, fgets(&line, Int32(line.count), output) != nil {
            let text = String(decoding: line.prefix { $0 >= 0x20 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix("ACCEPT ") { found = text.split(separator: ":").last.flatMap { Int($0) } }
        }
        port = try #require(found)
    }

    var url: String { "https://localhost:\(port)/" }
    var certificate: String { directory + "/cert" }

    deinit {
        pclose(output)
        for name in ["key", "cert"] { unlink("\(directory)/\(name)") }
        rmdir(directory)
    }
}

@Suite struct TLSTests {
    private func perform(_ loop: TransferLoop, _ url: String) throws -> HTTPClientResponse {
        _ = try loop.start(HTTPClientRequest(url: url, timeout: .seconds(20)))
        while true {
            if let finished = loop.poll(extraFD: -1, timeout: .seconds(1)).finished.first { return try finished.result.get() }
        }
    }

    @Test func trustsTheGivenCertificatesAndResumesTheSession() throws {
        let server = try TLSServer(connections: 2)
        let loop = TransferLoop(options: HTTPClientOptions(caFile: server.certificate))
        let first = String(decoding: try perform(loop, server.url).body, as: UTF8.self)
        #expect(first.contains("New, TLSv1.3"))
        let second = String(decoding: try perform(loop, server.url).body, as: UTF8.self)
        #expect(second.contains("Reused, TLSv1.3"))
    }

    @Test func refusesACertificateOfNobodyItTrusts() throws {
        let server = try TLSServer(connections: 1)
        let error = #expect(throws: HTTPClientError.self) { try HTTPExchange.perform(HTTPClientRequest(url: server.url)) }
        #expect(error?.code == .tls)
    }

    @Test func saysThatTheCertificateFileIsMissing() throws {
        let server = try TLSServer(connections: 1)
        let options = HTTPClientOptions(caFile: "/nonexistent.pem")
        let error = #expect(throws: HTTPClientError.self) { try HTTPExchange.perform(HTTPClientRequest(url: server.url), options: options) }
        #expect(error?.code == .tls)
        #expect(error?.detail.contains("/nonexistent.pem") == true)
    }
}
