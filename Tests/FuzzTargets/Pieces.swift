/// Cuts an input, so that the pieces follow from the input itself: what arrives in pieces must mean the same as what arrives whole.
func pieces(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var rest = bytes[...]
    while let first = rest.first {
        pieces.append(rest.prefix(1 + Int(first % 13)))
        rest = rest.dropFirst(1 + Int(first % 13))
    }
    return pieces
}

/// The kind that an input names with its first byte, and what follows it. A letter, so that the inputs kept can be read.
func kind(of bytes: [UInt8]) -> (Character, [UInt8]) {
    (bytes.first.map { Character(Unicode.Scalar($0)) } ?? " ", Array(bytes.dropFirst()))
}

/// What stands before the first line feed, and what follows it.
func line(of bytes: [UInt8]) -> (first: [UInt8], rest: [UInt8]) {
    let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
    return (Array(bytes[..<end]), Array(bytes[end...].dropFirst()))
}

extension [UInt8] {
    /// With each `word` replaced, so that an input can stand around something that only a key can make.
    func replacing(_ word: String, with bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = self[...]
        while let first = rest.first {
            if rest.starts(with: word.utf8) {
                result += bytes
                rest = rest.dropFirst(word.utf8.count)
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}
