package import Wire

/// One e-mail, read: who wrote, what, in answer to what, and what the receiving server found out about the sender.
///
/// Hostile or broken mail is read as far as it can be, in memory in proportion to its size; the caller limits that. Nothing here is believed: whether
/// the sender is who they say is `results.proves(from.address)`.
/// - Source: RFC 5322, RFC 2045 to 2047.
package struct Message: Sendable {
    package static let mostFields = 1000
    package static let mostHeaderBytes = 256 * 1024
    /// Of `text` and of `quoted`, in Unicode scalars.
    package static let longestText = 20_000
    package static let longestSubject = 500

    package struct Sender: Sendable {
        /// For people to read; anybody can write any name, an address among them.
        package let name: String?
        package let address: MailAddress
    }

    /// A file that came along; it is not kept.
    package struct Attachment: Hashable, Sendable {
        package let name: String?
        /// In lower case: `image/jpeg`.
        package let type: String
        /// Decoded.
        package let byteCount: Int
    }

    /// Without angle brackets.
    package let messageID: String?
    /// The one mailbox of From; of several, the Sender.
    package let from: Sender
    /// On one line; empty where there is none.
    package let subject: String
    /// What the sender wrote, without the mail that it quotes.
    package let text: String
    /// Earlier mail that was quoted.
    package let quoted: String
    /// Whether `text` or `quoted` went on, or the message had more parts than are read.
    package let isCut: Bool
    /// Unix milliseconds, as the sender's clock had it.
    package let sentAt: Int64?
    package let attachments: [Attachment]
    /// Whether a program wrote it: an absence notice, a report of what was not delivered, a mailing list. It must never be answered.
    package let isAutomatic: Bool
    /// Without angle brackets, as are `references`.
    package let inReplyTo: [String]
    package let references: [String]
    /// Of the subject, then of the text that is not quoted, each once.
    package let tickets: [TicketNumber]
    package let results: AuthenticationResults

    /// - Parameters:
    ///   - bytes: as the receiving server handed it on; lines end with CR LF or LF.
    ///   - trusting: see `AuthenticationResults`.
    package init(reading bytes: [UInt8], trusting: [String]) throws(MailError) {
        let header = HeaderFields(Self.withLines(bytes), mostFields: Self.mostFields, mostBytes: Self.mostHeaderBytes)
        guard !header.isCut else { throw MailError(code: .headerTooLarge) }
        guard let from = Self.sender(header) else { throw MailError(code: .from) }
        self.from = from

        messageID = header.first("message-id").flatMap { Self.identifiers($0).first }
        inReplyTo = header.all("in-reply-to").flatMap(Self.identifiers)
        references = header.all("references").flatMap(Self.identifiers)
        subject = header.first("subject").map { GMime.text($0).onOneLine(atMost: Self.longestSubject) } ?? ""
        sentAt = header.first("date").flatMap(GMime.date)

        var reader = PartReader()
        let part = reader.read(header)
        let body = BodyText(part)
        let parted = QuotedText(body.text)
        let own = parted.own.cut(atMost: Self.longestText)
        let quoted = parted.quoted.cut(atMost: Self.longestText)
        (text, self.quoted) = (own.text, quoted.text)
        isCut = own.isCut || quoted.isCut || body.isCut || reader.isCut
        attachments = body.attachments

        let tickets = TicketNumber.found(in: subject)
        self.tickets = tickets + TicketNumber.found(in: own.text).filter { !tickets.contains($0) }
        isAutomatic = Self.isAutomatic(header)
        results = AuthenticationResults(header.fields, trusting: trusting)
    }

    /// Old lists of lines that end with CR alone; where there is one LF, a CR alone ends nothing, for the receiving server did not think so either.
    private static func withLines(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        let lines = bytes.contains(ASCII.lineFeed) ? bytes : bytes.map { $0 == ASCII.carriageReturn ? ASCII.lineFeed : $0 }
        // The envelope that a mailbox file begins with.
        guard lines.starts(with: "From ".utf8), let end = lines.firstIndex(of: ASCII.lineFeed) else { return lines[...] }
        return lines[(end + 1)...]
    }

    private static func sender(_ header: HeaderFields) -> Sender? {
        let from = header.all("from")
        // Two fields are never honest: what people are shown and what was signed may be either.
        guard from.count == 1, let mailboxes = Mailboxes(from[0])?.mailboxes, !mailboxes.isEmpty else { return nil }
        guard mailboxes.count > 1 else { return Sender(mailboxes[0]) }
        let sender = header.all("sender")
        guard sender.count == 1, let one = Mailboxes(sender[0])?.mailboxes, one.count == 1 else { return nil }
        return Sender(one[0])
    }

    /// The identifiers in angle brackets, at most 100.
    private static func identifiers(_ value: [UInt8]) -> [String] {
        var found: [String] = []
        for piece in value.split(separator: UInt8(ascii: "<"), omittingEmptySubsequences: false).dropFirst() where found.count < 100 {
            guard let end = piece.firstIndex(of: UInt8(ascii: ">")) else { continue }
            let identifier = piece[..<end]
            guard (1...998).contains(identifier.count), identifier.allSatisfy({ $0 > 32 && $0 != 127 }) else { continue }
            found.append(String(decoding: identifier, as: UTF8.self))
        }
        return found
    }

    /// - Source: RFC 3834 sections 2 and 5, RFC 6522; `Precedence` is older than any standard; RFC 5321 section 4.5.5 for the empty return path.
    private static func isAutomatic(_ header: HeaderFields) -> Bool {
        func words(_ name: String) -> [String] {
            header.all(name).map { value in
                var lexer = FieldLexer(value)
                // What cannot be read is no `no`.
                do { try lexer.skipComments() } catch { return "" }
                return String(decoding: lexer.takeRun { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: "(") }, as: UTF8.self)
                    .lowercased()
            }
        }
        if words("content-type").contains("multipart/report") { return true }
        if words("auto-submitted").contains(where: { $0 != "no" }) { return true }
        if words("precedence").contains(where: { ["bulk", "junk", "list", "auto_reply"].contains($0) }) { return true }
        return words("return-path").contains("<>")
    }
}

extension Message.Sender {
    fileprivate init(_ mailbox: Mailboxes.Mailbox) {
        let name = GMime.text(mailbox.name).onOneLine(atMost: 200)
        self.init(name: name.isEmpty ? nil : name, address: mailbox.address)
    }
}
