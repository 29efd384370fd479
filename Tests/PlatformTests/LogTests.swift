import Testing

@testable import Platform

@Suite struct LogTests {
    @Test(arguments: [
        (Log.Level.info, false, "went well\n"), (.warning, false, "warning: went well\n"), (.error, false, "error: went well\n"),
        (.info, true, "<6>went well\n"), (.warning, true, "<4>went well\n"), (.error, true, "<3>went well\n"),
    ])
    func marksTheLevel(_ level: Log.Level, _ journal: Bool, _ line: String) {
        #expect(Log.line(level, "went well", forJournal: journal) == line)
    }

    @Test(arguments: [(false, "vendlock-server: no\n"), (true, "<3>vendlock-server: no\n")])
    func namesTheProgramThatFailed(_ journal: Bool, _ line: String) {
        #expect(Log.line(.error, "no", of: "vendlock-server", forJournal: journal) == line)
    }

    @Test func letsNoMessageForgeAnotherLine() {
        #expect(Log.line(.info, "a\n<0>b\r\u{1B}[2Jc\u{0}", forJournal: false) == "a <0>b  [2Jc \n")
    }
}
