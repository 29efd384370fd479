import Wire

extension KeyedDecodingContainer {
    /// A word out of a fixed list; the refusal names them all, where the standard one names a Swift type.
    func word<Word: RawRepresentable & CaseIterable>(_ type: Word.Type, forKey key: Key) throws -> Word where Word.RawValue == String {
        let text = try decode(String.self, forKey: key)
        guard let word = Word(rawValue: text) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "It is one of \(known).")
        }
        return word
    }
}
