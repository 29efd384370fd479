import FoundationEssentials

/// Makes mail as a receiving server hands it on.
package enum MailMaker {
    package struct File: Sendable {
        package let name: String
        package let type: String
        package let bytes: [UInt8]

        package init(name: String, type: String, bytes: [UInt8]) {
            self.name = name
            self.type = type
            self.bytes = bytes
        }
    }

    /// - Parameters:
    ///   - from: as the field has it: `A Person <person@example.org>`.
    ///   - results: values of Authentication-Results, topmost first; see `passed` and `failed`.
    ///   - id: without angle brackets; one of its own when absent.
    ///   - fields: more of the header, names and values.
    ///   - html: with it the message has both, as most programs write it.
    package static func make(
        from: String, to: String = "locks@example.com", subject: String, text: String, results: [String] = [], id: String? = nil,
        date: String = "Sat, 18 Jul 2026 12:00:00 +0200", inReplyTo: String? = nil, fields: [(String, String)] = [], html: String? = nil,
        files: [File] = []
    ) -> [UInt8] {
        var header = ["Return-Path: <bounces@example.org>"]
        header += results.map { "Authentication-Results: \($0)" }
        header.append("Received: from mail.example.org (mail.example.org [192.0.2.1])\r\n by mx.example.com with ESMTPS; \(date)")
        header += ["From: \(from)", "To: \(to)", "Subject: \(encoded(subject))", "Date: \(date)"]
        header.append("Message-ID: <\(id ?? Identifiers.uuid() + "@mail.example.org")>")
        if let inReplyTo { header += ["In-Reply-To: <\(inReplyTo)>", "References: <\(inReplyTo)>"] }
        header += fields.map { "\($0): \($1)" }
        header.append("MIME-Version: 1.0")
        var body = part(type: "text/plain; charset=utf-8", Array(text.utf8))
        if let html { body = multipart("alternative", [body, part(type: "text/html; charset=utf-8", Array(html.utf8))]) }
        if !files.isEmpty {
            body = multipart("mixed", [body] + files.map { part(type: $0.type, $0.bytes, disposition: "attachment; filename=\"\($0.name)\"") })
        }
        return Array((header.joined(separator: "\r\n") + "\r\n" + body).utf8)
    }

    /// What a server says of mail that is who it says it is.
    package static func passed(by server: String, domain: String) -> String {
        "\(server);\r\n\tspf=pass smtp.mailfrom=\(domain);\r\n\tdkim=pass (2048-bit key) header.d=\(domain) header.s=mail header.b=AbC/dE+f;"
            + "\r\n\tdmarc=pass (p=REJECT) header.from=\(domain)"
    }

    /// What a server says of mail that is forged in the domain's name.
    package static func failed(by server: String, domain: String) -> String {
        "\(server); spf=softfail smtp.mailfrom=\(domain); dkim=none; dmarc=fail header.from=\(domain)"
    }

    /// - Source: RFC 2047; no more than 75 characters a word, each in one line of the field.
    private static func encoded(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ (32..<127).contains($0) }) else { return text }
        var words: [String] = []
        var piece = ""
        for character in text {
            if piece.utf8.count + character.utf8.count > 42, !piece.isEmpty {
                words.append(piece)
                piece = ""
            }
            piece.append(character)
        }
        return (words + [piece]).map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    private static func part(type: String, _ bytes: [UInt8], disposition: String? = nil) -> String {
        let lines = Data(bytes).base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed])
        let placed = disposition.map { "Content-Disposition: \($0)\r\n" } ?? ""
        return "Content-Type: \(type)\r\n\(placed)Content-Transfer-Encoding: base64\r\n\r\n\(lines)\r\n"
    }

    private static func multipart(_ kind: String, _ parts: [String]) -> String {
        let boundary = "=_\(Identifiers.hex())"
        return "Content-Type: multipart/\(kind); boundary=\"\(boundary)\"\r\n\r\n" + parts.map { "--\(boundary)\r\n\($0)\r\n" }.joined()
            + "--\(boundary)--\r\n"
    }
}
