private import FoundationEssentials
private import Signing

/// Messages as Twilio brings them: a signed form.
/// - Source: Twilio, "Webhooks security" and "Messaging webhooks"; twilio-python 9.13.0, `twilio/request_validator.py`.
package struct TwilioWebhook: Sendable {
    /// `nil` without a token: then nothing verifies, for anybody can sign with an empty key.
    private let key: HMACKey?

    package init(authToken: String) {
        key = authToken.isEmpty ? nil : HMACKey(Array(authToken.utf8), .sha1)
    }

    /// Whether Twilio sent this form to this URL.
    /// - Parameters:
    ///   - signature: the field `X-Twilio-Signature`.
    ///   - url: as Twilio called it, with the query; see `TwilioConfiguration.signedURL`.
    package func verifies(signature: String?, url: String, form: FormData) -> Bool {
        guard let key, let signature else { return false }
        let given = Array(signature.utf8)
        let fields = Self.signed(form)
        // Twilio and the proxies before us do not agree on whether the URL names its port.
        return Self.spellings(url).contains { spelling in
            do {
                let code = try key.code(of: Array(spelling.utf8) + fields)
                return Digest.equal(Array(Data(code).base64EncodedString().utf8), given)
            } catch {
                // Without libcrypto nothing can be verified, and what is not verified is not taken.
                return false
            }
        }
    }

    /// Names and values in the order of their bytes, without separators; of a name that repeats, each value once.
    private static func signed(_ form: FormData) -> [UInt8] {
        var pairs = form.fields.map { (name: Array($0.name.utf8), value: Array($0.value.utf8)) }
        pairs.sort { left, right in
            left.name == right.name ? left.value.lexicographicallyPrecedes(right.value) : left.name.lexicographicallyPrecedes(right.name)
        }
        var bytes: [UInt8] = []
        for (place, pair) in pairs.enumerated() where place == 0 || pairs[place - 1] != pair {
            bytes += pair.name
            bytes += pair.value
        }
        return bytes
    }

    /// The URL as it is, without its port, and with the port of its scheme.
    private static func spellings(_ url: String) -> [String] {
        guard let scheme = url.firstRange(of: "://") else { return [url] }
        let end = url[scheme.upperBound...].firstIndex { "/?#".contains($0) } ?? url.endIndex
        let authority = url[scheme.upperBound..<end]
        // A colon inside the brackets of an IPv6 address is no port's.
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]"), !authority[colon...].contains("@") {
            return [url, String(url[..<colon] + url[end...])]
        }
        let port = url[..<scheme.lowerBound].lowercased() == "https" ? ":443" : ":80"
        return [url, url[..<end] + port + url[end...]]
    }
}
