package import Wire

/// Reads a text as a command: the word and the wallet reference, in either order, however the telephone or the hurry has dressed them.
///
/// The cost is bounded whatever the text: see `TextFold`.
package enum StopReader {
    package static func read(_ text: String) -> Reading {
        let fold = TextFold(text)
        let whole = fold.characters[...]
        if !fold.isCut {
            if let bare = StopWord.stopping.first(where: { $0.characters.elementsEqual(whole) }) { return .bareWord(language: bare.language) }
            if let command = command(whole, drill: nil, of: text) { return command }
            for drill in StopWord.drilling {
                // Glued to the reference it would be a part of it.
                guard let rest = drill.rest(before: whole), rest.last == " " else { continue }
                if let command = command(rest.dropLast(), drill: drill, of: text) { return command }
            }
            if optIns.contains(String(fold.characters)) { return .optIn }
        }
        return contained(in: fold.characters).map { .almost(language: $0.language) } ?? .other
    }

    /// The wallet reference that a text consists of, with or without the word: what is typed where only a reference was asked for (USSD).
    package static func reference(in text: String) -> AccountReference? {
        let fold = TextFold(text)
        guard !fold.isCut else { return nil }
        if let reference = reference(fold.characters[...]) { return reference }
        if case .stop(let reference, _, false, _, _) = read(text) { return reference }
        return nil
    }

    private static let optIns: Set<String> = ["start", "unstop"]

    private static func command(_ text: ArraySlice<Character>, drill: StopWord?, of original: String) -> Reading? {
        for word in StopWord.stopping {
            for rest in [word.rest(after: text), word.rest(before: text)].compactMap(\.self) {
                guard let reference = reference(rest) else { continue }
                let isCertain = reference.text.contains(where: StopWord.isDigit)
                guard isCertain || drill == nil else { continue }
                let taught = [String(word.characters), reference.text.lowercased(), drill.map { String($0.characters) }].compactMap(\.self)
                return .stop(
                    reference: reference, isCertain: isCertain, isDrill: drill != nil, language: word.language,
                    isPlain: trimmed(original).lowercased() == taught.joined(separator: " "))
            }
        }
        return nil
    }

    /// One reference, or one that is written in groups of at most four digits ("1234 5678").
    private static func reference(_ text: ArraySlice<Character>) -> AccountReference? {
        let groups = text.split(separator: " ")
        let isGrouped = groups.count > 1
        if isGrouped { guard groups.allSatisfy({ $0.count <= 4 && $0.allSatisfy(StopWord.isDigit) }) else { return nil } }
        let joined = groups.joined()
        // Upper-casing would make ASCII of some letters that are not ("ß").
        guard joined.allSatisfy(\.isASCII) else { return nil }
        do {
            return try AccountReference(String(joined))
        } catch {
            // Not in the form of a reference: the answer asks for the form, whichever rule was broken.
            return nil
        }
    }

    /// White space around is no fault of form: keyboards add it, and nobody sees it.
    private static func trimmed(_ text: String) -> Substring {
        var rest = text.drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }

    private static func contained(in text: [Character]) -> StopWord? {
        for start in text.indices where start == 0 || text[start - 1] == " " || StopWord.isDigit(text[start - 1]) {
            if let word = StopWord.stopping.first(where: { $0.rest(after: text[start...]) != nil }) { return word }
        }
        return nil
    }
}
