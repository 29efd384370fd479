import Foundation

/// Two authorities and certificates of theirs, made by openssl.
package struct Certificates {
    private let directory: TemporaryDirectory

    /// With the certificates `ours` and `foreign`, each of the authority of its name.
    /// - Parameter names: whose those are, as `IP:` or `DNS:`.
    package init(for names: [String] = ["IP:127.0.0.1"]) throws {
        directory = try TemporaryDirectory()
        for name in ["ours", "foreign"] {
            try openssl(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=test authority \(name)",
                "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", file(name, "ca.key"), "-out", authority(name))
            try issue(name, by: name, for: names)
        }
    }

    /// A certificate with a key of its own, for two days.
    /// - Parameter time: when it is made; absent: now.
    package func issue(_ name: String, by authority: String = "ours", for names: [String] = ["IP:127.0.0.1"], madeAt time: FakeClock.Time? = nil)
        throws
    {
        try openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=a server", "-keyout", key(name),
            "-out", file(name, "csr"))
        let extensions = try directory.write("subjectAltName=\(names.joined(separator: ","))\nextendedKeyUsage=serverAuth\n", to: "\(name).ext")
        let clock = try time.map { try FakeClock($0) }
        try openssl(
            "x509", "-req", "-in", file(name, "csr"), "-CA", self.authority(authority), "-CAkey", file(authority, "ca.key"), "-CAcreateserial",
            "-days", "2", "-extfile", extensions, "-out", certificate(name), environment: clock?.environment ?? [:])
    }

    /// A file with several authorities.
    package func bundle(_ authorities: String...) throws -> String {
        let text = try authorities.map { try String(contentsOfFile: authority($0), encoding: .utf8) }.joined()
        return try directory.write(text, to: authorities.joined(separator: "+") + ".pem")
    }

    package func authority(_ name: String) -> String { file(name, "ca.pem") }
    package func certificate(_ name: String) -> String { file(name, "pem") }
    package func key(_ name: String) -> String { file(name, "key") }

    /// The pin of a certificate's key, as the README has operators compute it.
    package func pin(_ name: String) throws -> String {
        let script =
            "openssl x509 -in \"$0\" -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary | openssl enc -base64"
        let result = try Programs.run("sh", ["-c", script, certificate(name)])
        guard result.status == 0 else { throw Failure("the pin of \(name): \(result.errors)") }
        return "sha256//" + result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A server's configuration with that certificate, leases short enough to see one end.
    /// - Parameter pins: names of certificates; absent: no pins are given.
    package func configuration(_ name: String, pins: [String]? = nil, lease: (ttl: Int, wait: Int) = (4, 1)) throws -> String {
        let list = try pins.map { ", \"pins\": [\(try $0.map { "\"\(try pin($0))\"" }.joined(separator: ", "))]" } ?? ""
        return
            #"{ "tls": { "certificate": "\#(certificate(name))", "key": "\#(key(name))"\#(list) }, "#
            + #""lease": { "ttl_s": \#(lease.ttl), "wait_s": \#(lease.wait) } }"#
    }

    private func file(_ name: String, _ what: String) -> String { directory.file("\(name).\(what)") }

    private func openssl(_ words: String..., environment: [String: String] = [:]) throws {
        let result = try Programs.run("openssl", words, environment: environment.merging(["RANDFILE": directory.file("rnd")]) { given, _ in given })
        guard result.status == 0 else { throw Failure("openssl \(words[0]): \(result.errors)") }
    }
}
