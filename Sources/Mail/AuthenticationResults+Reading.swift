extension AuthenticationResults {
    /// - Parameters:
    ///   - fields: all of the message's header, in order.
    ///   - trusting: the names that the receiving servers write first in their fields (authserv-id), in any case.
    init(_ fields: [HeaderFields.Field], trusting: [String]) {
        let trusted = Set(trusting.map { $0.lowercased() })
        for field in fields {
            let found = field.name == "authentication-results" ? AuthenticationResultsField(field.value) : nil
            if let found, trusted.contains(found.server), server == nil || server == found.server {
                server = found.server
                for method in found.methods { add(method) }
                // Nobody knows where what the server said ended.
                if !found.isReadable { return }
            } else if server != nil {
                // The run of the topmost server's fields has ended.
                return
            }
        }
    }

    private mutating func add(_ method: AuthenticationResultsField.Method) {
        let result = Result(rawValue: method.result) ?? .other
        switch method.name {
        case "spf": spf.append(SPF(result: result, mailFrom: method.domain("smtp.mailfrom"), helo: method.domain("smtp.helo")))
        case "dkim": dkim.append(DKIM(result: result, domain: method.domain("header.d"), identity: method.domain("header.i")))
        case "dmarc": dmarc.append(DMARC(result: result, from: method.domain("header.from")))
        default: break
        }
    }
}

/// One Authentication-Results field, cut into its methods.
/// - Source: RFC 8601 section 2.2; bare values also with `/`, `=` and `@`, as most servers write them.
struct AuthenticationResultsField {
    struct Method {
        let name: String
        let result: String
        /// Type and property in lower case, `smtp.mailfrom`; in their order.
        var properties: [(name: String, value: String)] = []

        /// The domain that a property names; `nil` when it is given twice and differs, for then somebody wrote it who should not have.
        func domain(_ name: String) -> String? {
            let domains = Set(
                properties.filter { $0.name == name }.map { property -> String? in
                    let value = property.value
                    // Two of them, and readers differ about which domain it is.
                    guard value.count(where: { $0 == "@" }) <= 1 else { return nil }
                    return value.lastIndex(of: "@").map { MailDomain.read(value[value.index(after: $0)...]) } ?? MailDomain.read(value)
                })
            return domains.count == 1 ? domains.first ?? nil : nil
        }
    }

    /// More signatures than anybody adds.
    private static let mostMethods = 100

    /// authserv-id, in lower case.
    let server: String
    private(set) var methods: [Method] = []
    private(set) var isReadable = true

    /// `nil` without a server's name. A field that cannot be read to its end has no methods: the server said something, and nobody knows what.
    /// A method that cannot be read is left out.
    init?(_ value: [UInt8]) {
        var lexer = FieldLexer(value)
        do {
            guard let server = try Self.server(&lexer) else { return nil }
            self.server = server
        } catch {
            return nil
        }
        do {
            isReadable = try Self.startsMethods(&lexer)
            guard isReadable else { return }
            while !lexer.isAtEnd {
                let method = try Self.method(&lexer)
                try lexer.skipComments()
                if lexer.isAtEnd || lexer.next == UInt8(ascii: ";") {
                    if let method, methods.count < Self.mostMethods { methods.append(method) }
                } else {
                    try Self.skipMethod(&lexer)
                }
                _ = lexer.take(";")
            }
        } catch {
            methods = []
            isReadable = false
        }
    }

    private static func server(_ lexer: inout FieldLexer) throws(FieldLexer.Unclosed) -> String? {
        try lexer.skipComments()
        let name = lexer.next == UInt8(ascii: "\"") ? try lexer.takeQuoted() : Array(lexer.takeRun(while: isBare))
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self).lowercased()
    }

    /// Reads the version, 1 or none, and the semicolon behind it.
    private static func startsMethods(_ lexer: inout FieldLexer) throws(FieldLexer.Unclosed) -> Bool {
        try lexer.skipComments()
        let version = lexer.takeRun(while: isBare)
        try lexer.skipComments()
        return (version.isEmpty || version.elementsEqual("1".utf8)) && lexer.take(";")
    }

    /// `dkim/1 = pass (comment) reason="text" header.d=example.org`, up to what is no part of it; `none` alone is no method.
    private static func method(_ lexer: inout FieldLexer) throws(FieldLexer.Unclosed) -> Method? {
        try lexer.skipComments()
        let name = keyword(&lexer)
        try lexer.skipComments()
        if lexer.take("/") {
            try lexer.skipComments()
            let version = lexer.takeRun { (48...57).contains($0) }
            try lexer.skipComments()
            guard version.elementsEqual("1".utf8) else { return nil }
        }
        guard !name.isEmpty, lexer.take("=") else { return nil }
        try lexer.skipComments()
        var method = Method(name: name, result: keyword(&lexer))
        guard !method.result.isEmpty else { return nil }
        while true {
            // What comes next is apart from what was, or it is something else.
            let start = lexer.place
            try lexer.skipComments()
            if lexer.isAtEnd || lexer.next == UInt8(ascii: ";") { return method }
            guard lexer.place > start, let property = try property(&lexer) else { return nil }
            method.properties.append(property)
        }
    }

    /// `smtp.mailfrom=a@example.org`; also `reason="text"`, and words of servers' own such as `action=none`.
    private static func property(_ lexer: inout FieldLexer) throws(FieldLexer.Unclosed) -> (name: String, value: String)? {
        var name = keyword(&lexer)
        try lexer.skipComments()
        if lexer.take(".") {
            try lexer.skipComments()
            name += "." + keyword(&lexer)
            try lexer.skipComments()
        }
        guard !name.isEmpty, name.last != ".", lexer.take("=") else { return nil }
        try lexer.skipComments()
        var value: [UInt8] = []
        if lexer.next == UInt8(ascii: "\"") {
            value = try lexer.takeQuoted()
            // "first last"@example.org
            if lexer.next == UInt8(ascii: "@") { value += lexer.takeRun(while: isBare) }
        } else {
            value = Array(lexer.takeRun(while: isBare))
            if value.first == UInt8(ascii: "<"), value.last == UInt8(ascii: ">") { value = Array(value.dropFirst().dropLast()) }
        }
        return (name, String(decoding: value, as: UTF8.self))
    }

    private static func skipMethod(_ lexer: inout FieldLexer) throws(FieldLexer.Unclosed) {
        while let next = lexer.next, next != UInt8(ascii: ";") {
            if next == UInt8(ascii: "\"") {
                _ = try lexer.takeQuoted()
            } else if next == UInt8(ascii: "(") {
                try lexer.skipComments()
            } else {
                _ = lexer.takeByte()
            }
        }
    }

    private static func keyword(_ lexer: inout FieldLexer) -> String {
        let bytes = lexer.takeRun { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
        }
        return String(decoding: bytes, as: UTF8.self).lowercased()
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        byte > 32 && byte != 127 && byte != UInt8(ascii: ";") && byte != UInt8(ascii: "(") && byte != UInt8(ascii: ")") && byte != UInt8(ascii: "\"")
    }
}
