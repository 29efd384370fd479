import HTTPServer

/// The cookie that a member of staff's session travels in.
/// - Source: RFC 6265 section 4.1, RFC 6265bis section 4.1.2.7 (SameSite).
enum SessionCookie {
    static let name = "vendlock_session"

    /// The token that came with a request; `nil` where there is none.
    static func token(in request: HTTPRequest) -> String? {
        guard let field = request.header("Cookie") else { return nil }
        for pair in field.split(separator: ";") {
            let pair = pair.drop { $0 == " " }
            guard pair.hasPrefix(name + "=") else { continue }
            let value = pair.dropFirst(name.utf8.count + 1)
            if !value.isEmpty { return String(value) }
        }
        return nil
    }

    static func field(_ token: String, for request: HTTPRequest, overTLS: Bool) -> (name: String, value: String) {
        ("Set-Cookie", "\(name)=\(token)" + attributes(request, overTLS))
    }

    static func removal(for request: HTTPRequest, overTLS: Bool) -> (name: String, value: String) {
        ("Set-Cookie", "\(name)=; Max-Age=0" + attributes(request, overTLS))
    }

    /// `Secure` everywhere but on this machine itself without TLS. Behind a proxy the browser's own address is in `Host`.
    private static func attributes(_ request: HTTPRequest, _ overTLS: Bool) -> String {
        let isSecure = overTLS || !isLoopback(request.header("Host") ?? "")
        return "; HttpOnly" + (isSecure ? "; Secure" : "") + "; SameSite=Strict; Path=/"
    }

    private static func isLoopback(_ host: String) -> Bool {
        let host = host.lowercased()
        if host.hasPrefix("[") { return host.hasPrefix("[::1]") }
        let name = host.split(separator: ":", maxSplits: 1).first.map(String.init) ?? ""
        let octets = name.split(separator: ".", omittingEmptySubsequences: false)
        return name == "localhost" || octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
    }
}

/// Whether a browser sent a request from a page of this server: a cookie goes along with requests of any page.
/// - Source: Fetch Metadata Request Headers (W3C), RFC 6454 section 7.
enum RequestOrigin {
    case own, foreign
    /// Nothing says it: no browser of today, or a request that none makes by itself.
    case unknown

    init(of request: HTTPRequest) {
        // A page elsewhere cannot send this one without being asked first, and no such question is ever answered.
        if request.header("X-Vendlock") == "1" {
            self = .own
        } else if let site = request.header("Sec-Fetch-Site") {
            self = site == "same-origin" ? .own : .foreign
        } else if let origin = request.header("Origin") {
            // The scheme is not compared: a proxy before this server may end TLS.
            let authority = origin.split(separator: "//", maxSplits: 1).dropFirst().first.map(String.init)
            self = authority != nil && authority?.lowercased() == request.header("Host")?.lowercased() ? .own : .foreign
        } else {
            self = .unknown
        }
    }
}
