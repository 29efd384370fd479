import Messaging
import Testing

/// What the files of the languages promise to whoever fills their texts in.
@Suite struct CatalogueTests {
    private static let drafts = Catalogue.all.dropFirst()
    /// What only requests and cases say: `TextKey` lists them in one run.
    private static let ofRequests = TextKey.allCases.drop { $0 != .requestOpened }.prefix { $0 != .smsLocked }

    @Test func hasThirteenLanguagesAndEnglishFirst() {
        #expect(
            Catalogue.all.map(\.language) == ["en", "af", "zu", "xh", "st", "tn", "pt", "fr", "hi", "mr", "gu", "id", "de"])
        #expect(Catalogue.all.filter(\.isChecked).map(\.language) == ["en"], "only a native speaker's reading ends a draft")
    }

    @Test(arguments: Catalogue.all.map(\.language)) func hasEveryText(_ language: String) {
        let texts = Catalogue.of(language).texts
        #expect(TextKey.allCases.filter { texts[$0] == nil } == [])
        #expect(texts.filter { $0.value.isEmpty || $0.value.first == " " || $0.value.last == " " || $0.value.contains("\n") }.isEmpty)
    }

    @Test(arguments: drafts.map(\.language)) func takesTheParametersThatEnglishTakes(_ language: String) throws {
        for key in TextKey.allCases {
            let (english, other) = (try Self.parameters(of: key, in: "en"), try Self.parameters(of: key, in: language))
            #expect(other == english, "\(language).json, \(key.rawValue)")
        }
    }

    /// A text that was copied and never put into words of its language.
    @Test(arguments: drafts.map(\.language)) func saysNothingInEnglishElsewhere(_ language: String) {
        for key in TextKey.allCases {
            #expect(Catalogue.of(language).texts[key] != Catalogue.english.texts[key], "\(language).json, \(key.rawValue)")
        }
    }

    private static let parametersOfRequests: [TextKey: Set<String>] = [
        .requestEmailNeeded: ["ticket", "email"], .requestEmailReminder: ["ticket", "email"], .channelOpened: ["ticket", "channel"],
        .terminalRecovered: ["ticket", "terminal"], .terminalWrittenOff: ["ticket", "terminal"], .accountReopened: ["ticket", "reference_tail"],
        .accountStillLocked: ["ticket", "reference_tail"], .deviceWrite: ["ticket", "terminal"], .deviceReminder: ["ticket", "terminal"],
        .deviceWrongCode: ["ticket", "terminal"], .deviceOpened: ["ticket", "terminal"], .deviceGivenUp: ["ticket", "terminal"],
        .complaintRefunded: ["ticket", "amount"],
    ]

    @Test func namesTheTicketInEveryTextOfARequest() throws {
        #expect(Self.ofRequests.count == 29)
        for key in Self.ofRequests {
            #expect(Set(try Self.parameters(of: key, in: "en")) == Self.parametersOfRequests[key, default: ["ticket"]], "\(key.rawValue)")
        }
    }

    /// What it says by e-mail, WhatsApp or SMS is read on a small screen.
    @Test(arguments: Catalogue.all.map(\.language)) func keepsTheTextsOfRequestsShort(_ language: String) {
        let facts = [
            "ticket": "VL-1042", "email": "requests@example.co.za", "terminal": "Timpa Pro …1481", "channel": "KazTimpaPro", "amount": "R 12 500.00",
            "reference_tail": "…5678",
        ]
        for key in Self.ofRequests {
            let text = Catalogue.of(language).text(key, facts)
            #expect(!text.contains("{") && text.contains("VL-1042"))
            #expect(text.count <= 300, "\(language).json, \(key.rawValue): \(text.count)")
            #expect(text.hasSuffix(".") || text.hasSuffix("।"), "\(language).json, \(key.rawValue)")
        }
    }

    /// The names in braces, sorted, once each.
    private static func parameters(of key: TextKey, in language: String) throws -> [String] {
        let text = try #require(Catalogue.of(language).texts[key])
        return Set(text.split(separator: "{").dropFirst().map { String($0.prefix { $0 != "}" }) }).sorted()
    }
}
