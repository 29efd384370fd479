extension String {
    /// Without control characters and marks that turn the direction of what follows, spaces collapsed, at most so many scalars.
    func onOneLine(atMost limit: Int) -> String {
        var line = String.UnicodeScalarView()
        var count = 0
        var isSpaceDue = false
        for scalar in unicodeScalars where !scalar.turnsDirection {
            if scalar.isControl || scalar.properties.isWhitespace {
                isSpaceDue = count > 0
                continue
            }
            guard count + (isSpaceDue ? 2 : 1) <= limit else { break }
            if isSpaceDue {
                line.append(" ")
                count += 1
                isSpaceDue = false
            }
            line.append(scalar)
            count += 1
        }
        return String(line)
    }

    /// With `\n` for every end of a line, without other control characters than tabs, without empty lines around it.
    var withPlainLines: String {
        var text = String.UnicodeScalarView()
        text.reserveCapacity(utf8.count)
        var previous: Unicode.Scalar?
        for scalar in unicodeScalars {
            defer { previous = scalar }
            switch scalar {
            case "\n": if previous != "\r" { text.append("\n") }
            case "\r", "\u{85}", "\u{2028}", "\u{2029}": text.append("\n")
            case "\t": text.append(scalar)
            default: if !scalar.isControl, !scalar.turnsDirection { text.append(scalar) }
            }
        }
        guard let first = text.firstIndex(where: { !$0.properties.isWhitespace }) else { return "" }
        let last = text.lastIndex { !$0.properties.isWhitespace } ?? first
        // A first line may begin with spaces.
        let start = text[..<first].lastIndex(of: "\n").map { text.index(after: $0) } ?? text.startIndex
        return String(text[start...last])
    }

    /// - Returns: at most so many scalars, and whether there were more.
    func cut(atMost limit: Int) -> (text: String, isCut: Bool) {
        let end = unicodeScalars.index(startIndex, offsetBy: limit, limitedBy: endIndex) ?? endIndex
        return (String(self[..<end]), end < endIndex)
    }
}

extension Unicode.Scalar {
    /// C0, DEL, C1.
    fileprivate var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }

    /// Bidirectional embeddings, overrides and isolates: they make `fdp.exe` look like `exe.pdf`.
    fileprivate var turnsDirection: Bool {
        (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
    }
}
