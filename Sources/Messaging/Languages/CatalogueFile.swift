import Wire

/// A catalogue as it stands in its file.
private struct CatalogueFile: Decodable {
    var language: String
    var name: String
    var checked: Bool
    var stop_words: [String]
    var drill_words: [String]
    var texts: [String: String]
}

extension Catalogue {
    /// The files are part of the program, so one that cannot be read is a fault of the program.
    static func read(_ language: String, _ bytes: [UInt8]) -> Catalogue {
        let file: CatalogueFile
        do {
            file = try JSON.decode(CatalogueFile.self, from: bytes)
        } catch {
            preconditionFailure("the catalogue \(language).json cannot be read: \(error)")
        }
        precondition(file.language == language, "the catalogue \(language).json says that it is \(file.language)")
        let texts = file.texts.map { name, text in
            guard let key = TextKey(rawValue: name) else {
                preconditionFailure("the catalogue \(language).json has a text \(name) that nobody asks for")
            }
            return (key, text)
        }
        return Catalogue(
            language: file.language, name: file.name, isChecked: file.checked, stopWords: file.stop_words, drillWords: file.drill_words,
            texts: Dictionary(uniqueKeysWithValues: texts))
    }
}
