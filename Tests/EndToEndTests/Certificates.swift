import TestSupport

/// Two authorities and a server's certificate of each, made by openssl.
struct Certificates {
    let directory: TemporaryDirectory

    /// - Parameter names: whose certificate each is, as `IP:` or `DNS:`.
    init(for names: [String] = ["IP:127.0.0.1"]) throws {
        directory = try TemporaryDirectory()
        for name in ["ours", "foreign"] {
            try openssl(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=test authority \(name)",
                "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", file(name, "ca.key"), "-out", authority(name))
            try issue(name, by: name, for: names)
        }
    }

    /// One more server's certificate, called `name` here.
    func issue(_ name: String, by authority: String, for names: [String]) throws {
        try openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=a server", "-keyout", key(name), "-out",
            file(name, "csr"))
        let extensions = try directory.write("subjectAltName=\(names.joined(separator: ","))\nextendedKeyUsage=serverAuth\n", to: "\(name).ext")
        try openssl(
            "x509", "-req", "-in", file(name, "csr"), "-CA", self.authority(authority), "-CAkey", file(authority, "ca.key"), "-CAcreateserial",
            "-days", "2", "-extfile", extensions, "-out", certificate(name))
    }

    func authority(_ name: String) -> String { file(name, "ca.pem") }

    func certificate(_ name: String) -> String { file(name, "pem") }
    func key(_ name: String) -> String { file(name, "key") }

    /// A server's configuration with that certificate, leases short enough to see one end.
    func configuration(_ name: String, lease: (ttl: Int, wait: Int) = (4, 1)) -> String {
        """
        { "tls": { "certificate": "\(certificate(name))", "key": "\(key(name))" }, "lease": { "ttl_s": \(lease.ttl), "wait_s": \(lease.wait) } }
        """
    }

    private func file(_ name: String, _ what: String) -> String { directory.file("\(name).\(what)") }

    private func openssl(_ words: String...) throws {
        let result = try Programs.run("openssl", words, environment: ["RANDFILE": directory.file("rnd")])
        guard result.status == 0 else { throw Failure("openssl \(words[0]): \(result.errors)") }
    }
}
