/// One mailbox's address; two are equal when their bytes are, for only the receiving server knows which letters it tells apart.
/// - Source: RFC 5322 section 3.4.1, RFC 6532 for letters beyond ASCII.
package struct MailAddress: Hashable, Sendable, CustomStringConvertible {
    /// - Source: RFC 5321 section 4.5.3.1: 64 before the sign, 255 after it.
    private static let mostBytes = 320

    /// With its quotes, if it has some.
    package let localPart: String
    /// In lower case; an international name stands as it was written, in letters or as `xn--`, and the two are not taken for one.
    package let domain: String

    package var description: String { "\(localPart)@\(domain)" }

    /// `nil` for what is not exactly one address: signs that cannot be seen, spaces, `@` twice, a group, a route, an IP number for a domain.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count <= Self.mostBytes, let at = text.lastIndex(of: "@") else { return nil }
        let local = text[..<at]
        guard Self.isQuoted(local) || Self.isPlain(local), let domain = MailDomain.read(text[text.index(after: at)...]) else { return nil }
        localPart = String(local)
        self.domain = domain
    }

    private static func isPlain(_ local: some StringProtocol) -> Bool {
        !local.isEmpty
            && local.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII ? scalar.value > 32 && scalar.value < 127 && !"()<>[]:;@\\,\"".unicodeScalars.contains(scalar) : isVisible(scalar)
            }
    }

    /// `"first last"`: anything that can be seen, quotes and backslashes escaped.
    private static func isQuoted(_ local: some StringProtocol) -> Bool {
        guard local.unicodeScalars.first == "\"", local.unicodeScalars.last == "\"", local.unicodeScalars.count > 2 else { return false }
        var isEscaped = false
        for scalar in local.unicodeScalars.dropFirst().dropLast() {
            guard scalar == " " || (scalar.isASCII ? scalar.value > 32 && scalar.value < 127 : isVisible(scalar)) else { return false }
            if isEscaped {
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else if scalar == "\"" {
                return false
            }
        }
        return !isEscaped
    }

    /// A scalar beyond ASCII that takes part in names: neither a space nor a mark of direction nor one that nobody sees.
    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        // What unreadable bytes become.
        default: scalar != "\u{FFFD}" && !scalar.properties.isDefaultIgnorableCodePoint
        }
    }
}

/// Domains of mail, and when one answers for another.
enum MailDomain {
    /// A domain in lower case without a final dot; `nil` where it is none.
    static func read(_ text: some StringProtocol) -> String? {
        guard text.utf8.count <= 254 else { return nil }
        var name = ""
        for scalar in text.unicodeScalars {
            let lower = scalar.properties.lowercaseMapping
            // The Kelvin sign becomes a `k`: what looks like somebody's domain and is written otherwise is none.
            guard scalar.isASCII || !lower.unicodeScalars.contains(where: \.isASCII) else { return nil }
            name += lower
        }
        if name.utf8.last == UInt8(ascii: ".") { name.removeLast() }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.allSatisfy({ !$0.isEmpty && $0.unicodeScalars.allSatisfy(isAllowed) }) else { return nil }
        return name
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "0"..."9", "-", "_": true
        default:
            switch scalar.properties.generalCategory {
            case .lowercaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark, .decimalNumber:
                !scalar.isASCII && !scalar.properties.isDefaultIgnorableCodePoint
            default: false
            }
        }
    }

    /// Whether who proves to be `domain` may write as `from`: the same domain, or one that `from` is below.
    ///
    /// The relaxed alignment of DMARC without the public suffix list, which a server that is not updated daily has no true copy of: a domain under which strangers register
    /// (`co.za`) answers for nobody, and one beside or below that of the sender (`bounce.example.org` for `example.org`) does not either, though the
    /// list would let it. That refuses some honest mail to which the receiving server's DMARC says pass, and then that counts.
    /// - Source: RFC 7489 section 3.1.
    static func answers(_ domain: String, for from: String) -> Bool {
        if domain == from { return domain.contains(".") }
        return from.hasSuffix("." + domain) && domain.contains(".") && !isShared(domain)
    }

    /// `co.za`, `com.au`, `ac.uk`: two labels, of which the first is one that countries give out below.
    private static func isShared(_ domain: String) -> Bool {
        let labels = domain.split(separator: ".")
        return labels.count == 2 && labels[1].utf8.count == 2 && sharedLabels.contains(String(labels[0]))
    }

    /// - Source: the second levels of za, uk, and of the countries that vendors write from, as their registries name them.
    private static let sharedLabels: Set<String> = [
        "ac", "agric", "alt", "biz", "co", "com", "desa", "edu", "firm", "gen", "go", "gob", "gov", "grondar", "ind", "info", "law", "ltd", "me",
        "mil",
        "mod", "my", "name", "ne", "net", "ngo", "nhs", "nic", "nis", "nom", "nsw", "or", "org", "plc", "police", "pro", "res", "sch", "school", "tm",
        "tv", "web",
    ]
}
