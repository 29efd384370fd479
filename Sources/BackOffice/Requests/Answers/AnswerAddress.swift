/// An address, as answers are compared: words, and numbers that count exactly.
///
/// `12` is not `21`, but `12A` is `12 A`, and a house `012` is `12`. Usual abbreviations are the words that they stand for; commas and line ends do not
/// count, nor whether two words are written as one. Words that the other address lacks always count, but for a postcode and a country at the end.
struct AnswerAddress {
    private enum Token: Equatable {
        case word(String)
        /// Digits, or an ordinal: `1st`.
        case number(String)

        /// Of a number that is no ordinal.
        var digits: String? {
            if case .number(let text) = self, AnswerText(text).hasOnlyDigits { text } else { nil }
        }

        var isWord: Bool { digits == nil }
    }

    /// Without the country at the end.
    private let tokens: [Token]
    private let country: String?

    init(_ text: String) {
        let (rest, country) = Self.splitCountry(Self.words(of: text))
        tokens = Self.numbered(rest)
        self.country = country
    }

    /// Whether the answer says this, the stored address; it may leave out the postcode and the country, but never name other ones.
    func agrees(given text: String) -> Bool {
        let given = AnswerAddress(text)
        guard !given.tokens.isEmpty, given.country == nil || given.country == country else { return false }
        let said = Self.runs(given.tokens)
        return said == Self.runs(tokens) || (hasPostcode && said == Self.runs(tokens.dropLast()))
    }

    /// Whether it ends in a number that another one, which can be that of the house, makes one to leave out.
    private var hasPostcode: Bool {
        guard let digits = tokens.last?.digits, (4...6).contains(digits.count) else { return false }
        return tokens.indices.dropLast().contains { place in
            guard tokens[place].digits != nil else { return false }
            guard place > 0, case .word(let before) = tokens[place - 1] else { return true }
            return !Self.areas.contains(before)
        }
    }

    /// Words whose number is not that of a house.
    private static let areas: Set<String> = ["extension", "zone", "section", "phase", "block", "ward", "sector"]

    /// Words one after another as one, and each number by itself.
    private static func runs(_ tokens: some Sequence<Token>) -> [Token] {
        tokens.reduce(into: []) { runs, token in
            if case .word(let next) = token, case .word(let before)? = runs.last {
                runs[runs.count - 1] = .word(before + next)
            } else {
                runs.append(token)
            }
        }
    }

    // MARK: Reading

    private static func words(of text: String) -> [Token] {
        AnswerText(text).pieces.split(separator: .gap).flatMap { chunk -> [Token] in
            var tokens: [Token] = []
            for piece in chunk {
                switch (piece, tokens.last) {
                case (.letters(let letters), .word(let word)?): tokens[tokens.count - 1] = .word(word + letters)
                case (.letters(let letters), _): tokens.append(.word(letters))
                case (.digit(let digit), .number(let number)?): tokens[tokens.count - 1] = .number(number + String(digit))
                case (.digit(let digit), _): tokens.append(.number(String(digit)))
                case (.and, _): tokens.append(.word("and"))
                case (.gap, _): break
                }
            }
            // `3rd` is no road; `12A` is a number and a letter.
            if tokens.count == 2, case (.number(let number), .word(let ending)) = (tokens[0], tokens[1]), ordinalEndings.contains(ending) {
                return [.number(number + ending)]
            }
            return tokens.map { if case .word(let word) = $0 { .word(abbreviations[word] ?? word) } else { $0 } }
        }
    }

    private static let ordinalEndings: Set<String> = ["st", "nd", "rd", "th"]

    /// `St` is also a saint and `Dr` a doctor: one word each, whatever it stands for.
    private static let abbreviations = [
        "st": "street", "str": "street", "saint": "street", "rd": "road", "ave": "avenue", "av": "avenue", "ext": "extension", "dr": "drive",
        "doctor": "drive", "cnr": "corner", "flat": "unit", "cres": "crescent", "blvd": "boulevard", "ln": "lane", "pl": "place", "sq": "square",
        "sec": "section", "bldg": "building",
    ]

    /// Without `No.` before a number, and without the leading zeros of a house's number. Those of a postcode are part of it.
    private static func numbered(_ tokens: [Token]) -> [Token] {
        var numbered: [Token] = []
        var isFirst = true
        for (place, token) in tokens.enumerated() {
            guard let digits = token.digits else {
                numbered.append(token)
                continue
            }
            if case .word(let word)? = numbered.last, numberWords.contains(word) { numbered.removeLast() }
            let isHouse = digits.count < 4 || (isFirst && place < tokens.count - 1)
            let short = digits.drop { $0 == "0" }
            numbered.append(.number(isHouse && !short.isEmpty ? String(short) : digits))
            isFirst = false
        }
        return numbered
    }

    private static let numberWords: Set<String> = ["no", "nr", "num", "number"]

    // MARK: Countries

    /// A country at the end, or before the postcode there. What would be left must still be an address: a number and two words.
    private static func splitCountry(_ tokens: [Token]) -> (rest: [Token], country: String?) {
        let postcode = tokens.last?.digits == nil ? [] : tokens.suffix(1)
        let head = tokens.dropLast(postcode.count)
        for names in countries {
            for name in names {
                let words = name.split(separator: " ").map { Token.word(String($0)) }
                let rest = Array(head.dropLast(words.count))
                guard head.suffix(words.count).elementsEqual(words), rest.count(where: \.isWord) >= 2, rest.contains(where: { !$0.isWord }) else {
                    continue
                }
                return (rest + postcode, names[0])
            }
        }
        return (tokens, nil)
    }

    /// Where vendors live, each as it is written; the longer spelling before the one that it ends in.
    private static let countries = [
        ["republic of south africa", "south africa", "suid afrika", "rsa"], ["lesotho"], ["eswatini", "swaziland"], ["botswana"], ["namibia"],
        ["zimbabwe"], ["mozambique", "mocambique"], ["zambia"], ["malawi"], ["angola"], ["india", "bharat"], ["indonesia"], ["portugal"],
        ["brazil", "brasil"], ["france"], ["germany", "deutschland"],
    ]
}
