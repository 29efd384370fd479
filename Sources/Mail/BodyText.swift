/// What a message's parts say, as one text, and the files among them.
struct BodyText {
    /// Bytes of text that are decoded, HTML and quoted mail among them: far more than is kept, because what people wrote may come last.
    private static let mostBytes = 1024 * 1024

    private(set) var text = ""
    private(set) var attachments: [Message.Attachment] = []
    /// Whether a text was longer than is decoded.
    private(set) var isCut = false
    private var bytesLeft = mostBytes

    init(_ part: Part) {
        text = read(part) ?? ""
    }

    /// The part's text, `nil` where it has none; its files are noted down.
    private mutating func read(_ part: Part) -> String? {
        switch part.content {
        case .parts(let parts) where part.type == "multipart/alternative": return readAlternatives(parts)
        case .parts(let parts):
            let texts = parts.compactMap { read($0) }.filter { !$0.allSatisfy(\.isWhitespace) }
            return texts.isEmpty ? nil : texts.joined(separator: "\n\n")
        case .body(let body) where !part.isAttachment && (part.type == "text/plain" || part.type == "text/html"):
            let (bytes, count) = GMime.decoded(body, encoding: part.encoding, keeping: bytesLeft)
            bytesLeft -= bytes.count
            isCut = isCut || count > bytes.count
            let text = GMime.text(bytes, charset: part.charset)
            return part.type == "text/html" ? HTMLText.text(of: text) : text.withPlainLines
        case .body(let body):
            let size = GMime.decoded(body, encoding: part.encoding, keeping: 0).count
            attachments.append(Message.Attachment(name: part.name, type: part.type.onOneLine(atMost: 100), byteCount: size))
            return nil
        }
    }

    /// All say the same: the plain one where it says something, else the first that does.
    private mutating func readAlternatives(_ parts: [Part]) -> String? {
        var other: String?
        for plain in [true, false] {
            for part in parts where (part.type == "text/plain") == plain {
                // Of the others only the first is of use; a file beside them is one all the same.
                if other != nil, part.type == "text/html" { continue }
                let text = read(part)
                if other == nil, let text, !text.allSatisfy(\.isWhitespace) { other = text }
            }
        }
        return other
    }
}
