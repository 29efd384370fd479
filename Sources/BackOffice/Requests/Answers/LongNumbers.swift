/// Numbers as long as an IMEI within a text, whatever stands between their digits.
enum LongNumbers {
    /// The fewest digits that name a device.
    private static let shortest = 14
    /// Spaces and dashes between two digits of one number.
    private static let longestGap = 2

    /// The text with `…` and the last four digits in the place of each.
    ///
    /// Where a number of that length is written in one piece, only it is replaced, not the date behind it.
    static func masked(in text: String) -> String {
        let characters = Array(text)
        var masked = ""
        var place = 0
        while place < characters.count {
            guard isDigit(characters[place]) else {
                masked.append(characters[place])
                place += 1
                continue
            }
            let end = endOfRun(characters, from: place)
            masked += self.masked(run: characters[place..<end])
            place = end
        }
        return masked
    }

    private static func masked(run: ArraySlice<Character>) -> String {
        let pieces = run.split(omittingEmptySubsequences: false) { !isDigit($0) }
        guard pieces.contains(where: { $0.count >= shortest }) else {
            let digits = run.filter(isDigit)
            return digits.count >= shortest ? tail(digits[...]) : String(run)
        }
        var masked = ""
        for piece in pieces {
            masked += piece.count >= shortest ? tail(piece) : String(piece)
            if piece.endIndex < run.endIndex { masked.append(run[piece.endIndex]) }
        }
        return masked
    }

    private static func tail(_ digits: ArraySlice<Character>) -> String {
        "\(ShownIMEI.ellipsis)\(String(digits.suffix(ShownIMEI.tailLength)))"
    }

    /// Behind the last digit that belongs to the number which begins here.
    private static func endOfRun(_ characters: [Character], from start: Int) -> Int {
        var end = start
        while end < characters.count {
            var next = end
            while next < characters.count, next - end < longestGap, isSeparator(characters[next]) { next += 1 }
            guard next < characters.count, isDigit(characters[next]) else { break }
            end = next + 1
        }
        return end
    }

    private static func isDigit(_ character: Character) -> Bool {
        character.unicodeScalars.count == 1 && character.unicodeScalars.first?.properties.numericType == .decimal
    }

    /// What may stand inside of an IMEI, and its look-alikes of typesetting.
    private static func isSeparator(_ character: Character) -> Bool {
        if "-/.".contains(character) { return true }
        guard let properties = character.unicodeScalars.first?.properties, character.unicodeScalars.count == 1 else { return false }
        return properties.generalCategory == .dashPunctuation || properties.generalCategory == .format
            || (properties.isWhitespace && !character.isNewline)
    }
}
