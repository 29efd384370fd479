/// The fields before the first empty line of a message or of one of its parts, and where what follows begins.
///
/// Cut by hand: GMime's parser keeps every field as an object, at 160 bytes of memory for each byte of a header that means harm.
/// - Source: RFC 5322 sections 2.2 and 3.5.
struct HeaderFields {
    struct Field {
        /// In lower case.
        let name: String
        /// What follows the colon, folded as it came.
        let raw: ArraySlice<UInt8>

        /// On one line. What could be mistaken for an end, a bare CR or a NUL, becomes a space.
        var value: [UInt8] {
            var value: [UInt8] = []
            value.reserveCapacity(raw.count)
            for (place, byte) in zip(raw.indices, raw) {
                switch byte {
                case ASCII.lineFeed: break
                case ASCII.carriageReturn: if place + 1 == raw.endIndex || raw[place + 1] != ASCII.lineFeed { value.append(ASCII.space) }
                case 0: value.append(ASCII.space)
                default: value.append(byte)
                }
            }
            return value
        }
    }

    private(set) var fields: [Field] = []
    /// What follows the header.
    private(set) var body: ArraySlice<UInt8>
    /// Whether there were more fields, or more bytes of them, than are kept.
    private(set) var isCut = false

    init(_ bytes: ArraySlice<UInt8>, mostFields: Int, mostBytes: Int) {
        body = bytes
        let start = bytes.startIndex
        var lines = Lines(bytes)
        while let line = lines.next() {
            if line.isEmpty {
                body = bytes[lines.place...]
                return
            }
            // Nothing that is a field: the empty line is missing, and this is the text.
            guard let colon = line.firstIndex(of: ASCII.colon), Self.isName(line[..<colon]) else { return }
            var end = line.endIndex
            while let following = lines.peek(), following.first.map(ASCII.isBlank) == true {
                end = following.endIndex
                lines.skip()
            }
            body = bytes[lines.place...]
            if fields.count < mostFields, end - start <= mostBytes {
                fields.append(Field(name: String(decoding: line[..<colon], as: UTF8.self).lowercased(), raw: bytes[(colon + 1)..<end]))
            } else {
                isCut = true
            }
        }
    }

    /// The values of all fields of a name, in their order.
    func all(_ name: String) -> [[UInt8]] { fields.filter { $0.name == name }.map(\.value) }

    func first(_ name: String) -> [UInt8]? { fields.first { $0.name == name }?.value }

    /// Printable ASCII. A space before the colon, as it was allowed in 1982, makes it a field that nothing here asks for: a server that removes
    /// forged fields may not have known it for one.
    private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        var bytes = bytes
        while let last = bytes.last, ASCII.isBlank(last) {
            bytes.removeLast()
        }
        return !bytes.isEmpty && bytes.allSatisfy { (33...126).contains($0) }
    }
}

/// Goes through bytes line by line; a line ends with LF or CR LF, which are no part of it.
struct Lines {
    private let bytes: ArraySlice<UInt8>
    /// Where the next line begins.
    private(set) var place: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    mutating func next() -> ArraySlice<UInt8>? {
        guard let line = peek() else { return nil }
        skip()
        return line
    }

    func peek() -> ArraySlice<UInt8>? {
        guard place < bytes.endIndex else { return nil }
        var line = bytes[place..<end]
        if line.last == ASCII.carriageReturn { line.removeLast() }
        return line
    }

    mutating func skip() { place = min(end + 1, bytes.endIndex) }

    private var end: Int { bytes[place...].firstIndex(of: ASCII.lineFeed) ?? bytes.endIndex }
}

/// Bytes by name.
enum ASCII {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let colon = UInt8(ascii: ":")

    static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }
}
