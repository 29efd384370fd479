package import Wire

/// One language's words and texts: one file below `Sources/Messaging/Catalogue`, which is part of the program.
///
/// ```json
/// {"language": "zu", "name": "isiZulu", "checked": false, "stop_words": ["misa"], "drill_words": ["hlola"],
///  "texts": {"teach": "Ngokuzayo, thumela lokhu kuphela: Stop {reference}"}}
/// ```
package struct Catalogue: Sendable, Equatable {
    /// BCP 47, the language alone.
    package let language: String
    /// What its speakers call it.
    package let name: String
    /// Whether a native speaker has read it; until then it is a draft.
    package let isChecked: Bool
    /// Words that lock, beside the English `stop` and `lock`; each counts from everybody, whatever the account's language.
    package let stopWords: [String]
    /// Words that, at a message's end, make it a drill.
    package let drillWords: [String]
    package let texts: [TextKey: String]

    /// English first: what is missing elsewhere is taken from it.
    package static let english = read("en", PackageResources.en_json)

    package static let all: [Catalogue] = [
        english,
        read("af", PackageResources.af_json),
        read("zu", PackageResources.zu_json),
        read("xh", PackageResources.xh_json),
        read("st", PackageResources.st_json),
        read("tn", PackageResources.tn_json),
        read("pt", PackageResources.pt_json),
        read("fr", PackageResources.fr_json),
        read("hi", PackageResources.hi_json),
        read("mr", PackageResources.mr_json),
        read("gu", PackageResources.gu_json),
        read("id", PackageResources.id_json),
        read("de", PackageResources.de_json),
    ]

    /// The catalogue of a BCP 47 tag ("zu-ZA", "PT"); English for a language that we do not have.
    package static func of(_ languageTag: String) -> Catalogue {
        let language = languageTag.prefix { $0 != "-" && $0 != "_" }.lowercased()
        return all.first { $0.language == language } ?? english
    }

    /// The text with its parameters filled in; English where this language lacks it.
    ///
    /// A `{parameter}` that is not given stays as it stands: a test sees it, and in production the vendor still gets the rest.
    /// What is filled in is not searched for parameters again.
    package func text(_ key: TextKey, _ parameters: [String: String] = [:]) -> String {
        guard let template = texts[key] ?? Self.english.texts[key] else { preconditionFailure("en.json has no text \(key.rawValue)") }
        var result = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            result += rest[..<open]
            result += parameters[String(rest[rest.index(after: open)..<close])].map { $0[...] } ?? rest[open...close]
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    /// What the person at the refusing terminal reads; English for the reasons that only the terminal itself gives.
    package func sentence(for reason: Reason) -> String { TextKey(rawValue: "reason_\(reason.rawValue)").map { text($0) } ?? reason.sentence }
}
