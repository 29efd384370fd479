import TestSupport

/// `openssl s_server` with one certificate; its page says whether the TLS session was resumed.
struct SecureServer {
    private let process: ChildProcess
    let port: Int

    init(_ certificates: Certificates, _ name: String) throws {
        let process = try ChildProcess(
            "openssl", ["s_server", "-accept", "127.0.0.1:0", "-cert", certificates.certificate(name), "-key", certificates.key(name), "-www"])
        self.process = process
        port = try eventually("s_server to listen") {
            if process.hasEnded { throw Failure("s_server: \(process.errors)") }
            return process.output.split(separator: "\n").first { $0.hasPrefix("ACCEPT ") }?.split(separator: ":").last.flatMap { Int($0) }
        }
    }

    var url: String { "https://127.0.0.1:\(port)/" }
}
