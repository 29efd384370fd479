/// The mailboxes that a From or Sender field names.
///
/// By hand, because what is read here decides whose mail it is: GMime's reader guesses where a field is odd, and recurses without an end in one that
/// has groups within groups (4 MB of `a:` end the process).
struct Mailboxes {
    struct Mailbox {
        /// As it stands, encoded words and all.
        let name: [UInt8]
        let address: MailAddress
    }

    private(set) var mailboxes: [Mailbox] = []
    /// What is being read: everything outside `<…>`, quotes removed from `name`.
    private var name: [UInt8] = []
    private var bare: [UInt8] = []
    private var angle: MailAddress?
    private var comment: [UInt8]?

    /// `nil` when anything in the field is no mailbox: a group, an address that is none, text after one.
    init?(_ value: [UInt8]) {
        var lexer = FieldLexer(value)
        do {
            while true {
                if let comment = try lexer.skipComments() { self.comment = comment }
                guard let next = lexer.next else { break }
                guard try take(next, &lexer) else { return nil }
            }
        } catch {
            return nil
        }
        guard finish(), name.isEmpty else { return nil }
    }

    private mutating func take(_ next: UInt8, _ lexer: inout FieldLexer) throws(FieldLexer.Unclosed) -> Bool {
        switch next {
        case UInt8(ascii: ","):
            _ = lexer.takeByte()
            return finish()
        case UInt8(ascii: "<"):
            guard angle == nil, let address = try Self.angleAddress(&lexer) else { return false }
            angle = address
            return true
        case UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: ">"): return false
        default: break
        }
        // Only the next mailbox may follow.
        guard angle == nil else { return false }
        let start = lexer.place
        if let word = Self.encodedWord(&lexer) {
            append(Array(word), word)
        } else if next == UInt8(ascii: "\"") {
            let text = try lexer.takeQuoted()
            append(text, lexer.text(since: start))
            // `"first last"@example.org`
            if lexer.next == UInt8(ascii: "@") { bare += lexer.takeRun(while: Self.isWord) }
        } else {
            let word = lexer.takeRun(while: Self.isWord)
            // A mark that begins nothing, such as the end of a comment: passing over none, the loop would never end.
            guard !word.isEmpty else { return false }
            append(Array(word), word)
        }
        return true
    }

    private mutating func append(_ text: [UInt8], _ raw: ArraySlice<UInt8>) {
        if !name.isEmpty { name.append(ASCII.space) }
        name += text
        if !bare.isEmpty { bare.append(ASCII.space) }
        bare += raw
    }

    /// A mailbox ends here. A piece without an address is the first half of a name such as `Smith, John`, written without its quotes.
    private mutating func finish() -> Bool {
        if let angle {
            mailboxes.append(Mailbox(name: name.isEmpty ? comment ?? [] : name, address: angle))
        } else if bare.contains(UInt8(ascii: "@")) {
            guard let address = MailAddress(String(decoding: bare, as: UTF8.self)) else { return false }
            mailboxes.append(Mailbox(name: comment ?? [], address: address))
        } else if !name.isEmpty {
            name.append(UInt8(ascii: ","))
            bare = []
            return true
        }
        (name, bare, angle, comment) = ([], [], nil, nil)
        return true
    }

    private static func angleAddress(_ lexer: inout FieldLexer) throws(FieldLexer.Unclosed) -> MailAddress? {
        _ = lexer.takeByte()
        var address: [UInt8] = []
        while true {
            try lexer.skipComments()
            if lexer.take(">") { return MailAddress(String(decoding: address, as: UTF8.self)) }
            let start = lexer.place
            if lexer.next == UInt8(ascii: "\"") {
                _ = try lexer.takeQuoted()
            } else if lexer.takeRun(while: isWord).isEmpty {
                return nil
            }
            // Two words side by side make no address: the space keeps them apart.
            if !address.isEmpty, address.last != UInt8(ascii: "\""), lexer.text(since: start).first != UInt8(ascii: "@") {
                address.append(ASCII.space)
            }
            address += lexer.text(since: start)
        }
    }

    /// `=?utf-8?q?Smith,_John?=`: some programs leave marks in it that mean something elsewhere.
    private static func encodedWord(_ lexer: inout FieldLexer) -> ArraySlice<UInt8>? {
        var trial = lexer
        // Looked at only where one begins, and no further than one reaches: RFC 2047 allows 75 bytes.
        guard trial.take("="), trial.next == UInt8(ascii: "?") else { return nil }
        trial = lexer
        let word = trial.takeRun(atMost: 250) { !ASCII.isBlank($0) && !"<>\"".utf8.contains($0) }
        guard word.count > 4, word.suffix(2).elementsEqual("?=".utf8) else { return nil }
        lexer = trial
        return word
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        !ASCII.isBlank(byte) && !"(),:;<>\"".utf8.contains(byte)
    }
}
