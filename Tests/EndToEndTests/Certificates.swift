import TestSupport

/// Two authorities and a certificate for 127.0.0.1 of each, made by openssl.
struct Certificates {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        for name in ["ours", "foreign"] {
            try openssl(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=test authority \(name)",
                "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", file(name, "ca.key"), "-out", authority(name))
            try openssl(
                "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=127.0.0.1", "-keyout", file(name, "key"),
                "-out", file(name, "csr"))
            let extensions = try directory.write("subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n", to: "\(name).ext")
            try openssl(
                "x509", "-req", "-in", file(name, "csr"), "-CA", authority(name), "-CAkey", file(name, "ca.key"), "-CAcreateserial", "-days", "2",
                "-extfile", extensions, "-out", file(name, "pem"))
        }
    }

    func authority(_ name: String) -> String { file(name, "ca.pem") }

    /// A server's configuration with that certificate, leases short enough to see one end.
    func configuration(_ name: String) -> String {
        #"{ "tls": { "certificate": "\#(file(name, "pem"))", "key": "\#(file(name, "key"))" }, "lease": { "ttl_s": 4, "wait_s": 1 } }"#
    }

    private func file(_ name: String, _ what: String) -> String { directory.file("\(name).\(what)") }

    private func openssl(_ words: String...) throws {
        let result = try Programs.run("openssl", words, environment: ["RANDFILE": directory.file("rnd")])
        guard result.status == 0 else { throw Failure("openssl \(words[0]): \(result.errors)") }
    }
}
