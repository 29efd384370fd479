/// A word that locks, or one that marks a drill, of any language, folded as a message is.
struct StopWord {
    let characters: [Character]
    let language: String

    /// The longest first: "बंद करो" is not "बंद" and something else.
    static let stopping = words { $0.stopWords }
    static let drilling = words { $0.drillWords }

    private static func words(_ list: (Catalogue) -> [String]) -> [StopWord] {
        let all = Catalogue.all.flatMap { catalogue in
            list(catalogue).map { StopWord(characters: TextFold($0).characters, language: catalogue.language) }
        }
        // Swift's sort is stable in fact but not by its documentation, so the place breaks the tie.
        return all.enumerated().sorted { ($1.element.characters.count, $0.offset) < ($0.element.characters.count, $1.offset) }.map(\.element)
    }

    /// What follows the word at the text's beginning; nil where the text does not begin with it.
    ///
    /// A word ends before a space, a digit ("stop12345678", not "stopover") or a hyphen and something with a digit ("stop-12345678", not "stop-over").
    func rest(after text: ArraySlice<Character>) -> ArraySlice<Character>? {
        guard text.starts(with: characters) else { return nil }
        let rest = text.dropFirst(characters.count)
        guard let next = rest.first else { return rest }
        if next == " " || Self.isDigit(next) { return rest }
        return next == "-" && rest.prefix { $0 != " " }.contains(where: Self.isDigit) ? rest.dropFirst() : nil
    }

    /// What stands before the word at the text's end; nil where the text does not end with it.
    func rest(before text: ArraySlice<Character>) -> ArraySlice<Character>? {
        guard text.reversed().starts(with: characters.reversed()) else { return nil }
        let rest = text.dropLast(characters.count)
        guard let previous = rest.last else { return rest }
        if previous == " " || Self.isDigit(previous) { return rest }
        return previous == "-" && rest.reversed().prefix { $0 != " " }.contains(where: Self.isDigit) ? rest.dropLast() : nil
    }

    /// A range of characters would not do: "1" with an accent sorts between "1" and "2".
    static func isDigit(_ character: Character) -> Bool {
        character.asciiValue.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
    }
}
