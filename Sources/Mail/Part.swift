/// One part of a message: a text, a file, or several parts within.
struct Part {
    enum Content {
        /// As it came, transfer encoding and all.
        case body(ArraySlice<UInt8>)
        case parts([Part])
    }

    /// In lower case: `text/plain`.
    let type: String
    let charset: String?
    let encoding: String
    /// The name of the file.
    let name: String?
    let isAttachment: Bool
    let content: Content
}

/// Cuts a message into its parts, with limits.
/// - Source: RFC 2046 section 5.1.
struct PartReader {
    /// What honest mail stays far below.
    static let mostParts = 200
    static let mostDepth = 10
    private static let mostFields = 100
    private static let mostHeaderBytes = 32 * 1024
    /// RFC 2046 allows 70.
    private static let longestBoundary = 250

    /// Whether there were more parts than are read.
    private(set) var isCut = false
    private var partsLeft = mostParts

    /// - Parameter header: the message's own fields.
    mutating func read(_ header: HeaderFields) -> Part { read(header, depth: 0, usualType: "text/plain") }

    private mutating func read(_ header: HeaderFields, depth: Int, usualType: String) -> Part {
        let field = header.first("content-type").flatMap { GMime.contentType($0, parameters: ["boundary", "charset", "name"]) }
        let disposition = header.first("content-disposition").flatMap(GMime.disposition)
        // `Content-Type: text`, as the oldest programs write it, means the usual one.
        let isGiven = header.first("content-type").map { $0.contains(UInt8(ascii: "/")) } ?? false
        let type = isGiven ? field?.type ?? usualType : usualType
        let encoding = header.first("content-transfer-encoding") ?? []
        let name = disposition?.fileName ?? field?.parameters["name"]
        func part(_ type: String, _ content: Part.Content) -> Part {
            Part(
                type: type, charset: field?.parameters["charset"],
                encoding: String(decoding: encoding, as: UTF8.self).lowercased().onOneLine(atMost: 40), name: name?.onOneLine(atMost: 200),
                isAttachment: disposition?.kind == "attachment" || (depth > 0 && name != nil), content: content)
        }
        guard type.hasPrefix("multipart/") else { return part(type, .body(header.body)) }
        guard depth < Self.mostDepth else {
            isCut = true
            return part(type, .body(header.body))
        }
        let boundary = Array((field?.parameters["boundary"] ?? "").utf8)
        let pieces = boundary.isEmpty || boundary.count > Self.longestBoundary ? [] : pieces(of: header.body, boundary: boundary)
        // Without a boundary, or where it never comes, it is one text.
        guard !pieces.isEmpty else { return part("text/plain", .body(header.body)) }
        var parts: [Part] = []
        for piece in pieces {
            guard partsLeft > 0 else {
                isCut = true
                break
            }
            partsLeft -= 1
            let inner = HeaderFields(piece, mostFields: Self.mostFields, mostBytes: Self.mostHeaderBytes)
            parts.append(read(inner, depth: depth + 1, usualType: type == "multipart/digest" ? "message/rfc822" : "text/plain"))
        }
        return part(type, .parts(parts))
    }

    /// What stands between the boundaries; the line end before one belongs to it. The last may lack its end.
    private mutating func pieces(of body: ArraySlice<UInt8>, boundary: [UInt8]) -> [ArraySlice<UInt8>] {
        let delimiter = Array("--".utf8) + boundary
        var pieces: [ArraySlice<UInt8>] = []
        var start: Int?
        var lines = Lines(body)
        var lineStart = lines.place
        while let line = lines.next() {
            defer { lineStart = lines.place }
            guard line.starts(with: delimiter) else { continue }
            var rest = line.dropFirst(delimiter.count)
            let isLast = rest.starts(with: "--".utf8)
            if isLast { rest = rest.dropFirst(2) }
            // A longer boundary that begins as this one does.
            guard rest.allSatisfy(ASCII.isBlank) else { continue }
            if let start {
                pieces.append(Self.withoutLineEnd(body[start..<max(start, lineStart)]))
                guard pieces.count < partsLeft else {
                    isCut = isCut || !isLast
                    return pieces
                }
            }
            start = lines.place
            if isLast { return pieces }
        }
        if let start, start < body.endIndex { pieces.append(body[start...]) }
        return pieces
    }

    private static func withoutLineEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        if bytes.last == ASCII.lineFeed { bytes.removeLast() }
        if bytes.last == ASCII.carriageReturn { bytes.removeLast() }
        return bytes
    }
}
