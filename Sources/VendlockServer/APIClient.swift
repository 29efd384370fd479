import BackOffice
import HTTPClient
import Platform
import Wire

/// The running server, as the command line talks to it.
struct APIClient {
    static let options: [Arguments.Option] = [.value("url"), .value("token-file"), .value("ca-file"), .flag("json")]

    let base: String
    let token: String
    private let exchange: HTTPClientOptions

    init(_ arguments: Arguments, environment: [String: String]) throws {
        var url = arguments.value("url") ?? environment["VENDLOCK_URL"] ?? "http://\(ServerConfiguration.defaultListen)"
        while url.hasSuffix("/") { url.removeLast() }
        try ServerURL.check(url)
        base = url
        let file =
            arguments.value("token-file") ?? environment["VENDLOCK_TOKEN_FILE"]
            ?? DataDirectory(path: environment["VENDLOCK_DATA"] ?? ServerConfiguration.defaultDirectory).adminToken
        do {
            token = String(decoding: try File.read(file, limit: 4096), as: UTF8.self).trimmed
        } catch {
            throw Failure(
                "no token: \(error). Name its file with --token-file or VENDLOCK_TOKEN_FILE, or set VENDLOCK_DATA to the server's data directory.")
        }
        exchange = HTTPClientOptions(caFile: arguments.value("ca-file"))
    }

    /// Returns the body of a success; throws the server's own sentence otherwise.
    func call(_ method: String, _ path: String, body: [UInt8]? = nil) throws -> [UInt8] {
        try succeeded(response(method, path, body: body))
    }

    /// The answer, whatever its status.
    func response(
        _ method: String, _ path: String, body: [UInt8]? = nil, contentType: String = "application/json", timeout: Duration = .seconds(30)
    ) throws -> HTTPClientResponse {
        var headers: [(name: String, value: String)] = [("Authorization", "Bearer \(token)"), ("User-Agent", "vendlock-server/\(vendlockVersion)")]
        if body != nil { headers.append(("Content-Type", contentType)) }
        do {
            return try HTTPExchange.perform(
                HTTPClientRequest(method: method, url: base + path, headers: headers, body: body, timeout: timeout, responseLimit: 64 << 20),
                options: exchange)
        } catch {
            throw Failure("\(error). Is the server running at \(base)? --url or VENDLOCK_URL names another.")
        }
    }

    /// The body of a success.
    func succeeded(_ response: HTTPClientResponse) throws -> [UInt8] {
        guard (200..<300).contains(response.status) else {
            if let problem = try? JSON.decode(Problem.self, from: response.body) { throw Failure("\(problem.detail) (\(problem.code))") }
            // Not a problem document: something else answers at this address.
            throw Failure("the server at \(base) answered \(response.status), and not as a vendlock-server does. Check --url.")
        }
        return response.body
    }

    func get<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value { try JSON.decode(type, from: call("GET", path)) }

    func send(_ method: String, _ path: String, _ body: some Encodable) throws -> [UInt8] { try call(method, path, body: JSON.encode(body)) }

    /// A path segment that may hold anything.
    static func segment(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                return String(UnicodeScalar(byte))
            default:
                let hex = Array("0123456789ABCDEF")
                return "%\(hex[Int(byte >> 4)])\(hex[Int(byte & 15)])"
            }
        }.joined()
    }
}

/// A command that was refused or failed: one line, exit status 1.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
