/// Reads the pieces that structured fields are made of: comments, quoted strings, runs of other bytes.
/// - Source: RFC 5322 section 3.2.
struct FieldLexer {
    /// A comment or a quoted string that never ends: then nothing after it means what it seems to.
    struct Unclosed: Error {}

    private let bytes: [UInt8]
    private(set) var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { place == bytes.count }
    var next: UInt8? { isAtEnd ? nil : bytes[place] }

    /// Takes the byte if it comes next.
    mutating func take(_ byte: Character) -> Bool {
        guard let next, next == byte.asciiValue else { return false }
        place += 1
        return true
    }

    mutating func takeByte() -> UInt8? {
        guard let next else { return nil }
        place += 1
        return next
    }

    /// Skips spaces and comments; comments may hold comments.
    /// - Returns: the text of the last comment.
    @discardableResult
    mutating func skipComments() throws(Unclosed) -> [UInt8]? {
        var comment: [UInt8]?
        while let next {
            if ASCII.isBlank(next) {
                place += 1
            } else if next == UInt8(ascii: "(") {
                comment = try takeComment()
            } else {
                break
            }
        }
        return comment
    }

    private mutating func takeComment() throws(Unclosed) -> [UInt8] {
        place += 1
        var depth = 1
        var text: [UInt8] = []
        while let byte = takeByte() {
            switch byte {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: "\\"):
                guard let escaped = takeByte() else { throw Unclosed() }
                text.append(escaped)
                continue
            default: break
            }
            if depth == 0 { return text }
            text.append(byte)
        }
        throw Unclosed()
    }

    /// The quoted string that begins here, without its quotes and escapes.
    mutating func takeQuoted() throws(Unclosed) -> [UInt8] {
        place += 1
        var text: [UInt8] = []
        while let byte = takeByte() {
            switch byte {
            case UInt8(ascii: "\""): return text
            case UInt8(ascii: "\\"):
                guard let escaped = takeByte() else { throw Unclosed() }
                text.append(escaped)
            default: text.append(byte)
            }
        }
        throw Unclosed()
    }

    /// The bytes up to the first that is not allowed.
    mutating func takeRun(atMost limit: Int = .max, while isAllowed: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let start = place
        while let next, place - start < limit, isAllowed(next) { place += 1 }
        return bytes[start..<place]
    }

    /// What was read since a place.
    func text(since start: Int) -> ArraySlice<UInt8> { bytes[start..<place] }
}
