private import CCurl

/// The rule for addresses: what leaves the machine is encrypted.
package enum ServerURL {
    /// Permits `https://`, and `http://` to this machine itself (127.0.0.0/8, ::1, localhost).
    package static func check(_ url: String) throws(HTTPClientError) {
        let parts = try Parts(url)
        switch parts.scheme {
        case "https": return
        case "http" where isLoopback(parts.host): return
        case "http":
            throw HTTPClientError(
                .badURL, operation: "check \(origin(of: url))",
                detail: "plain http is for this machine only (127.0.0.1, ::1, localhost); write https://\(parts.host)")
        default:
            throw HTTPClientError(.badURL, operation: "check the address", detail: "the address must start with https://")
        }
    }

    /// `https://host:port`; `an address that cannot be read` of anything else.
    static func origin(of url: String) -> String {
        do throws(HTTPClientError) {
            let parts = try Parts(url)
            return "\(parts.scheme)://\(parts.host)" + (parts.port.map { ":\($0)" } ?? "")
        } catch {
            return "an address that cannot be read"
        }
    }

    private static func isLoopback(_ host: String) -> Bool {
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        if numbers.count == 4, numbers.allSatisfy({ UInt8($0) != nil }) { return numbers[0] == "127" }
        return host == "::1" || host == "[::1]" || host == "localhost"
    }

    /// Read by the parser that will connect, so that both see the same host.
    private struct Parts {
        let scheme: String
        let host: String
        let port: String?

        init(_ url: String) throws(HTTPClientError) {
            let handle = curl_url()
            defer { curl_url_cleanup(handle) }
            // A user in the address is refused: it would be a secret in a place where nobody expects one.
            let code =
                url.utf8.contains(0)
                ? CURLUE_BAD_PORT_NUMBER
                : curl_url_set(
                    handle, CURLUPART_URL, url, UInt32(CURLU_NON_SUPPORT_SCHEME | CURLU_DISALLOW_USER))
            guard code == CURLUE_OK, let scheme = Self.part(CURLUPART_SCHEME, handle) else {
                throw HTTPClientError(
                    .badURL, operation: "check the address", detail: "write it as https://host or https://host:port, without a user name",
                    native: Int32(code.rawValue))
            }
            self.scheme = scheme.lowercased()
            host = Self.part(CURLUPART_HOST, handle)?.lowercased() ?? ""  // `file:///` has none.
            port = Self.part(CURLUPART_PORT, handle)
        }

        private static func part(_ part: CURLUPart, _ handle: OpaquePointer?) -> String? {
            var text: UnsafeMutablePointer<CChar>?
            guard curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text else { return nil }
            defer { curl_free(text) }
            return String(cString: text)
        }
    }
}
