import Platform
import Testing

@Suite struct ArgumentsTests {
    private let options: [Arguments.Option] = [.value("channel"), .value("config"), .flag("json"), .flag("help")]

    private func parse(_ arguments: [String]) throws -> Arguments { try Arguments(arguments, options: options) }

    @Test func takesWordsAndOptionsInAnyOrder() throws {
        let arguments = try parse(["account", "--json", "add", "--channel", "KazTimpaPro", "REF", "--channel=Kaz=X"])
        #expect(arguments.words == ["account", "add", "REF"])
        #expect(arguments.has("json"))
        #expect(!arguments.has("help"))
        #expect(arguments.values("channel") == ["KazTimpaPro", "Kaz=X"])
        #expect(arguments.value("channel") == "Kaz=X")
        #expect(arguments.value("config") == nil)
        #expect(arguments.values("config") == [])
    }

    @Test func takesEverythingAfterTwoDashesAsWords() throws {
        #expect(try parse(["check", "--", "--json", "-x", "--"]).words == ["check", "--json", "-x", "--"])
    }

    @Test func takesASingleDashAndEmptyWordsAsWords() throws {
        #expect(try parse(["-", ""]).words == ["-", ""])
    }

    @Test func takesAValueThatLooksLikeANegativeNumberOrIsEmpty() throws {
        #expect(try parse(["--config", "-5"]).value("config") == "-5")
        #expect(try parse(["--config="]).value("config") == "")
    }

    @Test(arguments: [
        (["--chanel", "X"], "unknown option --chanel; did you mean --channel?"),
        (["--jsno=1"], "unknown option --jsno; did you mean --json?"),
        (["--wholly-other"], "unknown option --wholly-other"),
        (["-j"], "unknown option -j: options are written with two dashes"),
        (["--config"], "option --config needs a value: write --config VALUE"),
        (["--config", "--json"], "option --config needs a value: write --config VALUE"),
        (["--json=yes"], "option --json takes no value"),
    ])
    func refusesWithASentence(_ arguments: [String], _ sentence: String) {
        let error = #expect(throws: CommandLineError.self) { try parse(arguments) }
        #expect(error?.message == sentence)
        #expect(error?.exitStatus == 2)
    }

    @Test(arguments: [
        ("wait", "wiat", true), ("wait", "wai", true), ("wait", "waits!", true), ("wait", "w", false), ("ab", "xy", false),
        ("wait", "", false),
    ])
    func suggestsWhatIsTwoEditsAway(_ known: String, _ typed: String, _ near: Bool) {
        #expect((Nearest.word(to: typed, in: [known]) != nil) == near)
    }

    @Test func suggestsTheClosest() {
        #expect(Nearest.word(to: "unlok", in: ["lock", "unlock", "clock"]) == "unlock")
    }
}
